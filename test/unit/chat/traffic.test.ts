import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation } from "../../../src/chat/conversation.ts";
import { assembleStream } from "../../../src/local/assemble.ts";
import { type Recorded, enough, expectedText, parse, traffic } from "../../traffic.ts";
import { textOf } from "./exchange.ts";
import { readRecorded } from "./oracle/recorded.ts";
import { assertWellFormed } from "./wellformed.ts";

const all = traffic();
const chats = all.filter(({ kind }) => kind === "openai-chat" || kind === "anthropic-messages");

/** Answers without a distinctive shape; they are read by their address. */
const ALIKE: Record<string, string> = {
  "aws-bedrock--test-invoke-model-with-content-tool-call-amazon-nova-1-e5ae8b": "Nova's own answer is Converse's",
  "elevenlabs--elevenlabs-transcription-0-b65d99": "a transcription as OpenAI's",
  "replicate--test-replicate-image-generation-legacy-1-4ec64b": "a model's description, and not an answer",
  "workers-ai--rest-api-1-6e2c9e": "a batch of scores",
};

/** Texts that the structure expresses: the role, the absence of an error, the name without its folder. */
const RETOLD = [/^\s*Human:/, /^success$/, /^models\//];

/** Words that the conversation expresses by its structure. */
const STRUCTURE = new Set(["type", "role", "format", "object"]);

/** Also event metadata, values that are replaced later, and pieces of JSON, which is parsed in the end. */
const PASSING = new Set([
  ...STRUCTURE,
  ..."event_type p obfuscation created_at status service_tier encrypted_content".split(" "),
  ..."partial_json arguments delta".split(" "),
]);

function textsIn(value: unknown, skipped: ReadonlySet<string> = STRUCTURE): string[] {
  if (typeof value === "string") return value === "" ? [] : [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => {
    const isPiece = key === "delta" && typeof child === "object";
    return skipped.has(key) && !isPiece ? [] : textsIn(child, skipped);
  });
}

const isJsonOfNoText = (text: string) => typeof parse(text) === "object" && textsIn(parse(text)).length === 0;

const said = ({ answers }: Conversation) =>
  answers.map(({ parts, finishReason }) => ({
    finishReason,
    kinds: parts.map(({ type }) => type).filter((type) => type !== "unknown"),
    calls: parts.filter((part) => part.type === "toolCall").map((part) => part.arguments),
  }));

/** Runs the check on each and reports all failures. */
function each(exchanges: Recorded[], check: (recorded: Recorded) => void): void {
  const failures = exchanges.flatMap((recorded) => {
    try {
      check(recorded);
      return [];
    } catch (error) {
      return [`${recorded.id}: ${error instanceof Error ? error.message : String(error)}`];
    }
  });
  if (failures.length > 0) assert.fail(`${failures.length} exchanges\n${failures.join("\n")}`);
}

describe("traffic", () => {
  it("each of them is read, well-formed, and shows what it says", () => {
    assert.ok(all.length > enough(278));
    each(all, (recorded) => {
      const conversation = readRecorded(recorded);
      assertWellFormed(conversation);
      if (recorded.request !== "") {
        const isSent = conversation.messages.some(({ parts }) => parts.length > 0);
        assert.ok(isSent || Object.keys(conversation.settings).length > 0, "nothing was sent");
      }
      if (recorded.response === "") return;
      const isShown = conversation.answers.some(({ parts }) => parts.length > 0) || conversation.error !== undefined;
      assert.ok(isShown, "nothing was answered");
    });
  });

  it("chats are read by their own reader, whatever the path is called", () => {
    for (const recorded of chats) {
      assert.equal(readRecorded(recorded).format, recorded.kind, recorded.id);
      if (recorded.status !== 200 || recorded.response === "") continue;
      assert.equal(readRecorded({ ...recorded, path: "", provider: "custom-x" }).format, recorded.kind, recorded.id);
    }
  });

  it("an answer is read the same where nothing is known of its address", () => {
    each(all, (recorded) => {
      if (recorded.status !== 200 || recorded.response === "") return;
      if (recorded.id in ALIKE) return;
      const known = readRecorded(recorded);
      const bare = readRecorded({ ...recorded, path: "", provider: "custom-x" });
      assert.equal(bare.format, known.format);
      assert.deepEqual(bare.answers, known.answers);
      assert.deepEqual(bare.usage, known.usage);
    });
  });

  it("what is finished is complete, what failed tells its error", () => {
    each(all, (recorded) => {
      const { complete, error } = readRecorded(recorded);
      // An HTML page isn't an error's message.
      const isSpoken = recorded.response !== "" && !recorded.response.startsWith("<");
      if (recorded.status !== 200 && isSpoken) assert.ok(error?.message, "no error");
      const isWhole = recorded.status === 200 && recorded.request !== "" && error === undefined;
      if (isWhole) assert.equal(complete, true, "not complete");
    });
  });

  it("the last answer's text of a chat word for word", () => {
    let compared = 0;
    for (const recorded of chats) {
      const expected = expectedText(recorded);
      assert.equal(textOf(readRecorded(recorded).answers.at(-1)), expected, recorded.id);
      compared += expected === "" ? 0 : 1;
    }
    assert.ok(compared > enough(30), `${compared} texts compared`);
  });

  it("nothing is lost: each text of plain bodies is somewhere in the conversation", () => {
    let sought = 0;
    each(all, (recorded) => {
      const conversation = readRecorded(recorded);
      const texts = [...textsIn(conversation), conversation.error?.type ?? ""];
      const kept = new Set(texts);
      const hasVectors = conversation.answers.some(({ parts }) => parts.some(({ type }) => type === "embedding"));
      const response = recorded.streaming ? undefined : parse(recorded.response);
      for (const text of [...textsIn(parse(recorded.request)), ...textsIn(response)]) {
        // A data URL is taken apart, arguments that are JSON are parsed.
        const pieces = /^data:[^,]*;base64,(.*)$/s.exec(text)?.slice(1) ?? textsIn(parse(text));
        const isKept = kept.has(text) || (pieces.length > 0 && pieces.every((piece) => kept.has(piece)));
        const isPart = text.length > 20 && texts.some((one) => one.includes(text));
        // Vectors come as numbers if they were sent as bytes.
        const isVector = hasVectors && /^[\w+/=]{200,}$/.test(text);
        const isTold = isKept || isPart || isVector || isJsonOfNoText(text) || RETOLD.some((rule) => rule.test(text));
        assert.ok(isTold, `lost: ${text.slice(0, 200)}`);
        sought++;
      }
    });
    assert.ok(sought > enough(3500), `${sought} texts sought`);
  });

  it("nothing is lost: nor any text of a stream's chunks", () => {
    let sought = 0;
    each(all, (recorded) => {
      const assembled =
        recorded.streaming && recorded.response_encoding === undefined && assembleStream(recorded.response);
      if (assembled === false || assembled === undefined) return;
      const told = JSON.stringify(readRecorded(recorded));
      for (const text of textsIn(parse(assembled)?.streamed_data, PASSING)) {
        assert.ok(told.includes(JSON.stringify(text).slice(1, -1)), `lost: ${text.slice(0, 200)}`);
        sought++;
      }
    });
    assert.ok(sought > enough(15_000), `${sought} texts sought`);
  });

  it("assembled and streamed say the same", () => {
    for (const recorded of chats.filter(({ streaming }) => streaming)) {
      const assembled = assembleStream(recorded.response);
      if (assembled === undefined) continue;
      const [kept, streamed] = [readRecorded(recorded, assembled), readRecorded(recorded)];
      assert.deepEqual(said(kept), said(streamed), recorded.id);
      assert.deepEqual(kept.usage, streamed.usage, recorded.id);
      assert.equal(kept.complete, streamed.complete, recorded.id);
    }
  });
});
