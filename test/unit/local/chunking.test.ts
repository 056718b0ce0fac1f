import assert from "node:assert/strict";
import { test } from "node:test";
import { LEAST_PIECE, MOST_PIECE, piecesOf } from "../../../src/local/chunking.ts";
import { listOf, runsOf } from "../../../src/local/piece-list.ts";
import { Random } from "../../../src/local/samples/random.ts";

const sizesOf = (bytes: Uint8Array): number[] => [...piecesOf(bytes)].map(({ length }) => length);

test("pieces are the bytes in order, within their limits, and of some 2 KB", () => {
  const random = new Random(1);
  for (const size of [0, 1, LEAST_PIECE, LEAST_PIECE + 1, MOST_PIECE, MOST_PIECE + 1, 300_000]) {
    const bytes = random.bytes(size);
    const pieces = [...piecesOf(bytes)];
    assert.deepEqual(new Uint8Array(Buffer.concat(pieces)), bytes);
    for (const { length } of pieces) assert.ok(length <= MOST_PIECE);
    for (const { length } of pieces.slice(0, -1)) assert.ok(length > LEAST_PIECE);
  }
  const usual = 1_000_000 / sizesOf(random.bytes(1_000_000)).length;
  assert.ok(usual > 1500 && usual < 3000, `${usual} bytes`);
  assert.deepEqual(sizesOf(new Uint8Array(3 * MOST_PIECE)), [MOST_PIECE, MOST_PIECE, MOST_PIECE]);
});

test("after an insertion the pieces are soon the same again", () => {
  const random = new Random(2);
  for (let round = 0; round < 50; round++) {
    const bytes = random.bytes(100_000);
    const at = random.between(0, bytes.length);
    const changed = Buffer.concat([bytes.subarray(0, at), random.bytes(random.between(1, 100)), bytes.subarray(at)]);
    const before = new Set([...piecesOf(bytes)].map((piece) => Buffer.from(piece).toString("latin1")));
    const added = [...piecesOf(changed)].filter((piece) => !before.has(Buffer.from(piece).toString("latin1")));
    assert.ok(added.length <= 8, `${added.length} pieces are new`);
  }
});

test("a list of pieces is read as it was written, and runs take little", () => {
  const random = new Random(3);
  for (let round = 0; round < 500; round++) {
    const pieces: number[] = [];
    for (let runs = random.between(0, 20); runs > 0; runs--) {
      const first = Math.floor(random.next() ** 8 * 2 ** random.between(8, 50));
      for (let index = random.pick([1, 1, 2, 3, 200]); index > 0; index--) pieces.push(first + index);
      if (random.chance(0.5)) for (let index = 0; index < 10; index++) pieces.push(first + index);
    }
    const read = [...runsOf(listOf(pieces))].flatMap(({ first, count }) =>
      Array.from({ length: count }, (_, index) => first + index),
    );
    assert.deepEqual(read, pieces);
  }
  assert.ok(listOf(Array.from({ length: 500 }, (_, index) => index + 1_000_000)).length <= 6);
});
