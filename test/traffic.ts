// Exchanges to read: those in test/fixtures, and recorded ones if they exist next to the project.
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { EXCHANGES } from "./fixtures/exchanges.ts";
import type { Recorded } from "./fixtures/made.ts";

export type { Recorded };
export type Body = string | Uint8Array;

/** The tests also run as built copies deeper in the project, so parent folders are searched. */
function find(folder: string): string | undefined {
  const file = join(folder, "shared/traffic/exchanges.jsonl");
  if (existsSync(file)) return file;
  return dirname(folder) === folder ? undefined : find(dirname(folder));
}

const file = find(import.meta.dirname);

/** Whether the recorded exchanges exist; test/unit/build/shared.test.ts fails if CI is set and they don't. */
export const isRecordedHere = file !== undefined;

/** Minimum number of matching exchanges: `count` with the recorded ones, else one. */
export const enough = (count: number): number => (isRecordedHere ? count : 1);

/** All exchanges: the made-up ones, then the recorded ones. */
export function traffic(): Recorded[] {
  if (file === undefined) return [...EXCHANGES];
  const recorded = readFileSync(file, "utf8").trim().split("\n");
  return [...EXCHANGES, ...recorded.map((line) => JSON.parse(line) as Recorded)];
}

/** A recorded body: text, or the bytes that the record holds as base64. */
export const bodyOf = (text: string, encoding?: string): Body =>
  encoding === "base64" ? new Uint8Array(Buffer.from(text, "base64")) : text;

// The last answer's text, extracted from the bytes in the shortest way: a plain body's own field, or all deltas of a
// stream. Deliberately without src/chat.
type Loose = { [key: string]: Loose | undefined } & Loose[] & string;

/** The text of the last answer, by the shortest way. */
export function expectedText({ kind, response, streaming }: Recorded): string {
  if (streaming) return streamedText(kind, response);
  const body = parse(response);
  if (kind === "anthropic-messages") return blocksText(body?.content);
  const choices = body?.choices;
  const content = choices?.[choices.length - 1]?.message?.content;
  return typeof content === "string" ? content : blocksText(content);
}

function blocksText(blocks: Loose | undefined): string {
  if (!Array.isArray(blocks)) return "";
  return (blocks as Loose[]).map((block) => (block.type === "text" ? String(block.text) : "")).join("");
}

function streamedText(kind: string, stream: string): string {
  const texts = new Map<unknown, string>();
  for (const line of stream.split(/\r?\n/)) {
    const event = line.startsWith("data:") ? parse(line.slice(5)) : undefined;
    if (kind === "anthropic-messages") {
      const delta = event?.delta;
      const text = event?.content_block?.type === "text" ? event.content_block.text : delta?.text;
      texts.set(0, (texts.get(0) ?? "") + (text ?? ""));
    }
    const choices: Loose[] = event?.choices ?? [];
    for (const { index, delta } of choices) {
      const content = delta?.content;
      const isText = typeof content === "string" || typeof content === "number";
      texts.set(index, (texts.get(index) ?? "") + (isText ? String(content) : blocksText(content)));
    }
  }
  return texts.get(Math.max(...[...texts.keys()].map(Number))) ?? "";
}

/** Parses JSON; undefined if it's invalid. */
export function parse(text: string): Loose | undefined {
  try {
    return JSON.parse(text) as Loose;
  } catch {
    return undefined;
  }
}
