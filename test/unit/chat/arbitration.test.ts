import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { arbitrate } from "../../../src/chat/arbitration.ts";
import type { Part } from "../../../src/chat/conversation.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { read, sse } from "./exchange.ts";

const WORDS = ["It", "is", "cold", "in", "Oslo", "so", "they", "say"];
const ROUNDS = 3000;

/** An answer's parts without duplicates: texts between calls, like a model that looks things up. */
function randomParts(random: Random): Part[] {
  return Array.from({ length: random.between(1, 6) }, (_, at): Part => {
    const text = `${at}: ${Array.from({ length: random.between(1, 9) }, () => random.pick(WORDS)).join(" ")}.`;
    const kind = random.pick(["text", "reasoning", "toolCall"] as const);
    return kind === "toolCall"
      ? { type: kind, id: `call_${at}`, name: "f", arguments: { text } }
      : { type: kind, text, details: { id: `item_${at}` } };
  });
}

/** The same part with something missing, or with another ID. */
function lessOf(part: Part, random: Random): Part {
  if (part.type === "toolCall") return random.chance(0.5) ? { ...part, arguments: {} } : { ...part, name: "" };
  return "text" in part ? { ...part, text: part.text.slice(0, random.between(1, part.text.length)) } : part;
}

/** A text in up to three parts. */
function cut(part: Part, random: Random): Part[] {
  if (!("text" in part)) return [part];
  const [one = 0, other = 0] = [0, 0].map(() => random.between(0, part.text.length)).sort((a, b) => a - b);
  const texts = [part.text.slice(0, one), part.text.slice(one, other), part.text.slice(other)];
  return texts.filter((text) => text !== "").map((text) => ({ ...part, text }));
}

/** The content by number: if each side lacks an item, their order is unknown. */
const told = (parts: Part[]) => {
  const texts = (type: "text" | "reasoning") =>
    parts
      .map((part) => (part.type === type ? part.text : ""))
      .join("")
      .split(/(?=\d: )/)
      .sort();
  const calls = parts.filter((part) => part.type === "toolCall");
  return { text: texts("text"), reasoning: texts("reasoning"), calls: Map.groupBy(calls, ({ id }) => id) };
};
const reading = (parts: Part[], complete = true) => ({
  answers: [{ role: "assistant" as const, parts }],
  complete,
});

describe("the final object and the folded deltas", () => {
  it("say all of an answer, and nothing of it twice, whatever each of them lacks", () => {
    for (let seed = 0; seed < ROUNDS; seed++) {
      const random = new Random(seed);
      const parts = randomParts(random);
      const isCut = random.chance(0.5);
      const final: Part[] = [];
      const folded: Part[] = [];
      for (const part of parts) {
        const lacks = random.pick(["nothing", "nothing", "final", "folded", "less of final", "less of folded"]);
        if (lacks !== "final") final.push(lacks === "less of final" ? lessOf(part, random) : part);
        if (lacks === "folded") continue;
        if (lacks === "less of folded") folded.push(lessOf(part, random));
        // The deltas aren't cut where the object is.
        else if (isCut && lacks === "nothing") folded.push(...cut(part, random));
        else folded.push(part);
      }
      const result = arbitrate(reading(final), reading(folded)).answers[0]?.parts ?? [];
      assert.deepEqual(told(result), told(parts), JSON.stringify({ seed, final, folded }));
    }
  });

  it("the object wins where both say something else, and for the order", () => {
    const call: Part = { type: "toolCall", id: "1", name: "f", arguments: { a: 1 } };
    const text = (said: string): Part => ({ type: "text", text: said });
    const parts = (final: Part[], folded: Part[]) => arbitrate(reading(final), reading(folded)).answers[0]?.parts;
    const other = { ...call, arguments: { a: 2 } };
    assert.deepEqual(parts([text("Hello"), call], [text("Helo"), other]), [text("Hello"), call]);
    assert.deepEqual(parts([call, text("Hello")], [text("Hello"), other]), [call, text("Hello")]);
    const inflated = { ...text("Hello"), details: { many: "x".repeat(99) } };
    assert.deepEqual(parts([text("Hello"), call], [inflated]), [inflated, call]);
    assert.deepEqual(parts([text("Hello")], [text("Helo"), { type: "unknown", value: 1 }]), [
      text("Hello"),
      { type: "unknown", value: 1 },
    ]);
  });

  const spoken = [
    { type: "text", text: "ab" },
    { type: "toolCall", name: "f", arguments: { a: 1 } },
  ];
  const gemini = (parts: unknown[], finishReason?: string) => ({ candidates: [{ content: { parts }, finishReason }] });
  const geminiCall = { functionCall: { name: "f", args: { a: 1 } } };
  const workers = [{ response: "a" }, { response: "b" }, { tool_calls: [{ name: "f", arguments: { a: 1 } }] }];
  for (const [name, [response, provider, path]] of Object.entries({
    Gemini: [
      {
        ...gemini([{ text: "ab" }], "STOP"),
        streamed_data: [gemini([{ text: "a" }]), gemini([{ text: "b" }, geminiCall])],
      },
      "google-ai-studio",
      "v1beta/models/m:streamGenerateContent",
    ],
    "Gemini, the call in the object": [
      {
        ...gemini([{ text: "a" }, geminiCall], "STOP"),
        streamed_data: [gemini([{ text: "a" }]), gemini([{ text: "b" }])],
      },
      "google-ai-studio",
      "v1beta/models/m:streamGenerateContent",
    ],
    "Workers AI": [{ response: "ab", streamed_data: workers }, "workers-ai", "@cf/meta/m"],
    "Workers AI, the text in the chunks": [
      { tool_calls: [{ name: "f", arguments: { a: 1 } }], streamed_data: workers.slice(0, 2) },
      "workers-ai",
      "@cf/meta/m",
    ],
  } as const)) {
    it(`${name}: each fills the other`, () => {
      const { answers } = read(response, { contents: [], prompt: "Hi" }, { provider, path });
      const parts = [...(answers[0]?.parts ?? [])].sort((one, other) => (one.type < other.type ? -1 : 1));
      assert.deepEqual(parts, spoken);
    });
  }

  it("completions: the object's text, what the chunks have besides, and a whole text once more in the end", () => {
    const completion = (text: string, finish_reason: string | null = null, rest: object = {}) => ({
      object: "text_completion",
      choices: [{ index: 0, text, finish_reason, ...rest }],
    });
    const chunks = [completion("Hel"), completion("o", "stop", { logprobs: { tokens: ["Hel", "o"] } })];
    const complete = (response: unknown) => read(response, { model: "m", prompt: "Hi" }, { path: "v1/completions" });
    const [answer] = complete({ ...completion("Hello"), streamed_data: chunks }).answers;
    assert.deepEqual(answer, {
      role: "assistant",
      parts: [{ type: "text", text: "Hello" }],
      finishReason: "stop",
      details: { logprobs: { tokens: ["Hel", "o"] } },
    });
    const again = complete(sse([completion("Hel"), completion("lo"), completion("Hello", "stop")]));
    assert.deepEqual(again.answers[0]?.parts, [{ type: "text", text: "Hello" }]);
  });
});
