import { Random } from "../../../src/local/samples/random.ts";

/** One call's bodies. */
export type Call = { request: string; response: string };

type Block = { type: string; text: string; cache_control?: { type: string } };

const WORD_COUNT = 4000;

/** Some `bytes` of words, of which some are frequent and most are rare, as in prose and code. */
function textOf(random: Random, words: readonly string[], bytes: number): string {
  let text = "";
  while (text.length < bytes) {
    const word = words[Math.floor(random.next() ** 3 * words.length)] ?? "";
    text += random.chance(0.1) ? `${word}\n  ${random.between(1, 99_999)}: ` : `${word} `;
  }
  return text;
}

/**
 * The calls of an agent's run. Each request has all messages before it and a few more, a long system prompt and tools.
 * The first system block is another in each request, and the marks of what is to be cached move on.
 */
export function* agentRun(seed: number, calls: number): Generator<Call> {
  const random = new Random(seed);
  const words = Array.from({ length: WORD_COUNT }, () => random.letters(random.between(2, 10)));
  const block = (bytes: number): Block => ({ type: "text", text: textOf(random, words, bytes) });
  const system = [block(24_000), block(6000)];
  const tools = Array.from({ length: 12 }, (_, index) => ({
    name: `tool_${index}`,
    description: textOf(random, words, random.between(200, 1500)),
    input_schema: { type: "object", properties: { path: { type: "string" }, limit: { type: "number" } } },
  }));
  const messages: { role: string; content: Block[] }[] = [];
  for (let call = 0; call < calls; call++) {
    messages.push({ role: "user", content: [block(random.between(1000, 4000))] });
    if (random.chance(0.3)) messages.push({ role: "user", content: [block(random.between(1000, 4000))] });
    const marked = messages.map((message, index) =>
      index < messages.length - 2
        ? message
        : { ...message, content: message.content.map((part) => ({ ...part, cache_control: { type: "ephemeral" } })) },
    );
    const first = { type: "text", text: `session: ${random.letters(24)}; call: ${call}; build: ${random.letters(8)}` };
    const answer = { role: "assistant", content: [block(random.between(1000, 4000))] };
    yield {
      request: JSON.stringify({
        model: "claude-sonnet-4-5",
        max_tokens: 32_000,
        system: [first, ...system],
        tools,
        messages: marked,
        metadata: { user_id: "user_1" },
      }),
      response: JSON.stringify({ id: `msg_${random.letters(24)}`, ...answer, usage: { output_tokens: call } }),
    };
    messages.push(answer);
  }
}
