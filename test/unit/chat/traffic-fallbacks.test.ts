import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Part } from "../../../src/chat/conversation.ts";
import { traffic } from "../../traffic.ts";
import { readRecorded } from "./oracle/recorded.ts";

function unknownParts({ messages, answers }: Conversation): number {
  const count = (parts: Part[]): number =>
    parts.reduce(
      (sum, part) => sum + (part.type === "unknown" ? 1 : part.type === "toolResult" ? count(part.parts) : 0),
      0,
    );
  return [...messages, ...answers].reduce((sum, { parts }) => sum + count(parts), 0);
}

describe("what no reader knows in the traffic", () => {
  // Bodies without a model's traffic (an HTML page, an empty body) are known by their address, and text.
  it("is nothing at all", (context) => {
    const failures: string[] = [];
    context.diagnostic("kind                 exchanges  unknown format  unknown parts");
    for (const [kind, exchanges] of Map.groupBy(traffic(), (recorded) => recorded.kind)) {
      let [formats, parts] = [0, 0];
      for (const recorded of exchanges) {
        const conversation = readRecorded(recorded);
        const found = unknownParts(conversation);
        formats += conversation.format === "unknown" ? 1 : 0;
        parts += found;
        if (conversation.format !== "unknown" && found === 0) continue;
        failures.push(`${recorded.id}: ${conversation.format}, ${found} unknown parts`);
      }
      const counts = [
        [exchanges.length, 11],
        [formats, 16],
        [parts, 15],
      ].map(([count = 0, width = 0]) => String(count).padStart(width));
      context.diagnostic(`${kind.padEnd(19)}${counts.join("")}`);
    }
    if (failures.length > 0) assert.fail(`${failures.length} exchanges\n${failures.join("\n")}`);
  });
});
