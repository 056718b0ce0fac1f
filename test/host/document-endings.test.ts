import assert from "node:assert/strict";
import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";
import { endingOf } from "../../src/documents/uris.ts";
import { Random } from "../../src/local/samples/random.ts";

/** Texts of this many characters, of letters that do not compress well. */
const LENGTHS = [10, 65_535, 65_536, 65_537, 400_000];
const LETTERS = Array.from("abcdefghijklmnopqrstuvwxyz0123456789ü€");
const CODINGS = { gzip: gzipSync, deflate: deflateSync, br: brotliCompressSync, zstd: zstdCompressSync };

describe("the ending of a document's name", () => {
  it("says what a body is, however long it is and however it came", () => {
    const random = new Random(20_261_202);
    for (const length of LENGTHS) {
      const letters = Array.from({ length }, () => random.pick(LETTERS)).join("");
      for (const [text, ending] of [
        [JSON.stringify({ content: letters }), "json"],
        [letters, "txt"],
      ] as const) {
        const bytes = new TextEncoder().encode(text);
        assert.equal(endingOf({ body: text }), ending);
        assert.equal(endingOf({ body: bytes }), ending);
        for (const [name, compressed] of Object.entries(CODINGS)) {
          // A few words may be anything.
          if (length < 100) continue;
          assert.equal(endingOf({ body: new Uint8Array(compressed(bytes)) }), ending, `${name}, ${length}`);
        }
      }
    }
  });
});
