import { ExactNumber, withSpelling } from "../json/exact-number.ts";
import { isRecord } from "../json/json.ts";
import { writeJson } from "../json/to-json.ts";

/** A language's literals for JSON values; numbers and strings are the same in all of them. */
export type Language = { indent: string; true: string; false: string; null: string; key(name: string): string };

/** Writes a JSON value as a language's literal, one member per line, with trailing commas. `level`: of indentation. */
export function literal(value: unknown, language: Language, level: number): string {
  if (value === null || value === undefined) return language.null;
  if (typeof value === "boolean") return value ? language.true : language.false;
  if (typeof value !== "object" || value instanceof ExactNumber) return writeJson(value);
  const spelled = withSpelling(value);
  const members = isRecord(spelled)
    ? Object.entries(spelled).map(([name, member]) => `${language.key(name)}: ${literal(member, language, level + 1)}`)
    : (spelled as unknown[]).map((item) => literal(item, language, level + 1));
  const [start, end] = isRecord(spelled) ? "{}" : "[]";
  if (members.length === 0) return `${start}${end}`;
  const margin = `\n${language.indent.repeat(level)}`;
  return `${start}${members.map((member) => `${margin}${language.indent}${member},`).join("")}${margin}${end}`;
}
