import assert from "node:assert/strict";
import { test } from "node:test";
import { read } from "./exchange.ts";

test("a text as tokens, and tokens as their text", () => {
  const split = read(
    { tokens: [1, 2], token_strings: ["H", "i"], meta: { api_version: { version: "1" } } },
    { text: "Hi", model: "m" },
    { provider: "cohere", path: "v1/tokenize" },
  );
  assert.deepEqual([split.format, split.model], ["cohere-tokenize", "m"]);
  assert.deepEqual(split.messages[0]?.parts, [{ type: "text", text: "Hi" }]);
  const tokens = { tokens: [1, 2], token_strings: ["H", "i"] };
  assert.deepEqual(split.answers[0]?.parts, [{ type: "data", value: tokens }]);
  assert.deepEqual(split.envelope, { meta: { api_version: { version: "1" } } });
  const joined = read({ text: "Hi" }, { tokens: [1, 2] }, { provider: "cohere", path: "v1/detokenize" });
  assert.deepEqual(joined.messages[0]?.parts, [{ type: "data", value: { tokens: [1, 2] } }]);
  assert.deepEqual(joined.answers[0]?.parts, [{ type: "text", text: "Hi" }]);
});
