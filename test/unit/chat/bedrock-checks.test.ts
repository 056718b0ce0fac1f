import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./exchange.ts";

test("counting the tokens of a request of Converse, and of one in base64", () => {
  const address = { provider: "aws-bedrock", path: "bedrock-runtime/us-east-1/model/vendor.m-v1%3A0/count-tokens" };
  const converse = { messages: [{ role: "user", content: [{ text: "Hi" }] }], system: [{ text: "S" }] };
  const { format, model, messages, answers, usage } = read({ inputTokens: 7 }, { input: { converse } }, address);
  assert.deepEqual([format, model, usage], ["bedrock-count-tokens", "vendor.m-v1:0", undefined]);
  assert.deepEqual(messages, [
    { role: "system", parts: [{ type: "text", text: "S" }] },
    { role: "user", parts: [{ type: "text", text: "Hi" }] },
  ]);
  assert.deepEqual(answers, [{ role: "assistant", parts: [{ type: "data", value: { inputTokens: 7 } }] }]);
  const body = Buffer.from('{"prompt":"Hi"}').toString("base64");
  const encoded = read({ inputTokens: 7 }, { input: { invokeModel: { body } } }, address);
  assert.deepEqual(encoded.messages, [{ role: "user", parts: [{ type: "data", value: { prompt: "Hi" } }] }]);
});

test("a guardrail applied: what it looked at, its verdict, and what it says instead", () => {
  const { format, messages, answers, settings } = read(
    { action: "GUARDRAIL_INTERVENED", outputs: [{ text: "No." }], assessments: [{ topicPolicy: { topics: [] } }] },
    { source: "INPUT", content: [{ text: { text: "Hi", qualifiers: ["query"] } }] },
    { provider: "aws-bedrock", path: "bedrock-runtime/us-east-1/guardrail/g1/version/1/apply" },
  );
  assert.deepEqual([format, settings], ["bedrock-guardrail", { source: "INPUT" }]);
  assert.deepEqual(messages[0]?.parts, [
    { type: "text", text: "Hi", details: { guardContent: { qualifiers: ["query"] } } },
  ]);
  assert.deepEqual(answers, [
    {
      role: "assistant",
      parts: [
        { type: "text", text: "No." },
        {
          type: "data",
          value: { action: "GUARDRAIL_INTERVENED", assessments: [{ topicPolicy: { topics: [] } }] },
        },
      ],
      finishReason: "GUARDRAIL_INTERVENED",
    },
  ]);
});
