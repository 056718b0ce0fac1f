import assert from "node:assert/strict";
import * as vscode from "vscode";
import { compareLogs } from "../../src/tools/compareLogs.ts";
import { debugCalls } from "../../src/tools/debugCalls.ts";
import { readLogOf } from "../../src/tools/readLog.ts";
import { searchLogs } from "../../src/tools/searchLogs.ts";
import type { ToolNeeds } from "../../src/tools/needs.ts";
import { Bodies } from "../../src/documents/bodies.ts";
import { Run } from "../../src/calls/run.ts";
import { aLog } from "../gateway.ts";
import { startDebugWorld } from "./debugRoom.ts";

type DebugWorld = Awaited<ReturnType<typeof startDebugWorld>>;

const never = new AbortController().signal;
const asking = (...contents: string[]) =>
  JSON.stringify({ model: "gpt-4.1-mini", messages: contents.map((content) => ({ role: "user", content })) });

describe("the tools of language models", () => {
  let world: DebugWorld;
  let needs: ToolNeeds;

  beforeEach(async () => {
    world = await startDebugWorld();
    const { sessions, runs, read, format, room } = world;
    const bodies = new Bodies((accountId) => sessions.clientOf(accountId));
    needs = { sessions, runs, debugging: { room: () => Promise.resolve(room) }, bodies, read, format };
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

  it("are those that package.json declares, and ask before a body leaves the window", () => {
    const declared = vscode.extensions.getExtension("ai-gateway-logs.ai-gateway-logs")?.packageJSON as {
      contributes: { languageModelTools: { name: string }[] };
    };
    const names = declared.contributes.languageModelTools.map(({ name }) => name);
    assert.deepEqual(
      vscode.lm.tools
        .map(({ name }) => name)
        .filter((name) => name.startsWith("aiGateway_"))
        .sort(),
      names.sort(),
    );
  });

  it("find logs by a filter, as rows without personal data", async () => {
    const found = await searchLogs({ filter: "status:error" }, needs, never);
    assert.deepEqual(
      (JSON.parse(found) as { logs: { id: string; status: number }[] }).logs.map(({ id, status }) => [id, status]),
      [["log-2", 429]],
    );
    const all = await searchLogs({ gateway: "production", limit: 500 }, needs, never);
    assert.ok(!all.includes("ada@example.com"));
    await assert.rejects(searchLogs({ gateway: "none" }, needs, never), /Say which gateway: production/);
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
    run.see({ id: "log-2", sure: true }, await world.room.watch.lookup.find("log-2", never), {
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
