import { cut } from "../cloudflare/filter/row-texts.ts";
import type { Metadata } from "../cloudflare/schema.ts";

/** So many entries the gateway keeps of a log (API notes: Limits). */
export const MOST_ENTRIES = 5;

/** Entries that are shown of a log, and characters of a name and of a value. What is longer could not stand in a filter either. */
const MOST_SHOWN = 50;
const LONGEST_SHOWN = 2000;

/** Longer names than any that the gateway is known to keep are a slip. */
const LONGEST_NAME = 256;

export type MetadataValue = Metadata[string];

/** What is to become of one entry: a value, or (undefined) that it is removed. */
export type MetadataChange = { name: string; value: MetadataValue | undefined };

/** A name or a value of an entry as it is shown. */
export const shownText = (value: MetadataValue): string => cut(String(value), LONGEST_SHOWN);

/** The entries of a log that are shown, and how many there are besides: who writes them may write any number. */
export function shownEntries(metadata: Metadata): { entries: { name: string; value: string }[]; more: number } {
  const all = Object.entries(metadata);
  const entries = all.slice(0, MOST_SHOWN).map(([name, value]) => ({ name: shownText(name), value: shownText(value) }));
  return { entries, more: all.length - entries.length };
}

const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d+)?$/i;

/** A number that is written so; undefined for a whole one of more digits than a number holds. */
function numberIn(text: string): number | undefined {
  const number = Number(text);
  if (!NUMBER.test(text) || !Number.isFinite(number)) return undefined;
  const isWhole = !Number.isInteger(number) || Number.isSafeInteger(number) || String(number) === text;
  return isWhole ? number : undefined;
}

/** The values that a text can stand for, the likeliest first: `true`, `42` and text; in "quotes" always text. None for no text. */
export function valuesIn(text: string): MetadataValue[] {
  if (text === "") return [];
  const quoted = /^"(.*)"$/s.exec(text)?.[1];
  if (quoted !== undefined) return [quoted, text];
  const number = numberIn(text);
  const other = text === "true" || text === "false" ? text === "true" : number;
  return other === undefined ? [text] : [other, text];
}

/** A value as it is typed: `valuesIn` reads it as the same first. */
export function writtenValue(value: MetadataValue): string {
  return valuesIn(String(value))[0] === value ? String(value) : `"${value}"`;
}

/** What is wrong with the name of a new entry. */
export type NameProblem = "empty" | "long" | "taken";

/** What keeps a text from being the name of a new entry beside those of these names; undefined when nothing does. */
export function nameProblem(text: string, taken: readonly string[]): NameProblem | undefined {
  if (text.trim() === "") return "empty";
  if (text.trim().length > LONGEST_NAME) return "long";
  return taken.includes(text.trim()) ? "taken" : undefined;
}

/** The metadata of a log after a change; undefined when it would be more than the gateway keeps. */
export function changedMetadata(metadata: Metadata, { name, value }: MetadataChange): Metadata | undefined {
  const others = Object.entries(metadata).filter(([other]) => other !== name);
  if (value === undefined) return Object.fromEntries(others);
  if (!Object.hasOwn(metadata, name) && others.length >= MOST_ENTRIES) return undefined;
  // A changed entry stays in its place.
  return Object.hasOwn(metadata, name)
    ? Object.fromEntries(Object.entries(metadata).map(([other, old]) => [other, other === name ? value : old]))
    : Object.fromEntries([...others, [name, value]]);
}

/** Whether a log has a change, as it was read afterwards. */
export function hasChange(metadata: Metadata, { name, value }: MetadataChange): boolean {
  return (Object.hasOwn(metadata, name) ? metadata[name] : undefined) === value;
}
