import assert from "node:assert/strict";
import { it } from "node:test";
import { inspect } from "node:util";
import { checkedReading, messageOf, shrunk } from "./fuzz-check.ts";
import { corpusOf, mutatedExchange } from "./fuzz-mutations.ts";
import { literalSeeds, recordedSeeds } from "./fuzz-seeds.ts";

/** Reads so many mutations, the same in every run, and counts the formats they were read as. */
function readMutations(seeds: ReturnType<typeof literalSeeds>, count: number): Map<string, number> {
  const corpus = corpusOf(seeds);
  const seen = new Map<string, number>();
  for (let number = 0; number < count; number++) {
    const exchange = mutatedExchange(corpus, number);
    try {
      const { format } = checkedReading(exchange);
      seen.set(format, (seen.get(format) ?? 0) + 1);
    } catch (error) {
      const least = inspect(shrunk(exchange, messageOf(error)), { maxStringLength: 3000 });
      assert.fail(`mutation ${number}: ${error instanceof Error ? error.stack : String(error)}\n${least}`);
    }
  }
  return seen;
}

it("3,000 mutated literal exchanges: never a throw, always a well-formed conversation", () => {
  const seen = readMutations(literalSeeds(), 3000);
  // The mutations must leave enough intact for each way of reading to be taken.
  for (const format of ["openai-chat", "anthropic-messages", "unknown"])
    assert.ok((seen.get(format) ?? 0) > 60, `${format} was read ${seen.get(format) ?? 0} times`);
});

it("4,000 mutated exchanges of providers: never a throw, always a well-formed conversation", () => {
  const seen = readMutations(recordedSeeds(), 4000);
  for (const format of ["openai-chat", "anthropic-messages", "unknown"])
    assert.ok((seen.get(format) ?? 0) > 60, `${format} was read ${seen.get(format) ?? 0} times`);
});
