// Exchanges of different sizes, made when the benchmark runs.
import { ACCOUNT, aLog } from "../gateway.ts";
import type { NewLog } from "../../src/local/store.ts";

/** A log to open; `name` is also its gateway's. */
export type PanelBody = { name: string; title: string; messages: number; request: string };

const LINES = [
  "The **blue frame** is in stock in `M` and `L`; see [the list](https://shop.example/frames?colour=blue).",
  "- one for the road\n- one for the *gravel*, with ~~old~~ new forks\n- 日本語の説明も一つ",
  '```ts\nconst frames = await stock({ colour: "blue" });\nconsole.log(frames.length);\n```',
  "| size | left |\n| --- | ---: |\n| M | 2 |\n| L | 7 |",
  "A customer asked twice whether the delivery could be moved to the week after, and what that would cost.",
];

/** Prose with all of Markdown's features, of about `length` characters. */
function prose(length: number, seed: number): string {
  let text = "";
  for (let at = seed; text.length < length; at += 1) text += `${LINES[at % LINES.length]}\n\n`;
  return text.slice(0, length);
}

function message(index: number, characters: number): object {
  const id = `call_${index - (index % 4)}`;
  if (index % 4 === 1) {
    const call = { name: "stock", arguments: JSON.stringify({ colour: "blue", note: prose(60, index) }) };
    return {
      role: "assistant",
      content: prose(characters, index),
      tool_calls: [{ id, type: "function", function: call }],
    };
  }
  if (index % 4 === 2) return { role: "tool", tool_call_id: id, content: prose(characters, index) };
  return { role: index % 4 === 0 ? "user" : "assistant", content: prose(characters, index) };
}

/** A chat with a request of about this many bytes on one line, like clients send it. */
function chat(name: string, title: string, messages: number, bytes: number): PanelBody {
  const own = Array.from({ length: messages }, (_, index) => message(index, Math.round(bytes / messages / 1.1)));
  return { name, title, messages, request: JSON.stringify({ model: "gpt-4.1-mini", messages: own }) };
}

/** All of them, smallest first. */
export const panelBodies = (): PanelBody[] => [
  chat("small", "2 KB", 4, 2000),
  chat("medium", "200 KB", 40, 200_000),
  chat("long", "2,000 messages", 2000, 1_500_000),
  chat("large", "10 MB", 400, 10_000_000),
];

/** Returns a body's log, identified in the tree by `model` and in a page by its ID. */
export function logOf(body: PanelBody, model: string, createdAt: Date): NewLog & { id: string } {
  return {
    ...aLog({ createdAt }),
    sourceId: ACCOUNT,
    collectionId: body.name,
    id: `${body.name}-${model}`,
    model,
    request: body.request,
  };
}
