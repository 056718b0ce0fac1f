import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { LogRef } from "../../src/source/log.ts";
import { openLogOfVariable } from "../../src/commands/browse/open-log-of-variable.ts";
import { aLog, CANARY } from "../gateway.ts";
import { startDebugWorld, when } from "./debug-world.ts";
import { kind } from "./nodes.ts";

type DebugWorld = Awaited<ReturnType<typeof startDebugWorld>>;

const LATE = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";
const token = new vscode.CancellationTokenSource().token;

/** The texts at the ends of the lines, by line. */
function textsOf(values: vscode.InlineValue[]): Map<number, string> {
  return new Map(
    values.flatMap((value) =>
      value instanceof vscode.InlineValueText ? [[value.range.start.line, value.text] as const] : [],
    ),
  );
}

describe("debugging a program that calls the gateway", () => {
  let world: DebugWorld;

  beforeEach(async () => {
    world = await startDebugWorld();
  });

  afterEach(() => world.close());

  const known = (count: number) =>
    when(
      world.runs.onDidChange,
      () => world.runs.all[0] && world.runs.all[0].known.length >= count && world.runs.all[0],
    );

  it("lists its calls at the top of the tree, and at the ends of the lines with their responses", async () => {
    const { document, line } = await world.breakAt("calls.mjs");
    await world.start("calls.mjs", { LATE_ID: LATE });
    const { session, frameId } = await world.stopped();
    await known(2);
    const at = new vscode.Range(line, 0, line, 1);
    const whole = new vscode.Range(0, 0, document.lineCount - 1, 0);
    const values = () =>
      world.features.inlineValues.provideInlineValues(document, whole, { frameId, stoppedLocation: at }, token);
    await values();
    await known(3);
    const texts = textsOf((await values()) ?? []);
    const lineOf = (text: string) => document.positionAt(document.getText().indexOf(text)).line;
    for (const text of ["const response = await", "const id =", "const plain =", "const streamed =", "const headers ="])
      assert.match(texts.get(lineOf(text)) ?? "", /^gpt-4\.1-mini · 200 · [\d,]+ → [\d,]+ tokens/, text);
    assert.equal(texts.get(lineOf("const client =")), undefined);
    assert.equal(texts.get(lineOf("const late =")), undefined);

    const [top, ...others] = await world.children();
    assert.equal(top?.kind, "run");
    assert.equal(kind(others, "gateway").ref.collectionId, "production");
    const calls = await world.children(top);
    assert.deepEqual(
      calls.map((node) => node.kind),
      ["log", "log", "log"],
    );
    assert.match((await world.words([top]))[0] ?? "", /^Debug Session \| Launch calls\.mjs · 3 calls$/);

    world.gateway.store.insert([aLog({ id: LATE, createdAt: new Date(), model: "gpt-late" })]);
    await known(4);
    assert.match(textsOf((await values()) ?? []).get(lineOf("const late =")) ?? "", /^gpt-late · 200/);

    const word = new vscode.Position(lineOf("const response = await"), 8);
    const hover = await world.features.hover.provideHover(document, word, token);
    const [card] = hover?.contents ?? [];
    assert.ok(card instanceof vscode.MarkdownString);
    assert.match(card.value, /Is&nbsp;the&nbsp;blue&nbsp;frame&nbsp;in&nbsp;stock\?/);
    assert.deepEqual(card.isTrusted, { enabledCommands: ["aiGateway.openLog"] });

    const { scopes } = (await session.customRequest("scopes", { frameId })) as {
      scopes: { variablesReference: number }[];
    };
    const [{ variablesReference } = { variablesReference: 0 }] = scopes;
    const { variables } = (await session.customRequest("variables", { variablesReference })) as {
      variables: { name: string }[];
    };
    const opened: string[] = [];
    const beside = (ref: LogRef) => Promise.resolve(void opened.push(ref.logId));
    const variable = variables.find(({ name }) => name === "plain");
    await openLogOfVariable(world.features, { open: () => assert.fail("it stands"), openBeside: beside }, { variable });
    assert.deepEqual(opened, [world.runs.all[0]?.known[1]?.state.log.id]);

    const environment = await session.customRequest("evaluate", { expression: "JSON.stringify(process.env)", frameId });
    assert.ok(!JSON.stringify([environment, session.configuration]).includes(CANARY), "no token in the program");
  });

  it("keeps all of 500 calls in a loop, which are asked for together", async () => {
    await world.start("loop.mjs");
    const run = await known(500);
    assert.equal(run.calls.length, 500);
    const asked = world.gateway.takeCalls().filter((call) => call.includes("/logs?"));
    assert.ok(asked.length < 60, `${asked.length} calls to the API`);
    await world.over();
  });

  it("knows the call of a program that crashed, and keeps it until it is cleared", async () => {
    await world.start("crash.mjs");
    const run = await world.over();
    await known(1);
    assert.equal(run.calls.length, 1);
    world.runs.clear();
    assert.deepEqual(world.runs.all, []);
    assert.equal((await world.children())[0]?.kind, "gateway");
  });

  it("does the same for a program in Python", async () => {
    const { document, line } = await world.breakAt("calls.py");
    await world.start("calls.py");
    const { frameId } = await world.stopped();
    await known(1);
    const context = { frameId, stoppedLocation: new vscode.Range(line, 0, line, 1) };
    const whole = new vscode.Range(0, 0, document.lineCount - 1, 0);
    const texts = textsOf(
      (await world.features.inlineValues.provideInlineValues(document, whole, context, token)) ?? [],
    );
    for (const text of ["response = ", "held = "])
      assert.match(
        texts.get(document.positionAt(document.getText().indexOf(`\n${text}`) + 1).line) ?? "",
        /^gpt-4\.1-mini · 200/,
        text,
      );
  });
});
