import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { brotliCompressSync, constants, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { bodyTextOf, readSize } from "../../../src/chat/body/body-bytes.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { type Recorded, bodyOf, enough, traffic } from "../../traffic.ts";
import { read, sse, textOf } from "./exchange.ts";

const CODINGS = {
  gzip: (bytes: Uint8Array) => gzipSync(bytes),
  deflate: (bytes: Uint8Array) => deflateSync(bytes),
  "raw deflate": (bytes: Uint8Array) => deflateRawSync(bytes),
  br: (bytes: Uint8Array) => brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } }),
  zstd: (bytes: Uint8Array) => zstdCompressSync(bytes),
};

const MIB = 1024 * 1024;
const encode = (text: string) => new TextEncoder().encode(text);
const asBytes = (body: string | Uint8Array) => (typeof body === "string" ? encode(body) : body);
const event = (content: string) => ({ choices: [{ index: 0, delta: { content } }] });

/** A stream of random words, and its text. */
function longStream(random: Random): { stream: string; said: string } {
  const words = Array.from({ length: 20_000 }, () => random.between(0, 2 ** 30 - 1).toString(36));
  return { stream: sse(words.map((word) => event(word))), said: words.join("") };
}

describe("bodies that are compressed read as the plain ones", () => {
  for (const [coding, compress] of Object.entries(CODINGS)) {
    it(coding, () => {
      let compared = 0;
      for (const recorded of traffic()) {
        const [request, response] = bodiesOf(recorded);
        // Without a magic number only text is detected, and never in a medium by its content type.
        const isMarked = coding === "gzip" || coding === "zstd";
        if (!isMarked && (recorded.request_encoding ?? recorded.response_encoding) !== undefined) continue;
        if (request.length === 0 || response.length === 0) continue;
        const [sent, received] = [compress(asBytes(request)), compress(asBytes(response))];
        const plain = readBodies(recorded, asBytes(request), asBytes(response));
        assert.deepEqual(readBodies(recorded, sent, received), plain, recorded.id);
        compared++;
      }
      assert.ok(compared > enough(190), `${compared} compared`);
    });
  }
});

function bodiesOf(recorded: Recorded): [string | Uint8Array, string | Uint8Array] {
  return [bodyOf(recorded.request, recorded.request_encoding), bodyOf(recorded.response, recorded.response_encoding)];
}

function readBodies(recorded: Recorded, request: Uint8Array, response: Uint8Array) {
  return readConversation({
    provider: recorded.provider,
    path: recorded.path,
    statusCode: recorded.status,
    requestContentType: recorded.request_content_type,
    responseContentType: recorded.response_content_type,
    request,
    response,
  });
}

describe("compressed bodies", () => {
  for (const [coding, compress] of Object.entries(CODINGS)) {
    it(`${coding}: read as far as they go, wherever the end is missing`, () => {
      const random = new Random(15);
      const { stream, said } = longStream(random);
      const bytes = compress(encode(stream));
      let longest = 0;
      for (let tried = 0; tried < 12; tried++) {
        const { answers, complete } = read(null, undefined, {
          response: bytes.subarray(0, random.between(0, bytes.length - 1)),
        });
        const text = textOf(answers[0]);
        assert.ok(said.startsWith(text));
        assert.equal(complete, false);
        longest = Math.max(longest, text.length);
      }
      assert.ok(longest > said.length / 2, `${longest} of ${said.length}`);
    });

    it(`${coding}: a bomb costs little and is shown as its bytes`, () => {
      const bomb = compress(new Uint8Array(48 * MIB).fill(0x20));
      const before = process.memoryUsage().rss;
      const { answers } = read(null, undefined, { response: bomb });
      assert.ok(process.memoryUsage().rss - before < 256 * MIB);
      const [part] = answers[0]?.parts ?? [];
      assert.ok(part?.type === "unknown");
      const value = part.value as { bytes: number; compressed?: string };
      assert.equal(value.bytes, bomb.length);
      if (coding === "gzip" || coding === "zstd") assert.equal(value.compressed, coding);
    });
  }

  it("up to 200 times their size and 64 MiB are read, more is not", () => {
    // Blanks of a length that bring a body right below or above the limit.
    const spread = (times: number) => {
      const noise = Buffer.from(Array.from({ length: 4000 }, (_, index) => 97 + ((index * index * 31) % 26)));
      const length = gzipSync(noise).length * times;
      return gzipSync(Buffer.concat([noise, Buffer.alloc(Math.round(length), "a")]));
    };
    assert.notEqual(bodyTextOf(spread(150)), undefined);
    assert.equal(bodyTextOf(spread(300)), undefined);
  });

  it("stored as text, a character a byte", () => {
    const answer = JSON.stringify({ choices: [{ message: { content: "Grüße" } }] });
    for (const compress of [CODINGS.gzip, CODINGS.zstd]) {
      const stored = Buffer.from(compress(encode(answer))).toString("latin1");
      assert.equal(textOf(read(null, undefined, { response: stored }).answers[0]), "Grüße");
    }
  });

  it("bytes that are neither compressed nor text stay bytes", () => {
    const random = new Random(7);
    for (let tried = 0; tried < 2000; tried++) {
      const bytes = Uint8Array.from({ length: 64 + random.between(0, 399) }, () => random.between(0, 255));
      const [part] = read(null, undefined, { response: bytes }).answers[0]?.parts ?? [];
      assert.deepEqual(part, { type: "unknown", value: { bytes: bytes.length } });
    }
  });

  it("count by what they may come to, so that they are read where they hold nothing up", () => {
    const text = longStream(new Random(3)).said.slice(0, 5000);
    assert.equal(readSize(text), text.length);
    assert.equal(readSize(encode(text)), text.length);
    for (const compress of Object.values(CODINGS)) {
      const bytes = compress(encode(text));
      assert.ok(readSize(bytes) >= text.length);
    }
  });
});

describe("bytes that are no UTF-8", () => {
  const plain = sse(["Grüße, ", "日本語, ", "👋 end"].map(event), "data: [DONE]\n\n");
  const types = ["text/event-stream", "application/json; charset=utf-8", "application/octet-stream", ""];

  it("in any text of a body: the rest is read, and it is said", () => {
    const random = new Random(24);
    const bytes = encode(plain);
    for (let tried = 0; tried < 500; tried++) {
      const spoiled = Uint8Array.from(bytes);
      const at = plain.indexOf("Gr") + 2 + random.between(0, 39);
      spoiled[at] = 0x80 + random.between(0, 0x1f);
      const expected = new TextDecoder().decode(spoiled);
      const conversation = read(null, undefined, { response: spoiled, responseContentType: random.pick(types) });
      const isValid = !expected.includes("\uFFFD");
      assert.deepEqual(conversation, {
        ...read(expected),
        ...(isValid ? {} : { replaced: ["response"] }),
      });
    }
  });

  it("are shown in the body's own text, too", () => {
    const spoiled = Buffer.concat([encode('{"text":"un caf'), Buffer.of(0xc3), encode('"}')]);
    assert.equal(bodyTextOf(spoiled), '{"text":"un caf\uFFFD"}');
    assert.equal(bodyTextOf(gzipSync(spoiled)), '{"text":"un caf\uFFFD"}');
  });

  it("in a request, which then is marked", () => {
    const request = Buffer.concat([
      encode('{"messages":[{"role":"user","content":"caf'),
      Buffer.of(0xe9),
      encode('"}]}'),
    ]);
    const conversation = read({ choices: [] }, undefined, { request });
    assert.equal(textOf(conversation.messages[0]), "caf\uFFFD");
    assert.deepEqual(conversation.replaced, ["request"]);
  });

  it("all through a text in an encoding of its own: what frames it is read", () => {
    const latin = Buffer.from('{"choices":[{"message":{"content":"éééééééé"},"finish_reason":"stop"}]}', "latin1");
    const { answers } = read(null, undefined, { response: latin });
    assert.deepEqual(answers[0]?.finishReason, "stop");
  });
});
