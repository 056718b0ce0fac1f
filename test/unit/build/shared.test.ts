import assert from "node:assert/strict";
import { test } from "node:test";
import { isRecordedHere } from "../../traffic.ts";
import { arePublishedShapesHere } from "../contract/openapi.ts";

test("where CI is set, recorded traffic and published shapes are read besides those made up here", () => {
  if (!process.env["CI"]) return;
  assert.ok(isRecordedHere, "shared/traffic/exchanges.jsonl is not beside the project");
  assert.ok(arePublishedShapesHere, "shared/api/openapi-ai-gateway.json is not beside the project");
});
