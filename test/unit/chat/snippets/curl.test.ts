import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { after, before, describe, it } from "node:test";
import { snippet } from "../../../../src/chat/snippets/index.ts";
import type { RecordedCall } from "../../../../src/chat/snippets/call.ts";
import { enough } from "../../../traffic.ts";
import { environment, recordedCalls, startReceiver, type Received } from "./receiver.ts";
import { THROUGH } from "./through.ts";

/** Runs shell commands one after another, as if typed. */
async function runInShell(script: string): Promise<void> {
  const shell = spawn("bash", ["--noprofile", "--norc", "-s"], {
    env: environment(),
    stdio: ["pipe", "ignore", "pipe"],
  });
  let errors = "";
  shell.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
  shell.stdin.end(script);
  const code = await new Promise((resolve) => shell.on("close", resolve));
  assert.equal(code, 0, errors.slice(-2000));
}

const withoutProgress = (command: string): string => command.replace(/(^|\| )curl /, "$1curl -sS -o /dev/null ");

describe("a call as cURL", () => {
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  before(async () => {
    receiver = await startReceiver();
  });
  after(() => receiver.close());

  async function run(request: string | Uint8Array, fields: Partial<RecordedCall> = {}): Promise<Received> {
    const gateway = { sourceId: "a", collectionId: "g" };
    const through = { ...THROUGH, origin: receiver.origin };
    const recorded = {
      gateway,
      through,
      provider: "openai",
      path: "chat/completions",
      request,
      response: null,
      ...fields,
    };
    const command = snippet("curl", recorded);
    assert.ok(command);
    await runInShell(withoutProgress(command));
    const received = receiver.received.get("g");
    assert.ok(received);
    receiver.received.clear();
    return received;
  }

  it("sends what was recorded, whatever a shell would make of it", async () => {
    const texts = [
      `{"content":"it's $HOME and \`date\` and $(date) and \\\\ and !! and 'quotes'"}`,
      "@/etc/hostname",
      "\n two\r\nlines, a tab\tand an end \n\n",
      "é 漢字 \u{1f600} \u2028",
      "'",
      "-",
      "a\0b",
    ];
    for (const text of texts) assert.equal((await run(text)).body.toString(), text);
  });

  it("sends a body longer than an argument can be, and one that is no text", async () => {
    const long = JSON.stringify({ content: "it's long ".repeat(60_000) });
    assert.equal((await run(long)).body.toString(), long);
    const bytes = new Uint8Array(5000).map((_, index) => (index * 7) % 256);
    assert.deepEqual(new Uint8Array((await run(bytes)).body), bytes);
  });

  it("goes through the gateway with the tokens of the environment, and holds none", async () => {
    const { url, headers, method } = await run("{}", { path: "/v1/chat?key=AIzaSecret&alt=sse&x=[1]{2}'" });
    assert.equal(method, "POST");
    assert.equal(url, "/v1/a/g/openai/v1/chat?alt=sse&x=%5B1%5D%7B2%7D%27");
    assert.equal(headers["cf-aig-authorization"], "Bearer tok_CANARY_gateway");
    assert.equal(headers.authorization, "Bearer tok_CANARY_OPENAI_API_KEY");
    assert.equal(headers["content-type"], "application/json");
    const anthropic = await run("{}", {
      provider: "anthropic",
      path: "v1/messages",
      requestContentType: "text/x; a=b",
    });
    assert.equal(anthropic.headers["x-api-key"], "tok_CANARY_ANTHROPIC_API_KEY");
    assert.equal(anthropic.headers["anthropic-version"], "2023-06-01");
    assert.equal(anthropic.headers["content-type"], "text/x; a=b");
  });

  it("sends every request byte for byte", { timeout: 300_000 }, async () => {
    const calls = recordedCalls();
    assert.ok(calls.length > enough(250), `${calls.length} recorded requests`);
    const through = { ...THROUGH, origin: receiver.origin };
    const commands = calls.map(({ call }) => snippet("curl", { ...call, through }));
    // Each on its own lines, because a body's base64 ends in one.
    await runInShell(commands.map((command) => withoutProgress(command ?? "false\n")).join("\n"));
    for (const { id, recorded, body } of calls) {
      const received = receiver.received.get(id);
      assert.ok(received, recorded.id);
      assert.ok(received.body.equals(Buffer.from(body)), `${recorded.id}: ${received.body.length} bytes`);
    }
  });
});
