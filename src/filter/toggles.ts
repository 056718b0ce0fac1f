import { parseFilter } from "../cloudflare/filter/query-line.ts";
import { wordsOf } from "../cloudflare/filter/words.ts";

/** What is switched with one click. */
export type Toggle = "status" | "cache" | "source";

/** The choices of each, as the words of the line that stand for them; "" is all. */
export const TOGGLES: Readonly<Record<Toggle, readonly string[]>> = {
  status: ["", "status:error", "status:success"],
  cache: ["", "cached", "-cached"],
  source: ["", "source:playground", "source:key"],
};

const KEYS: Readonly<Record<Toggle, string>> = { status: "success", cache: "cached", source: "source" };

const conditionsIn = (text: string) => {
  const { conditions, here, problems } = parseFilter(text, new Date());
  return problems.length > 0 ? [] : [...conditions, ...here];
};

/** The words of the line that are about a toggle. */
function wordsAbout(line: string, toggle: Toggle): { start: number; end: number }[] {
  return wordsOf(line).words.filter(({ start, end }) => {
    const conditions = conditionsIn(line.slice(start, end));
    return conditions.length > 0 && conditions.every(({ key }) => key === KEYS[toggle]);
  });
}

/** The choice that the line makes; undefined when it says something else of it. */
export function choiceIn(line: string, toggle: Toggle): string | undefined {
  const words = wordsAbout(line, toggle);
  const [only] = words;
  if (!only) return "";
  if (words.length > 1) return undefined;
  const said = JSON.stringify(conditionsIn(line.slice(only.start, only.end)));
  return TOGGLES[toggle].find((choice) => JSON.stringify(conditionsIn(choice)) === said);
}

/** The line with another choice. It comes first, so that a word that is being typed at the end stays there. */
export function withChoice(line: string, toggle: Toggle, choice: string): string {
  let rest = "";
  let at = 0;
  for (const { start, end } of wordsAbout(line, toggle)) {
    rest += line.slice(at, start);
    at = end;
    while (/^\s/.test(line.charAt(at))) at++;
  }
  rest += line.slice(at);
  return choice === "" ? rest : `${choice} ${rest.trimStart()}`;
}

/** The choice after the one that the line makes, and then all again. */
export function nextChoice(line: string, toggle: Toggle): string {
  const choice = choiceIn(line, toggle);
  const at = choice === undefined ? -1 : TOGGLES[toggle].indexOf(choice);
  return TOGGLES[toggle][at + 1] ?? "";
}
