import assert from "node:assert/strict";
import { join } from "node:path";
import { describe, it } from "node:test";
import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { isAborted } from "../../../src/cloudflare/errors.ts";
import { runJob } from "../../../src/panel/jobs.ts";
import { reader } from "../../../src/panel/reading.ts";

const folder = join(import.meta.dirname, "../../../src/panel");
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
    await assert.rejects(reader(join(folder, "protocol.ts"))("conversation", large, signal), /without an answer/);
  });
});
