import * as vscode from "vscode";
import { completionsOf, valuesSeen, type Seen } from "../../query/completion.ts";
import { parseFilter, writeName } from "../../query/query-line.ts";
import { quote, wordsOf } from "../../query/words.ts";
import { logCount } from "../../filter/items.ts";
import { keyWords, signWords } from "../../filter/keys.ts";
import { describeFilter, explainProblem } from "../../filter/words.ts";
import { oneLine, plain, type Format } from "../../logs/format.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";

export type PickNeeds = { tree: Pick<LogTree, "known" | "arrangements">; format: Format; ui?: Ui };

/** How a word of the line says each operator: with a minus in front, and a sign behind the colon. */
const OPERATORS = [
  { minus: "", sign: "" },
  { minus: "-", sign: "" },
  { minus: "", sign: "~" },
  { minus: "", sign: ">" },
  { minus: "", sign: "<" },
  { minus: "", sign: "=" },
] as const;

type Operator = (typeof OPERATORS)[number];

/** A path is asked for by a part of it, and with `=` as a whole. */
const isPath = (key: string): boolean => key === "path:";

function operatorWords({ minus, sign }: Operator, key: string): string {
  const t = vscode.l10n.t;
  if (minus !== "") return isPath(key) ? t("does not contain") : t("is not");
  return signWords(sign === "" && isPath(key) ? "~" : sign);
}

/** What is being picked: a word of the line as far as it goes, in its parts. */
type Word = { operator: Operator; /** With its colon. */ key: string };

const startOf = ({ operator, key }: Word): string => `${operator.minus}${key}${operator.sign}`;

/** The operators that a key takes, as the line's own reader has it, and each by one sign. */
const operatorsOf = (key: string): Operator[] =>
  OPERATORS.filter((operator) => {
    if (operator.sign === (isPath(key) ? "~" : "=")) return false;
    const [problem] = parseFilter(startOf({ operator, key }), new Date()).problems;
    return problem?.problem !== "operator" && problem?.problem !== "negation";
  });

/** Whether what is typed is a value as it is, and not the beginning of one: a part of a text, or a bound. */
const takesAny = ({ operator: { sign }, key }: Word): boolean => (sign === "" ? isPath(key) : sign !== "=");

/** A yes/no key: not yes is no, so there is no operator to choose. */
const isFlag = (key: string): boolean => {
  const problem = (value: string) => parseFilter(`${key}${value}`, new Date()).problems.length > 0;
  return problem("x") && !problem("true");
};

async function askKey(ui: Ui, seen: Seen): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const metadata = { label: t("Metadata entry…"), description: "meta.", key: "meta." };
  const keys = completionsOf("", seen)
    .filter(({ kind, line }) => kind === "key" && line.endsWith(":"))
    .map(({ line: key, word, key: field = word }) => ({
      label: plain(keyWords(field), 80),
      description: plain(word, 80),
      key,
    }));
  const options = { title: t("Add to Filter (1 of 3)"), placeholder: t("Select a key") };
  const picked = await pickOne(ui, [...keys, metadata], options);
  if (picked?.key !== "meta.") return picked?.key;
  const name = await ui.showInputBox({
    title: t("Add to Filter (1 of 3)"),
    prompt: t("The name of the metadata entry"),
    validateInput: (text) => (text.trim() === "" ? t("A name has at least one character.") : undefined),
  });
  if (name === undefined || name.trim() === "") return undefined;
  return `meta.${writeName(name.trim())}:`;
}

async function askOperator(ui: Ui, key: string): Promise<Operator | undefined> {
  const t = vscode.l10n.t;
  const operators = isFlag(key) ? OPERATORS.slice(0, 1) : operatorsOf(key);
  if (operators.length < 2) return operators[0];
  const items = operators.map((operator) => ({
    label: operatorWords(operator, key),
    description: plain(startOf({ operator, key })),
    operator,
  }));
  return (await pickOne(ui, items, { title: t("Add to Filter (2 of 3)"), placeholder: oneLine(key, 80) }))?.operator;
}

/** A typed value as a whole word of the line: as it was typed where that can be read as one word, else as a text in quotes. */
function wordWith(start: string, text: string): { word: string; problem?: string } {
  const [typed, inQuotes] = [`${start}${text}`, `${start}${quote(text)}`];
  const read = [typed, inQuotes].map((word) => parseFilter(word, new Date()));
  if (wordsOf(typed).words.length === 1 && read[0]?.problems.length === 0) return { word: typed };
  if (read[1]?.problems.length === 0) return { word: inQuotes };
  const problem = read[0]?.problems[0] ?? read[1]?.problems[0];
  return problem ? { word: typed, problem: explainProblem(problem, typed) } : { word: typed };
}

type ValueItem = vscode.QuickPickItem & { word: string | undefined };

async function askValue(ui: Ui, word: Word, seen: Seen, format: Format): Promise<string | undefined> {
  const t = vscode.l10n.t;
  const start = startOf(word);
  const values: ValueItem[] = completionsOf(start, seen)
    .filter(({ kind }) => kind === "value")
    .map(({ line, word: label, count }) => ({
      label: plain(label, 80),
      description: count === undefined ? "" : logCount(count, format),
      word: line.trim(),
    }));
  const entryFor = (text: string): ValueItem => {
    const typed = wordWith(start, text);
    if (typed.problem !== undefined)
      return { label: `$(error) ${plain(typed.problem, 400)}`, alwaysShow: true, word: undefined };
    return {
      // VS Code puts the shortest label first that begins with what is typed.
      label: `$(edit) ${plain(takesAny(word) ? text : typed.word)}`,
      description: plain(describeFilter(typed.word, format)),
      alwaysShow: true,
      word: typed.word,
    };
  };
  const told = oneLine(start, 80);
  const placeholder = values.length > 0 ? t("{0} Choose a value or type one", told) : t("{0} Type a value", told);
  const options = {
    title: t("Add to Filter (3 of 3)"),
    placeholder,
    entriesFor: (text: string) => [entryFor(text)],
    stays: ({ word }: ValueItem) => word === undefined,
  };
  return (await pickOne(ui, values, options))?.word;
}

/**
 * Adds a condition to a line, which is asked for in three lists: what it is about, how it is compared, and with what. The values are those
 * seen in the logs that are loaded, or any that is typed. Undefined when the person leaves.
 */
export async function pickCondition(needs: PickNeeds, gateway: GatewayNode, line: string): Promise<string | undefined> {
  const { tree, format, ui = vscode.window } = needs;
  const seen = valuesSeen(tree.known(gateway.ref));
  const key = await askKey(ui, seen);
  const operator = key === undefined ? undefined : await askOperator(ui, key);
  if (key === undefined || operator === undefined) return undefined;
  const word = await askValue(ui, { operator, key }, seen, format);
  if (word === undefined) return undefined;
  // What is typed stays as it is: `since:2h` would else become the moment that it means now. A word behind a quote that is still open would be in it.
  const isOpen = wordsOf(line).unclosed !== undefined;
  return (isOpen ? [word, line.trim()] : [line.trim(), word]).filter(Boolean).join(" ");
}

/** Adds a condition to the filter of a gateway by choosing from lists, and shows what fits. */
export async function pickFilter(needs: PickNeeds, gateway: GatewayNode): Promise<void> {
  const { arrangements } = needs.tree;
  const line = await pickCondition(needs, gateway, arrangements.filterOf(gateway.ref));
  if (line !== undefined) arrangements.setFilter(gateway.ref, line);
}
