import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { test } from "node:test";
import { newLogId } from "../../../src/local/ids.ts";
import type { LogQuery } from "../../../src/local/conditions.ts";
import { inSnapshot, openDatabase } from "../../../src/local/schema.ts";
import { LogStore, type NewLog } from "../../../src/local/store.ts";
import { ACCOUNT, folderFor, GATEWAY, logAt } from "./served.ts";

const ALL: LogQuery = { conditions: [], orderBy: "created_at", direction: "desc" };

function open(path: string): LogStore {
  const store = new LogStore(path);
  store.addAccount({ id: ACCOUNT, name: "Shop", createdOn: new Date(0) });
  store.addGateway({ sourceId: ACCOUNT, id: "shop", createdAt: new Date(0) });
  return store;
}

test("ids are ULIDs before 2026-10-08 and lowercase UUIDv7 since, with the time in front", () => {
  const before = newLogId(new Date("2026-10-07T23:59:59.999Z"));
  assert.match(before, /^[0-9A-HJKMNP-TV-Z]{26}$/);
  assert.equal(newLogId(new Date(1_469_918_176_385), (count) => new Uint8Array(count)).slice(0, 10), "01ARYZ6S41");
  const since = newLogId(new Date("2026-10-08T00:00:00.000Z"));
  assert.match(since, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(parseInt(since.replaceAll("-", "").slice(0, 12), 16), Date.parse("2026-10-08T00:00:00.000Z"));
  assert.notEqual(newLogId(new Date(0)), newLogId(new Date(0)));
});

test("an insert that fails stores nothing, and counts stay true", (t) => {
  const store = open(join(folderFor(t), "logs.sqlite"));
  t.after(() => store.close());
  store.insert([logAt(1000, { id: "a", provider: "first" })]);
  const half = function* (): Generator<NewLog> {
    yield logAt(2000, { id: "b", provider: "second" });
    yield logAt(3000, { id: "a" });
  };
  assert.throws(() => store.insert(half()), /UNIQUE/);
  assert.throws(() => store.insert([logAt(1, { collectionId: "none" })]), RangeError);
  assert.throws(() => store.insert([logAt("never")]), RangeError);
  assert.equal(store.count(GATEWAY, ALL), 1);
  store.insert([logAt(4000, { id: "c", provider: "third" })]);
  const second: LogQuery = { ...ALL, conditions: [{ key: "provider", operator: "eq", value: ["second"] }] };
  const third: LogQuery = { ...ALL, conditions: [{ key: "provider", operator: "eq", value: ["third"] }] };
  assert.deepEqual([store.count(GATEWAY, second), store.count(GATEWAY, third)], [0, 1]);
  assert.equal(store.list(GATEWAY, third, 50, 0)[0]?.["provider"], "third");
});

test("two stores on one file see each other's logs and count them together", (t) => {
  const path = join(folderFor(t), "logs.sqlite");
  const one = open(path);
  const two = open(path);
  t.after(() => {
    one.close();
    two.close();
  });
  for (let index = 0; index < 20; index++) {
    const store = index % 2 === 0 ? one : two;
    store.insert([logAt(index * 1000, { id: `log-${index}`, provider: `provider-${index % 5}` })]);
  }
  for (const store of [one, two]) {
    assert.equal(store.count(GATEWAY, ALL), 20);
    const some: LogQuery = { ...ALL, conditions: [{ key: "provider", operator: "contains", value: ["3", "4"] }] };
    assert.equal(store.count(GATEWAY, some), 8);
    assert.equal(store.list(GATEWAY, ALL, 1, 0)[0]?.["provider"], "provider-4");
  }
  one.remove(one.select(GATEWAY, ALL, 5));
  assert.equal(two.count(GATEWAY, ALL), 15);
});

test("a snapshot reads one state of the file while another connection writes", (t) => {
  const path = join(folderFor(t), "logs.sqlite");
  const [one, two] = [openDatabase(path), openDatabase(path)];
  t.after(() => {
    one.close();
    two.close();
  });
  const count = () => one.prepare("SELECT count(*) AS n FROM marks").get()?.["n"];
  inSnapshot(one, () => {
    assert.equal(count(), 0);
    two.exec("INSERT INTO marks (name) VALUES ('another')");
    assert.equal(count(), 0);
  });
  assert.equal(count(), 1);
});

test("work marked once is done once, and again when it failed", (t) => {
  const store = open(join(folderFor(t), "logs.sqlite"));
  t.after(() => store.close());
  const fail = () => {
    store.insert([logAt(1000)]);
    throw new Error("half way");
  };
  assert.throws(() => store.once("fill", fail), /half way/);
  assert.equal(store.count(GATEWAY, ALL), 0);
  store.once("fill", () => store.insert([logAt(1000)]));
  store.once("fill", () => store.insert([logAt(2000)]));
  assert.equal(store.count(GATEWAY, ALL), 1);
});

/** Changes a database behind its store's back. */
function withDatabase(path: string, sql: string): void {
  const db = new DatabaseSync(path);
  db.exec(sql);
  db.close();
}

test("a database of the version before is brought up to date with its logs", (t) => {
  const path = join(folderFor(t), "logs.sqlite");
  const before = open(path);
  before.insert([logAt(1000, { id: "a" })]);
  before.close();
  withDatabase(
    path,
    `DROP TABLE audit; DROP TABLE events; DROP TABLE unlogged; DROP TABLE pieces; DROP TABLE piece_bytes;
     ALTER TABLE bodies DROP COLUMN request_pieces; ALTER TABLE bodies DROP COLUMN response_pieces;
     PRAGMA user_version = 1`,
  );
  const store = open(path);
  t.after(() => store.close());
  assert.equal(store.count(GATEWAY, ALL), 1);
  store.audit.add({ accountId: ACCOUNT, time: new Date(1000), fields: { id: "entry" } });
  assert.notEqual(store.audit.find(ACCOUNT, "entry"), undefined);
});

test("a file that is no database, or a newer version's, is refused", (t) => {
  const path = join(folderFor(t), "logs.sqlite");
  open(path).close();
  withDatabase(path, "PRAGMA user_version = 1000");
  assert.throws(() => new LogStore(path), /another version/);
  writeFileSync(path, "this is no database, only text that goes on for a while ".repeat(50));
  assert.throws(() => new LogStore(path), /not a database/);
});

test("metadata past the fifth entry is ignored", (t) => {
  const store = open(":memory:");
  t.after(() => store.close());
  store.insert([logAt(1000, { metadata: { a: 1, b: 2, c: 3, d: 4, e: 5, f: 6 } })]);
  assert.deepEqual(store.list(GATEWAY, ALL, 1, 0)[0]?.["metadata"], { a: 1, b: 2, c: 3, d: 4, e: 5 });
});
