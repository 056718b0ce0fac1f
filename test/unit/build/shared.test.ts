import assert from "node:assert/strict";
import { test } from "node:test";
import { isRecordedHere } from "../../traffic.ts";

test("where CI is set, the recorded traffic is read besides the made-up exchanges", () => {
  assert.ok(isRecordedHere || !process.env["CI"], "shared/traffic/exchanges.jsonl is not beside the project");
});
