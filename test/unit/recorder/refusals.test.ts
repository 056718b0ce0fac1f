// Who may call the recorder, where calls go, and what the observer never gets.
import assert from "node:assert/strict";
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { buffer } from "node:stream/consumers";
import { describe, it, test } from "node:test";
import { startRecorder } from "../../../src/recorder/recorder.ts";
import { PROVIDERS, targetsOf } from "../../../src/recorder/upstreams.ts";
import { CANARY } from "../../canary.ts";
import { recording, recordingServer } from "../../recorder.ts";

/** Makes a call with any headers, also such as fetch refuses, and returns the answer. */
async function call(url: string, headers: Record<string, string>, method = "GET") {
  const request = httpRequest(url, { method, headers });
  // With a text as body, Node would write the headers in UTF-8 as well.
  request.end(method === "POST" ? Buffer.from("{}") : undefined);
  const [response] = (await once(request, "response")) as [IncomingMessage];
  const text = (await buffer(response)).toString();
  return { status: response.statusCode, text, headers: response.headers };
}

describe("the recorder refuses", () => {
  it("other hosts, origins, secrets and addresses", async (t) => {
    let calls = 0;
    const { url, recorder, heard } = await recordingServer(t, (_request, response) => {
      calls++;
      response.end("ok");
    });
    const { port } = recorder;
    for (const [status, code, address, headers] of [
      [403, "host-not-allowed", url, { host: "evil.example" }],
      [403, "host-not-allowed", url, { host: `evil.example:${port}` }],
      [403, "host-not-allowed", url, { host: "127.0.0.1" }],
      [403, "origin-not-allowed", url, { origin: "http://127.0.0.1" }],
      [403, "origin-not-allowed", url, { origin: "null" }],
      [404, "unknown-address", url.replace("s3cret", "S3cret"), {}],
      [404, "unknown-address", url.replace("/s3cret", ""), {}],
      [404, "unknown-address", url.replace("s3cret", ""), {}],
      [404, "unknown-address", `http://127.0.0.1:${port}/`, {}],
      [404, "unknown-address", recorder.baseUrl, {}],
      [404, "unknown-address", `${recorder.baseUrl}/a/b/%`, {}],
      [404, "unknown-provider", `${recorder.baseUrl}/a/b/nobody/x`, {}],
      [404, "unknown-provider", `${recorder.baseUrl}/a/b/constructor/x`, {}],
      [404, "unknown-provider", `${recorder.baseUrl}/a/b/http:%2F%2F127.0.0.1%2F/x`, {}],
      [404, "bad-address", `${recorder.baseUrl}/a/b/azure-openai/evil.example%23/x/y`, {}],
      [501, "compat", `${recorder.baseUrl}/a/b/compat/chat/completions`, {}],
      [501, "signed-for-another-host", url, { authorization: "AWS4-HMAC-SHA256 Credential=x" }],
    ] as const) {
      const answer = await call(address, headers, "POST");
      assert.equal(answer.status, status, address);
      assert.match(answer.text, new RegExp(`^\\{"error":\\{"type":"recorder_error","code":"${code}","message":"[^"]`));
      assert.ok(!Object.keys(answer.headers).some((name) => name.startsWith("access-control")));
    }
    assert.equal(calls, 0);
    assert.equal(heard.length, 0);
    assert.equal((await call(url, { host: `LOCALHOST:${port}` })).text, "ok");
  });

  it("connections from other addresses than 127.0.0.1", async (t) => {
    const { recorder } = await recording(t, "http://127.0.0.1:1");
    const socket = connect(recorder.port, "127.0.0.2");
    await assert.rejects(once(socket, "connect"), { code: "ECONNREFUSED" });
  });

  it("to call itself", async (t) => {
    const free = await recording(t, "http://127.0.0.1:1");
    const { port } = free.recorder;
    await free.recorder.close();
    const { url, heard } = await recording(t, `http://localhost:${port}`, { port });
    assert.equal((await call(url, {})).status, 508);
    assert.equal(heard.length, 0);
  });

  it("upstreams that are neither https nor on this machine", async () => {
    for (const address of [
      "http://api.example.com",
      "http://192.168.1.1:11434",
      "ftp://127.0.0.1",
      "file:///etc",
      "nonsense",
      "https://user:password@api.example.com",
      "https://api.example.com/?key=1",
    ])
      await assert.rejects(
        startRecorder({
          secret: "x",
          upstreams: { test: address },
          observer: () => undefined,
          newId: String,
        }),
        /provider "test"/,
        address,
      );
  });
});

test("each provider's addresses lead where it expects them, with and without a version", () => {
  const find = targetsOf({
    ollama: "http://127.0.0.1:11434/",
    together: "https://api.example.com/v1",
    mine: "https://gateway.ai.cloudflare.com/v1/a/b/openai",
    other: { url: "http://localhost:1/proxy", isGateway: true },
  });
  const account = "0123456789abcdef0123456789abcdef";
  for (const [call, expected] of Object.entries({
    "openai/chat/completions": "https://api.openai.com/v1/chat/completions",
    "openai/v1/chat/completions": "https://api.openai.com/v1/chat/completions",
    "openai/responses?x=%2F&y": "https://api.openai.com/v1/responses?x=%2F&y",
    openai: "https://api.openai.com/v1",
    "openai/v1": "https://api.openai.com/v1",
    "anthropic/v1/messages?beta=true": "https://api.anthropic.com/v1/messages?beta=true",
    "anthropic/messages": "https://api.anthropic.com/v1/messages",
    "anthropic/v1/messages/count_tokens": "https://api.anthropic.com/v1/messages/count_tokens",
    "anthropic/api/hello": "https://api.anthropic.com/api/hello",
    "google-ai-studio/v1beta/models/m:streamGenerateContent?alt=sse":
      "https://generativelanguage.googleapis.com/v1beta/models/m:streamGenerateContent?alt=sse",
    "groq/chat/completions": "https://api.groq.com/openai/v1/chat/completions",
    "groq/openai/v1/chat/completions": "https://api.groq.com/openai/v1/chat/completions",
    "groq/v1/chat/completions": "https://api.groq.com/openai/v1/chat/completions",
    "openrouter/chat/completions": "https://openrouter.ai/api/v1/chat/completions",
    "openrouter/v1/chat/completions": "https://openrouter.ai/api/v1/chat/completions",
    "cohere/v2/chat": "https://api.cohere.com/v2/chat",
    "cohere/chat": "https://api.cohere.com/v1/chat",
    "cohere/compatibility/v1/chat/completions": "https://api.cohere.com/compatibility/v1/chat/completions",
    "deepseek/chat/completions": "https://api.deepseek.com/chat/completions",
    "workers-ai/@cf/meta/llama": `https://api.cloudflare.com/client/v4/accounts/${account}/ai/run/@cf/meta/llama`,
    "workers-ai/v1/chat/completions": `https://api.cloudflare.com/client/v4/accounts/${account}/ai/v1/chat/completions`,
    "azure-openai/res/dep/chat/completions?api-version=1":
      "https://res.openai.azure.com/openai/deployments/dep/chat/completions?api-version=1",
    "aws-bedrock/bedrock-runtime/us-east-1/model/a.b:0/converse":
      "https://bedrock-runtime.us-east-1.amazonaws.com/model/a.b:0/converse",
    "google-vertex-ai/v1/projects/p/locations/us-central1/publishers/google/models/m:generateContent":
      "https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/publishers/google/models/m:generateContent",
    "google-vertex-ai/v1/projects/p/locations/global/x":
      "https://aiplatform.googleapis.com/v1/projects/p/locations/global/x",
    "ollama/api/chat": "http://127.0.0.1:11434/api/chat",
    "ollama/v1/chat/completions": "http://127.0.0.1:11434/v1/chat/completions",
    "ollama?x": "http://127.0.0.1:11434/?x",
    "together/chat/completions": "https://api.example.com/v1/chat/completions",
    "mine/chat/completions": "https://gateway.ai.cloudflare.com/v1/a/b/openai/chat/completions",
    "other/chat": "http://localhost:1/proxy/chat",
  })) {
    const [, provider = "", rest = ""] = /^([^/?]+)\/?(.*)$/.exec(call) ?? [];
    const target = find({ account, gateway: "main", provider, rest });
    assert.ok(!("refused" in target), call);
    assert.equal(target.origin + target.path, expected);
    assert.equal(target.isGateway, ["mine", "other"].includes(provider));
  }
  assert.deepEqual(find({ account: "local", gateway: "main", provider: "workers-ai", rest: "x" }), {
    refused: "bad-address",
    message: 'This isn\'t an address of the provider "workers-ai".',
  });
  assert.equal(PROVIDERS.length, 23);
});

describe("the observer", () => {
  it("never gets a credential", async (t) => {
    const { url, heard } = await recordingServer(t, (_request, response) =>
      response
        .writeHead(200, { "set-cookie": `a=${CANARY}1`, "x-api-key": `${CANARY}2`, "content-type": "text/plain" })
        .end("ok"),
    );
    const parameters = [
      "key",
      "api_key",
      "api-key",
      "apiKey",
      "access_token",
      "X-Amz-Signature",
      "token",
      "%6bey",
      "%",
      "client_secret",
    ];
    const query = parameters.map((name) => `${name}=${CANARY}${name}`).join("&");
    const headers = {
      authorization: `Bearer ${CANARY}3`,
      "proxy-authorization": `Basic ${CANARY}4`,
      "x-api-key": `${CANARY}5`,
      "api-key": `${CANARY}6`,
      "x-goog-api-key": `${CANARY}7`,
      "xi-api-key": `${CANARY}8`,
      cookie: `a=${CANARY}9`,
      "cf-aig-authorization": `Bearer ${CANARY}10`,
      "x-unknown": `${CANARY}11`,
      "sec-websocket-protocol": `${CANARY}12`,
    };
    await call(`${url}/v1/models/m:generate?alt=sse&${query}&max_tokens=3`, headers, "POST");
    await call(url.replace(/\/test$/, "/ollama"), headers);
    await heard[0]?.ended;
    assert.ok(!JSON.stringify(heard).includes(CANARY), JSON.stringify(heard, undefined, 1));
    assert.equal(heard[0]?.exchange.path, "v1/models/m:generate?alt=sse&max_tokens=3");
  });

  it("gets what a program asks of a gateway, which a provider doesn't", async (t) => {
    let received: IncomingMessage["headers"] = {};
    const { url, heard, server } = await recordingServer(t, (request, response) => {
      received = request.headers;
      response.setHeader("X-Request-Id", "req_1").end("ok");
    });
    const wishes = {
      "cf-aig-metadata": Buffer.from('{"user":"Zoë","n":1,"ok":true,"none":null,"list":[1]}').toString("latin1"),
      "cf-aig-collect-log": "false",
      "cf-aig-collect-log-payload": "TRUE",
      "cf-aig-custom-cost": '{"per_token_in":0.1,"per_token_out":0,"x":"y"}',
      "cf-aig-event-id": "event-1",
      "cf-aig-cache-ttl": "60",
      "CF-AIG-Skip-Cache": "true",
      "cf-aig-authorization": `Bearer ${CANARY}`,
    };
    const session = { "x-claude-code-session-id": "s1", "User-Agent": "claude-cli/2", "thread-id": "t1" };
    const answer = await call(`${url}/v1/messages`, { ...wishes, ...session }, "POST");
    assert.deepEqual(heard[0]?.exchange, {
      id: "LOG00001",
      eventId: "event-1",
      account: "local",
      gateway: "main",
      provider: "test",
      path: "v1/messages",
      host: new URL(server.url).host,
      method: "POST",
      startedAt: heard[0]?.exchange.startedAt,
      requestHeaders: { "x-claude-code-session-id": "s1", "user-agent": "claude-cli/2", "thread-id": "t1" },
      wishes: {
        metadata: { user: "Zoë", n: 1, ok: true },
        collectLog: false,
        collectPayload: true,
        customCost: { per_token_in: 0.1, per_token_out: 0 },
        eventId: "event-1",
        ignored: ["cf-aig-cache-ttl", "cf-aig-skip-cache"],
      },
      isWebSocket: false,
    });
    assert.deepEqual(
      Object.keys(received).filter((name) => name.startsWith("cf-aig")),
      [],
    );
    const added = Object.entries(answer.headers).filter(([name]) => name.startsWith("cf-aig"));
    assert.deepEqual(added, [
      ["cf-aig-log-id", "LOG00001"],
      ["cf-aig-event-id", "event-1"],
      ["cf-aig-step", "0"],
    ]);
    assert.deepEqual(heard[0]?.headers, { "content-length": "2", "x-request-id": "req_1" });
    await call(url, { "cf-aig-metadata": "{", "cf-aig-custom-cost": "[]", "cf-aig-collect-log": "perhaps" });
    assert.deepEqual(heard[1]?.exchange.wishes, {
      ignored: ["cf-aig-collect-log", "cf-aig-custom-cost", "cf-aig-metadata"],
    });
    assert.equal(heard[1]?.exchange.eventId, "LOG00002");
  });

  it("leaves all of it to an upstream that is a gateway", async (t) => {
    const { server } = await recordingServer(t, (request, response) =>
      response
        .writeHead(200, { "Cf-Aig-Log-Id": "upstream", "cf-aig-cache-status": "HIT" })
        .end(`${request.headers["cf-aig-authorization"]} ${request.headers["cf-aig-cache-ttl"]}`),
    );
    const upstreams = { test: { url: server.url, isGateway: true } };
    const { url, heard } = await recording(t, "", { upstreams });
    const headers = { "cf-aig-authorization": `Bearer ${CANARY}`, "cf-aig-cache-ttl": "60" };
    const answer = await call(url, headers);
    assert.equal(answer.text, `Bearer ${CANARY} 60`);
    assert.equal(answer.headers["cf-aig-log-id"], "upstream");
    assert.equal(answer.headers["cf-aig-step"], "0");
    assert.deepEqual(heard[0]?.headers, { "cf-aig-log-id": "upstream", "cf-aig-cache-status": "HIT" });
    assert.ok(!JSON.stringify([heard[0]?.exchange, heard[0]?.headers]).includes(CANARY));
  });

  it("can't break a call, whatever it does; its first failure of each call is reported", async (t) => {
    const errors: unknown[] = [];
    const fails = (): never => {
      throw new Error("The disk is full.");
    };
    const changes = (chunk: Uint8Array): void => void chunk.fill(0);
    for (const [observer, reported] of [
      [fails, 1],
      [() => ({ requestChunk: fails, answered: fails, responseChunk: fails, ended: fails }), 1],
      [() => ({ responseChunk: () => Promise.reject(new Error("Later.")) as unknown as undefined }), 1],
      [() => ({ requestChunk: changes, responseChunk: changes }), 0],
      [() => undefined, 0],
    ] as const) {
      const { url } = await recordingServer(t, (request, response) => void request.pipe(response), {
        observer,
        onError: (error) => {
          errors.push(error);
          throw error;
        },
      });
      assert.equal((await call(`${url}/x`, {}, "POST")).text, "{}");
      assert.equal(errors.splice(0).length, reported);
    }
  });
});
