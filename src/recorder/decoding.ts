import { once } from "node:events";
import type { Transform } from "node:stream";
import {
  constants,
  createBrotliDecompress,
  createGunzip,
  createInflate,
  createInflateRaw,
  createZstdDecompress,
} from "node:zlib";

/**
 * A decoded body. With "unknown" (another coding) and "invalid" (not in its coding), the bytes are as they were; with
 * "too-large", they are the beginning. Of encoded bytes that end early, all that they hold is decoded.
 */
export type Decoded = { bytes: Uint8Array; note?: "unknown" | "invalid" | "too-large" };

/** Flushing instead of finishing makes zlib return what a truncated body holds. */
const SYNC = { finishFlush: constants.Z_SYNC_FLUSH };

/** HTTP content codings (RFC 9110, RFC 9659). */
const DECODERS: Readonly<Record<string, (bytes: Uint8Array) => Transform>> = {
  gzip: () => createGunzip(SYNC),
  "x-gzip": () => createGunzip(SYNC),
  // Some servers send it without its header, which begins with the method 8 and is divisible by 31.
  deflate: ([first = 0, second = 0]) =>
    (first & 0x0f) === 8 && (first * 256 + second) % 31 === 0 ? createInflate(SYNC) : createInflateRaw(SYNC),
  br: () => createBrotliDecompress({ finishFlush: constants.BROTLI_OPERATION_FLUSH }),
  zstd: () => createZstdDecompress({ finishFlush: constants.ZSTD_e_flush }),
};

/** Decodes a body by its `Content-Encoding` header, the last coding first, to at most `limit` bytes. Never rejects. */
export async function decoded(bytes: Uint8Array, contentEncoding = "", limit: number): Promise<Decoded> {
  const codings = contentEncoding
    .toLowerCase()
    .split(",")
    .map((coding) => coding.trim())
    .filter((coding) => coding !== "" && coding !== "identity");
  if (bytes.length === 0 || codings.length === 0) return { bytes };
  let current = bytes;
  let isTooLarge = false;
  for (const coding of codings.reverse()) {
    const create = Object.hasOwn(DECODERS, coding) ? DECODERS[coding] : undefined;
    if (!create) return { bytes, note: "unknown" };
    const next = await through(create(current), current, limit);
    if (next.note === "invalid") return { bytes, note: "invalid" };
    isTooLarge ||= next.note === "too-large";
    current = next.bytes;
  }
  return { bytes: current, ...(isTooLarge && { note: "too-large" }) };
}

/** Feeds a decoder and collects what it returns, in the pool's threads and not in one go. */
async function through(decoder: Transform, bytes: Uint8Array, limit: number): Promise<Decoded> {
  const chunks: Buffer[] = [];
  let size = 0;
  let isTooLarge = false;
  decoder.on("data", (chunk: Buffer) => {
    const fitting = chunk.subarray(0, limit - size);
    if (fitting.length > 0) chunks.push(fitting);
    size += fitting.length;
    if (fitting.length === chunk.length) return;
    isTooLarge = true;
    decoder.destroy();
  });
  decoder.end(bytes);
  const failure = await once(decoder, "close").then(
    () => undefined,
    (error: unknown) => error,
  );
  if (isTooLarge) return { bytes: Buffer.concat(chunks), note: "too-large" };
  if (failure !== undefined) return { bytes, note: "invalid" };
  return { bytes: Buffer.concat(chunks) };
}
