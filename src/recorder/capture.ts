import { decoded, type Decoded } from "./decoding.ts";

/** Limit on the bytes of one side of a call, encoded and decoded alike: requests may contain images. */
const MOST_BYTES = 25 * 1_048_576;

/** Bytes of one side of a call. `size`: of all bytes that passed, also those that weren't kept. */
export type Captured = { bytes: Uint8Array; size: number; isTruncated: boolean };

/** Collects the first bytes of one side of a call, up to a limit. */
export class Capture {
  readonly #limit: number;
  #chunks: Uint8Array[] = [];
  #kept = 0;
  #size = 0;

  constructor(limit: number = MOST_BYTES) {
    this.#limit = limit;
  }

  /** Adds a chunk, which must not change afterward. */
  push(chunk: Uint8Array): void {
    this.#size += chunk.length;
    const fitting = Math.min(chunk.length, this.#limit - this.#kept);
    if (fitting <= 0) return;
    // A copy, not a view, lets go of the chunk's rest.
    this.#chunks.push(fitting === chunk.length ? chunk : new Uint8Array(chunk.subarray(0, fitting)));
    this.#kept += fitting;
  }

  /** Returns the bytes as they passed. */
  captured(): Captured {
    const bytes = Buffer.concat(this.#chunks);
    // Joined once: the next call has nothing to join.
    this.#chunks = [bytes];
    return { bytes, size: this.#size, isTruncated: this.#size > this.#kept };
  }

  /** Returns the bytes without the codings of `Content-Encoding`, up to the limit; never rejects. */
  decoded(contentEncoding: string | undefined): Promise<Decoded> {
    return decoded(this.captured().bytes, contentEncoding, this.#limit);
  }
}
