import { parseQueryLine, type QueryLine } from "../query/query-line.ts";

/** What is switched with one click. */
export type Toggle = "status" | "cache" | "source";

/** The choices of each toggle, as words of the line; "" is all. */
export const TOGGLES: Readonly<Record<Toggle, readonly string[]>> = {
  status: ["", "status:error", "status:success"],
  cache: ["", "cached", "-cached"],
  source: ["", "source:playground", "source:key"],
};

const KEYS: Readonly<Record<Toggle, string>> = { status: "success", cache: "cached", source: "source" };

/** A line as it was read. */
type Read = Pick<QueryLine, "line" | "words">;

/** What the word of each choice says: none of them is about a time. */
const SAID = new Map(
  Object.values(TOGGLES)
    .flat()
    .map((choice) => [choice, JSON.stringify(parseQueryLine(choice, new Date(0)).words[0]?.said)]),
);

/** The words of the line that are about a toggle. */
const wordsAbout = ({ words }: Read, toggle: Toggle) =>
  words.filter(({ said }) => typeof said !== "string" && said.every(({ key }) => key === KEYS[toggle]));

/** The choice that the line makes; undefined when it says something else of it. */
export function choiceIn(read: Read, toggle: Toggle): string | undefined {
  const words = wordsAbout(read, toggle);
  const [only] = words;
  if (!only) return "";
  if (words.length > 1) return undefined;
  const said = JSON.stringify(only.said);
  return TOGGLES[toggle].find((choice) => SAID.get(choice) === said);
}

/** The line with another choice. It comes first, so that a word that is being typed at the end stays there. */
export function withChoice(read: Read, toggle: Toggle, choice: string): string {
  const { line } = read;
  let rest = "";
  let at = 0;
  for (const { word } of wordsAbout(read, toggle)) {
    rest += line.slice(at, word.start);
    at = word.end;
    while (/^\s/.test(line.charAt(at))) at++;
  }
  rest += line.slice(at);
  return choice === "" ? rest : `${choice} ${rest.trimStart()}`;
}

/** The choice after the one that the line makes, and then all again. */
export function nextChoice(read: Read, toggle: Toggle): string {
  const choice = choiceIn(read, toggle);
  const at = choice === undefined ? -1 : TOGGLES[toggle].indexOf(choice);
  return TOGGLES[toggle][at + 1] ?? "";
}
