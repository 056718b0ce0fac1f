import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { it } from "node:test";
import type { Conversation, Message, Part } from "../../../src/chat/conversation.ts";
import { type Recorded, isRecordedHere, traffic } from "../../traffic.ts";
import { readRecorded } from "./oracle/recorded.ts";

// Recorded traffic must not be stored here: a line summarizes each reading, and a hash of the whole detects other
// changes.
const FILE = join(import.meta.dirname, "traffic.snapshot.txt");

/** "assistant[text:120 toolCall:getWeather…]": roles, kinds of parts and lengths. */
function outline({ role, parts, finishReason }: Message): string {
  return `${role}[${parts.map(outlinePart).join(" ")}]${finishReason === undefined ? "" : `.${finishReason}`}`;
}

function outlinePart(part: Part): string {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return `${part.type}:${part.text.length}`;
    case "toolCall":
      return `toolCall:${(JSON.stringify(part.arguments) ?? "").length}`;
    case "toolResult":
      return `toolResult(${part.parts.map(outlinePart).join(" ")})`;
    case "media":
      return `${part.media}:${(part.url ?? part.data ?? "").length}`;
    case "embedding":
      return `embedding:${part.values.length}`;
    case "data":
    case "unknown":
      return `${part.type}:${(JSON.stringify(part.value) ?? "").length}`;
  }
}

function line(recorded: Recorded, conversation: Conversation): string {
  const { format, messages, answers, tools, settings, usage, error, complete } = conversation;
  const hash = createHash("sha256").update(canonical(conversation)).digest("hex").slice(0, 16);
  const counts =
    usage === undefined
      ? ""
      : [usage.tokensIn, usage.tokensOut, usage.tokensTotal, usage.tokensCached, usage.tokensReasoning]
          .map((count) => count ?? "")
          .join("/");
  return [
    recorded.id,
    format,
    `< ${messages.map(outline).join(" ")}`,
    `> ${answers.map(outline).join(" ")}`,
    `tools ${tools.length} settings ${Object.keys(settings).length} usage ${counts || "-"}${error === undefined ? "" : ` error:${error.message.length}`}${complete ? "" : " incomplete"}`,
    hash,
  ].join(" | ");
}

/** JSON in which the order of keys does not matter. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, child: unknown) =>
    typeof child === "object" && child !== null && !Array.isArray(child)
      ? Object.fromEntries(Object.entries(child).sort(([one], [other]) => (one < other ? -1 : 1)))
      : child,
  );
}

it("each exchange reads as it did", () => {
  const lines = traffic().map((recorded) => line(recorded, readRecorded(recorded)));
  const all = existsSync(FILE) ? readFileSync(FILE, "utf8").trimEnd().split("\n") : [];
  // Readings of missing exchanges stay as they are.
  const others = isRecordedHere ? [] : all.filter((line) => !line.startsWith("made--"));
  if (process.env["UPDATE_SNAPSHOTS"] === "1") {
    writeFileSync(FILE, `${[...lines, ...others].join("\n")}\n`);
    return;
  }
  const kept = new Set(all.filter((line) => !others.includes(line)));
  const now = new Set(lines);
  const differences = [...kept].filter((line) => !now.has(line)).map((line) => `- ${line}`);
  differences.push(...lines.filter((line) => !kept.has(line)).map((line) => `+ ${line}`));
  if (differences.length > 0)
    assert.fail(
      `${differences.length} lines differ; where that is meant, run this with UPDATE_SNAPSHOTS=1\n${differences.sort((one, other) => (one.slice(2) < other.slice(2) ? -1 : 1)).join("\n")}`,
    );
});
