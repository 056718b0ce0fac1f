import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import { parseAuditLine } from "../../../src/sources/cloudflare/audit/query-line.ts";
import type { AuditPage, AuditQuery } from "../../../src/sources/cloudflare/audit/calls.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { SourceError } from "../../../src/source/errors.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import type { NewAuditEntry } from "../../../src/local/audit/trail.ts";
import { AuditList, keptSince, newestEntries } from "../../../src/audit/core/list.ts";
import { ACCOUNT, serve } from "../local/served.ts";

const NOW = new Date("2026-11-20T12:00:00.500Z");
const DAY = 86_400_000;
const { signal } = new AbortController();
const calendar = calendarFor("utc");

async function start(t: TestContext, line = "") {
  const local = await serve(t, [], { now: () => NOW.getTime() });
  const client = new CloudflareClient({ baseUrl: local.baseUrl, token: () => Promise.resolve(local.token) });
  const add = (id: string, time: number, fields: NewAuditEntry["fields"] = {}) =>
    local.store.audit.add({ accountId: ACCOUNT, time: new Date(time), fields: { id, ...fields } });
  const needs = { client, accountId: ACCOUNT, line: parseAuditLine(line, NOW, "utc"), calendar, now: NOW };
  /** Requests since the last time, as days back from now. */
  let taken = 0;
  const asked = () => {
    const calls = local.calls.slice(taken).map(({ url }) => new URL(url, local.baseUrl).searchParams);
    taken = local.calls.length;
    return calls.map((query) => {
      const back = (name: string) => Math.round((NOW.getTime() - Date.parse(query.get(name) ?? "")) / DAY);
      return `${back("since")}-${back("before")}${query.has("cursor") ? "+" : ""}`;
    });
  };
  return { local, client, add, needs, asked, list: new AuditList(needs) };
}

const ids = (list: AuditList) => list.entries.map(({ id }) => id);

test("begins with the last seven days, grouped by day, newest first", async (t) => {
  const { add, list, asked } = await start(t);
  for (const [index, back] of [0, 0.1, 1, 6, 8].entries()) add(`e${index}`, NOW.getTime() - back * DAY);
  await list.load(signal);
  assert.deepEqual(
    list.days.map(({ day, entries }) => [day, entries.length]),
    [
      ["2026-11-20", 2],
      ["2026-11-19", 1],
      ["2026-11-14", 1],
    ],
  );
  assert.deepEqual(ids(list), ["e0", "e1", "e2", "e3"]);
  assert.deepEqual([list.hasMore, list.hasEarlier, list.since], [false, true, new Date("2026-11-14T00:00:00Z")]);
  assert.deepEqual(asked(), ["7-0"]);
});

test("goes back in steps that double while there is nothing, and ends where the API's 18 months do", async (t) => {
  const { add, list, asked } = await start(t);
  add("old", NOW.getTime() - 300 * DAY);
  add("lost", NOW.getTime() - 600 * DAY);
  await list.load(signal);
  asked();
  await list.loadEarlier(signal);
  assert.deepEqual(asked(), ["21-7", "49-21", "105-49", "217-105", "441-217"]);
  assert.deepEqual(ids(list), ["old"]);
  await list.loadEarlier(signal);
  assert.equal(asked().length, 4);
  assert.deepEqual([ids(list), list.hasEarlier], [["old"], false]);
  assert.deepEqual(list.since, keptSince(NOW));
  await list.loadEarlier(signal);
  assert.deepEqual(asked(), []);
});

test("keeps to the range of the line", async (t) => {
  const { add, list, asked } = await start(t, "since:10d until:2026-11-18");
  for (const back of [1, 5, 9, 11]) add(`e${back}`, NOW.getTime() - back * DAY);
  await list.load(signal);
  assert.deepEqual([ids(list), list.hasEarlier], [["e5", "e9"], false]);
  assert.deepEqual(asked(), ["10-3"]);
});

test("looks on through pages in which nothing fits, and says how many it has read", async (t) => {
  const { add, needs, asked } = await start(t, "uri:~/ai-gateway/");
  for (let index = 0; index < 50; index++) {
    add(`e${index}`, NOW.getTime() - index, { raw_uri: index === 24 ? "/accounts/a/ai-gateway/gateways" : "/zones" });
  }
  const list = new AuditList({ ...needs, limit: 10 });
  await list.load(signal);
  assert.deepEqual([ids(list), list.read, list.hasMore], [["e24"], 30, true]);
  await list.loadMore(signal);
  assert.deepEqual([ids(list), list.read, list.hasMore], [["e24"], 50, false]);
  assert.equal(asked().length, 5);
  const none = new AuditList({ ...needs, line: parseAuditLine("uri:~/workers/", NOW), limit: 1 });
  await none.load(signal);
  assert.deepEqual([none.read, none.hasMore], [10, true]);
});

test("a window that failed is read again from its start, and one half read from where it was", async (t) => {
  const { add, client, needs } = await start(t, "since:30d");
  for (let index = 0; index < 6; index++) add(`e${index}`, NOW.getTime() - index * 1000);
  let left = 1;
  const failing = {
    listAuditLogs: (...call: Parameters<CloudflareClient["listAuditLogs"]>): Promise<AuditPage> =>
      left-- > 0 ? client.listAuditLogs(...call) : Promise.reject(new SourceError("offline", "gone")),
  };
  const list = new AuditList({ ...needs, client: failing, limit: 3 });
  await list.load(signal);
  await assert.rejects(list.loadMore(signal), /gone/);
  assert.deepEqual([list.entries.length, list.hasMore], [3, true]);
  left = 1;
  await list.loadMore(signal);
  assert.deepEqual(ids(list), ["e0", "e1", "e2", "e3", "e4", "e5"]);
  const earlier = new AuditList({ ...needs, client: failing, line: parseAuditLine("", NOW, "utc") });
  left = 1;
  await earlier.load(signal);
  const { since } = earlier;
  await assert.rejects(earlier.loadEarlier(signal), /gone/);
  assert.deepEqual([earlier.since, earlier.hasEarlier], [since, true]);
});

test("an answer that was not filtered is not shown as if it were", async (t) => {
  const { needs, add, client } = await start(t, "action:delete");
  add("created", NOW.getTime(), { action_type: "create" });
  const deaf = {
    listAuditLogs: (accountId: string, query: AuditQuery) => client.listAuditLogs(accountId, { ...query, filters: [] }),
  };
  const isIgnored = (error: unknown) => error instanceof SourceError && error.reason === "filterIgnored";
  await assert.rejects(new AuditList({ ...needs, client: deaf }).load(signal), isIgnored);
  await assert.rejects(newestEntries({ ...needs, client: deaf }, signal), isIgnored);
});

test("100,000 entries are walked, none twice and none missing, while new ones arrive", async (t) => {
  const { local, add, list } = await start(t);
  const wanted = new Set<string>();
  const actions = ["create", "update", "delete"];
  local.store.atomically(() => {
    for (let index = 0; index < 100_000; index++) {
      wanted.add(`e${index}`);
      // Many at the same moment, across the ends of pages.
      add(`e${index}`, NOW.getTime() - Math.floor(index / 30) * 140_000, { action_type: actions[index % 3] ?? "" });
    }
  });
  await list.load(signal);
  let rounds = 0;
  while (list.hasMore || list.hasEarlier) {
    const last = list.entries.at(-1)?.time.getTime() ?? NOW.getTime();
    // Current entries, late ones among those already read, and some still ahead.
    add(`new${rounds}`, NOW.getTime() + 1000 + rounds);
    add(`late${rounds}`, last + 1000);
    add(`ahead${rounds}`, last - 1_000_000);
    if (list.hasMore) await list.loadMore(signal);
    else await list.loadEarlier(signal);
    rounds++;
  }
  const seen = ids(list);
  assert.equal(new Set(seen).size, seen.length, "none twice");
  for (const id of seen) wanted.delete(id);
  assert.deepEqual([...wanted], [], "none missing");
  assert.ok(!seen.some((id) => id.startsWith("new")), "what came after the list began belongs to the next one");
  assert.ok(rounds > 990, `${rounds} pages`);
});
