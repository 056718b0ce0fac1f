import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { comparableBody } from "../../../src/chat/comparable.ts";
import { assembleStream } from "../../../src/local/assemble.ts";
import { bodyOf, enough, traffic } from "../../traffic.ts";
import { sse } from "./exchange.ts";

const exchange = { provider: "openai", path: "chat/completions", request: null, response: null };
const response = (body: unknown) =>
  comparableBody("response", { ...exchange, response: typeof body === "string" ? body : JSON.stringify(body) });
const request = (body: unknown) => comparableBody("request", { ...exchange, request: JSON.stringify(body) });

describe("a body to be compared", () => {
  it("has its keys sorted, on lines of their own", () => {
    assert.equal(
      request({ b: [{ d: 1, c: 2 }], a: null }),
      '{\n  "a": null,\n  "b": [\n    {\n      "c": 2,\n      "d": 1\n    }\n  ]\n}\n',
    );
  });

  it("is the same for two calls that differ only in per-call fields", () => {
    const answer = (id: string, created: number) => ({
      id: `chatcmpl-${id}`,
      created,
      system_fingerprint: `fp_${id}`,
      choices: [
        {
          message: {
            content: null,
            tool_calls: [{ id: `call_${id}`, type: "function", function: { name: "f", arguments: '{"id":7}' } }],
          },
        },
      ],
      usage: { total_tokens: 3, total_time: created / 7 },
    });
    const one = response(answer("abc", 1));
    assert.equal(one, response(answer("xyz", 2)));
    assert.match(one ?? "", /"arguments": "\{\\"id\\":7\}"/);
  });

  it("keeps the ids that are said", () => {
    const said = request({
      tools: [{ name: "find", input_schema: { properties: { id: { type: "string" } } } }],
      messages: [
        { role: "assistant", content: [{ type: "tool_use", id: "toolu_1", name: "find", input: { id: 42 } }] },
      ],
      metadata: { session_id: "s" },
    });
    const parsed = JSON.parse(said ?? "") as Record<string, unknown>;
    assert.deepEqual(parsed, {
      tools: [{ name: "find", input_schema: { properties: { id: { type: "string" } } } }],
      messages: [{ role: "assistant", content: [{ type: "tool_use", name: "find", input: { id: 42 } }] }],
      metadata: { session_id: "s" },
    });
  });

  it("of a stream is what the stream comes to, however it was cut", () => {
    const chunks = (...texts: string[]) =>
      sse(
        texts.map((content, n) => ({
          id: `c${texts.length}`,
          created: n,
          choices: [{ index: 0, delta: { content } }],
        })),
        "data: [DONE]\n\n",
      );
    const one = response(chunks("Hel", "lo"));
    assert.equal(one, response(chunks("H", "ell", "o")));
    assert.match(one ?? "", /"text": "Hello"/);
  });

  it("is none where it is no JSON, or not all of it", () => {
    for (const body of ["", "plain text", '{"a": [1, 2']) assert.equal(response(body), undefined, body);
    assert.equal(comparableBody("request", exchange), undefined);
  });

  it("keeps a recorded __proto__ a plain key", () => {
    assert.match(response('{"b":1,"__proto__":{"x":1}}') ?? "", /"__proto__": \{\n {4}"x": 1/);
  });

  it("of every exchange is JSON without per-call fields", () => {
    let count = 0;
    for (const recorded of traffic()) {
      const plain = bodyOf(recorded.response, recorded.response_encoding);
      const read = {
        provider: recorded.provider,
        path: recorded.path,
        requestContentType: recorded.request_content_type,
        responseContentType: recorded.response_content_type,
        request: bodyOf(recorded.request, recorded.request_encoding),
      };
      const texts = [
        comparableBody("request", { ...read, response: plain }),
        comparableBody("response", { ...read, response: plain }),
        typeof plain === "string" && recorded.streaming
          ? comparableBody("response", { ...read, response: assembleStream(plain) ?? plain })
          : undefined,
      ];
      for (const text of texts) {
        if (text === undefined) continue;
        count++;
        assert.doesNotMatch(text, /^ {2}"(?:id|created|created_at|system_fingerprint|responseId)": "?\w/m, recorded.id);
        assert.ok(JSON.parse(text) !== undefined, recorded.id);
      }
    }
    assert.ok(count > enough(500), `${count} bodies`);
  });
});
