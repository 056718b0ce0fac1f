import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, describe, it } from "node:test";
import { Ajv } from "ajv";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { exportLogs } from "../../../src/export/export.ts";
import type { ExportedLog, Redaction } from "../../../src/export/format.ts";
import { FORMAT_NAMES, FORMATS, type FormatName } from "../../../src/export/formats.ts";
import { COLUMNS } from "../../../src/export/row.ts";
import { SAMPLE_ACCOUNT_ID } from "../../../src/local/samples/account.ts";
import { openSampleStore, SAMPLE_GATEWAY_ID } from "../../../src/local/samples/index.ts";
import { startLocalGateway, type LocalGateway } from "../../../src/local/server.ts";
import type { LogStore } from "../../../src/local/store.ts";
import { CANARY, GATEWAY } from "../../gateway.ts";
import { aFolder, all, rowsIn } from "./exported.ts";

const signal = new AbortController().signal;
const SAMPLES = { sourceId: SAMPLE_ACCOUNT_ID, collectionId: SAMPLE_GATEWAY_ID };
const RULES: Redaction = { keys: true, tokens: true, emails: true, cards: true };

/** A log with a secret in every caller-written field. */
const SECRET = "sk-proj-abcdefghij0123456789";
const aSecret = (fields: Partial<ExportedLog> = {}): ExportedLog => ({
  gateway: GATEWAY,
  log: {
    id: "0199aaaa",
    createdAt: new Date("2026-11-20T09:30:00.123Z"),
    provider: "openai",
    model: "gpt-4.1-mini",
    path: `chat/completions?key=${SECRET}`,
    success: true,
    cached: false,
    customCost: false,
    userAgent: `curl ${SECRET}`,
    metadata: { user: "ann@example.com" },
    raw: {},
  },
  exchange: {
    provider: "openai",
    path: "chat/completions",
    requestContentType: "application/json",
    responseContentType: "text/event-stream",
    request: JSON.stringify({ model: "gpt-4.1-mini", messages: [{ role: "user", content: `My key is ${SECRET}` }] }),
    response: `data: ${JSON.stringify({ choices: [{ index: 0, delta: { role: "assistant", content: `Not ${SECRET}!` }, finish_reason: "stop" }] })}\n\ndata: [DONE]\n\n`,
  },
  ...fields,
});

/** Cells of a table as RFC 4180 has it. */
function cellsOf(text: string): string[][] {
  const rows: string[][] = [[]];
  const pattern = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n|$)/gy;
  for (let match = pattern.exec(text); match && match[0] !== ""; match = pattern.exec(text)) {
    rows.at(-1)?.push(match[1]?.replaceAll('""', '"') ?? match[2] ?? "");
    if (match[3] === "\r\n") rows.push([]);
  }
  assert.deepEqual(rows.pop(), []);
  return rows;
}

const text = { type: "string" };
const whole = { type: "integer" };
const pairs = {
  type: "array",
  items: { type: "object", required: ["name", "value"], properties: { name: text, value: text } },
};
const of = (properties: Record<string, object>, required = Object.keys(properties)) => ({
  type: "object",
  required,
  properties,
});
const common = { httpVersion: text, cookies: { type: "array" }, headers: pairs, headersSize: whole, bodySize: whole };
/** Requirements of the HAR 1.2 specification. */
const HAR = of({
  log: of({
    version: { const: "1.2" },
    creator: of({ name: text, version: text }),
    entries: {
      type: "array",
      items: of({
        startedDateTime: { type: "string", pattern: String.raw`^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$` },
        time: { type: "number", minimum: 0 },
        request: {
          ...of({ ...common, method: text, url: { type: "string", pattern: "^https://" }, queryString: pairs }),
          properties: { postData: of({ mimeType: text, text }) },
        },
        response: of({
          ...common,
          status: whole,
          statusText: text,
          content: of({ size: whole, mimeType: text, text, encoding: { const: "base64" } }, ["size", "mimeType"]),
          redirectURL: text,
        }),
        cache: { type: "object" },
        timings: of({ send: { type: "number" }, wait: { type: "number" }, receive: { type: "number" } }),
      }),
    },
  }),
});

describe("the sample logs", () => {
  let store: LogStore;
  let server: LocalGateway;
  let total: number;
  const folder = aFolder();

  const exported = async (format: FormatName) => {
    const { baseUrl, token } = server;
    const client = new CloudflareClient({
      baseUrl,
      token: () => Promise.resolve(token),
      budgets: new CallBudgets({ limit: 1_000_000 }),
    });
    const file = folder.file(`${format}${FORMATS[format].ending}`);
    const result = await exportLogs(cloudflareSource(client, SAMPLE_ACCOUNT_ID), all({ format }, SAMPLES), file, {
      signal,
    });
    assert.equal(result.count + result.skipped, total);
    return { ...result, text: readFileSync(file, "utf8") };
  };

  before(async () => {
    store = openSampleStore(":memory:", new Date());
    total = store.count(SAMPLES, { conditions: [], orderBy: "created_at", direction: "desc" });
    server = await startLocalGateway({
      store,
      token: `${CANARY}samples`,
      rateLimit: { limit: 1_000_000, windowMs: 1000 },
    });
  });
  after(async () => {
    await server.close();
    store.close();
    folder.remove();
  });

  it("are rows of the same columns, as JSON Lines", async () => {
    const { file, count } = await exported("jsonLines");
    const rows = rowsIn(file);
    assert.equal(rows.length, count);
    assert.equal(count, total);
    const columns = [...COLUMNS, "request", "request_encoding", "response", "response_encoding"];
    for (const row of rows) assert.deepEqual(Object.keys(row), columns);
    assert.ok(rows.some((row) => row["response"] === null));
  });

  it("are the rows of a table, as CSV", async () => {
    const { text: table, count } = await exported("csv");
    const [head, ...rows] = cellsOf(table);
    assert.deepEqual(head, COLUMNS);
    assert.equal(rows.length, count);
    assert.equal(count, total);
    assert.ok(rows.every((row) => row.length === COLUMNS.length));
    assert.equal(new Set(rows.map(([id]) => id)).size, total);
  });

  it("are one document, as Markdown", async () => {
    const { text: document, count } = await exported("markdown");
    assert.equal(count, total);
    assert.equal(document.match(/^# \d{4}-\d\d-\d\d [\d:.]+ UTC, /gm)?.length, count);
  });

  it("are an HTTP archive", async () => {
    const { text: archive, count } = await exported("har");
    const parsed = JSON.parse(archive) as { log: { entries: unknown[] } };
    const validate = new Ajv({ allErrors: true, strict: false }).compile(HAR);
    assert.ok(validate(parsed), JSON.stringify(validate.errors?.slice(0, 3)));
    assert.equal(parsed.log.entries.length, count);
    assert.equal(count, total);
  });

  it("are chats that end with an answer and in which tool results have their calls, as JSON Lines for fine-tuning", async () => {
    const { file, count, skipped } = await exported("chatJsonLines");
    type Chat = {
      messages: { role: string; content?: unknown; tool_calls?: { id: string }[]; tool_call_id?: string }[];
    };
    const chats = rowsIn(file) as Chat[];
    assert.equal(chats.length, count);
    assert.ok(count > total / 3 && skipped > 10, `${count} chats, ${skipped} others`);
    for (const { messages } of chats) {
      assert.equal(messages.at(-1)?.role, "assistant");
      assert.ok(messages.some(({ role }) => role === "user"));
      const calls = new Set(messages.flatMap(({ tool_calls: made = [] }) => made.map(({ id }) => id)));
      for (const { role, tool_call_id: id } of messages) assert.ok(role !== "tool" || calls.has(id ?? ""));
    }
    assert.ok(chats.some(({ messages }) => messages.some(({ role }) => role === "tool")));
  });
});

describe("a format", () => {
  for (const name of FORMAT_NAMES) {
    it(`says nothing of what is redacted (${name})`, () => {
      const open = FORMATS[name].entry(aSecret()) ?? "";
      const redacted = FORMATS[name].entry(aSecret(), RULES) ?? "";
      assert.ok(open.includes(SECRET));
      assert.ok(!redacted.includes(SECRET) && !redacted.includes("ann@example.com"), redacted);
      assert.ok(redacted.includes("[redacted: API key]"));
    });
  }

  it("holds bytes as base64, and with a redaction not at all: nobody can say what they hold", () => {
    const bytes = new Uint8Array([0xff, 0xfe, 0, 1]);
    const { exchange } = aSecret();
    assert.ok(exchange);
    const given = aSecret({ exchange: { ...exchange, response: bytes, responseContentType: "audio/mpeg" } });
    const lines = (redaction?: Redaction) =>
      JSON.parse(FORMATS.jsonLines.entry(given, redaction) ?? "") as Record<string, unknown>;
    assert.deepEqual([lines()["response"], lines()["response_encoding"]], ["//4AAQ==", "base64"]);
    assert.equal(lines(RULES)["response"], "[redacted: bytes]");
    const har = JSON.parse(FORMATS.har.entry(given) ?? "") as { response: { content: object } };
    assert.deepEqual(har.response.content, { size: 4, mimeType: "audio/mpeg", text: "//4AAQ==", encoding: "base64" });
  });

  it("is no chat where a summary stands for messages that are not there", () => {
    const { exchange } = aSecret();
    assert.ok(exchange);
    const chat = (block: object) => {
      const messages = [
        { role: "assistant", content: [block] },
        { role: "user", content: "And now?" },
      ];
      const request = JSON.stringify({ system: "Be brief.", max_tokens: 9, messages });
      const content = [{ type: "text", text: "Nothing." }];
      const response = JSON.stringify({ type: "message", role: "assistant", content, stop_reason: "end_turn" });
      const said = { ...exchange, provider: "anthropic", path: "v1/messages", request, response };
      return FORMATS.chatJsonLines.entry(aSecret({ exchange: said }));
    };
    assert.equal(chat({ type: "compaction", content: "So far." }), undefined);
    assert.ok(chat({ type: "text", text: "So far." })?.includes("Nothing."));
  });

  it("leaves a body in which nothing is redacted as it is, to the byte", () => {
    const { exchange } = aSecret();
    assert.ok(exchange);
    const request = '{ "n": 12345678901234567890,\n  "messages": [] }';
    const line = FORMATS.jsonLines.entry(aSecret({ exchange: { ...exchange, request } }), RULES) ?? "";
    assert.equal((JSON.parse(line) as Record<string, unknown>)["request"], request);
  });

  it("claims no address and no path that its service doesn't tell", () => {
    const secret = aSecret();
    const log = { ...secret.log, provider: "", path: "", endpoint: "Support", key: "CI key" };
    const told = { ...secret, gateway: { sourceId: "vw", collectionId: "logs.example" }, log };
    const { request } = JSON.parse(FORMATS.har.entry(told) ?? "") as { request: { url: string } };
    assert.equal(request.url, "");
    assert.match(FORMATS.markdown.entry(told) ?? "", /^.*Call: `Support`$/m);
    const row = JSON.parse(FORMATS.jsonLines.entry(told) ?? "") as Record<string, unknown>;
    assert.deepEqual([row["endpoint"], row["user"], row["key"], row["source"]], ["Support", null, "CI key", null]);
  });

  it("has footnotes of its own for each log, as Markdown", () => {
    const { log, exchange } = aSecret();
    assert.ok(exchange);
    const cited = { type: "text", text: "Blue.", citations: [{ type: "char_location", cited_text: "It is blue." }] };
    const response = JSON.stringify({ type: "message", role: "assistant", content: [cited], stop_reason: "end_turn" });
    const document = ["one", "two"]
      .map((id) =>
        FORMATS.markdown.entry({
          gateway: GATEWAY,
          log: { ...log, id },
          exchange: { ...exchange, provider: "anthropic", path: "v1/messages", response, request: null },
        }),
      )
      .join(FORMATS.markdown.between);
    assert.match(document, /^Sources: \[\^one-1\]$[^]*^\[\^one-1\]: [^]*^Sources: \[\^two-1\]$[^]*^\[\^two-1\]: /m);
  });

  it("is no formula to a spreadsheet, as CSV", () => {
    const { log, gateway } = aSecret();
    const formulas = ["=1+1", "+1", "-1", "@SUM(A1)", "\tx"];
    for (const model of formulas) {
      const row = FORMATS.csv.entry({ gateway, log: { ...log, model, costUsd: -1 } }) ?? "";
      const cells = cellsOf(row)[0] ?? [];
      assert.equal(cells[COLUMNS.indexOf("model")], `'${model}`);
      assert.equal(cells[COLUMNS.indexOf("cost_usd")], "-1");
    }
  });

  it("has no half of a pair of code units, which databases refuse, as JSON Lines", () => {
    const { log, gateway } = aSecret();
    const line = FORMATS.jsonLines.entry({
      gateway,
      log: { ...log, model: "half \ud83d", metadata: { a: "\\ud83d 😀" } },
    });
    const row = JSON.parse(line ?? "") as { model: string; metadata: { a: string } };
    assert.deepEqual([row.model, row.metadata.a], ["half \ufffd", "\\ud83d 😀"]);
  });
});
