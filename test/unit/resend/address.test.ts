import assert from "node:assert/strict";
import { test } from "node:test";
import { resendAddress, resendUrl } from "../../../src/resend/address.ts";
import { traffic } from "../../traffic.ts";

const JSON_BODY = '{"model":"m","messages":[]}';

const addressOf = (provider: string, path: string, more: object = {}, request: string | Uint8Array = JSON_BODY) =>
  resendAddress({ provider, path, ...more }, request);

/** `{provider}/{path}`, or the obstacle. */
function told(...given: Parameters<typeof addressOf>): string {
  const address = addressOf(...given);
  return typeof address === "string" ? address : `${address.provider}/${address.path}`;
}

test("what followed the provider in the recorded call is sent to again", () => {
  assert.equal(told("openai", "chat/completions"), "openai/chat/completions");
  assert.equal(told("openai", "/v1/chat/completions"), "openai/v1/chat/completions");
  assert.equal(told("anthropic", "v1/messages?beta=true"), "anthropic/v1/messages?beta=true");
  assert.equal(told("mistral", "/v1/chat/completions#stream"), "mistral/v1/chat/completions");
  assert.equal(
    told("google-ai-studio", "v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse"),
    "google-ai-studio/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse",
  );
  assert.equal(told("custom-ollama", "/api/chat"), "custom-ollama/api/chat");
  assert.equal(
    told("azure-openai", "west/gpt-4o/chat/completions?api-version=1"),
    "azure-openai/west/gpt-4o/chat/completions?api-version=1",
  );
  assert.equal(
    told("aws-bedrock", "bedrock-runtime/us-east-1/model/x:0/converse"),
    "aws-bedrock/bedrock-runtime/us-east-1/model/x:0/converse",
  );
});

test("a provider's own path becomes the gateway's", () => {
  assert.equal(told("groq", "/openai/v1/chat/completions"), "groq/chat/completions");
  assert.equal(told("openrouter", "/api/v1/chat/completions"), "openrouter/v1/chat/completions");
  const run = "/client/v4/accounts/0123/ai/run/@cf/meta/llama-3.1-8b-instruct";
  for (const path of [run, "run/@cf/meta/llama-3.1-8b-instruct", "@cf/meta/llama-3.1-8b-instruct"])
    assert.equal(told("workers-ai", path), "workers-ai/@cf/meta/llama-3.1-8b-instruct");
  assert.equal(told("workers-ai", "/client/v4/accounts/0123/ai/v1/chat/completions"), "workers-ai/v1/chat/completions");
});

test("a call of the unified endpoint goes there again", () => {
  const unified = { compatibilityMode: true };
  assert.equal(told("openai", "chat/completions", unified), "compat/chat/completions");
  assert.equal(told("google-ai-studio", "/compat/chat/completions", unified), "compat/chat/completions");
});

test("Anthropic takes no request without its version, which no log keeps", () => {
  const address = addressOf("anthropic", "v1/messages");
  assert.ok(typeof address === "object");
  assert.deepEqual(address.headers, { "anthropic-version": "2023-06-01" });
});

test("what the log does not tell is not guessed", () => {
  assert.equal(told("azure-openai", "/openai/deployments/gpt-4o/chat/completions"), "noResource");
  assert.equal(told("azure-openai", "/chat/completions"), "noResource");
  assert.equal(told("aws-bedrock", "/model/amazon.nova-lite-v1:0/converse"), "noRegion");
  assert.equal(told("unknown", "chat/completions"), "noProvider");
  assert.equal(told("../other", "chat/completions"), "noProvider");
  assert.equal(told("", "chat/completions"), "noProvider");
  assert.equal(told("openai", "/"), "noPath");
});

test("no recorded path leads out of the gateway", () => {
  for (const path of [
    "../../other/openai/chat",
    "v1/../../x",
    "v1/%2e%2e/%2E./x",
    "./chat",
    "https://example.com/chat",
    "chat\\..\\x",
    "chat/comple\ntions",
    "a b",
  ])
    assert.equal(told("openai", path), "noPath", path);
  assert.equal(told("openai", "v1/files/..a?x=../.."), "openai/v1/files/..a?x=../..");
  const gateway = { sourceId: "acc", collectionId: "gw" };
  const url = (path: string) => resendUrl("https://example.com/v1", gateway, { provider: "openai", path, headers: {} });
  assert.equal(url("chat/completions?a=b"), "https://example.com/v1/acc/gw/openai/chat/completions?a=b");
  assert.throws(() => url("../anthropic/x"), RangeError);
});

test("other ways of calling are refused by what they are", () => {
  const steps = '[{"provider":"openai","endpoint":"chat/completions","headers":{},"query":{"model":"m"}}]';
  assert.equal(told("openai", "chat/completions", {}, steps), "universal");
  assert.equal(told("openai", "realtime?model=gpt-realtime"), "webSocket");
  assert.equal(told("openai", "chat/completions", { requestType: "WebSockets" }), "webSocket");
  assert.equal(told("openai", "", {}, '{"type":"universal.create","request":{}}'), "webSocket");
  assert.equal(
    told("openai", "audio/transcriptions", { requestContentType: "multipart/form-data; boundary=x" }),
    "notText",
  );
  assert.equal(told("workers-ai", "@cf/openai/whisper", {}, Uint8Array.of(255)), "notText");
  // "universal" is also the gateway's name for any call through it.
  assert.equal(told("openai", "chat/completions", { requestType: "universal" }), "openai/chat/completions");
});

test("of every exchange it is told where it goes or why not", () => {
  for (const { id, provider, path, request, request_content_type: requestContentType } of traffic()) {
    const address = addressOf(provider, path, { requestContentType }, request);
    if (typeof address === "string") continue;
    const url = resendUrl("https://example.com/v1", { sourceId: "a", collectionId: "g" }, address);
    assert.ok(url.startsWith(`https://example.com/v1/a/g/${provider}/`), id);
  }
});
