/*
 * Why by content: an agent's request is the one before with something inserted. With pieces of a fixed size, everything
 * after the first insertion would move and be different. Here a piece ends where the bytes themselves say so, and the
 * bytes after a change are cut as they were before it.
 */

/** A piece has at least this many bytes, unless the body ends. */
export const LEAST_PIECE = 512;

/** A piece has at most this many bytes. */
export const MOST_PIECE = 8192;

/** Up to here a cut is rarer, and then more frequent, so that most pieces are of about this size. */
const USUAL_PIECE = 2048;

/*
 * A cut is where these upper bits of the hash are 0. The lower ones are useless: they depend on the last few bytes
 * only, and the uppermost on the last 32.
 */
const RARE_CUT = 0xfff0_0000 | 0;
const FREQUENT_CUT = 0xff80_0000 | 0;

/**
 * A random number for each byte. Any numbers would do, but these must stay: with others, the same content is cut
 * elsewhere, and is stored again next to what an older version stored.
 */
const GEAR = Int32Array.from({ length: 256 }, (_, byte) => {
  let mixed = Math.imul(byte + 1, 0x9e37_79b1);
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85eb_ca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2_ae35);
  return mixed ^ (mixed >>> 16);
});

/** Returns where the piece ends that begins at `start`. */
function cutAfter(bytes: Uint8Array, start: number): number {
  const end = Math.min(start + MOST_PIECE, bytes.length);
  const usual = Math.min(start + USUAL_PIECE, end);
  let hash = 0;
  let at = Math.min(start + LEAST_PIECE, end);
  for (; at < usual; at++) {
    hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
    if ((hash & RARE_CUT) === 0) return at + 1;
  }
  for (; at < end; at++) {
    hash = ((hash << 1) + (GEAR[bytes[at] as number] as number)) | 0;
    if ((hash & FREQUENT_CUT) === 0) return at + 1;
  }
  return end;
}

/** Yields a body's pieces in order, as views of it: where the same bytes come again, mostly the same pieces. */
export function* piecesOf(bytes: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < bytes.length;) {
    const end = cutAfter(bytes, start);
    yield bytes.subarray(start, end);
    start = end;
  }
}
