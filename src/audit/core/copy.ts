import type { AuditEntry } from "../../sources/cloudflare/audit/schema.ts";

/** Returns an entry as JSON, as received. */
export const entryJson = ({ raw }: AuditEntry): string => `${JSON.stringify(raw, undefined, 2)}\n`;

/** Escapes a recorded text for a line of Markdown. */
const inLine = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>()#+!|~&$]/g, "\\$&");

/** Returns JSON as a fenced block, with a fence longer than any in it. */
function block(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const longest = Math.max(2, ...Array.from(json.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}json\n${json}\n${fence}`;
}

/** The headings of an entry's Markdown, in the user's language. */
export type EntryParts = {
  title: string;
  groups: readonly { name: string; facts: readonly { name: string; value: string }[] }[];
  bodies: readonly { name: string; value: unknown }[];
};

/** Returns an entry as Markdown: a heading, the facts as lists, request and response as JSON. */
export function entryMarkdown({ title, groups, bodies }: EntryParts): string {
  const facts = groups.map(
    (group) =>
      `## ${inLine(group.name)}\n\n${group.facts.map(({ name, value }) => `- ${inLine(name)}: ${inLine(value)}`).join("\n")}`,
  );
  const blocks = bodies.map(({ name, value }) => `## ${inLine(name)}\n\n${block(value)}`);
  return `${[`# ${inLine(title)}`, ...facts, ...blocks].join("\n\n")}\n`;
}
