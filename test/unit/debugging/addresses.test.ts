import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { callSitesIn, gatewaysNamedIn, isNamed } from "../../../src/debugging/core/addresses.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";

const ACCOUNT = "0123456789abcdef0123456789abcdef";

const sites = (text: string) => callSitesIn(text, NAMES.host).map(({ start: _s, end: _e, ...site }) => site);

describe("where a source addresses a gateway", () => {
  it("is an address, with what a variable leaves open", () => {
    assert.deepEqual(sites(`baseURL: "https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/my-gateway/openai"`), [
      { collectionId: "my-gateway", sourceId: ACCOUNT, provider: "openai" },
    ]);
    assert.deepEqual(
      sites("fetch(`https://gateway.ai.cloudflare.com/v1/${env.ACCOUNT_ID}/prod/compat/chat/completions`)"),
      [{ collectionId: "prod" }],
    );
    assert.deepEqual(sites(`url = f"https://gateway.ai.cloudflare.com/v1/{account}/prod/anthropic/v1/messages"`), [
      { collectionId: "prod", provider: "anthropic" },
    ]);
    assert.deepEqual(sites(`new WebSocket("wss://gateway.ai.cloudflare.com/v1/${ACCOUNT}/prod/")`), [
      { collectionId: "prod", sourceId: ACCOUNT },
    ]);
    assert.deepEqual(sites(`"http://127.0.0.1:8787/v1/${ACCOUNT}/dev/openai"`), [
      { collectionId: "dev", sourceId: ACCOUNT, provider: "openai" },
    ]);
    assert.deepEqual(sites("`https://gateway.ai.cloudflare.com/v1/${account}/${gateway}/openai`"), []);
    assert.deepEqual(sites("http://localhost:3000/v1/users/me"), []);
  });

  it("is a binding of a Worker", () => {
    assert.deepEqual(
      sites(
        'await env.AI.run("@cf/meta/llama-3.1-8b", { prompt }, {\n  gateway: { id: "my-gateway", skipCache: true },\n});',
      ),
      [{ collectionId: "my-gateway" }],
    );
    assert.deepEqual(sites('const gateway = env.AI.gateway("prod");'), [{ collectionId: "prod" }]);
    assert.deepEqual(sites('const route = { gateway: { id: "eu-1" } };'), []);
  });

  it("says where it stands", () => {
    const text = `a\nconst url = "https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/prod/openai";\n`;
    const [site] = callSitesIn(text, NAMES.host);
    assert.equal(text.slice(site?.start, site?.end), `https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/prod/openai`);
  });
});

describe("the gateways that are named", () => {
  it("in an .env file are those of its addresses and its variables, each once", () => {
    const env = [
      "# settings",
      `OPENAI_BASE_URL=https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/prod/openai`,
      `ANTHROPIC_BASE_URL="https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/prod/anthropic"`,
      "export CF_AI_GATEWAY_ID='staging' # the other one",
      "API_GATEWAY_TOKEN=abc",
      "AI_GATEWAY_NAME=Not An Id",
    ].join("\n");
    assert.deepEqual(gatewaysNamedIn(env, NAMES.host), [
      { collectionId: "prod", sourceId: ACCOUNT },
      { collectionId: "staging" },
    ]);
  });

  it("are those of the id, of any account where none is said", () => {
    const gateway = { sourceId: ACCOUNT, collectionId: "prod" };
    assert.ok(isNamed(gateway, { collectionId: "prod" }));
    assert.ok(isNamed(gateway, { collectionId: "prod", sourceId: ACCOUNT }));
    assert.ok(!isNamed(gateway, { collectionId: "prod", sourceId: "f".repeat(32) }));
    assert.ok(!isNamed(gateway, { collectionId: "other" }));
  });
});
