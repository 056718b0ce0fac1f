import assert from "node:assert/strict";
import { test, type TestContext } from "node:test";
import OpenAI from "openai";
import { readConversation } from "../../../src/chat/read.ts";
import type { NewLog } from "../../../src/local/store.ts";
import { ACCOUNT, GATEWAY, logAt, serve, type Served } from "./served.ts";

const TIME = "2026-11-01T00:00:00Z";
const RUN = "tok_CANARY_run";
const asks = (more: object = {}) => JSON.stringify({ model: "gpt-4.1-mini", messages: [], ...more });

const answers = (text: string) => ({
  request: asks(),
  requestContentType: "application/json",
  response: JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: text } }] }),
  responseContentType: "application/json",
  statusCode: 200,
});

const chunk = (delta: object) => ({ id: "c", object: "chat.completion.chunk", choices: [{ index: 0, delta }] });
const used = { id: "c", object: "chat.completion.chunk", choices: [], usage: { total_tokens: 7 } };
const streams = (...texts: string[]): Partial<NewLog> => ({
  request: asks({ stream: true, stream_options: { include_usage: true } }),
  response: JSON.stringify({
    choices: [{ index: 0, delta: { role: "assistant", content: texts.join("") } }],
    streamed_data: [...texts.map((content) => chunk({ content })), used],
  }),
});

type Sent = { body?: string; headers?: Record<string, string>; method?: string };

/** One call through the gateway "shop", with its token unless `headers` say otherwise. */
async function infer(
  { gatewayUrl }: Served,
  path: string,
  { body = asks(), headers = {}, method = "POST" }: Sent = {},
) {
  const response = await fetch(`${gatewayUrl}/${ACCOUNT}/shop/${path}`, {
    method,
    headers: { "content-type": "application/json", "cf-aig-authorization": `Bearer ${RUN}`, ...headers },
    ...(method === "POST" && { body }),
  });
  return { status: response.status, headers: response.headers, text: await response.text() };
}

const from = (logId: string, more: object = {}) => ({
  headers: { "cf-aig-metadata": JSON.stringify({ resent_from: logId, ...more }) },
});

async function serveShop(t: TestContext, logs: NewLog[] = [], settings: Record<string, unknown> = {}): Promise<Served> {
  const tokens = [{ value: RUN, kind: "user" as const, permissions: ["ai-gateway:run" as const] }];
  const gateway = await serve(t, logs, { tokens: [...tokens, { value: "reads", kind: "user", permissions: [] }] });
  const shop = { sourceId: ACCOUNT, id: "shop", createdAt: new Date(TIME) };
  gateway.store.addGateway({ ...shop, settings: { authentication: true, ...settings } });
  return gateway;
}

test("a resent request gets the recorded response, and is a log of its own", async (t) => {
  const gateway = await serveShop(t, [
    logAt(TIME, { id: "old", ...answers("The recorded one."), tokensIn: 12, tokensOut: 4, cost: 0.002 }),
    logAt("2026-11-02T00:00:00Z", { id: "newer", ...answers("Another.") }),
  ]);
  const sent = { body: asks({ temperature: 0 }), ...from("old", { app: "shop", list: ["no"] }) };
  const answer = await infer(gateway, "openai/chat/completions", sent);
  assert.equal(answer.status, 200);
  assert.equal(answer.text, answers("The recorded one.").response);
  const id = answer.headers.get("cf-aig-log-id") ?? "";
  assert.deepEqual(
    ["cf-aig-event-id", "cf-aig-request-id", "cf-aig-cache-status", "cf-aig-step", "content-type"].map((name) =>
      answer.headers.get(name),
    ),
    [id, id, "MISS", "0", "application/json"],
  );
  const log = gateway.store.detail(GATEWAY, id);
  assert.deepEqual(log?.["metadata"], { resent_from: "old", app: "shop" });
  assert.deepEqual(
    ["provider", "model", "path", "success", "status_code", "tokens_in", "cost", "event_id"].map((key) => log?.[key]),
    ["openai", "gpt-4.1-mini", "chat/completions", true, 200, 12, 0.002, id],
  );
  assert.equal(log?.["request_head"], sent.body);
  assert.equal(log["response_head"], answer.text);
  assert.equal((await gateway.rows({}))[0]?.["id"], id, "the newest row of the list");
});

test("what failed fails again, with its own status and body", async (t) => {
  const response = '{"error":{"message":"Rate limit reached"}}';
  const gateway = await serveShop(t, [logAt(TIME, { id: "failed", success: false, statusCode: 429, response })]);
  const answer = await infer(gateway, "openai/chat/completions", from("failed"));
  assert.deepEqual([answer.status, answer.text], [429, response]);
  const log = gateway.store.detail(GATEWAY, answer.headers.get("cf-aig-log-id") ?? "");
  assert.deepEqual([log?.["success"], log?.["status_code"]], [false, 429]);
});

test("only an authenticated gateway asks for a token, and it must be one that may run", async (t) => {
  const gateway = await serveShop(t);
  const status = async (headers: Record<string, string>) =>
    (await infer(gateway, "openai/chat/completions", { headers })).status;
  for (const header of ["", "Bearer none", "Bearer reads", RUN]) {
    const refused = await infer(gateway, "openai/chat/completions", { headers: { "cf-aig-authorization": header } });
    assert.equal(refused.status, 401, header);
    assert.match(refused.text, /"error":\[\{"code":2009,"message":"Unauthorized"\}\]/);
  }
  assert.equal(
    gateway.store.list(GATEWAY, { conditions: [], orderBy: "created_at", direction: "asc" }, 5, 0).length,
    0,
  );
  assert.equal(await status({ "cf-aig-authorization": `Bearer ${gateway.token}` }), 200);
  gateway.store.addGateway({ sourceId: ACCOUNT, id: "shop", createdAt: new Date(TIME), settings: {} });
  assert.equal(await status({ "cf-aig-authorization": "Bearer none" }), 200);
  const url = `${gateway.gatewayUrl}/${ACCOUNT}/nowhere/openai/chat/completions`;
  const none = await fetch(url, { method: "POST", body: "{}" });
  assert.equal(none.status, 400);
  assert.match(await none.text(), /"code":2001/);
});

test("pages cannot send anything, and only what has an address is answered", async (t) => {
  const gateway = await serveShop(t);
  const status = async (path: string, sent?: Sent) => (await infer(gateway, path, sent)).status;
  assert.equal(await status("openai/chat/completions", { headers: { origin: "https://example.com" } }), 403);
  assert.equal(await status("openai/chat/completions", { method: "GET" }), 405);
  assert.equal(await status("openai"), 404);
  assert.equal(await status("%E0/chat/completions"), 404);
});

test("any other call gets the newest answer to a like one: same address, model and streamed or not", async (t) => {
  const gateway = await serveShop(t, [
    logAt("2026-11-01T00:00:00Z", { ...answers("older") }),
    logAt("2026-11-02T00:00:00Z", { ...answers("wanted") }),
    logAt("2026-11-03T00:00:00Z", { ...answers("other model"), model: "gpt-4.1" }),
    logAt("2026-11-04T00:00:00Z", { ...answers("other path"), path: "responses" }),
    logAt("2026-11-05T00:00:00Z", { ...answers("failed"), success: false, statusCode: 500 }),
    logAt("2026-11-06T00:00:00Z", streams("streamed")),
    logAt("2026-11-07T00:00:00Z", { ...answers("no request"), request: null }),
  ]);
  const { text } = await infer(gateway, "openai/chat/completions");
  assert.equal(text, answers("wanted").response);
});

test("a recorded stream is a stream again, event by event; what was used only where it is asked for", async (t) => {
  const gateway = await serveShop(t, [
    logAt("2026-11-01T00:00:00Z", { id: "chat", ...streams("Two ", "frames.") }),
    logAt("2026-11-03T00:00:00Z", { ...streams(), response: answers("nothing kept of the stream").response }),
    logAt("2026-11-02T00:00:00Z", {
      id: "messages",
      provider: "anthropic",
      path: "v1/messages",
      response: '{"content":[],"streamed_data":[{"type":"message_start","message":{}},{"type":"message_stop"}]}',
    }),
  ]);
  const ask = (stream: object) =>
    infer(gateway, "openai/chat/completions", { body: asks({ stream: true, ...stream }) });
  const whole = await ask({ stream_options: { include_usage: true } });
  assert.equal(whole.headers.get("content-type"), "text/event-stream");
  const sse = (...events: object[]) =>
    `${events.map((event) => `data: ${JSON.stringify(event)}\n\n`).join("")}data: [DONE]\n\n`;
  assert.equal(whole.text, sse(chunk({ content: "Two " }), chunk({ content: "frames." }), used));
  assert.equal((await ask({})).text, sse(chunk({ content: "Two " }), chunk({ content: "frames." })));
  const log = gateway.store.detail(GATEWAY, whole.headers.get("cf-aig-log-id") ?? "");
  assert.equal(log?.["response_content_type"], "application/json", "kept as the live gateway keeps streams");
  assert.match(String(log["response_head"]), /"content":"Two frames\.".*"streamed_data"/);

  const body = asks({ stream: true });
  const messages = await infer(gateway, "anthropic/v1/messages", { body, ...from("messages") });
  assert.match(messages.text, /^event: message_start\ndata: \{.*\}\n\nevent: message_stop\ndata: \{.*\}\n\n$/);
});

test("the official client of an OpenAI-compatible provider works with what is made up", async (t) => {
  const gateway = await serveShop(t);
  const client = new OpenAI({
    apiKey: "none",
    baseURL: `${gateway.gatewayUrl}/${ACCOUNT}/shop/compat`,
    defaultHeaders: { "cf-aig-authorization": `Bearer ${RUN}` },
    maxRetries: 0,
  });
  const asked = { model: "groq/llama", messages: [{ role: "user" as const, content: "Anyone?" }] };
  const { data, response } = await client.chat.completions.create(asked).withResponse();
  assert.match(data.choices[0]?.message.content ?? "", /made up/);
  assert.equal(data.model, "llama");
  const log = gateway.store.detail(GATEWAY, response.headers.get("cf-aig-log-id") ?? "");
  assert.deepEqual(
    ["provider", "model", "path", "compatibilityMode"].map((key) => log?.[key]),
    ["groq", "llama", "chat/completions", true],
  );
  let streamed = "";
  for await (const part of await client.chat.completions.create({ ...asked, stream: true }))
    streamed += part.choices.map(({ delta }) => delta.content ?? "").join("");
  assert.equal(streamed, data.choices[0]?.message.content);
});

test("what is logged, the gateway's setting and the headers say", async (t) => {
  const gateway = await serveShop(t, [], { collect_logs: false });
  const idOf = async (headers: Record<string, string>) =>
    (await infer(gateway, "openai/chat/completions", { headers })).headers.get("cf-aig-log-id");
  assert.equal(await idOf({}), null);
  const id = await idOf({ "cf-aig-collect-log": "true", "cf-aig-event-id": "evt", "cf-aig-metadata": "no JSON" });
  const log = gateway.store.detail(GATEWAY, id ?? "");
  assert.deepEqual([log?.["event_id"], log?.["metadata"], log?.["request_head_complete"]], ["evt", null, true]);
  const bare = await idOf({ "cf-aig-collect-log": "true", "cf-aig-collect-log-payload": "false" });
  assert.equal(gateway.store.detail(GATEWAY, bare ?? "")?.["request_head"], null);
});

test("a made-up answer reads as a conversation", async (t) => {
  const gateway = await serveShop(t);
  for (const body of [asks(), asks({ stream: true })]) {
    const answer = await infer(gateway, "mistral/v1/chat/completions", { body });
    const { answers: read, complete } = readConversation({
      provider: "mistral",
      path: "v1/chat/completions",
      request: body,
      response: answer.text,
    });
    assert.deepEqual([read.length, complete], [1, true]);
  }
});
