import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32 } from "node:zlib";
import { parseAwsEventStream, parseAwsEventStreamText } from "../../../src/chat/stream/aws-event-stream.ts";
import { parseBody } from "../../../src/chat/body/body.ts";
import { chunk, event, eventStream, exception } from "./event-stream-bytes.ts";

const MESSAGES = [
  event("messageStart", { role: "assistant" }),
  event("contentBlockDelta", { contentBlockIndex: 0, delta: { text: 'Grüße {"a": "\\' } }),
  event("messageStop", { stopReason: "end_turn" }),
];
const EVENTS = MESSAGES.map(([headers, data]) => ({ name: headers[":event-type"], data }));
const BYTES = eventStream(MESSAGES);

test("messages become events with their names and parsed payloads", () => {
  assert.deepEqual(parseAwsEventStream(BYTES), { events: EVENTS, done: false, cut: false });
});

test("the bytes may be a part of a larger buffer", () => {
  const around = Buffer.concat([Buffer.from("abc"), BYTES, Buffer.from("def")]);
  assert.deepEqual(parseAwsEventStream(around.subarray(3, 3 + BYTES.length))?.events, EVENTS);
});

test("a chunk is the event it holds, without the outer name", () => {
  const inner = { type: "message_start", message: { text: "é" } };
  assert.deepEqual(parseAwsEventStream(eventStream([chunk(inner)]))?.events, [{ data: inner }]);
});

test("an exception and an error are error events", () => {
  const failure: [Record<string, string>, unknown] = [
    { ":message-type": "error", ":error-code": "InternalFailure", ":error-message": "Broken" },
    "",
  ];
  assert.deepEqual(parseAwsEventStream(eventStream([exception("throttlingException", "Slow down"), failure]))?.events, [
    { data: { type: "error", error: { type: "throttlingException", message: "Slow down" } } },
    { data: { type: "error", error: { type: "InternalFailure", message: "Broken" } } },
  ]);
});

test("headers that are no strings are passed over", () => {
  const [first] = MESSAGES;
  const plain = Buffer.from(eventStream(first ? [first] : []));
  const headers = Buffer.from([1, 97, 0, 1, 98, 2, 5, 1, 99, 4, 0, 0, 0, 1, 1, 100, 6, 0, 2, 1, 2]);
  const old = plain.readUInt32BE(4);
  const whole = Buffer.concat([plain.subarray(0, 12), headers, plain.subarray(12)]);
  whole.writeUInt32BE(plain.length + headers.length, 0);
  whole.writeUInt32BE(old + headers.length, 4);
  whole.writeUInt32BE(crc32(whole.subarray(0, 8)), 8);
  assert.deepEqual(parseAwsEventStream(whole)?.events, EVENTS.slice(0, 1));
});

test("a recording cut anywhere says so and holds the messages before the cut", () => {
  const ends = MESSAGES.map((_, index) => eventStream(MESSAGES.slice(0, index + 1)).length);
  for (let length = 12; length < BYTES.length; length++) {
    const stream = parseAwsEventStream(BYTES.subarray(0, length));
    assert.equal(stream?.cut, !ends.includes(length), `at ${length}`);
    assert.deepEqual(stream?.events, EVENTS.slice(0, ends.filter((end) => end <= length).length));
  }
});

test("other bytes are no event stream", () => {
  const wrong = BYTES.slice();
  wrong[9] = (wrong[9] ?? 0) ^ 1;
  for (const bytes of [wrong, new Uint8Array(64), new Uint8Array(3), Buffer.from("\x89PNG\r\n\x1A\n and so on")]) {
    assert.equal(parseAwsEventStream(bytes), undefined);
  }
});

test("a body is recognised by its bytes, whatever the content type says", () => {
  for (const type of ["application/vnd.amazon.eventstream", "application/json", "text/event-stream", ""]) {
    assert.deepEqual(parseBody(BYTES, type), { kind: "stream", stream: { events: EVENTS, done: false, cut: false } });
  }
});

test("bytes stored as text are read in base64, in latin1 and decoded as UTF-8", () => {
  for (const encoding of ["base64", "latin1", "utf8"] as const) {
    const stream = parseAwsEventStreamText(Buffer.from(BYTES).toString(encoding));
    assert.deepEqual(stream, { events: EVENTS, done: false, cut: false }, encoding);
  }
});

test("chunks and exceptions are found in text, too", () => {
  const text = Buffer.from(eventStream([chunk({ a: 1 }), exception("modelTimeoutException", "Late")])).toString();
  assert.deepEqual(parseAwsEventStreamText(text)?.events, [
    { data: { a: 1 } },
    { data: { type: "error", error: { type: "modelTimeoutException", message: "Late" } } },
  ]);
});

test("a text cut within its last message keeps those before", () => {
  const last = eventStream(MESSAGES.slice(0, 2)).length;
  for (const length of [last + 8, last + 40, BYTES.length - 6]) {
    const stream = parseAwsEventStreamText(Buffer.from(BYTES.subarray(0, length)).toString());
    assert.deepEqual(stream, { events: EVENTS.slice(0, 2), done: false, cut: true }, `at ${length}`);
  }
});

test("a text that only speaks of event streams stays a text", () => {
  for (const text of ['The header :event-type names it: {"a":1}', "QUFBQUFBQUFBQUFBQUFBQUFB", "", "ab"]) {
    assert.equal(parseAwsEventStreamText(text), undefined);
  }
});
