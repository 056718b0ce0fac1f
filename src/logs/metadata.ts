import { cut, type Metadata } from "../source/log.ts";

/** Limit on a log's stored entries (API notes: Limits). */
export const MOST_ENTRIES = 5;

/** Limits on shown entries, and on a name's and a value's characters. Longer ones wouldn't fit into a filter either. */
const MOST_SHOWN = 50;
const LONGEST_SHOWN = 2000;

/** Longer than any known name; probably a mistake. */
const LONGEST_NAME = 256;

export type MetadataValue = Metadata[string];

/** A change of one entry: its value, or undefined to remove it. */
export type MetadataChange = { name: string; value: MetadataValue | undefined };

/** Returns an entry's name or value as shown. */
export const shownText = (value: MetadataValue): string => cut(String(value), LONGEST_SHOWN);

/** Returns the shown entries of a log and the number of others: a caller may write any number. */
export function shownEntries(metadata: Metadata): { entries: { name: string; value: string }[]; more: number } {
  const all = Object.entries(metadata);
  const entries = all.slice(0, MOST_SHOWN).map(([name, value]) => ({ name: shownText(name), value: shownText(value) }));
  return { entries, more: all.length - entries.length };
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** Parses a number; undefined for an integer with more digits than a double holds. */
function numberIn(text: string): number | undefined {
  const number = Number(text);
  if (!NUMBER.test(text) || !Number.isFinite(number)) return undefined;
  const isWhole = !Number.isInteger(number) || Number.isSafeInteger(number) || String(number) === text;
  return isWhole ? number : undefined;
}

/**
 * Returns the possible values of a text, the likeliest first: `true`, `42` and text; in "quotes" always text. Empty for
 * no text.
 */
export function valuesIn(text: string): MetadataValue[] {
  if (text === "") return [];
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined) return [quoted, text];
  const number = numberIn(text);
  const other = text === "true" || text === "false" ? text === "true" : number;
  return other === undefined ? [text] : [other, text];
}

/** Writes a value so that `valuesIn` returns it first. */
export function writtenValue(value: MetadataValue): string {
  return valuesIn(String(value))[0] === value ? String(value) : `"${value}"`;
}

/** Problems of a new entry's name. */
export type NameProblem = "empty" | "long" | "taken";

/** Returns what is wrong with a new entry's name, given the existing ones; undefined if it's valid. */
export function nameProblem(text: string, taken: readonly string[]): NameProblem | undefined {
  if (text.trim() === "") return "empty";
  if (text.trim().length > LONGEST_NAME) return "long";
  return taken.includes(text.trim()) ? "taken" : undefined;
}

/** Returns a log's metadata after a change; undefined if it exceeds the gateway's limit. */
export function changedMetadata(metadata: Metadata, { name, value }: MetadataChange): Metadata | undefined {
  const others = Object.entries(metadata).filter(([other]) => other !== name);
  if (value === undefined) return Object.fromEntries(others);
  if (!Object.hasOwn(metadata, name) && others.length >= MOST_ENTRIES) return undefined;
  // A changed entry keeps its position.
  return Object.hasOwn(metadata, name)
    ? Object.fromEntries(Object.entries(metadata).map(([other, old]) => [other, other === name ? value : old]))
    : Object.fromEntries([...others, [name, value]]);
}

/** Whether a log, read afterward, has a change. */
export function hasChange(metadata: Metadata, { name, value }: MetadataChange): boolean {
  return (Object.hasOwn(metadata, name) ? metadata[name] : undefined) === value;
}
