import type { DatabaseSync, SQLOutputValue, StatementSync } from "node:sqlite";
import type { Body } from "./log.ts";
import { Pieces } from "./pieces.ts";
import { HEAD_BYTES } from "./rows.ts";

/** Bodies below this size are stored as they are: little can repeat, and a piece has an overhead. */
const LEAST_IN_PIECES = 1024;

/** Returns a body's bytes; null for none. */
export function bytesOf(body: Body | undefined): Uint8Array | null {
  return typeof body === "string" ? Buffer.from(body) : (body ?? null);
}

/**
 * Stored bodies by row number: small ones as they are, larger ones as lists of `Pieces`. An older version stored all as
 * they are, so each side of a row may be either. Calls belong in a transaction or a snapshot.
 */
export class Bodies {
  readonly #mostBytes: number;
  readonly #pieces: Pieces;
  readonly #lists: StatementSync;
  readonly #insert: StatementSync;
  readonly #delete: StatementSync;
  readonly #listsOfGateway: StatementSync;
  readonly #deleteGateway: StatementSync;
  readonly #heads: StatementSync;
  readonly #whole: Record<"request" | "response", StatementSync>;

  /** @param mostBytes limit on a log's two bodies together; larger ones aren't stored */
  constructor(db: DatabaseSync, mostBytes: number) {
    this.#mostBytes = mostBytes;
    this.#pieces = new Pieces(db);
    const ofGateway = "seq IN (SELECT seq FROM logs WHERE gateway = ?)";
    this.#lists = db.prepare("SELECT request_pieces, response_pieces FROM bodies WHERE seq = ?");
    this.#listsOfGateway = db.prepare(
      `SELECT request_pieces, response_pieces FROM bodies
       WHERE ${ofGateway} AND coalesce(request_pieces, response_pieces) IS NOT NULL`,
    );
    this.#insert = db.prepare(
      `INSERT INTO bodies (seq, request, response, request_pieces, response_pieces) VALUES (?, ?, ?, ?, ?)`,
    );
    this.#delete = db.prepare("DELETE FROM bodies WHERE seq = ?");
    this.#deleteGateway = db.prepare(`DELETE FROM bodies WHERE ${ofGateway}`);
    this.#heads = db.prepare(
      `SELECT substr(request, 1, ${HEAD_BYTES}) AS request, substr(response, 1, ${HEAD_BYTES}) AS response,
       request_pieces, response_pieces FROM bodies WHERE seq = ?`,
    );
    this.#whole = {
      request: db.prepare("SELECT request AS body, request_pieces AS list FROM bodies WHERE seq = ?"),
      response: db.prepare("SELECT response AS body, response_pieces AS list FROM bodies WHERE seq = ?"),
    };
  }

  /** Stores the bodies of a log without stored ones, unless there are none or they are too large. */
  put(seq: number, request: Uint8Array | null, response: Uint8Array | null): void {
    if (this.#storable(request, response)) this.#put(seq, request, response);
  }

  /** Stores a log's bodies in place of stored ones, which stay if there are none or they are too large. */
  replace(seq: number, request: Uint8Array | null, response: Uint8Array | null): void {
    if (!this.#storable(request, response)) return;
    const before = this.#lists.get(seq);
    this.#delete.run(seq);
    this.#put(seq, request, response);
    // Only now, so that pieces of both don't have to be stored again.
    this.#release(before);
  }

  /** Returns the first `HEAD_BYTES` bytes of both; undefined if one isn't stored. */
  heads(seq: number): { request: Uint8Array | undefined; response: Uint8Array | undefined } {
    const row = this.#heads.get(seq);
    return {
      request: this.#read(row?.["request"], row?.["request_pieces"], HEAD_BYTES),
      response: this.#read(row?.["response"], row?.["response_pieces"], HEAD_BYTES),
    };
  }

  /** Deletes a log's bodies. */
  remove(seq: number): void {
    const lists = this.#lists.get(seq);
    if (lists === undefined) return;
    this.#delete.run(seq);
    this.#release(lists);
  }

  /** Deletes the bodies of a gateway's logs. */
  removeGateway(key: number): void {
    for (const lists of this.#listsOfGateway.iterate(key)) this.#release(lists);
    this.#deleteGateway.run(key);
  }

  /** Returns a whole body; undefined if it isn't stored. */
  get(seq: number, which: "request" | "response"): Uint8Array | undefined {
    const row = this.#whole[which].get(seq);
    return this.#read(row?.["body"], row?.["list"]);
  }

  #storable(request: Uint8Array | null, response: Uint8Array | null): boolean {
    const size = (request?.length ?? 0) + (response?.length ?? 0);
    return (request !== null || response !== null) && size <= this.#mostBytes;
  }

  #put(seq: number, request: Uint8Array | null, response: Uint8Array | null): void {
    const [requestBytes, requestList] = this.#stored(request);
    const [responseBytes, responseList] = this.#stored(response);
    this.#insert.run(seq, requestBytes, responseBytes, requestList, responseList);
  }

  /** Returns the column with a body's bytes, and the one with its list. */
  #stored(body: Uint8Array | null): [bytes: Uint8Array | null, list: Uint8Array | null] {
    return body === null || body.length < LEAST_IN_PIECES ? [body, null] : [null, this.#pieces.add(body)];
  }

  #read(bytes: SQLOutputValue | undefined, list: SQLOutputValue | undefined, most?: number): Uint8Array | undefined {
    if (bytes instanceof Uint8Array) return bytes;
    return list instanceof Uint8Array ? this.#pieces.read(list, most) : undefined;
  }

  #release(lists: Record<string, SQLOutputValue> | undefined): void {
    for (const list of [lists?.["request_pieces"], lists?.["response_pieces"]]) {
      if (list instanceof Uint8Array) this.#pieces.release(list);
    }
  }
}
