import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { failureOf } from "../../../src/panel/failure.ts";

describe("failureOf", () => {
  const cases: [
    name: string,
    error: Parameters<typeof failureOf>[0],
    status: number | undefined,
    expected: string | undefined,
  ][] = [
    ["a guardrail outweighs the status", { message: "Prompt blocked", code: 2016 }, 424, "promptBlocked"],
    ["a DLP block of the response", { message: "blocked", code: "2030" }, 400, "dlpResponse"],
    ["the gateway's own 401", { message: "Unauthorized", code: 2009 }, 401, "gatewayToken"],
    ["the provider's 401", { message: "invalid x-api-key", type: "authentication_error" }, 401, "providerKey"],
    ["a quota is no rate limit", { message: "…", type: "insufficient_quota" }, 429, "quota"],
    ["a plain rate limit", { message: "slow down" }, 429, "rateLimit"],
    [
      "the code before the type",
      { message: "", type: "invalid_request_error", code: "context_length_exceeded" },
      400,
      "contextLength",
    ],
    [
      "words where there is no code",
      { message: "prompt is too long: 210000 tokens > 200000 maximum" },
      400,
      "contextLength",
    ],
    [
      "a key that is refused with 400",
      { message: "API key not valid. Please pass a valid API key.", code: 400 },
      400,
      "providerKey",
    ],
    [
      "overloaded within a stream that began well",
      { message: "Overloaded", type: "overloaded_error" },
      200,
      "overloaded",
    ],
    ["a status as the code of a stream's error", { message: "x", code: 503 }, 200, "unavailable"],
    ["Cloudflare's own 52x", undefined, 524, "originTimeout"],
    ["nothing known", { message: "odd", code: "weird" }, 418, undefined],
    ["no prototype key is a code", { message: "", code: "constructor", type: "__proto__" }, undefined, undefined],
    ["a success", undefined, 200, undefined],
  ];
  for (const [name, error, status, expected] of cases) it(name, () => assert.equal(failureOf(error, status), expected));
});
