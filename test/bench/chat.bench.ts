import { join } from "node:path";
import { monitorEventLoopDelay } from "node:perf_hooks";
import { setTimeout as wait } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import type { Measured } from "../../scripts/bench.ts";
import { root } from "../../scripts/root.ts";
import type { Conversation, RecordedExchange } from "../../src/chat/conversation.ts";
import { readConversation } from "../../src/chat/read.ts";
import { reader } from "../../src/reading/core/reader.ts";
import { type BenchBody, bodies } from "./chat-bodies.ts";
import { anthropic, type Fold, openaiChat, openaiResponses } from "./chat-sdks.ts";
import {
  anthropicStream,
  type BenchStream,
  chatCompletionsStream,
  responsesStream,
  type Said,
} from "./chat-streams.ts";

const ROUNDS = 15;
/** Warm-up rounds, in which both are still being compiled. */
const WARMING = 4;
/** Required speedup. */
const TIMES_AS_FAST = 5;
const TIMES_JSON_PARSE = 1.5;
const BLOCKED_MS = 50;

/** The clients' best piece size, for comparison. */
const PIECE = 16_384;

type Line = { line: string; ok: boolean };

const median = (values: number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Returns milliseconds; collects garbage first, so that earlier work doesn't count. */
async function time(run: () => unknown): Promise<number> {
  collect();
  const started = performance.now();
  await run();
  return performance.now() - started;
}

/** Returns the medians of both, measured in turn, so that both see the same machine. */
async function sideBySide(ours: () => unknown, theirs: () => unknown): Promise<[ours: number, theirs: number]> {
  const times: [number[], number[]] = [[], []];
  for (let round = -WARMING; round < ROUNDS; round++) {
    const pair = [await time(ours), await time(theirs)] as const;
    if (round < 0) continue;
    times[0].push(pair[0]);
    times[1].push(pair[1]);
  }
  return [median(times[0]), median(times[1])];
}

function saidIn({ answers }: Conversation): Said {
  const parts = answers[0]?.parts ?? [];
  const call = parts.find((part) => part.type === "toolCall");
  return {
    text: parts.map((part) => (part.type === "text" ? part.text : "")).join(""),
    reasoning: parts.map((part) => (part.type === "reasoning" ? part.text : "")).join(""),
    toolArguments: JSON.stringify(call?.arguments),
  };
}

const isSame = (said: Awaited<ReturnType<Fold>>, expected: Said) =>
  said.text === expected.text &&
  (said.reasoning ?? expected.reasoning) === expected.reasoning &&
  said.toolArguments.replaceAll(/\s/g, "") === expected.toolArguments;

const exchangeOf = ([provider, path]: [string, string], response: Uint8Array): RecordedExchange => ({
  provider,
  path,
  responseContentType: "text/event-stream",
  request: null,
  response,
});

async function foldingLine(name: string, address: [string, string], stream: BenchStream, fold: Fold): Promise<Line> {
  const { bytes, events, said } = stream;
  const ours = () => readConversation(exchangeOf(address, bytes));
  // One of each is kept alive, like the last one shown: otherwise garbage collection discards compiled code.
  const [theirLast, ourLast] = [await fold(bytes), ours()];
  if (!isSame(theirLast, said)) throw new Error(`${name}: the official client does not say what was sent`);
  if (!isSame(saidIn(ourLast), said)) {
    return { line: `${name.padEnd(34)} NOT READ: ${ourLast.format} does not say what was sent`, ok: false };
  }
  const [our, their] = await sideBySide(ours, () => fold(bytes));
  const [, inPieces] = await sideBySide(ours, () => fold(bytes, PIECE));
  const ok = their / our >= TIMES_AS_FAST;
  const size = `${ourLast.format}: ${(bytes.length / 1e6).toFixed(1)} MB, ${events} events; in pieces of 16 KB ${inPieces.toFixed(0)} ms, not judged`;
  const numbers = `${our.toFixed(0)} ms  official client ${their.toFixed(0)} ms  ×${(their / our).toFixed(1)}`;
  return { line: `${name.padEnd(34)} ${numbers}, at least ×${TIMES_AS_FAST}  ${verdict(ok)}  (${size})`, ok };
}

async function readingLine({ name, side, exchange, format }: BenchBody): Promise<Line> {
  const text = String(exchange[side]);
  const ours = () => readConversation(exchange);
  const shown = ours();
  const [our, parse] = await sideBySide(ours, () => JSON.parse(text));
  const ratio = our / parse;
  const isRead = shown.format === format;
  const ok = ratio <= TIMES_JSON_PARSE && isRead;
  const numbers = `${our.toFixed(1)} ms  JSON.parse ${parse.toFixed(1)} ms  ×${ratio.toFixed(2)}`;
  const read = isRead ? verdict(ok) : `NOT READ as ${format}`;
  const size = `${(text.length / 1e6).toFixed(1)} M characters`;
  return { line: `${name.padEnd(34)} ${numbers}, at most ×${TIMES_JSON_PARSE}  ${read}  (${size})`, ok };
}

/** The longest blocking of the main thread while a panel reads an exchange. */
async function blockingLine(name: string, exchange: RecordedExchange): Promise<Line> {
  const read = reader(join(root, "src/reading/core/reading-thread.ts"));
  const { signal } = new AbortController();
  await read("conversation", exchange, signal);
  const longest: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const delay = monitorEventLoopDelay({ resolution: 1 });
    delay.enable();
    await wait(20);
    delay.reset();
    await read("conversation", exchange, signal);
    await wait(20);
    delay.disable();
    longest.push(delay.max / 1e6);
  }
  const [middle, worst] = [median(longest), Math.max(...longest)];
  const ok = middle <= BLOCKED_MS;
  const numbers = `${middle.toFixed(1)} ms at most, median of ${ROUNDS} (worst ${worst.toFixed(1)} ms)`;
  return { line: `${name.padEnd(34)} ${numbers}, at most ${BLOCKED_MS} ms  ${verdict(ok)}`, ok };
}

const verdict = (ok: boolean) => (ok ? "ok" : "TOO SLOW");

/**
 * Folding a 5 MB stream against the official clients on the same bytes (Google's can't fold one), reading a plain 10 MB
 * body against JSON.parse of the same text, and how long reading both blocks the extension host.
 */
export default async function benchChat(): Promise<Measured> {
  const chat: [string, string] = ["openai", "chat/completions"];
  const completions = chatCompletionsStream();
  const lines = [
    await foldingLine("OpenAI chat completions, stream", chat, completions, openaiChat),
    await foldingLine("OpenAI Responses, stream", ["openai", "responses"], responsesStream(), openaiResponses),
    await foldingLine("Anthropic messages, stream", ["anthropic", "v1/messages"], anthropicStream(), anthropic),
  ];
  const plain = bodies();
  for (const one of plain) lines.push(await readingLine(one));
  lines.push(await blockingLine("main thread, 5 MB stream", exchangeOf(chat, completions.bytes)));
  for (const one of plain) lines.push(await blockingLine(`main thread, ${one.name}`, one.exchange));
  return {
    name: "chat: streams of 5 MB against the official clients, bodies of 10 MB against JSON.parse",
    lines: lines.map(({ line }) => line),
    ok: lines.every(({ ok }) => ok),
  };
}
