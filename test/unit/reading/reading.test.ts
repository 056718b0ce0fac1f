import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { isAborted } from "../../../src/source/errors.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { bounded } from "../../../src/reading/core/bounded.ts";
import { unpackConversation } from "../../../src/reading/core/packed.ts";
import { runJob } from "../../../src/reading/core/jobs.ts";
import { reader } from "../../../src/reading/core/reader.ts";

const folder = join(import.meta.dirname, "../../../src/reading/core");
const read = reader(join(folder, "reading-thread.ts"));

const exchangeOf = (content: string): RecordedExchange => ({
  provider: "openai",
  path: "chat/completions",
  request: JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hi" }] }),
  response: JSON.stringify({ choices: [{ message: { role: "assistant", content }, finish_reason: "stop" }] }),
});
const large = exchangeOf("日本 ".repeat(500_000));

describe("reading for the page", () => {
  it("says the same in a thread as on the spot, of text and of bytes", async () => {
    const { signal } = new AbortController();
    for (const exchange of [exchangeOf("ok"), large])
      assert.deepEqual(await read("conversation", exchange, signal), runJob("conversation", exchange));
    const bytes = { ...large, response: new TextEncoder().encode(String(large.response)) };
    assert.deepEqual(await read("conversation", bytes, signal), runJob("conversation", large));
    assert.ok(bytes.response.length > 0, "the bytes are still ours");
  });

  it("says the same of a text as of its bytes, whatever their content type is said to be", () => {
    const texts = [
      String(large.response).slice(0, 400_000),
      "\ufeff{}",
      "x^ no JSON \0 and no name",
      'data: {"choices":[{"delta":{"content":"a"}}]}\n\ndata: [DONE]\n\n',
      '{"n":2512292042121000001,"x":1.10}',
      "",
    ];
    for (const responseContentType of [
      "application/json",
      "text/event-stream",
      "text/plain; charset=latin1",
      undefined,
    ])
      for (const response of texts) {
        const exchange = { ...large, request: "{}", ...(responseContentType && { responseContentType }) };
        const bytes = new TextEncoder().encode(response);
        for (const name of ["conversation", "markdown", "beginning", "comparedResponse"] as const)
          assert.deepEqual(
            runJob(name, { ...exchange, response: bytes }),
            runJob(name, { ...exchange, response }),
            `${name} of ${response.slice(0, 40)} as ${responseContentType}`,
          );
      }
  });

  it("packs what a page shows, with each digit", () => {
    const request = JSON.stringify({ model: "m", messages: [{ role: "user", content: "\ud83d and \u{1f6b2}" }] });
    const response = '{"choices":[{"message":{"role":"assistant","content":"ok"}}],"usage":{"prompt_tokens":3}}';
    const exchange = { ...large, request: request.replace("{", '{"seed":2512292042121000001,'), response };
    const { packed, gist } = runJob("conversation", exchange);
    const { conversation } = bounded(readConversation(exchange));
    assert.equal(JSON.stringify(unpackConversation(packed)), JSON.stringify(conversation));
    assert.match(JSON.stringify(unpackConversation(packed)), /2512292042121000001/);
    assert.deepEqual([gist.complete, gist.usage, gist.error], [true, conversation.usage, undefined]);
    assert.equal(packed.buffer.byteLength, packed.byteLength, "VS Code sends the whole buffer");
  });

  it("stops when nobody waits for it any more", async () => {
    const abort = new AbortController();
    const reading = read("conversation", large, abort.signal);
    abort.abort();
    await assert.rejects(reading, isAborted);
    await assert.rejects(read("conversation", exchangeOf("ok"), abort.signal), isAborted);
  });

  it("a thread that fails is an error of this reading", async () => {
    const { signal } = new AbortController();
    await assert.rejects(reader(join(folder, "missing.ts"))("conversation", large, signal), /missing/);
    await assert.rejects(reader(join(folder, "body-state.ts"))("conversation", large, signal), /without an answer/);
  });
});
