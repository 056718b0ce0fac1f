import { hash } from "node:crypto";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { constants, deflateRawSync, inflateRawSync } from "node:zlib";
import { piecesOf } from "./chunking.ts";
import { listOf, runsOf } from "./piece-list.ts";

/** Bytes of a piece's key: the beginning of its SHA-256. */
const KEY_BYTES = 16;

/**
 * A piece is compressed alone, because each of its neighbors may be deleted before it, and has no end mark: pieces in a
 * row are then one deflate stream, which is decompressed at once. The window is as large as the largest piece.
 */
const DEFLATE = { windowBits: 13, finishFlush: constants.Z_SYNC_FLUSH };

/**
 * Content in pieces. Each piece is stored once, compressed, with the number of its uses; one that is no longer used is
 * deleted. Calls belong in a transaction or a snapshot: numbers of deleted pieces are reused. Nothing is cached,
 * because other processes write to the same file.
 */
export class Pieces {
  readonly #use: StatementSync;
  readonly #store: StatementSync;
  readonly #load: StatementSync;
  readonly #release: StatementSync;
  readonly #deleteUnused: StatementSync;
  readonly #deleteBytes: StatementSync;

  constructor(db: DatabaseSync) {
    this.#use = db.prepare(
      "INSERT INTO pieces (key, users) VALUES (?, 1) ON CONFLICT (key) DO UPDATE SET users = users + 1 RETURNING id, users",
    );
    this.#store = db.prepare("INSERT INTO piece_bytes (id, size, bytes) VALUES (?, ?, ?)");
    this.#load = db.prepare("SELECT size, bytes FROM piece_bytes WHERE id = ?");
    this.#release = db.prepare("UPDATE pieces SET users = users - 1 WHERE id BETWEEN ? AND ?");
    this.#deleteUnused = db.prepare("DELETE FROM pieces WHERE id BETWEEN ? AND ? AND users = 0 RETURNING id");
    this.#deleteBytes = db.prepare("DELETE FROM piece_bytes WHERE id = ?");
  }

  /** Stores the pieces that aren't stored yet, counts a use of each, and returns their list, for `release`. */
  add(content: Uint8Array): Uint8Array {
    const ids: number[] = [];
    for (const piece of piecesOf(content)) {
      const key = hash("sha256", piece, "buffer").subarray(0, KEY_BYTES);
      const { id, users } = this.#use.get(key) ?? {};
      if (users === 1) this.#store.run(Number(id), piece.length, deflateRawSync(piece, DEFLATE));
      ids.push(Number(id));
    }
    return listOf(ids);
  }

  /**
   * Returns the content of a list, or its first `most` bytes, for which it reads no further pieces.
   * @throws Error if a piece is missing or has another size: the file is damaged
   */
  read(list: Uint8Array, most = Infinity): Uint8Array {
    const parts: Uint8Array[] = [];
    let size = 0;
    for (const { first, count } of runsOf(list)) {
      for (let id = first; id < first + count && size < most; id++) {
        const piece = this.#load.get(id);
        if (!(piece?.["bytes"] instanceof Uint8Array))
          throw new Error("A recorded body is damaged: a part is missing.");
        parts.push(piece["bytes"]);
        size += Number(piece["size"]);
      }
    }
    // One output buffer with space left: a full one would be continued in another, and both copied.
    const options = { finishFlush: constants.Z_SYNC_FLUSH, chunkSize: size + constants.Z_MIN_CHUNK };
    const { buffer, byteOffset, length } = inflateRawSync(Buffer.concat(parts), options);
    if (length !== size) throw new Error("A recorded body is damaged: it has another size.");
    return new Uint8Array(buffer, byteOffset, Math.min(size, most));
  }

  /** Ends a list's uses of its pieces, and deletes those without another use. */
  release(list: Uint8Array): void {
    for (const { first, count } of runsOf(list)) {
      this.#release.run(first, first + count - 1);
      for (const { id } of this.#deleteUnused.all(first, first + count - 1)) this.#deleteBytes.run(Number(id));
    }
  }
}
