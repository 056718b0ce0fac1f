import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { root } from "../../scripts/root.ts";
import { Random } from "../../src/local/samples/random.ts";
import { MUTANTS } from "../mutants/index.ts";
import { mutated, type Mutant } from "../mutants/mutant.ts";
import { judge } from "../mutants/run.ts";

const SEED = Number(process.env["AI_GATEWAY_LOGS_SEED"] ?? 20_261_120);
const HTML: Mutant = {
  id: "made-up",
  file: "src/panel/html.ts",
  text: 'lang="$',
  replacement: 'lang="$',
  tests: ["panel/html.test.ts"],
};

describe("the list of mutants", () => {
  it("still fits the source, and names tests that there are", () => {
    for (const mutant of MUTANTS) {
      const source = readFileSync(join(root, mutant.file), "utf8");
      assert.notEqual(mutated(mutant, source), source, mutant.id);
      for (const file of mutant.tests) assert.ok(existsSync(join(root, "test/unit", file)), `${mutant.id}: ${file}`);
    }
  });

  it("has each under a name of its own", () => {
    assert.equal(new Set(MUTANTS.map(({ id }) => id)).size, MUTANTS.length);
  });

  it(`is noticed, as a sample of three shows (seed ${SEED})`, async () => {
    const random = new Random(SEED);
    for (let count = 0; count < 3; count++) {
      const mutant = random.pick(MUTANTS);
      assert.equal((await judge(mutant)).verdict, "killed", mutant.id);
    }
  });
});

describe("a mutant", () => {
  it("survives where no test notices it", async () => {
    assert.deepEqual(await judge(HTML), { verdict: "survived" });
  });

  it("is killed by the first test file that notices it", async () => {
    const tests = ["panel/intents.test.ts", "panel/html.test.ts", "panel/steps.test.ts"] as const;
    assert.deepEqual(await judge({ ...HTML, text: "default-src", replacement: "x-src", tests }), {
      verdict: "killed",
      by: "panel/html.test.ts",
    });
  });

  it("proves nothing where it is stale, or the source with it does not parse", async () => {
    for (const [text, replacement] of [
      ["is nowhere in it", ""],
      ["escapeHtml", "x"],
      ["newNonce(): string {", "newNonce(): string"],
    ] as const)
      await assert.rejects(judge({ ...HTML, text, replacement }), /made-up/);
  });
});
