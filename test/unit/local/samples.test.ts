import assert from "node:assert/strict";
import { join } from "node:path";
import { type TestContext, test } from "node:test";
import { inflateSync } from "node:zlib";
import { SAMPLE_ACCOUNT_ID } from "../../../src/local/samples/account.ts";
import { openSampleStore, SAMPLE_GATEWAY_ID } from "../../../src/local/samples/index.ts";
import type { LogRow, LogStore } from "../../../src/local/store.ts";
import { folderFor } from "./served.ts";

const SAMPLE = { sourceId: SAMPLE_ACCOUNT_ID, collectionId: SAMPLE_GATEWAY_ID };
const NOW = new Date("2026-11-20T15:30:00Z");

type Kept = { row: LogRow; request: string | undefined; response: string | undefined };

function sampled(t: TestContext, path = join(folderFor(t), "sample.sqlite"), now = NOW): LogStore {
  const store = openSampleStore(path, now);
  t.after(() => store.close());
  return store;
}

function keptIn(store: LogStore, collectionId = SAMPLE_GATEWAY_ID): Kept[] {
  const gateway = { ...SAMPLE, collectionId };
  const text = (id: string, which: "request" | "response") => {
    const body = store.body(gateway, id, which);
    return body === undefined ? undefined : Buffer.from(body.bytes).toString();
  };
  return store
    .list(gateway, { conditions: [], orderBy: "created_at", direction: "desc" }, 10_000, 0)
    .map((row) => ({ row, request: text(row.id, "request"), response: text(row.id, "response") }));
}

test("at least 300 logs over twelve days with gaps, none in the future", (t) => {
  const logs = keptIn(sampled(t));
  assert.ok(logs.length >= 300, String(logs.length));
  const midnight = new Date(NOW.getFullYear(), NOW.getMonth(), NOW.getDate());
  const days = new Map<number, number>();
  for (const { row } of logs) {
    const time = new Date(row.created_at);
    assert.ok(time < NOW);
    const back = Math.ceil((midnight.getTime() - time.getTime()) / 86_400_000);
    days.set(back, (days.get(back) ?? 0) + 1);
  }
  assert.equal(Math.max(...days.keys()), 11, "the oldest day is eleven days back");
  assert.ok(days.size < 12, "some days are empty");
  assert.ok((days.get(0) ?? 0) > 0 && (days.get(1) ?? 0) > 0, "today and yesterday are there");
  assert.ok(
    [...days.values()].some((count) => count > 50),
    "one day fills more than a page",
  );
});

test("everything a log can be is among them", (t) => {
  const logs = keptIn(sampled(t));
  const some = (what: string, check: (kept: Kept) => boolean) => assert.ok(logs.some(check), what);
  assert.ok(new Set(logs.map(({ row }) => row["provider"])).size >= 8, "eight providers");
  const json = (text: string | undefined) =>
    text?.startsWith("{") === true ? (JSON.parse(text) as Record<string, unknown>) : {};
  some("assembled into a delta", ({ response }) => JSON.stringify(json(response)["choices"] ?? "").includes('"delta"'));
  some("a message and streamed_data", ({ response }) => {
    const { choices, streamed_data: chunks } = json(response);
    return chunks !== undefined && JSON.stringify(choices ?? "").includes('"message"');
  });
  some("wrapped in an envelope", ({ response }) => typeof json(response)["result"] === "string");
  some(
    "server-sent events",
    ({ response, row }) =>
      row["response_content_type"] === "text/event-stream" && response?.includes("data: ") === true,
  );
  for (const status of [400, 401, 429, 500, 529])
    some(`status ${status}`, ({ row }) => row["status_code"] === status && row["success"] === false);
  for (const code of [2016, 2029, 2030])
    some(`block code ${code}`, ({ response }) => response?.includes(`"code":${code}`) === true);
  some("blocked by DLP", ({ row }) => row["dlp_action"] === "BLOCK");
  some("flagged by DLP", ({ row }) => row["dlp_action"] === "FLAG");
  some("a cache hit that cost nothing", ({ row }) => row["cached"] === true && row["cost"] === 0);
  some("rated", ({ row }) => row["feedback"] === -1);
  some("tagged", ({ row }) => row["metadata"] !== null);
  some(
    "no bodies",
    ({ row, request, response }) => row["success"] === true && request === undefined && response === undefined,
  );
  some("long", ({ request }) => (request?.length ?? 0) > 190_000);
  some("sixty messages", ({ request }) => ((json(request)["messages"] as unknown[] | undefined) ?? []).length >= 60);
  some("a tool's result", ({ request }) => request?.includes('"role":"tool"') === true);
  some("Anthropic's tool result", ({ request }) => request?.includes('"tool_result"') === true);
  some("thinking", ({ response }) => response?.includes('"thinking_delta"') === true);
  some("reasoning", ({ response }) => response?.includes('"reasoning_content"') === true);
  for (const [script, letters] of Object.entries({
    Japanese: /[ぁ-ん]/,
    Arabic: /[ا-ي]/,
    Hindi: /[अ-ह]/,
    Cyrillic: /[а-я]/,
    emoji: /👩‍🔧/u,
  })) {
    some(script, ({ response }) => response !== undefined && letters.test(response));
  }
});

test("a fallback chain is one event with steps from 0, and only its last leg succeeds", (t) => {
  const chains = new Map<string, LogRow[]>();
  for (const { row } of keptIn(sampled(t))) {
    if (typeof row["event_id"] === "string") chains.set(row["event_id"], [row, ...(chains.get(row["event_id"]) ?? [])]);
  }
  assert.ok(chains.size >= 3);
  for (const legs of chains.values()) {
    assert.deepEqual(
      legs.map((leg) => leg["step"]),
      legs.map((_, index) => index),
    );
    assert.deepEqual(
      legs.map((leg) => leg["success"]),
      legs.map((_, index) => index === legs.length - 1),
    );
  }
});

test("pictures are valid PNG files", (t) => {
  const pictures = keptIn(sampled(t)).flatMap(({ request }) => request?.match(/iVBORw0KGgo[A-Za-z0-9+/=]+/) ?? []);
  assert.ok(pictures.length >= 3);
  for (const picture of pictures) {
    const bytes = Buffer.from(picture, "base64");
    const width = bytes.readUInt32BE(16);
    const height = bytes.readUInt32BE(20);
    const start = bytes.indexOf("IDAT") + 4;
    const pixels = inflateSync(bytes.subarray(start, start + bytes.readUInt32BE(start - 8)));
    assert.equal(pixels.length, height * (1 + width * 3));
  }
});

test("the other gateways: one with few logs, one that logs nothing, one with events elsewhere", (t) => {
  const store = sampled(t);
  const gateways = store.gateways(SAMPLE_ACCOUNT_ID).map((gateway) => [gateway.id, gateway["collect_logs"]]);
  assert.deepEqual(gateways, [
    ["sample", true],
    ["sample-staging", true],
    ["sample-quiet", false],
    ["sample-observability", true],
  ]);
  const staging = keptIn(store, "sample-staging").length;
  assert.ok(staging > 0 && staging < 20);
  assert.equal(keptIn(store, "sample-quiet").length, 0);
  assert.equal(keptIn(store, "sample-observability").length, 0);
  const events = [...store.events.between(SAMPLE_ACCOUNT_ID, NOW.getTime() - 7 * 86_400_000, NOW.getTime())];
  assert.ok(events.length >= 36 && events.every(({ timestamp }) => timestamp <= NOW.getTime()));
});

test("opening again keeps what is there; the same moment makes the same logs", (t) => {
  const folder = folderFor(t);
  const first = sampled(t, join(folder, "a.sqlite"));
  const kept = keptIn(first);
  first.remove(first.select(SAMPLE, { conditions: [], orderBy: "created_at", direction: "asc" }, 100));
  const again = sampled(t, join(folder, "a.sqlite"), new Date("2027-01-01T00:00:00Z"));
  assert.equal(keptIn(again).length, kept.length - 100);
  assert.deepEqual(keptIn(sampled(t, join(folder, "b.sqlite"))), kept);
});

test("just after midnight there are still logs today", (t) => {
  const midnight = new Date(2026, 10, 20, 0, 5);
  const rows = keptIn(sampled(t, undefined, midnight));
  assert.ok(rows.some(({ row }) => new Date(row.created_at) >= new Date(2026, 10, 20)));
  assert.ok(rows.every(({ row }) => new Date(row.created_at) < midnight));
});
