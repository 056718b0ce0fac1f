import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Message, Part } from "../../../src/chat/conversation.ts";
import { assembleStream } from "../../../src/local/assemble.ts";
import { type Body, type Recorded, bodyOf, enough, parse, traffic } from "../../traffic.ts";
import { readRecorded } from "./oracle/recorded.ts";
import { assertWellFormed } from "./wellformed.ts";

const cutsIn = (parts: number) => Array.from({ length: parts - 1 }, (_, cut) => (cut + 1) / parts);
const CUTS = cutsIn(16);
/** Small bodies are cut more often, because most cuts break something different. */
const FINE_CUTS = [...CUTS, ...cutsIn(97)];
const SMALL = 6000;
/** Fewer characters than "data: {" may be anything. */
const LEAST = 7;
const all = traffic().filter(({ response }) => response !== "");
const streamed = all.filter(({ streaming }) => streaming);
const plain = all.filter(({ streaming, response }) => !streaming && typeof parse(response) === "object");
const bodyIn = (recorded: Recorded) => bodyOf(recorded.response, recorded.response_encoding);

/** Returns everything in an answer, by kind of part. */
function said({ parts }: Message): Record<string, string> {
  const of = (tell: (part: Part) => string) => parts.map(tell).join("");
  return {
    text: of((part) => (part.type === "text" ? part.text : "")),
    reasoning: of((part) => (part.type === "reasoning" ? part.text : "")),
    refusal: of((part) => (part.type === "refusal" ? part.text : "")),
    vectors: of((part) => (part.type === "embedding" ? part.values.map((value) => `${value},`).join("") : "")),
    media: of((part) => (part.type === "media" ? (part.url ?? part.data ?? "") : "")),
  };
}

/** What a whole body says, taken once for all its cuts. */
const wholeOf = (whole: Conversation) => ({
  said: whole.answers.map(said),
  finishReasons: whole.answers.map(({ finishReason }) => finishReason),
  isReplaced: isReplaced(whole),
});

const isReplaced = (conversation: Conversation) => JSON.stringify(conversation).includes("\uFFFD");

/** Fails unless the first part of a body says a beginning of what the whole says, and does not claim to be whole. */
function assertBeginning(part: Conversation, whole: ReturnType<typeof wholeOf>, id: string): void {
  assertWellFormed(part);
  assert.ok(part.answers.length <= Math.max(1, whole.said.length), `${id}: ${part.answers.length} answers`);
  for (const [index, answer] of part.answers.entries()) {
    const wholly = whole.said[index];
    if (wholly === undefined)
      assert.deepEqual(
        answer.parts.filter(({ type }) => type !== "unknown"),
        [],
        id,
      );
    else
      for (const [kind, text] of Object.entries(said(answer))) assertPrefix(text, wholly[kind] ?? "", `${id}: ${kind}`);
  }
  if (part.complete) {
    // The end may be seen before the last bytes: then nothing of the answers is missing.
    assert.deepEqual(part.answers.map(said), whole.said, `${id} is not complete`);
    assert.deepEqual(
      part.answers.map(({ finishReason }) => finishReason),
      whole.finishReasons,
      id,
    );
  }
  assert.ok(whole.isReplaced || !isReplaced(part), `${id} has half a character`);
}

function assertPrefix(text: string, whole: string, label: string): void {
  if (!whole.startsWith(text)) assert.fail(`${label}: ${brief(text)} is no beginning of ${brief(whole)}`);
}

const brief = (text: string) => (text.length > 300 ? `${text.slice(0, 150)} … ${text.slice(-150)}` : text);

/** Reads the body cut at each 1/16, and reports all failures together. */
function assertCuts(exchanges: Recorded[], bodyFor: (recorded: Recorded) => Body | undefined, isPlain = false): number {
  const failures: string[] = [];
  let cuts = 0;
  for (const recorded of exchanges) {
    const body = bodyFor(recorded);
    if (body === undefined) continue;
    const whole = wholeOf(readRecorded(recorded, body));
    for (const share of body.length < SMALL ? FINE_CUTS : CUTS) {
      const end = Math.floor(body.length * share);
      if (end < LEAST) continue;
      const id: string = `${recorded.id} at ${end} of ${body.length}`;
      try {
        const part = readRecorded(recorded, body.slice(0, end));
        if (isPlain) assert.equal(part.complete, false, `${id} is not complete`);
        assertBeginning(part, whole, id);
      } catch (error) {
        failures.push(error instanceof Error ? error.message : String(error));
        break;
      }
      cuts++;
    }
  }
  if (failures.length > 0) assert.fail(`${failures.length} exchanges\n${failures.join("\n")}`);
  return cuts;
}

const encode = (body: Body) => (typeof body === "string" ? new TextEncoder().encode(body) : body);

describe("traffic cut short", () => {
  it("a stream, as text", () => {
    const text = (recorded: Recorded) => (recorded.response_encoding === undefined ? recorded.response : undefined);
    assert.ok(assertCuts(streamed, text) > enough(1700));
  });

  it("a stream, as bytes: within characters and within frames", () => {
    assert.ok(assertCuts(streamed, (recorded) => encode(bodyIn(recorded))) > enough(1900));
  });

  it("a stream as the gateway assembles it", () => {
    const assembled = ({ response, response_encoding }: Recorded) =>
      response_encoding === undefined ? assembleStream(response) : undefined;
    assert.ok(assertCuts(streamed, assembled) > enough(1500));
  });

  it("a stream wrapped as a result", () => {
    const wrapped = ({ response, response_encoding }: Recorded) =>
      response_encoding === undefined ? JSON.stringify({ success: true, result: response }) : undefined;
    assert.ok(assertCuts(streamed, wrapped) > enough(1700));
  });

  it("a plain JSON body, as text and as bytes", () => {
    assert.ok(assertCuts(plain, bodyIn, true) > enough(1900));
    assert.ok(assertCuts(plain, (recorded) => encode(bodyIn(recorded)), true) > enough(1900));
  });
});
