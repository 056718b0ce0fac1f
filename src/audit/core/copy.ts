import type { AuditEntry } from "../../cloudflare/audit/schema.ts";

/** An entry as JSON, as it came. */
export const entryJson = ({ raw }: AuditEntry): string => `${JSON.stringify(raw, undefined, 2)}\n`;

/** A recorded text inside a line of Markdown: no mark of it acts. */
const inLine = (text: string): string => text.replace(/\s+/g, " ").replace(/[\\`*_{}[\]<>()#+!|~&$]/g, "\\$&");

/** JSON as a fenced block, with a longer fence than any in it. */
function block(value: unknown): string {
  const json = JSON.stringify(value, undefined, 2);
  const longest = Math.max(2, ...Array.from(json.matchAll(/`+/g), ([ticks]) => ticks.length));
  const fence = "`".repeat(longest + 1);
  return `${fence}json\n${json}\n${fence}`;
}

/** The parts of an entry's Markdown, in the person's words. */
export type EntryParts = {
  title: string;
  groups: readonly { name: string; facts: readonly { name: string; value: string }[] }[];
  bodies: readonly { name: string; value: unknown }[];
};

/** An entry as Markdown: a heading, the facts as lists, what was sent and answered as JSON. */
export function entryMarkdown({ title, groups, bodies }: EntryParts): string {
  const facts = groups.map(
    (group) =>
      `## ${inLine(group.name)}\n\n${group.facts.map(({ name, value }) => `- ${inLine(name)}: ${inLine(value)}`).join("\n")}`,
  );
  const blocks = bodies.map(({ name, value }) => `## ${inLine(name)}\n\n${block(value)}`);
  return `${[`# ${inLine(title)}`, ...facts, ...blocks].join("\n\n")}\n`;
}
