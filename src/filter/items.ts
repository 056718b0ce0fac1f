import * as vscode from "vscode";
import type { QueryLine } from "../query/query-line.ts";
import { completionsOf, type Completion, type Seen } from "../query/completion.ts";
import type { Log } from "../source/log.ts";
import { explain } from "../words/explain.ts";
import type { ReadLine } from "./line.ts";
import { keyWords, signWords } from "./keys.ts";
import { newestOf, type FoundLogs, type Preview } from "./preview.ts";
import { describeQueryLine, explainProblem } from "./words.ts";
import { outcomeOf, plain, type Format } from "../logs/format.ts";
import { rowParts } from "../platform/settings.ts";
import { OUTCOME_ICONS, rowDescription, rowLabel } from "../words/log-row.ts";

/** An item below the query line, and what accepting it does. `id` is the same while it means the same. */
export type FilterItem<Row> = vscode.QuickPickItem & {
  id: string;
  does: { type: "apply" } | { type: "stay" } | { type: "complete"; line: string } | { type: "open"; row: Row };
};

/** The line as it was read, and what is known besides. */
export type LineState = {
  read: ReadLine<QueryLine>;
  preview: Preview<FoundLogs>;
  seen: Seen;
  /** The fields that free text is looked for in; none if these are all. */
  searched: readonly string[];
};

/** Completions that leave room for the logs below them. */
const COMPLETIONS = 8;

const ICONS: Readonly<Record<Completion["kind"], string>> = {
  key: "$(symbol-key)",
  operator: "$(symbol-operator)",
  value: "$(symbol-constant)",
};

/** "1,234 logs". */
export const logCount = (count: number, format: Format): string =>
  count === 1 ? vscode.l10n.t("1 log") : vscode.l10n.t("{0} logs", format.count(count));

function previewWords(preview: Preview<FoundLogs>, format: Format): string {
  switch (preview.state) {
    case "asking":
      return "…";
    case "failed":
      return explain(preview.error, format).summary;
    case "told": {
      const { exact, logs, read, total } = preview.found;
      if (total !== undefined && (exact || read === 0)) return logCount(total, format);
      if (total === undefined)
        return vscode.l10n.t("{0} of the newest {1} match", format.count(logs.length), format.count(read));
      return vscode.l10n.t(
        "{0} of the newest {1} match, {2} to search",
        format.count(logs.length),
        format.count(read),
        logCount(total, format),
      );
    }
  }
}

/** The item that applies a line: its description (`all` for an empty one), and what is known of its matches. */
export function applyItem<Row>(words: string, all: string, description: string): FilterItem<Row> {
  return {
    id: "apply",
    label: words === "" ? `$(list-unordered) ${all}` : `$(filter) ${vscode.l10n.t("Show")}`,
    description,
    ...(words === "" ? {} : { detail: plain(words) }),
    alwaysShow: true,
    does: { type: "apply" },
  };
}

/*
 * VS Code puts the items first whose label has the typed line in it, and there is no stable way to turn that off. Where the order counts,
 * the words therefore go into the description, which is not matched.
 */

/** The words of a kind of line: of its keys, and of so many rows. */
type Words = { key: (key: string) => string; count: (count: number) => string };

function completionItem<Row>({ line, word, kind, key, count }: Completion, of: Words): FilterItem<Row> {
  const name = kind === "operator" ? signWords(word) : key !== undefined && kind === "key" ? of.key(key) : "";
  const words = [
    plain(word, 80),
    name === word.replace(/:$/, "") ? "" : plain(name, 80),
    count === undefined ? "" : of.count(count),
  ];
  return {
    id: `complete ${line}`,
    label: ICONS[kind],
    description: words.filter(Boolean).join("  ·  "),
    alwaysShow: true,
    does: { type: "complete", line },
  };
}

/** The items of as many completions as leave room for rows below them. */
export const completionItems = <Row>(completions: readonly Completion[], of: Words): FilterItem<Row>[] =>
  completions.slice(0, COMPLETIONS).map((completion) => completionItem(completion, of));

function logItem(log: Log, format: Format): FilterItem<Log> {
  const today = format.calendar.dayOf(new Date());
  return {
    id: `open ${log.id}`,
    label: `$(${OUTCOME_ICONS[outcomeOf(log)].id})`,
    description: plain(
      [rowLabel(log), rowDescription(log, rowParts(), format, today)].filter(Boolean).join(" · "),
      400,
    ),
    alwaysShow: true,
    does: { type: "open", row: log },
  };
}

/** The item that says what is wrong with a line. */
export function problemItem<Row>(words: string): FilterItem<Row> {
  return { id: `problem ${words}`, label: `$(error) ${plain(words, 400)}`, alwaysShow: true, does: { type: "stay" } };
}

/** The items of the newest rows that fit, below their heading. */
export function newestItems<Row>(items: readonly FilterItem<Row>[]): FilterItem<Row>[] {
  const label = vscode.l10n.t("Newest matches");
  const heading: FilterItem<Row> = {
    id: `separator ${label}`,
    label,
    kind: vscode.QuickPickItemKind.Separator,
    does: { type: "stay" },
  };
  return items.length > 0 ? [heading, ...items] : [];
}

/** A line in words, and where its free text is looked for, if not everywhere. */
function lineWords(read: ReadLine<QueryLine>, searched: readonly string[], format: Format): string {
  const words = describeQueryLine(read, format);
  if (searched.length === 0 || !read.words.some(({ said }) => said === "text")) return words;
  return vscode.l10n.t("{0}, searched for in: {1}", words, searched.map(keyWords).join(", "));
}

/**
 * The items below a line: what is wrong with it, or the item that applies it; how its last word could go on; and the newest logs that
 * fit it.
 */
export function itemsFor(state: LineState, format: Format): FilterItem<Log>[] {
  const { read, preview, seen, searched } = state;
  const { line, problems } = read;
  const logs = problems.length === 0 && preview.state === "told" ? newestOf(preview.found.logs) : [];
  const all = vscode.l10n.t("Show all logs");
  return [
    ...(problems.length > 0
      ? problems.map((problem) => problemItem<Log>(explainProblem(problem, line)))
      : [applyItem<Log>(lineWords(read, searched, format), all, previewWords(preview, format))]),
    ...completionItems<Log>(completionsOf(line, seen), { key: keyWords, count: (count) => logCount(count, format) }),
    ...newestItems(logs.map((log) => logItem(log, format))),
  ];
}
