import assert from "node:assert/strict";
import { it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { Random } from "../../../src/local/samples/random.ts";
import { read, sse } from "./exchange.ts";
import { type Call, STYLES, randomCalls } from "./tool-call-cuts.ts";

const LISTS = 10_000;

const chunk = (delta: object) => ({ object: "chat.completion.chunk", choices: [{ index: 0, delta }] });
const equalsNext = ({ name, arguments: given }: Call, next: Call | undefined) =>
  next !== undefined && name === next.name && isDeepStrictEqual(given, next.arguments);

// Each list is cut in one way, as text (in which small events are joined) or as the chunks that the gateway keeps.
it("calls come out of a stream as they were, however they are cut", () => {
  const styles = Object.entries(STYLES);
  const counts = new Map<string, number>();
  for (let number = 0; number < LISTS; number++) {
    const random = new Random(number);
    const [name, { hasIds, isBlind, cut }] = styles[number % styles.length] ?? assert.fail();
    const all = randomCalls(random);
    const calls = isBlind === true ? all.filter((call, index) => !equalsNext(call, all[index + 1])) : all;
    const chunks = cut(calls, random).map((tool_calls) => chunk({ tool_calls }));
    const { answers } = read(random.chance(0.7) ? sse(chunks) : { streamed_data: chunks });
    const expected = calls.map(({ id, ...call }) => ({ type: "toolCall", ...call, ...(hasIds ? { id } : {}) }));
    const parts = (answers[0]?.parts ?? []).map((part) => {
      if (part.type !== "toolCall" || hasIds) return part;
      const { id: _id, ...others } = part;
      return others;
    });
    assert.deepEqual(parts, expected, `list ${number}, ${name}: ${JSON.stringify(chunks)}`);
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  assert.deepEqual([counts.size, Math.min(...counts.values()) > 500], [styles.length, true]);
});
