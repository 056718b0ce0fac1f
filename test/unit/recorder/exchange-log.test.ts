// What a program sent and got through the recorder is in the store, byte for byte, and no credential is.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { buffer } from "node:stream/consumers";
import { describe, it, type TestContext } from "node:test";
import { gzipSync } from "node:zlib";
import { openRecordings, RECORDINGS_ACCOUNT_ID } from "../../../src/local/recordings.ts";
import type { LogRow, LogStore } from "../../../src/local/store.ts";
import { runJob } from "../../../src/reading/core/jobs.ts";
import { storingIn } from "../../../src/recorder/exchange-log.ts";
import { startRecorder } from "../../../src/recorder/recorder.ts";
import { CANARY } from "../../canary.ts";
import { startServer } from "../../proxy.ts";
import { bodyOf, enough, traffic } from "../../traffic.ts";
import { folderFor } from "../local/served.ts";

const OF = { sourceId: RECORDINGS_ACCOUNT_ID, collectionId: "shop" };

/** Starts a recorder in front of a server, with a database in a file. */
async function recordingInto(t: TestContext, answer: Parameters<typeof startServer>[0]) {
  const path = join(folderFor(t), "recordings.sqlite");
  const store = openRecordings(path, new Date());
  store.addGateway({ sourceId: OF.sourceId, id: OF.collectionId, createdAt: new Date() });
  t.after(() => store.close());
  const server = await startServer(answer);
  t.after(() => server.close());
  let count = 0;
  const errors: unknown[] = [];
  const waiting = new Map<string, () => void>();
  const recorder = await startRecorder({
    secret: "s3cret",
    upstreams: { openai: server.url, anthropic: server.url },
    newId: () => `log-${String(++count).padStart(4, "0")}`,
    observer: storingIn({
      save: (log) => {
        store.insert([log]);
        waiting.get(log.id ?? "")?.();
      },
      usageOf: (call) => Promise.resolve(runJob("usage", call)),
      onError: (error) => errors.push(error),
    }),
  });
  t.after(() => recorder.close());
  /** Makes a call; resolves with its answer once its log is stored. */
  async function call(provider: string, rest: string, headers: Record<string, string>, body: string | Uint8Array) {
    const id = `log-${String(count + 1).padStart(4, "0")}`;
    const stored = new Promise<void>((resolve) => waiting.set(id, resolve));
    const request = httpRequest(`${recorder.urlOf(OF, provider)}/${rest}`, { method: "POST", headers });
    request.end(body);
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const bytes = await buffer(response);
    await stored;
    return { id, bytes, row: rowOf(store, id) };
  }
  return { path, store, errors, call };
}

function rowOf(store: LogStore, id: string): LogRow {
  const row = store.detail(OF, id);
  assert.ok(row);
  return row;
}

const stored = (store: LogStore, id: string, side: "request" | "response") => {
  const body = store.body(OF, id, side);
  return Buffer.from(body?.bytes ?? []);
};

describe("a recorded call", () => {
  it("has the bodies of each recorded exchange, byte for byte, and its row's facts", async (t) => {
    const exchanges = traffic().filter(({ provider }) => provider === "openai" || provider === "anthropic");
    assert.ok(exchanges.length >= enough(20));
    const { store, call, errors } = await recordingInto(t, (request, response) => {
      const exchange = exchanges[Number(request.headers["x-number"])];
      request.resume().on("end", () => {
        response.writeHead(exchange?.status ?? 500, { "content-type": exchange?.response_content_type ?? "" });
        response.end(exchange && bodyOf(exchange.response, exchange.response_encoding));
      });
    });
    let withTokens = 0;
    for (const [number, exchange] of exchanges.entries()) {
      const type = exchange.request_content_type ?? "application/json";
      const headers = { "content-type": type, "x-number": String(number) };
      const sent = Buffer.from(bodyOf(exchange.request, exchange.request_encoding));
      const { id, row } = await call(exchange.provider, exchange.path.replace(/^\//, ""), headers, sent);
      assert.deepEqual(stored(store, id, "request"), sent);
      assert.deepEqual(
        stored(store, id, "response"),
        Buffer.from(bodyOf(exchange.response, exchange.response_encoding)),
      );
      assert.equal(row["status_code"], exchange.status);
      assert.equal(row["success"], exchange.status < 400);
      assert.equal(row["request_content_type"], type);
      if (typeof row["tokens_out"] === "number" && row["tokens_out"] > 0) withTokens++;
    }
    assert.deepEqual(errors, []);
    assert.ok(withTokens >= enough(10), String(withTokens));
  });

  it("is decoded in the store, and not for the program", async (t) => {
    const zipped = gzipSync(
      '{"model":"gpt-5","usage":{"prompt_tokens":3,"completion_tokens":4},"choices":[{"message":{"role":"assistant","content":"Yes"}}]}',
    );
    const { store, call } = await recordingInto(t, (request, response) => {
      request.resume().on("end", () => {
        response.writeHead(200, { "content-type": "application/json", "content-encoding": "gzip" }).end(zipped);
      });
    });
    const { id, bytes, row } = await call("openai", "v1/chat/completions", {}, '{"model":"gpt-5"}');
    assert.deepEqual(bytes, zipped);
    assert.match(stored(store, id, "response").toString(), /^\{"model":"gpt-5"/);
    assert.deepEqual([row["model"], row["tokens_in"], row["tokens_out"]], ["gpt-5", 3, 4]);
  });

  it("says that it was cut, and what the program wished", async (t) => {
    const { store, call } = await recordingInto(t, (request, response) => {
      request.resume().on("end", () => {
        if (request.url?.includes("cut")) {
          response.writeHead(200, { "content-length": "100" });
          response.write("half", () => response.destroy());
        } else response.end("whole");
      });
    });
    await assert.rejects(call("openai", "cut", {}, "{}"));
    const first = "log-0001";
    while (!store.detail(OF, first)) await new Promise((resolve) => setImmediate(resolve));
    assert.equal(rowOf(store, first)["success"], false);
    assert.match(JSON.stringify(rowOf(store, first)["metadata"]), /"outcome":"cut/);
    const wishes = {
      "cf-aig-metadata": '{"team":"blue"}',
      "cf-aig-custom-cost": '{"total_cost":0.5}',
      "cf-aig-event-id": "run-1",
      "cf-aig-collect-log-payload": "false",
      "cf-aig-cache-ttl": "60",
    };
    const { id, row } = await call("openai", "whole", wishes, "{}");
    assert.deepEqual([row["cost"], row["event_id"]], [0.5, "run-1"]);
    assert.match(JSON.stringify(row["metadata"]), /"team":"blue","ignored":"cf-aig-cache-ttl"/);
    assert.equal(stored(store, id, "response").length, 0);
  });

  it("has no credential anywhere in the database", async (t) => {
    const { path, call } = await recordingInto(t, (request, response) => {
      request.resume().on("end", () => response.writeHead(200, { "set-cookie": CANARY }).end("{}"));
    });
    const headers = {
      authorization: `Bearer ${CANARY}`,
      "x-api-key": CANARY,
      "cf-aig-authorization": `Bearer ${CANARY}`,
      cookie: CANARY,
      "x-goog-api-key": CANARY,
    };
    await call("openai", `chat/completions?key=${CANARY}&api_key=${CANARY}&alt=sse`, headers, "{}");
    const bytes = Buffer.concat(["", "-wal"].map((suffix) => readFileSync(path + suffix)));
    assert.ok(!bytes.includes(CANARY));
    assert.ok(bytes.includes("alt=sse"));
  });
});
