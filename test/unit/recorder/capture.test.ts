import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { Capture } from "../../../src/recorder/capture.ts";

const TEXT = Buffer.from("data: {}\n\n".repeat(5000));

function captureOf(bytes: Uint8Array, limit?: number): Capture {
  const capture = new Capture(limit);
  for (let at = 0; at < bytes.length; at += 100) capture.push(bytes.subarray(at, at + 100));
  return capture;
}

test("keeps the bytes up to the limit", () => {
  const capture = captureOf(TEXT, 1050);
  for (let again = 0; again < 2; again++) {
    const { bytes, size, isTruncated } = capture.captured();
    assert.deepEqual([Buffer.from(bytes), size, isTruncated], [TEXT.subarray(0, 1050), TEXT.length, true]);
  }
  assert.deepEqual(captureOf(TEXT).captured(), { bytes: TEXT, size: TEXT.length, isTruncated: false });
  assert.deepEqual(new Capture().captured(), { bytes: Buffer.alloc(0), size: 0, isTruncated: false });
});

test("decodes all codings, and several", async () => {
  for (const [coding, bytes] of [
    ["gzip", gzipSync(TEXT)],
    ["X-GZip", gzipSync(TEXT)],
    ["deflate", deflateSync(TEXT)],
    ["deflate", deflateRawSync(TEXT)],
    ["br", brotliCompressSync(TEXT)],
    ["zstd", zstdCompressSync(TEXT)],
    ["gzip, identity, br", brotliCompressSync(gzipSync(TEXT))],
    ["identity", TEXT],
    ["", TEXT],
    [undefined, TEXT],
  ] as const)
    assert.deepEqual(await captureOf(bytes).decoded(coding), { bytes: TEXT }, coding);
  assert.deepEqual(await new Capture().decoded("gzip"), { bytes: Buffer.alloc(0) });
  assert.deepEqual(await captureOf(gzipSync("")).decoded("gzip"), { bytes: Buffer.alloc(0) });
});

test("gives what a truncated body holds", async () => {
  const random = Buffer.from(Array.from({ length: 50_000 }, (_, index) => (index * index * 31) % 251));
  const text = Buffer.concat([random, random.toReversed()].map((bytes) => Buffer.from(bytes)));
  for (const [coding, bytes] of [
    ["gzip", gzipSync(text)],
    ["deflate", deflateSync(text)],
    ["br", brotliCompressSync(text)],
    ["zstd", zstdCompressSync(text)],
  ] as const) {
    const found = await captureOf(bytes.subarray(0, bytes.length - 20)).decoded(coding);
    assert.equal(found.note, undefined, coding);
    assert.deepEqual(Buffer.from(found.bytes), text.subarray(0, found.bytes.length), coding);
  }
});

test("leaves what it can't decode, and says so", async () => {
  for (const [coding, note] of [
    ["gzip", "invalid"],
    ["zstd", "invalid"],
    ["br", "invalid"],
    ["constructor", "unknown"],
    ["gzip, compress", "unknown"],
  ] as const)
    assert.deepEqual(await captureOf(TEXT).decoded(coding), { bytes: TEXT, note }, coding);
  assert.deepEqual(await captureOf(gzipSync(TEXT)).decoded("br, gzip"), { bytes: gzipSync(TEXT), note: "invalid" });
});

test("stops decoding at the limit", async () => {
  const bomb = gzipSync(Buffer.alloc(100_000_000), { level: 9 });
  const { bytes, note } = await captureOf(bomb, 1_000_000).decoded("gzip");
  assert.deepEqual([bytes.length, note], [1_000_000, "too-large"]);
  assert.equal((await captureOf(gzipSync(TEXT), TEXT.length).decoded("gzip")).note, undefined);
});
