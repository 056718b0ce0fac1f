import assert from "node:assert/strict";
import { test } from "node:test";
import { callSitesIn, gatewaysNamedIn } from "../../../src/debugging/core/addresses.ts";
import { mayNameLogs } from "../../../src/debugging/core/hints.ts";
import { LogIds } from "../../../src/logs/log-ids.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";

const logIds = new LogIds(NAMES.logIds);

/** Numbers from 0 to 1, always the same ones. */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return state / 2 ** 32;
  };
}

const PIECES = [
  "cf-aig-log-id",
  "CF-AIG-Event-Id",
  "aiGatewayLogId",
  "log_id",
  "logId",
  "eventid",
  "event_id",
  "HTTP_CF_AIG_REQUEST_ID",
  "x-log-id",
  ": ",
  "=",
  '": "',
  " => ",
  "\n",
  " ",
  ",",
  "(",
  '"',
  "`",
  "'",
  "{",
  "}",
  ")",
  "/",
  "//",
  ".",
  "01K9FZ3M2V8Q4T6W0X1Y5Z7A9B",
  "01k9fz3m2v8q4t6w0x1y5z7a9b",
  "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10",
  "0123456789abcdef",
  "0123456789abcdef0123456789abcdef",
  "abc12345",
  "req_12345678",
  "missing",
  "value",
  "https:",
  "wss:",
  "gateway.ai.cloudflare.com",
  "127.0.0.1:8787",
  "localhost:1",
  "/v1/",
  "shop",
  "openai",
  "env.AI",
  ".run(",
  "gateway",
  ": { id: ",
  ".gateway(",
  "GATEWAY_ID=",
  "const answer",
  "print",
];

test("a text in which a log or a gateway is named is never passed over", () => {
  const next = random(15);
  let found = 0;
  for (let round = 0; round < 20_000; round += 1) {
    const length = 1 + Math.floor(next() * 12);
    const text = Array.from({ length }, () => PIECES[Math.floor(next() * PIECES.length)]).join("");
    if (
      logIds.locate(text).length + callSitesIn(text, NAMES.host).length + gatewaysNamedIn(text, NAMES.host).length ===
      0
    )
      continue;
    found += 1;
    assert.ok(mayNameLogs(text), text);
  }
  assert.ok(found > 1000, `${found} of the texts name something`);
});

test("an ordinary text is passed over", () => {
  for (const text of [
    "",
    "# Notes\n\nBuy two blue frames on 2026-11-20.",
    "export const sum = (a: number) => a + 1;\n",
  ])
    assert.equal(mayNameLogs(text), false, text);
});
