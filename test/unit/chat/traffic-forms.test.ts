import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { assembleStream } from "../../../src/local/assemble.ts";
import { type Body, type Recorded, bodyOf, enough, parse, traffic } from "../../traffic.ts";
import { readRecorded } from "./oracle/recorded.ts";
import { assertWellFormed } from "./wellformed.ts";

const all = traffic().filter(({ response }) => response !== "");
const bodyIn = ({ response, response_encoding }: Recorded) => bodyOf(response, response_encoding);

/** An answer's content; how it was found (settings of the envelope, unknown fields) may depend on the form. */
function said({ format, answers, usage, error, complete }: Conversation, isEndLost: boolean): unknown {
  const isFinished = answers.some(({ finishReason }) => finishReason !== undefined);
  return {
    format,
    answers: answers.map(({ role, parts, finishReason }) => ({
      role,
      finishReason,
      parts: parts.filter(({ type }) => type !== "unknown").map(({ details: _details, ...part }) => part),
    })),
    usage,
    error: error?.message,
    complete: isEndLost && !isFinished ? undefined : complete,
  };
}

type Form = {
  /** The stored body; undefined if the form is impossible. */
  body: (recorded: Recorded) => Body | undefined;
  contentType?: string;
  /** How many there are at least, with the recorded traffic. */
  least: number;
};

const encode = (body: Body) => (typeof body === "string" ? new TextEncoder().encode(body) : body);
// AWS's frames have no lines.
const text = ({ response, response_encoding }: Recorded) => (response_encoding === undefined ? response : undefined);
const streamText = (recorded: Recorded) => (recorded.streaming ? text(recorded) : undefined);
const eventsText = (recorded: Recorded) => {
  const stream = streamText(recorded);
  // A JSON array and JSON lines know no comments and no names.
  return stream === undefined || /^\s*[[{]/.test(stream) ? undefined : stream;
};
const lines = (recorded: Recorded) =>
  recorded.streaming || typeof parse(recorded.response) === "object" ? text(recorded) : undefined;
// Replicate's streams are text with names and no JSON.
const isJson = (stream: string) => !/^data: ?[^[{\s]/m.test(stream);
// Chunks in JSON: also not AWS's frames, which have names in headers.
const assembled = (recorded: Recorded) => {
  const stream = streamText(recorded);
  return stream === undefined || !isJson(stream) ? undefined : assembleStream(stream);
};
const chunks = (recorded: Recorded) => parse(assembled(recorded) ?? "")?.streamed_data;
// Workers AI's own answers are wrapped like this already.
const plain = ({ streaming, response }: Recorded) => {
  const body = streaming ? undefined : parse(response);
  return typeof body !== "object" || "success" in body ? undefined : response;
};
const json = (value: unknown) => (value === undefined ? undefined : JSON.stringify(value));
const wrapped = (result: unknown, order: "first" | "last") =>
  result === undefined ? undefined : json(order === "first" ? { success: true, result } : { result, success: true });

/** Bodies that say the same in another form. */
const forms: Record<string, Form> = {
  "as bytes": { body: (recorded) => encode(bodyIn(recorded)), least: 270 },
  "as bytes, with no content type": { body: (recorded) => encode(bodyIn(recorded)), contentType: "", least: 270 },
  "with no content type": { body: bodyIn, contentType: "", least: 270 },
  "as JSON by its content type": { body: text, contentType: "application/json", least: 260 },
  "as bytes, a stream by its content type": {
    body: (recorded) => encode(bodyIn(recorded)),
    contentType: "text/event-stream",
    least: 270,
  },
  "as bytes, an image by its content type": {
    body: (recorded) => {
      const stored = text(recorded);
      return stored === undefined ? undefined : encode(stored);
    },
    contentType: "image/png",
    least: 260,
  },
  "with CRLF": { body: (recorded) => lines(recorded)?.replaceAll(/\r?\n/g, "\r\n"), least: 260 },
  "with LF": { body: (recorded) => lines(recorded)?.replaceAll("\r\n", "\n"), least: 260 },
  "with comments between the lines": {
    body: (recorded) => eventsText(recorded)?.replaceAll("\n", "\n: keep-alive\n"),
    least: 110,
  },
  "with a comment after each event": {
    body: (recorded) => eventsText(recorded)?.replaceAll(/(\r?\n)(\r?\n)/g, "$1$2: keep-alive$1$2"),
    least: 110,
  },
  "without the names of its events": {
    body: (recorded) => {
      const stream = eventsText(recorded);
      return stream !== undefined && isJson(stream) ? stream.replaceAll(/^event:.*\r?\n/gm, "") : undefined;
    },
    least: 110,
  },
  "wrapped as text": { body: (recorded) => wrapped(streamText(recorded), "first"), least: 110 },
  "plain, wrapped as text": { body: (recorded) => wrapped(plain(recorded), "first"), least: 120 },
  "plain, wrapped": {
    body: (recorded) => {
      const body = plain(recorded);
      return body === undefined ? undefined : wrapped(parse(body), "last");
    },
    least: 120,
  },
  "assembled, with its chunks": { body: assembled, least: 110 },
  "assembled, and wrapped as text": { body: (recorded) => wrapped(assembled(recorded), "first"), least: 110 },
  "assembled, and wrapped": {
    body: (recorded) => wrapped(parse(assembled(recorded) ?? ""), "last"),
    least: 110,
  },
  "its chunks alone": { body: (recorded) => json(chunks(recorded) && { streamed_data: chunks(recorded) }), least: 110 },
  "its chunks as an array": { body: (recorded) => json(chunks(recorded)), least: 110 },
};

describe("traffic in other forms says the same", () => {
  for (const [name, { body, contentType, least }] of Object.entries(forms)) {
    it(name, () => {
      const failures: string[] = [];
      let compared = 0;
      for (const recorded of all) {
        const stored = body(recorded);
        if (stored === undefined) continue;
        compared++;
        const conversation = readRecorded(recorded, stored, contentType);
        assertWellFormed(conversation);
        // Chunks have no `[DONE]`, which is all that some streams have for an end.
        const isEndLost =
          recorded.response.includes("[DONE]") && typeof stored === "string" && !stored.includes("[DONE]");
        const [ours, expected] = [conversation, readRecorded(recorded)].map((one) => said(one, isEndLost));
        if (!isDeepStrictEqual(ours, expected)) failures.push(`${recorded.id}\n${difference(ours, expected)}`);
      }
      if (failures.length > 0) assert.fail(`${failures.length} of ${compared} differ\n${failures.join("\n")}`);
      assert.ok(compared >= enough(least), `${compared} compared`);
    });
  }
});

/** Where two begin to differ. */
function difference(ours: unknown, expected: unknown): string {
  const [left, right] = [JSON.stringify(ours), JSON.stringify(expected)];
  let index = 0;
  while (index < left.length && left[index] === right[index]) index++;
  const from = Math.max(0, index - 60);
  return `  ${left.slice(from, index + 140)}\n  not ${right.slice(from, index + 140)}`;
}
