import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Run } from "../../../src/debugging/core/run.ts";
import type { Log } from "../../../src/source/log.ts";
import { FORMAT_NAMES, FORMATS } from "../../../src/export/formats.ts";
import { redactLog } from "../../../src/export/row.ts";
import { debugCalls } from "../../../src/tools/debug-calls.ts";
import { REDACTED } from "../../../src/tools/needs.ts";
import { rowOf } from "../../../src/tools/rows.ts";
import { GATEWAY } from "../../gateway.ts";

const KEY = ["s", "k-proj-", "abcdefghij0123456789"].join("");
const ADDRESS = "ann@example.com";
const SAID = `${KEY} of ${ADDRESS}`;

/** A log with a secret in each of its texts: fields added to the type must be added here. */
const FULL: Required<Log> = {
  id: "01JD3Q7Z8X9Y0A1B2C3D4E5F6G",
  createdAt: new Date("2026-11-20T09:30:00.123Z"),
  provider: SAID,
  model: SAID,
  path: SAID,
  success: true,
  cached: false,
  statusCode: 200,
  durationMs: 1234,
  tokensIn: 10,
  tokensOut: 20,
  tokensCached: 5,
  tokensReasoning: 6,
  costUsd: 0.01,
  customCost: false,
  metadata: { user: SAID, [ADDRESS]: 1, password: "swordfish", count: 3, matched_text: "swordfish" },
  endpoint: SAID,
  user: SAID,
  key: SAID,
  origin: "key",
  isEventInferred: true,
  modelType: SAID,
  requestType: SAID,
  requestContentType: SAID,
  responseContentType: SAID,
  step: 1,
  eventId: SAID,
  dlpAction: SAID,
  userAgent: SAID,
  authentication: true,
  feedback: 1,
  score: 80,
  latencyMs: 200,
  region: SAID,
  colo: SAID,
  byok: true,
  guardrails: SAID,
  check: { name: SAID, action: "masked" },
  dlpProfiles: [SAID],
  wholesale: true,
  compatibilityMode: true,
  readAt: 1_763_631_000_000,
  recorded: { provider: SAID, model: SAID },
  raw: { anything: SAID },
};

const isClean = (text: string): boolean =>
  ![KEY, KEY.slice(-12), ADDRESS, "swordfish"].some((secret) => text.includes(secret));

describe("a redacted row", () => {
  it("has no text as it was but its id; numbers, flags and its time stay", () => {
    const redacted: Record<string, unknown> = { ...redactLog(FULL, REDACTED) };
    for (const [field, before] of Object.entries(FULL)) {
      const after = redacted[field];
      if (typeof before === "object" && !(before instanceof Date)) assert.ok(isClean(JSON.stringify(after)), field);
      else if (before === SAID) assert.equal(after, "[redacted: API key] of [redacted: e-mail]", field);
      else assert.equal(after, before, field);
    }
  });

  it("is redacted too in a field that nobody knows yet", () => {
    const log: Log = Object.assign({ ...FULL }, { newField: SAID, another: [{ deep: SAID }] });
    assert.ok(isClean(JSON.stringify(redactLog(log, REDACTED))));
  });

  it("keeps ordinary values", () => {
    const plain: Log = {
      ...FULL,
      provider: "workers-ai",
      model: "@cf/meta/llama-3.3-70b-instruct-fp8-fast",
      path: "v1/chat/completions?beta=true",
      metadata: { user: "0199aaaa-1111-7111-8111-0123456789ab", tokens: 3 },
      endpoint: "Support",
      user: "Ada",
      key: "CI",
      modelType: "Text Generation",
      requestType: "chat",
      requestContentType: "application/json; charset=utf-8",
      responseContentType: "text/event-stream",
      eventId: "01JD3Q7Z8X9Y0A1B2C3D4E5F6G",
      dlpAction: "FLAG",
      userAgent: "OpenAI/Python 1.61.0",
      region: "WEUR",
      colo: "AMS",
      guardrails: '{"prompt":{"S1":"FLAG"}}',
      check: { name: "PII · EMAIL_ADDRESS", action: "masked" },
      dlpProfiles: ["0199aaaa-1111-7111-8111-0123456789ab"],
      recorded: {},
      raw: {},
    };
    assert.deepEqual(redactLog(plain, REDACTED), plain);
  });

  for (const name of FORMAT_NAMES) {
    it(`says nothing of it in any format: ${name}`, () => {
      const { provider, path, model, requestContentType, responseContentType } = FULL;
      const request = JSON.stringify({ model: "m", messages: [{ role: "user", content: "Hello" }] });
      const response = JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: "Hi" } }] });
      const exchange = { provider, path, model, requestContentType, responseContentType, request, response };
      const written = FORMATS[name].entry({ gateway: GATEWAY, log: FULL, exchange }, REDACTED) ?? "";
      assert.ok(written.includes("Hi") || written.includes(FULL.id));
      assert.ok(isClean(written), written);
    });
  }

  it("says nothing of it to a language model", () => {
    const row = JSON.stringify(rowOf(GATEWAY, FULL));
    assert.ok(isClean(row) && row.includes(FULL.id) && row.includes("2026-11-20T09:30:00.123Z"), row);
    const run = new Run("1", `Launch with ${SAID}`, new Date());
    run.see(
      { id: FULL.id, sure: true },
      { type: "known", gateway: GATEWAY, log: FULL },
      { path: `/home/${ADDRESS}/a.ts`, line: 3 },
    );
    const calls = debugCalls({ runs: { shown: [run] } });
    assert.ok(isClean(calls) && calls.includes(FULL.id), calls);
  });
});
