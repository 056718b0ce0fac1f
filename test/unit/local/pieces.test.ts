import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test, type TestContext } from "node:test";
import type { Body } from "../../../src/local/log.ts";
import { runsOf } from "../../../src/local/piece-list.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { LogStore, type NewLog } from "../../../src/local/store.ts";
import { agentRun } from "./agent-run.ts";
import { ACCOUNT, folderFor, GATEWAY, logAt } from "./served.ts";

const SEED = Number(process.env["AI_GATEWAY_LOGS_SEED"] ?? 20_261_203);
const MOST = 3 * 1024 * 1024;
const LEAST_IN_PIECES = 1024;
const SIDES = ["request", "response"] as const;

type Bodies = Record<(typeof SIDES)[number], Uint8Array | null>;

function open(path: string): LogStore {
  const store = new LogStore(path, { mostBytes: MOST });
  store.addAccount({ id: ACCOUNT, name: "Shop", createdOn: new Date(0) });
  store.addGateway({ sourceId: ACCOUNT, id: "shop", createdAt: new Date(0) });
  return store;
}

function stores(t: TestContext, count: number): { path: string; opened: LogStore[] } {
  const path = join(folderFor(t), "logs.sqlite");
  const opened = Array.from({ length: count }, () => open(path));
  t.after(() => {
    for (const store of opened) store.close();
  });
  return { path, opened };
}

function bytesOf(body: Body): Uint8Array | null {
  return typeof body === "string" ? new TextEncoder().encode(body) : body;
}

/** Runs SQL on the file in a connection of its own and returns the rows of the last statement. */
function rowsOf(path: string, sql: string): Record<string, unknown>[] {
  const db = new DatabaseSync(path);
  try {
    return db.prepare(sql).all();
  } finally {
    db.close();
  }
}

/** Asserts that the file has the pieces that its bodies list, counted right, and no other. */
function assertPieces(path: string): void {
  const users = new Map<number, number>();
  for (const row of rowsOf(path, "SELECT request_pieces AS request, response_pieces AS response FROM bodies"))
    for (const side of SIDES) {
      const list = row[side];
      if (!(list instanceof Uint8Array)) continue;
      for (const { first, count } of runsOf(list))
        for (let id = first; id < first + count; id++) users.set(id, (users.get(id) ?? 0) + 1);
    }
  const counted = rowsOf(path, "SELECT id, users FROM pieces").map(({ id, users }) => [Number(id), Number(users)]);
  assert.deepEqual(new Map(counted as [number, number][]), users);
  const stored = rowsOf(path, "SELECT id FROM piece_bytes").map(({ id }) => Number(id));
  assert.deepEqual(new Set(stored), new Set(users.keys()));
}

/** A model of what is stored: bodies by log. */
class Model {
  readonly logs = new Map<string, Bodies>();
  readonly #seen: Body[] = [];

  /** A random body: often one that was there, with a change. */
  body(random: Random): Body {
    const body = this.#newBody(random);
    if (body !== null && body.length > 0) this.#seen.push(body);
    return body;
  }

  #newBody(random: Random): Body {
    const kind = random.next();
    const before = this.#seen.length > 0 ? random.pick(this.#seen) : null;
    if (before !== null && kind < 0.2) return before;
    if (before !== null && kind < 0.45) {
      const at = random.between(0, before.length);
      if (typeof before === "string") return before.slice(0, at) + random.letters(20) + before.slice(at);
      return new Uint8Array(Buffer.concat([before.subarray(0, at), random.bytes(20), before.subarray(at)]));
    }
    if (kind < 0.5) return null;
    if (kind < 0.51) return random.bytes(MOST + random.between(-1, 1));
    if (kind < 0.55) return random.pick(["", new Uint8Array(0), "x", Uint8Array.of(0), Uint8Array.of(255)]);
    if (kind < 0.65) {
      const size = LEAST_IN_PIECES + random.between(-1, 1);
      return random.pick([random.letters(size), random.bytes(size)]);
    }
    if (kind < 0.7) return random.letters(random.between(1, 40)).repeat(random.between(1, 5000));
    if (kind < 0.72) return "é".repeat(random.between(500, 800_000));
    if (kind < 0.75) return random.bytes(1_000_000 + random.between(0, 1_000_000));
    // A view of something larger, as bytes from a network are.
    if (kind < 0.8) return random.bytes(30_000).subarray(random.between(0, 10_000), random.between(10_000, 30_000));
    return random.chance(0.5) ? random.letters(random.between(1, 20_000)) : random.bytes(random.between(1, 20_000));
  }

  /** Notes that a log's bodies were stored, if they are. */
  put(id: string, request: Body, response: Body): void {
    const bodies = { request: bytesOf(request), response: bytesOf(response) };
    const size = (bodies.request?.length ?? 0) + (bodies.response?.length ?? 0);
    if (size <= MOST && (request !== null || response !== null)) this.logs.set(id, bodies);
    else if (!this.logs.has(id)) this.logs.set(id, { request: null, response: null });
  }

  assertLog(store: LogStore, id: string): void {
    const bodies = this.logs.get(id);
    for (const side of SIDES) {
      const stored = store.body(GATEWAY, id, side)?.bytes ?? null;
      const expected = bodies?.[side] ?? null;
      assert.equal(stored?.length, expected?.length, `${id}/${side}`);
      assert.ok(expected === null || Buffer.compare(stored ?? new Uint8Array(0), expected) === 0, `${id}/${side}`);
      assert.ok(stored === null || Object.getPrototypeOf(stored) === Uint8Array.prototype);
      const detail = store.detail(GATEWAY, id);
      // The head of an empty body is null, as without one.
      const start = expected?.length === 0 ? undefined : expected?.subarray(0, 65_536);
      // The size is of the last recorded bodies, even where they were too large to replace the stored ones.
      const cut = start !== undefined && Number(detail?.[`${side}_size`]) > start.length;
      const text = start && new TextDecoder("utf-8", { ignoreBOM: true }).decode(start, { stream: cut });
      assert.ok((detail?.[`${side}_head`] ?? null) === (text ?? null), `${id}/${side}: the head`);
    }
  }
}

test(`random bodies come back byte for byte from two stores, and leave nothing (seed ${SEED})`, (t) => {
  const { path, opened } = stores(t, 2);
  const random = new Random(SEED);
  const model = new Model();
  const ids = (): string[] => [...model.logs.keys()];
  let made = 0;
  for (let step = 0; step < 500; step++) {
    const store = random.pick(opened);
    const kind = random.next();
    if (kind < 0.4 || model.logs.size === 0) {
      const logs: NewLog[] = [];
      for (let count = random.pick([1, 1, 1, 5]); count > 0; count--) {
        const log = { id: `log-${made++}`, request: model.body(random), response: model.body(random) };
        logs.push(logAt(made * 1000, log));
        model.put(log.id, log.request, log.response);
      }
      store.insert(logs);
    } else if (kind < 0.5) {
      const id = random.pick(ids());
      const bodies = { request: model.body(random), response: model.body(random) };
      store.storeBodies(GATEWAY, id, bodies);
      model.put(id, bodies.request, bodies.response);
    } else if (kind < 0.6) {
      const fail = (): void => {
        store.insert([logAt(0, { id: "half", request: model.body(random), response: "y".repeat(5000) })]);
        store.remove(store.select(GATEWAY, { conditions: [], orderBy: "created_at", direction: "desc" }, 5));
        throw new Error("half way");
      };
      assert.throws(() => store.atomically(fail), /half way/);
    } else if (kind < 0.75) {
      const newest = random.chance(0.5);
      const direction = newest ? "desc" : "asc";
      const count = random.pick([1, 1, 2, 8]);
      store.remove(store.select(GATEWAY, { conditions: [], orderBy: "created_at", direction }, count));
      const gone = newest ? ids().slice(-count) : ids().slice(0, count);
      for (const id of gone) model.logs.delete(id);
    } else model.assertLog(store, random.pick(ids()));
    if (step % 50 === 0) assertPieces(path);
  }
  for (const store of opened) for (const id of ids()) model.assertLog(store, id);
  assertPieces(path);
  assert.ok(model.logs.size > 20);
  opened[0]?.removeGateway(GATEWAY);
  assertPieces(path);
  assert.deepEqual(rowsOf(path, "SELECT * FROM bodies UNION ALL SELECT *, 0, 0 FROM piece_bytes"), []);
});

test("two hundred calls of an agent's run take at most 5 % of their bodies", (t) => {
  const { path, opened } = stores(t, 1);
  const store = opened[0] as LogStore;
  let raw = 0;
  let calls = 0;
  for (const call of agentRun(SEED, 200)) {
    store.insert([logAt(calls * 1000, { id: `call-${calls++}`, ...call })]);
    raw += Buffer.byteLength(call.request) + Buffer.byteLength(call.response);
  }
  rowsOf(path, "PRAGMA wal_checkpoint(TRUNCATE)");
  const percent = (100 * statSync(path).size) / raw;
  assert.ok(percent <= 5, `${percent.toFixed(2)} % of ${(raw / 1e6).toFixed(0)} MB`);
  assert.ok(raw > 50e6, `${raw} bytes are no long run`);
  t.diagnostic(`${percent.toFixed(2)} % of ${(raw / 1e6).toFixed(0)} MB`);
  calls = 0;
  for (const call of agentRun(SEED, 200)) {
    const id = `call-${calls++}`;
    for (const side of SIDES) {
      const { bytes } = store.body(GATEWAY, id, side) ?? {};
      assert.ok(bytes !== undefined && Buffer.from(call[side]).equals(bytes), `${id}/${side}`);
    }
  }
  store.remove(store.select(GATEWAY, { conditions: [], orderBy: "created_at", direction: "asc" }, 199));
  assertPieces(path);
});

test("a database with bodies as an older version stored them is read and changed", (t) => {
  const path = join(folderFor(t), "logs.sqlite");
  const before = open(path);
  const old = { request: "a".repeat(100_000), response: Uint8Array.from({ length: 3000 }, (_, index) => index % 256) };
  for (let index = 0; index < 4; index++)
    before.insert([logAt(index, { id: `old-${index}`, request: "-", response: "-" })]);
  before.close();
  const db = new DatabaseSync(path);
  db.exec(`DROP TABLE pieces; DROP TABLE piece_bytes; ALTER TABLE bodies DROP COLUMN request_pieces;
    ALTER TABLE bodies DROP COLUMN response_pieces; PRAGMA user_version = 3`);
  db.prepare("UPDATE bodies SET request = ?, response = ?").run(Buffer.from(old.request), old.response);
  db.prepare("UPDATE logs SET request_size = ?, response_size = ?").run(old.request.length, old.response.length);
  db.close();
  const store = open(path);
  t.after(() => store.close());
  const model = new Model();
  for (let index = 0; index < 4; index++) model.put(`old-${index}`, old.request, old.response);
  for (const id of model.logs.keys()) model.assertLog(store, id);
  store.insert([logAt(10, { id: "new", ...old })]);
  model.put("new", old.request, old.response);
  store.storeBodies(GATEWAY, "old-3", { request: old.request, response: "short" });
  model.put("old-3", old.request, "short");
  store.remove(store.select(GATEWAY, { conditions: [], orderBy: "created_at", direction: "asc" }, 2));
  for (const id of ["old-0", "old-1"]) model.logs.delete(id);
  for (const id of ["old-0", ...model.logs.keys()]) model.assertLog(store, id);
  assertPieces(path);
});

test("the detail reads only the pieces of the heads, and a damaged body is an error", (t) => {
  const { path, opened } = stores(t, 1);
  const store = opened[0] as LogStore;
  const response = new Random(SEED).letters(300_000);
  store.insert([logAt(0, { id: "long", response })]);
  const after =
    "id > (SELECT min(id) FROM piece_bytes AS b WHERE 65536 <= (SELECT sum(size) FROM piece_bytes WHERE id <= b.id))";
  rowsOf(path, `DELETE FROM piece_bytes WHERE ${after}`);
  assert.equal(store.detail(GATEWAY, "long")?.["response_head"], response.slice(0, 65_536));
  assert.throws(() => store.body(GATEWAY, "long", "response"), /damaged/);
  rowsOf(path, "UPDATE piece_bytes SET size = size + 1 WHERE id = 1");
  assert.throws(() => store.detail(GATEWAY, "long"), /damaged/);
});
