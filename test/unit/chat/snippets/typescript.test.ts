import assert from "node:assert/strict";
import { spawnSync, spawn } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { snippet, type SnippetForm } from "../../../../src/chat/snippets/index.ts";
import { enough } from "../../../traffic.ts";
import { environment, recordedCalls, scratchFolder, startReceiver } from "./receiver.ts";
import { THROUGH } from "./through.ts";

const FORMS = ["openaiTypescript", "anthropicTypescript"] as const satisfies SnippetForm[];

const COMPILER = {
  target: "ES2024",
  module: "NodeNext",
  moduleDetection: "force",
  types: ["node"],
  strict: true,
  skipLibCheck: true,
  noEmit: true,
};

/** A body with what the SDKs of today add or send by another name. */
function asSent(json: string): Record<string, unknown> {
  const { output_format: format, ...body } = JSON.parse(json) as Record<string, unknown>;
  const isEmbedding = "input" in body && String(body["model"]).includes("embed");
  return {
    ...(isEmbedding ? { encoding_format: "base64" } : {}),
    ...body,
    ...(format === undefined ? {} : { output_config: { format } }),
  };
}

describe("a call with an SDK in TypeScript", () => {
  const { folder, remove } = scratchFolder();
  let receiver: Awaited<ReturnType<typeof startReceiver>>;
  let written: { file: string; id: string; provider: string; name: string; body: string }[];

  before(async () => {
    receiver = await startReceiver();
    writeFileSync(join(folder, "package.json"), '{ "type": "module" }');
    writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions: COMPILER, include: ["*.ts"] }));
    written = recordedCalls().flatMap(({ id, call, recorded, body }) =>
      FORMS.flatMap((form) => {
        const text = snippet(form, { ...call, through: { ...THROUGH, origin: receiver.origin } });
        if (text === undefined) return [];
        const file = `${id}-${form}.ts`;
        writeFileSync(join(folder, file), text);
        return { file, id, provider: recorded.provider, name: recorded.id, body: String(body) };
      }),
    );
  });
  after(async () => {
    await receiver.close();
    remove();
  });

  it("compiles; what other providers take and the SDK's types do not know may not", () => {
    assert.ok(written.length > enough(150), `${written.length} snippets`);
    const tsc = join(folder, "node_modules/typescript/bin/tsc");
    const { stdout, stderr } = spawnSync(process.execPath, [tsc, "-p", folder], { cwd: folder, encoding: "utf8" });
    assert.equal(stderr, "");
    const failed = written.filter(({ file }) => stdout.includes(`${file}(`));
    assert.deepEqual(
      failed.filter(({ provider }) => provider === "anthropic"),
      [],
      stdout,
    );
    assert.ok(failed.length < 0.06 * written.length, stdout);
  });

  it("sends the recorded body", { timeout: 300_000 }, async () => {
    const all = join(folder, "all.mjs");
    // The SDK can't read the receiver's response to its end.
    const lines = written.map(
      ({ file }) => `await import("./${file}").catch((error) => failures.push(String(error)));`,
    );
    writeFileSync(all, ["const failures = [];", ...lines, "console.error(failures.join());"].join("\n"));
    const child = spawn(process.execPath, [all], { env: environment(), stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    await new Promise((resolve) => child.on("close", resolve));
    for (const { id, name, body } of written) {
      const received = receiver.received.get(id);
      assert.ok(received, `${name} was sent: ${errors.slice(0, 2000)}`);
      assert.deepEqual(asSent(received.body.toString()), asSent(body), name);
      assert.equal(received.headers["cf-aig-authorization"], "Bearer tok_CANARY_gateway", name);
    }
  });
});
