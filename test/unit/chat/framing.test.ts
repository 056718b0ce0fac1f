import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseJson } from "../../../src/chat/json/json.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { type Recorded, enough, parse, traffic } from "../../traffic.ts";
import { read, sse, textOf } from "./exchange.ts";
import { readRecorded } from "./oracle/recorded.ts";

const chunk = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });
const end = { choices: [{ index: 0, delta: {}, finish_reason: "stop" }] };
const chunks = [chunk("Hel"), chunk('lo "{you}", '), chunk("}{\\"), end];
const SAID = 'Hello "{you}", }{\\';

/** The JSON chunks of streams, which have neither names nor texts of their own. */
function streamed(): { recorded: Recorded; objects: string[] }[] {
  return traffic().flatMap((recorded) => {
    const lines = recorded.response
      .split(/\r?\n/)
      .filter((line) => line.startsWith("data:") && !/^data: ?\[DONE/.test(line));
    const objects = lines.map((line) => line.slice(5).trim());
    const isJson =
      objects.length > 1 && objects.every((object) => parse(object) !== undefined && object.startsWith("{"));
    return recorded.streaming && recorded.response_encoding === undefined && isJson ? [{ recorded, objects }] : [];
  });
}

describe("objects without anything between them", () => {
  const joined: Record<string, (objects: string[]) => string> = {
    "one behind the other": (objects) => objects.join(""),
    "with blanks": (objects) => objects.join("  "),
    "with commas": (objects) => objects.join(","),
    "printed over several lines": (objects) => objects.map((one) => JSON.stringify(parse(one), null, 2)).join(""),
    "in the data of one event": (objects) => `data: ${objects.join("")}\n\n`,
    "with the beginning of the next event": (objects) => `data: ${objects.join("data: ")}\n\n`,
  };

  for (const [name, join] of Object.entries(joined)) {
    it(name, () => {
      const response = join(chunks.map((one) => JSON.stringify(one)));
      const { answers, complete } = read(response);
      assert.deepEqual([textOf(answers[0]), answers[0]?.finishReason, complete], [SAID, "stop", true]);
    });

    it(`${name}: whole streams`, () => {
      const all = streamed();
      for (const { recorded, objects } of all) {
        const lines = objects.map((object) => `data: ${object}\n\n`).join("");
        const [{ answers, usage }, expected] = [join(objects), lines].map((body) => readRecorded(recorded, body)) as [
          ReturnType<typeof readRecorded>,
          ReturnType<typeof readRecorded>,
        ];
        assert.deepEqual({ answers, usage }, { answers: expected.answers, usage: expected.usage }, recorded.id);
      }
      assert.ok(all.length > enough(80), `${all.length}`);
    });
  }

  it("are read as far as they go", () => {
    const whole = chunks.map((one) => JSON.stringify(one)).join("");
    const second = JSON.stringify(chunks[0]).length + 10;
    for (let length = second; length < whole.length; length++) {
      const { answers, complete } = read(whole.slice(0, length));
      assert.ok(SAID.startsWith(textOf(answers[0])) && textOf(answers[0]) !== "", whole.slice(0, length));
      assert.ok(!complete || answers[0]?.finishReason !== undefined);
    }
  });
});

describe("events framed twice", () => {
  const twice: Record<string, (stream: string) => string> = {
    "the data alone": (stream) => stream.replaceAll(/^data:/gm, "data: data:"),
    "without a blank": (stream) => stream.replaceAll(/^data: ?/gm, "data:data:"),
    "each line as an event": (stream) => stream.replaceAll(/^(.+)\n/gm, "data: $1\n\n"),
  };

  for (const [name, frame] of Object.entries(twice)) {
    it(name, () => {
      const { answers, complete } = read(frame(sse(chunks, "data: [DONE]\n\n")));
      assert.deepEqual([textOf(answers[0]), answers[0]?.finishReason, complete], [SAID, "stop", true]);
    });

    it(`${name}: whole streams`, () => {
      for (const { recorded } of streamed()) {
        const plain = recorded.response.replaceAll("\r\n", "\n");
        const { answers, usage, complete } = readRecorded(recorded, frame(plain));
        const expected = readRecorded(recorded, plain);
        assert.deepEqual(
          { answers, usage, complete },
          { answers: expected.answers, usage: expected.usage, complete: expected.complete },
          recorded.id,
        );
      }
    });
  }
});

describe("numbers that JSON does not have", () => {
  /** A value with what Python writes as NaN and Infinity. */
  function odd(random: Random, depth: number): unknown {
    const kind = random.between(0, depth > 0 ? 7 : 5);
    if (kind === 0) return random.pick([Number.NaN, Infinity, -Infinity]);
    if (kind === 1) return random.pick(["NaN", '"NaN"', "-Infinity, \\", "\\", ""]);
    if (kind === 2) return random.between(0, 999) - 500.5;
    if (kind < 6) return random.pick([null, true, false]);
    const items = Array.from({ length: random.between(0, 3) }, () => odd(random, depth - 1));
    return kind === 6
      ? items
      : Object.fromEntries(items.map((item, at) => [random.pick(["NaN", "Infinity", "a"]) + at, item]));
  }

  /** As Python's json.dumps writes it. */
  function dumps(value: unknown): string {
    if (typeof value === "number") return String(value);
    if (Array.isArray(value)) return `[${value.map(dumps).join(", ")}]`;
    if (typeof value !== "object" || value === null) return JSON.stringify(value);
    return `{${Object.entries(value)
      .map(([key, one]) => `${JSON.stringify(key)}: ${dumps(one)}`)
      .join(", ")}}`;
  }

  it("are read wherever they stand, and left alone in texts", () => {
    const random = new Random(27);
    for (let tried = 0; tried < 5000; tried++) {
      const value = [odd(random, 4), Number.NaN];
      assert.deepEqual(parseJson(dumps(value)), value);
    }
  });

  it("in an answer, a stream and a request", () => {
    const message =
      '{"choices":[{"message":{"content":"NaN"},"finish_reason":"stop","logprobs":{"content":[{"token":"a","logprob":-Infinity}]}}],"score":NaN}';
    const answer = read(message);
    assert.deepEqual([textOf(answer.answers[0]), answer.answers[0]?.finishReason], ["NaN", "stop"]);
    assert.deepEqual(answer.envelope, { score: Number.NaN });
    const stream = `data: {"choices":[{"delta":{"content":"Hi"}}],"took":Infinity}\n\ndata: {"choices":[{"delta":{},"finish_reason":"stop"}],"took":NaN}\n\n`;
    assert.deepEqual(textOf(read(stream).answers[0]), "Hi");
    const { settings, messages } = read({}, '{"messages":[{"role":"user","content":"Hi"}],"temperature":NaN}');
    assert.deepEqual([settings, messages.length], [{ temperature: Number.NaN }, 1]);
  });

  it("do not make JSON of what is none", () => {
    for (const text of ["[NaN", "NaNs", "[Infinityx]", "[+Infinity]", '["a" NaN]', `[${"[".repeat(600)}NaN`])
      assert.equal(parseJson(text), undefined, text);
  });
});
