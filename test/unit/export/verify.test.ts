import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { ExportError } from "../../../src/export/failure.ts";
import { verifyExport } from "../../../src/export/verify.ts";
import { aFolder } from "./exported.ts";

const folder = aFolder();
after(() => folder.remove());

const row = (id: unknown, more: object = { request: "{}", response: null }) => JSON.stringify({ id, ...more });

/** Writes these lines and verifies the file by its own hash: only what the lines say is in question. */
async function verified(lines: readonly string[], count: number, end = "\n"): Promise<readonly string[]> {
  const file = folder.file("logs.jsonl");
  const text = lines.map((line) => `${line}${end}`).join("");
  writeFileSync(file, text);
  const sha256 = createHash("sha256").update(text).digest("hex");
  return [...(await verifyExport(file, { bytes: Buffer.byteLength(text), sha256, count }))];
}

describe("a file that is just as it was written", () => {
  it("gives the ids of its logs in their order", async () => {
    assert.deepEqual(await verified([row("b"), row("a")], 2), ["b", "a"]);
    assert.deepEqual(await verified([], 0), []);
  });

  it("is not, with one letter changed", async () => {
    const file = folder.file("changed.jsonl");
    const [text, other] = [
      `${row("a", { request: "yes", response: null })}\n`,
      `${row("a", { request: "yet", response: null })}\n`,
    ];
    const sha256 = createHash("sha256").update(text).digest("hex");
    writeFileSync(file, other);
    await assert.rejects(
      verifyExport(file, { bytes: Buffer.byteLength(text), sha256, count: 1 }),
      (error) => error instanceof ExportError && error.trouble === "changed",
    );
  });

  const wrong: Record<string, [lines: string[], count: number, end?: string]> = {
    "has fewer lines than logs were counted": [[row("a")], 2],
    "has more": [[row("a"), row("b"), row("c")], 2],
    "has a log twice": [[row("a"), row("a")], 2],
    "has a log twice, and so as many lines more": [[row("a"), row("b"), row("a")], 2],
    "has a log without its request": [[row("a"), row("b", { response: "" })], 2],
    "has a log without its response": [[row("a"), row("b", { request: "" })], 2],
    "has a log without an id": [[row("a"), row(undefined)], 2],
    "has a log with another kind of id": [[row("a"), row(7)], 2],
    "has a line that is no object": [[row("a"), "null"], 2],
    "has a line that is no JSON": [[row("a"), row("b").slice(1)], 2],
    "has its logs in one line": [[row("a"), row("b")], 2, " "],
  };
  for (const [what, [lines, count, end]] of Object.entries(wrong)) {
    it(`but ${what}, is not what was meant`, async () => {
      await assert.rejects(
        verified(lines, count, end),
        (error) => error instanceof ExportError && error.trouble === "changed",
      );
    });
  }
});
