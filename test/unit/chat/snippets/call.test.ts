import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { addressOf, callOf } from "../../../../src/chat/snippets/call.ts";
import { snippet, snippetForms } from "../../../../src/chat/snippets/index.ts";
import type { RecordedExchange } from "../../../../src/chat/conversation.ts";
import { THROUGH } from "./through.ts";

const gateway = { sourceId: "acc", collectionId: "shop" };
const recorded = (fields: Partial<RecordedExchange>) => ({
  gateway,
  through: THROUGH,
  provider: "openai",
  path: "chat/completions",
  request: '{"model":"m"}',
  response: null,
  ...fields,
});
const forms = (fields: Partial<RecordedExchange>) => snippetForms(recorded(fields), "linux");
const address = (path: string) => {
  const call = callOf(recorded({ path }));
  return call && addressOf(call);
};

describe("a recorded call", () => {
  it("goes through the gateway to the recorded path, in which nothing acts", () => {
    const base = "https://gateway.ai.cloudflare.com/v1/acc/shop/openai";
    assert.equal(address("chat/completions"), `${base}/chat/completions`);
    assert.equal(address("/v1/messages?beta=true#x"), `${base}/v1/messages?beta=true`);
    assert.equal(address("models/a:stream?alt=sse&key=AIzaSy"), `${base}/models/a:stream?alt=sse`);
    assert.equal(address("a b'\"$(x)\n"), `${base}/a%20b%27%22$(x)%0A`);
    assert.equal(address(""), base);
    for (const path of ["../../other/gateway/x", "a/%2e%2E/b", "./x"]) assert.equal(address(path), undefined, path);
  });

  it("has the forms that fit what was recorded", () => {
    assert.deepEqual(forms({}), ["curl", "openaiTypescript", "openaiPython"]);
    assert.deepEqual(forms({ provider: "groq", path: "openai/v1/chat/completions" }).length, 3);
    assert.deepEqual(forms({ provider: "anthropic", path: "/v1/messages?beta=true" }), [
      "curl",
      "anthropicTypescript",
      "anthropicPython",
    ]);
    for (const path of ["threads/t1/messages", "xcompletions", "v1beta/models/g:generateContent"])
      assert.deepEqual(forms({ path }), ["curl"], path);
    assert.deepEqual(forms({ request: "no JSON" }), ["curl"]);
    assert.deepEqual(forms({ request: new Uint8Array([1, 2]) }), ["curl"]);
    assert.deepEqual(forms({ request: '{"model":"cut of' }), ["curl"]);
    for (const request of [null, "", new Uint8Array()]) assert.deepEqual(forms({ request }), []);
    assert.equal(snippet("anthropicPython", recorded({})), undefined);
  });

  it("of the universal endpoint is the step that was logged, without the keys that are in the list", () => {
    const request = JSON.stringify([
      { provider: "anthropic", endpoint: "v1/messages", headers: { "x-api-key": "sk-ant-0" }, query: { model: "c" } },
      {
        provider: "openai",
        endpoint: "chat/completions",
        headers: { authorization: "Bearer sk-1" },
        query: { model: "g", messages: [] },
      },
    ]);
    const universal = recorded({ path: "", request, model: "g" });
    const text = snippet("curl", universal) ?? "";
    assert.match(text, /shop\/openai\/chat\/completions'/);
    assert.match(text, /--data-raw '\{"model":"g","messages":\[\]\}'/);
    assert.doesNotMatch(text, /sk-/);
    assert.deepEqual(snippetForms(universal, "linux"), ["curl", "openaiTypescript", "openaiPython"]);
  });

  it("names the provider's own variable, and holds no key", () => {
    const key = (provider: string) => /-H "((?!cf-)[^"]+)"/.exec(snippet("curl", recorded({ provider })) ?? "")?.[1];
    assert.equal(key("openai"), "Authorization: Bearer $OPENAI_API_KEY");
    assert.equal(key("google-ai-studio"), "x-goog-api-key: $GEMINI_API_KEY");
    assert.equal(key("elevenlabs"), "xi-api-key: $ELEVENLABS_API_KEY");
    assert.equal(key("custom-my-llm"), "Authorization: Bearer $MY_LLM_API_KEY");
    assert.equal(key("custom-1$(x)"), "Authorization: Bearer $_1_X__API_KEY");
    assert.equal(key("constructor"), "Authorization: Bearer $CONSTRUCTOR_API_KEY");
  });

  it("with another provider's key takes its header in an SDK too", () => {
    const azure = recorded({ provider: "azure-openai", path: "r/d/chat/completions?api-version=1" });
    assert.match(snippet("openaiTypescript", azure) ?? "", /"api-key": process\.env\.AZURE_OPENAI_API_KEY/);
    assert.match(snippet("openaiPython", azure) ?? "", /default_query=\{\n +"api-version": "1",\n/);
    const routed = recorded({ provider: "openrouter", path: "api/v1/messages" });
    assert.match(
      snippet("anthropicPython", routed) ?? "",
      /"Authorization": f"Bearer \{os\.environ\['OPENROUTER_API_KEY'\]\}"/,
    );
  });

  it("that takes long and is not streamed has a time of its own with Anthropic's SDK", () => {
    const of = (fields: object) =>
      snippet("anthropicTypescript", recorded({ path: "v1/messages", request: JSON.stringify(fields) })) ?? "";
    assert.match(of({ max_tokens: 64_000 }), /timeout: 3600 \* 1000,/);
    assert.doesNotMatch(of({ max_tokens: 64_000, stream: true }), /timeout/);
    assert.doesNotMatch(of({ max_tokens: 100 }), /timeout/);
  });
});
