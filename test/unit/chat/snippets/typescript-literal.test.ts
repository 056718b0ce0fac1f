import assert from "node:assert/strict";
import { it } from "node:test";
import { runInNewContext } from "node:vm";
import { snippet } from "../../../../src/chat/snippets/index.ts";
import { Random } from "../../../../src/local/samples/random.ts";
import { THROUGH } from "./through.ts";

const gateway = { sourceId: "acc", collectionId: "shop" };

/** Runs a snippet's own code in an empty context, and returns its argument to the SDK. */
function argumentOf(request: string): unknown {
  const text = snippet("openaiTypescript", {
    gateway,
    through: THROUGH,
    provider: "openai",
    path: "embeddings",
    request,
    response: null,
  });
  const [, written] = /embeddings\.create\(([\s\S]*) as OpenAI\./.exec(text ?? "") ?? [];
  return runInNewContext(`JSON.stringify(${written})`);
}

it("a literal in TypeScript says what the JSON says, whatever is in its names and texts", () => {
  const random = new Random(14);
  const pieces = [
    "__proto__",
    "constructor",
    "a",
    "1",
    "-",
    " ",
    '"',
    "'",
    "`",
    "${x}",
    "\\",
    "\n",
    "\u2028",
    "ü",
    "*/",
    "//",
  ];
  const odd = () => Array.from({ length: random.between(1, 3) }, () => random.pick(pieces)).join("");
  const value = (depth: number): unknown => {
    const kind = random.between(0, depth > 2 ? 2 : 4);
    if (kind === 0) return random.pick([null, true, false, -1.5e-7, 0]);
    if (kind === 1) return odd();
    const items = Array.from({ length: random.between(0, 4) }, () => value(depth + 1));
    // As JSON is read: "__proto__" is a field like any other.
    return kind === 2
      ? items
      : JSON.parse(`{${items.map((item) => `${JSON.stringify(odd())}:${JSON.stringify(item)}`).join()}}`);
  };
  for (let round = 0; round < 500; round++) {
    const json = JSON.stringify({ input: value(0), [odd()]: value(0) });
    assert.equal(argumentOf(json), json);
  }
  for (const json of ['{"__proto__":{"a":1}}', '{"a":[{"__proto__":[]}]}']) assert.equal(argumentOf(json), json);
});
