import {
  brotliDecompressSync,
  constants,
  gunzipSync,
  inflateRawSync,
  inflateSync,
  zstdDecompressSync,
} from "node:zlib";

/** HTTP content codings (RFC 9110, RFC 9659), and deflate without its header, which some servers send as "deflate". */
export type Coding = "gzip" | "zstd" | "deflate" | "br" | "raw deflate";

/** Limits on the decompressed size, in bytes and as a ratio: larger is an attack, or nothing a person reads. */
const MOST_BYTES = 64 * 1024 * 1024;
const MOST_TIMES = 200;

/** Returns the limit on decompressed bytes for a compressed length. */
export const mostBytes = (length: number): number => Math.min(MOST_BYTES, MOST_TIMES * length);

type Decoder = (bytes: Uint8Array, options: { maxOutputLength: number; finishFlush?: number }) => Buffer;

// Flushing instead of finishing makes zlib return the available part of a truncated body.
const DECODERS: Readonly<Record<Coding, { decode: Decoder; finishFlush: number }>> = {
  gzip: { decode: gunzipSync, finishFlush: constants.Z_SYNC_FLUSH },
  zstd: { decode: zstdDecompressSync, finishFlush: constants.ZSTD_e_flush },
  deflate: { decode: inflateSync, finishFlush: constants.Z_SYNC_FLUSH },
  br: { decode: brotliDecompressSync, finishFlush: constants.BROTLI_OPERATION_FLUSH },
  "raw deflate": { decode: inflateRawSync, finishFlush: constants.Z_SYNC_FLUSH },
};

/** Returns the coding that the first bytes name: only gzip and zstd have an unambiguous magic number. */
export function codingOf(bytes: Uint8Array): "gzip" | "zstd" | undefined {
  const [first, second, third, fourth] = bytes;
  if (first === 0x1f && second === 0x8b && third === 8) return "gzip";
  return first === 0x28 && second === 0xb5 && third === 0x2f && fourth === 0xfd ? "zstd" : undefined;
}

/**
 * Decompresses a body, as far as it goes if it's truncated. Returns undefined if it isn't of that coding, or exceeds 64
 * MiB or 200 times its size; zlib stops there, so a bomb costs no more memory than that.
 */
export function decompress(bytes: Uint8Array, coding: Coding): Uint8Array | undefined {
  const { decode, finishFlush } = DECODERS[coding];
  try {
    const found = decode(bytes, { finishFlush, maxOutputLength: mostBytes(bytes.length) });
    return found.length > 0 ? found : undefined;
  } catch {
    return undefined;
  }
}

/** Returns the codings without a magic number that the bytes may be in, the likeliest first. */
export function unmarkedCodings([first = 0, second = 0]: Uint8Array): readonly Coding[] {
  const isHeader = (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0;
  return isHeader ? ["deflate", "br", "raw deflate"] : ["br", "raw deflate"];
}
