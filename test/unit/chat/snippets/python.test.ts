import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { it } from "node:test";
import { snippet } from "../../../../src/chat/snippets/index.ts";
import { enough } from "../../../traffic.ts";
import { recordedCalls } from "./receiver.ts";
import { THROUGH } from "./through.ts";

/** Compiles each program of a list and returns the arguments of its last call, evaluated as literals: the sent body. */
const CHECK = `
import ast, json, sys
bodies = []
for source in json.load(sys.stdin):
    tree = ast.parse(source)
    compile(tree, "snippet", "exec")
    call = [node.value for node in tree.body if isinstance(node, ast.Assign)][-1]
    body = {argument.arg: ast.literal_eval(argument.value) for argument in call.keywords}
    body.update(body.pop("extra_body", {}))
    bodies.append(body)
json.dump(bodies, sys.stdout)
`;

// Where there is none, the tests fail: skipped, they would prove nothing.
const python = ["python3", "python"].find((name) => spawnSync(name, ["--version"]).status === 0) ?? "python3";

function bodiesIn(programs: readonly string[]): unknown[] {
  const input = JSON.stringify(programs);
  const { error, status, stdout, stderr } = spawnSync(python, ["-c", CHECK], {
    input,
    encoding: "utf8",
    maxBuffer: 1 << 28,
  });
  assert.ifError(error);
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as unknown[];
}

it("a call in Python sends every body", () => {
  const written = recordedCalls().flatMap(({ call, recorded, body }) =>
    (["openaiPython", "anthropicPython"] as const).flatMap((form) => {
      const text = snippet(form, call);
      return text === undefined ? [] : [{ name: recorded.id, text, body: String(body) }];
    }),
  );
  assert.ok(written.length > enough(150), `${written.length} snippets`);
  const bodies = bodiesIn(written.map(({ text }) => text));
  for (const [index, { name, body }] of written.entries()) assert.deepEqual(bodies[index], JSON.parse(body), name);
});

it("a literal in Python says what the JSON says, whatever is in it", () => {
  const body = {
    model: "m",
    messages: [{ role: "user", content: "\"quotes\" 'single' \\ back \u2028 \0 \u0007 {braces} \u{1f600} é\r\n\t" }],
    temperature: -0.5,
    seed: 12345678901234,
    top_p: 1e-7,
    stop: null,
    logprobs: true,
    "an odd-key": { from: [], class: {}, none: false },
    __class__: [[[1]]],
  };
  const recorded = {
    gateway: { sourceId: "a", collectionId: "g" },
    through: THROUGH,
    provider: "openai",
    path: "chat/completions",
    request: JSON.stringify(body),
    response: null,
  };
  assert.deepEqual(bodiesIn([snippet("openaiPython", recorded) ?? ""]), [body]);
});
