import assert from "node:assert/strict";
import * as vscode from "vscode";
import { compareLogs } from "../../src/tools/compare-logs.ts";
import { debugCalls } from "../../src/tools/debug-calls.ts";
import { readLogOf } from "../../src/tools/read-log.ts";
import { toolsOf } from "../../src/tools/register.ts";
import { searchLogs } from "../../src/tools/search-logs.ts";
import type { ToolNeeds } from "../../src/tools/needs.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { Run } from "../../src/debugging/core/run.ts";
import { aLog } from "../gateway.ts";
import { startDebugWorld } from "./debug-world.ts";

type DebugWorld = Awaited<ReturnType<typeof startDebugWorld>>;

const never = new AbortController().signal;
const asking = (...contents: string[]) =>
  JSON.stringify({ model: "gpt-4.1-mini", messages: contents.map((content) => ({ role: "user", content })) });

describe("the tools of language models", () => {
  let world: DebugWorld;
  let needs: ToolNeeds;

  beforeEach(async () => {
    world = await startDebugWorld();
    const { sessions, runs, read, format, features } = world;
    const bodies = new Bodies((of) => sessions.sourceOf(of));
    needs = { sessions, runs, debugging: { features: () => Promise.resolve(features) }, bodies, read, format };
    world.gateway.store.insert([
      aLog({
        id: "log-1",
        createdAt: new Date(),
        request: asking("Hello", "Write to ada@example.com"),
        metadata: { user: "ada@example.com" },
      }),
      aLog({
        id: "log-2",
        createdAt: new Date(),
        request: asking("Hello", "Be brief"),
        success: false,
        statusCode: 429,
      }),
    ]);
  });

  afterEach(() => world.close());

  const declared = (): string[] => {
    const manifest = vscode.extensions.getExtension("ai-gateway-logs.ai-gateway-logs")?.packageJSON as {
      contributes: { languageModelTools: { name: string }[] };
    };
    return manifest.contributes.languageModelTools.map(({ name }) => name).sort();
  };

  /** VS Code's question before a tool runs, as plain text. */
  const asked = async (name: string, input: object) => {
    const { token } = new vscode.CancellationTokenSource();
    const prepared = await toolsOf(() => Promise.resolve(needs))[name]?.prepareInvocation?.({ input }, token);
    const { title, message } = prepared?.confirmationMessages ?? {};
    assert.ok(title, `${name} runs without a yes`);
    assert.ok(message instanceof vscode.MarkdownString, name);
    const { isTrusted, supportHtml, supportThemeIcons, value } = message;
    assert.ok(!isTrusted && !supportHtml && !supportThemeIcons, name);
    const words = value.replaceAll("&nbsp;", " ").replaceAll(/\\(.)/g, "$1");
    return { title, value, words, doing: String(prepared?.invocationMessage) };
  };

  it("are those that package.json declares", () => {
    const registered = vscode.lm.tools.map(({ name }) => name).filter((name) => name.startsWith("aiGateway_"));
    assert.deepEqual(registered.sort(), declared());
    assert.deepEqual(Object.keys(toolsOf(() => Promise.resolve(needs))).sort(), declared());
  });

  it("ask before they read anything, each with what goes to the model", async () => {
    world.gateway.takeCalls();
    world.runs.add(new Run("1", "Launch Program", new Date()));
    const cases: [name: string, input: object, says: (string | RegExp)[]][] = [
      [
        "aiGateway_searchLogs",
        { filter: "status:error since:2h", gateway: "production", limit: 500 },
        ["**Gateway** production", "**Filter** status:error since:2h", "**At most** 50 logs", "metadata"],
      ],
      ["aiGateway_searchLogs", {}, ["**Gateway** production", "**Filter** none", "**At most** 20 logs"]],
      [
        "aiGateway_readLog",
        { id: "log-1" },
        ["**Log** log-1", /The request, the response .* language model/, "12000 characters"],
      ],
      ["aiGateway_compareLogs", { first: "log-1", second: "log-2" }, ["**First log** log-1", "**Second log** log-2"]],
      ["aiGateway_debugCalls", {}, ["**Debug sessions** Launch Program", "5 sessions, 50 calls each", "source files"]],
    ];
    assert.deepEqual([...new Set(cases.map(([name]) => name))].sort(), declared());
    for (const [name, input, says] of cases) {
      const { words } = await asked(name, input);
      for (const part of [...says, "language model that you chat with", /API keys, .* are redacted/])
        assert.ok(
          typeof part === "string" ? words.includes(part) : part.test(words),
          `${name}: ${String(part)}: ${words}`,
        );
    }
    assert.ok(!world.gateway.takeCalls().some((call) => call.includes("/logs")), "no log is read for a question");
  });

  it("ask in words of their own: what a model gives acts nowhere", async () => {
    const evil = "x](command:evil) <command:evil> ![i](https://x.test/i) **no** $(zap)\n# Allowed";
    for (const [name, input] of [
      ["aiGateway_searchLogs", { filter: evil, gateway: evil }],
      ["aiGateway_readLog", { id: evil }],
      ["aiGateway_compareLogs", { first: evil, second: evil }],
    ] as const) {
      const { title, value, doing } = await asked(name, input);
      assert.ok(!`${title}${doing}`.includes("evil"), name);
      assert.ok(
        value.includes("evil") && !value.includes("](") && !value.includes("<") && !value.includes("\n#"),
        value,
      );
      assert.ok(!value.includes("**no**"), value);
    }
  });

  it("find logs by a filter, as rows without personal data", async () => {
    const found = await searchLogs({ filter: "status:error" }, needs, never);
    assert.deepEqual(
      (JSON.parse(found) as { logs: { id: string; status: number }[] }).logs.map(({ id, status }) => [id, status]),
      [["log-2", 429]],
    );
    const all = await searchLogs({ gateway: "production", limit: 500 }, needs, never);
    assert.ok(!all.includes("ada@example.com"));
    await assert.rejects(searchLogs({ gateway: "none" }, needs, never), /Name one of the gateways: production/);
    await assert.rejects(searchLogs({ filter: "nonsense:1" }, needs, never), /nonsense/);
  });

  it("read a log, redacted and of a bounded size", async () => {
    const text = await readLogOf("log-1", needs, never);
    assert.match(text, /Yes, two are\./);
    assert.match(text, /\[redacted: e-mail\]/);
    assert.ok(!text.includes("ada@example.com"));
    world.gateway.store.insert([aLog({ id: "long", createdAt: new Date(), request: asking("x ".repeat(100_000)) })]);
    const long = await readLogOf("long", needs, never);
    assert.ok(long.length < 13_000 && long.includes("characters left out") && long.includes("Yes, two are."));
    await assert.rejects(readLogOf("no-such-log", needs, never), /No gateway has a log/);
  });

  it("compare two logs from the first message that is not the same", async () => {
    const text = await compareLogs({ first: "log-1", second: "log-2" }, needs, never);
    assert.match(text, /"status":\[200,429\]/);
    assert.match(text, /The first 1 messages are the same/);
    assert.match(text, /Be brief/);
  });

  it("tell the calls of debug sessions", async () => {
    const run = new Run("1", "Launch", new Date());
    world.runs.add(run);
    run.see({ id: "log-2", sure: true }, await world.features.watch.lookup.find("log-2", never), {
      path: "/a.ts",
      line: 3,
    });
    run.see({ id: "unknown-1", sure: true }, { type: "waiting" });
    const { sessions } = JSON.parse(debugCalls(needs)) as {
      sessions: { name: string; calls: Record<string, unknown>[] }[];
    };
    assert.deepEqual(
      sessions[0]?.calls.map(({ id, status, state }) => [id, status, state]),
      [
        ["log-2", 429, undefined],
        ["unknown-1", undefined, "waiting"],
      ],
    );
    assert.deepEqual(sessions[0]?.calls[0]?.["printedAt"], { path: "/a.ts", line: 3 });
  });
});
