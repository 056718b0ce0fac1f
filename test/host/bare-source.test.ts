// A source with no capability at all, in the tree, a panel, a filter, a comparison and the tools.
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import type { Session, SessionAccount } from "../../src/account/session.ts";
import { compareLogs } from "../../src/commands/compare/compare-logs.ts";
import { openDashboard } from "../../src/commands/account/open-dashboard.ts";
import { keptWords } from "../../src/commands/export/unfinished-exports.ts";
import { deleteLogs } from "../../src/deletion/delete-logs.ts";
import { exportLogs, type ExportProgress } from "../../src/export/export.ts";
import { LogPanel } from "../../src/panel/panel.ts";
import { sendOne } from "../../src/rating/send.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { Recordings } from "../../src/reading/recordings.ts";
import { LogDocuments } from "../../src/documents/documents.ts";
import { Entries } from "../../src/audit/entries.ts";
import { capabilitiesOf } from "../../src/source/capabilities.ts";
import type { CollectionRef, Log } from "../../src/source/log.ts";
import { searchLogs } from "../../src/tools/search-logs.ts";
import { LogTree } from "../../src/tree/provider.ts";
import type { GatewayNode, LogNode, Node } from "../../src/tree/nodes.ts";
import { progressWords } from "../../src/words/export-words.ts";
import { memorySource } from "../memory-source.ts";
import { at, kind } from "./nodes.ts";
import { PageStandIn, panelNeeds } from "./page.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld, type World } from "./world.ts";

const GATEWAY = { sourceId: "memory", collectionId: "kept" };

const madeLog = (index: number): Log => ({
  id: `log-${String(index).padStart(2, "0")}`,
  createdAt: at(Math.floor(index / 10) + 1, 3600 - index * 60),
  provider: "openai",
  model: index % 2 === 0 ? "gpt-5" : "o3",
  path: "v1/chat/completions",
  success: index % 4 !== 0,
  cached: false,
  customCost: false,
  costUsd: index / 100,
  metadata: index === 3 ? { team: "blue" } : {},
  raw: {},
});

describe("a source that only lists", () => {
  let world: World;
  let tree: LogTree;
  let memory: ReturnType<typeof memorySource>;

  const sourceOf = ({ sourceId }: CollectionRef) => Promise.resolve(sourceId === "memory" ? memory.source : undefined);
  const canOf = () => capabilitiesOf(memory.source);
  const clientOf = () => Promise.resolve(undefined);

  beforeEach(async () => {
    world = await startWorld();
    memory = memorySource(
      "memory",
      Array.from({ length: 25 }, (_, index) => madeLog(index)),
    );
    const account: SessionAccount = {
      id: "memory",
      name: "in memory",
      kind: "sample",
      source: () => Promise.resolve(memory.source),
      gateways: () => memory.source.collections(),
    };
    const session: Session = { accounts: [account], signal: new AbortController().signal };
    const none = new vscode.EventEmitter<void>();
    const moved = new vscode.EventEmitter<CollectionRef>();
    const events = { onDidChange: none.event, onDidMove: moved.event };
    const sessions = { current: () => Promise.resolve(session), ...events, canOf };
    tree = new LogTree({ ...world, sessions });
  });

  afterEach(async () => {
    tree.dispose();
    await world.close();
  });

  const gatewayNode = async (): Promise<GatewayNode> => kind(await tree.getChildren(), "gateway");
  const words = (nodes: Node[]) => world.words(nodes);

  async function logsBelow(node: Node): Promise<LogNode[]> {
    const children = await tree.getChildren(node);
    const below = await Promise.all(
      children.map(async (child): Promise<Node[]> => (child.kind === "group" ? logsBelow(child) : [child])),
    );
    return below.flat().filter((child) => child.kind === "log");
  }

  it("is shown by day, page by page, without Earlier… and with nothing that it can't do", async () => {
    const gateway = await gatewayNode();
    for (let pages = 0; pages < 10; pages++) {
      const children = await tree.getChildren(gateway);
      assert.ok(!children.some((node) => node.kind === "earlier"));
      const more = children.find((node) => node.kind === "more");
      if (!more) break;
      await tree.logReads.loadMore(more);
    }
    const days = (await tree.getChildren(gateway)).filter((node) => node.kind === "group");
    assert.equal(days.length, 3);
    const logs = await logsBelow(gateway);
    assert.deepEqual(
      logs.map(({ log }) => log.id),
      Array.from({ length: 25 }, (_, index) => madeLog(index).id),
    );
    const [first] = logs;
    assert.ok(first);
    assert.equal(tree.item(first).contextValue, "log");
    assert.deepEqual(String(tree.item(gateway).contextValue).split(" "), ["sample", "gateway"]);
    // Each of its pages was asked for once.
    assert.equal(memory.asked.length, 3);
    const [day] = days;
    assert.ok(day);
    memory.add({ ...madeLog(0), id: "late" });
    await tree.logReads.refreshGroup(day);
    assert.ok((await logsBelow(await gatewayNode())).some(({ log }) => log.id === "late"));
  });

  it("is filtered in its rows, which the tree says", async () => {
    tree.arrangements.setFilter(GATEWAY, "status:error");
    const gateway = await gatewayNode();
    const logs = await logsBelow(gateway);
    assert.ok(logs.length > 0 && logs.every(({ log }) => !log.success));
    const said = await words(await tree.getChildren(gateway));
    assert.ok(
      said.some((line) => /3 of 10/.test(line)),
      said.join("\n"),
    );
    assert.deepEqual(memory.asked.at(-1)?.query.conditions, []);
  });

  it("is sorted in its rows, which the tree says", async () => {
    tree.arrangements.setOrder("cost");
    const gateway = await gatewayNode();
    const costs = (await logsBelow(gateway)).map(({ log }) => log.costUsd ?? 0);
    assert.deepEqual(
      costs,
      costs.toSorted((a, b) => b - a),
    );
    const rows = await tree.getChildren(gateway);
    const said = (await words(rows)).join("\n");
    assert.match(said, /^Sorted here: \d+ loaded$/m);
    assert.match(said, /^Load More$/m);
    const states = rows.filter((node) => node.kind === "state");
    assert.deepEqual(
      states.map(({ state }) => state.type),
      ["sortedHere"],
    );
    const tooltips = states.map((state) => String(tree.item(state).tooltip));
    assert.deepEqual(tooltips, ["Memory does not sort by cost. These are the newest logs, sorted here."]);
  });

  it("opens a log in a panel, which says that there are no bodies and offers no rating", async () => {
    const page = new PageStandIn();
    const needs = { ...panelNeeds(world), sourceOf, canOf, bodies: new Bodies(sourceOf) };
    const owner = {
      view: "conversation",
      setView: () => {},
      open: () => Promise.resolve(),
      changed: () => {},
    } as const;
    const ref = { ...GATEWAY, logId: "log-03" };
    const panel = new LogPanel({ panel: page.panel, ref, row: undefined, isPreview: false }, needs, owner);
    page.says({ type: "ready" });
    const view = await page.until(({ state }) => state.type === "ready");
    assert.ok(view.state.type === "ready");
    for (const side of ["request", "response"] as const)
      assert.match(view.state.content[side].missing?.text ?? "", /aren't kept/);
    assert.deepEqual(view.can, []);
    assert.equal(view.facts.find(({ name }) => name === "cost")?.title, "An estimate by Memory");
    assert.deepEqual(
      view.metadata.map(({ name, value }) => [name, value]),
      [["team", "blue"]],
    );
    panel.dispose();
  });

  it("is exported with words that name no total", async () => {
    const { format } = world;
    const filter = { conditions: [], clientSide: [], search: "" };
    const job = { subset: { type: "fitting", gateway: GATEWAY, filter }, format: "jsonLines", bodies: false } as const;
    const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
    const said: string[] = [];
    try {
      const onProgress = (far: ExportProgress) => void said.push(progressWords(far, format));
      await exportLogs(memory.source, job, join(folder, "all.jsonl"), {
        signal: AbortSignal.timeout(60_000),
        onProgress,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    assert.deepEqual([said[0], said.at(-1)], ["0 logs", "25 logs"]);
    const stopped = { job, bound: new Date(0).toISOString(), total: undefined, skipped: 0 };
    assert.deepEqual(
      [1, 5].map((count) => keptWords({ ...stopped, count }, "all.jsonl.partial", format)),
      [
        "1 log is in all.jsonl.partial; Export can resume from there.",
        "5 logs are in all.jsonl.partial; Export can resume from there.",
      ],
    );
    assert.match(
      keptWords({ ...stopped, count: 5, total: 25 }, "all.jsonl.partial", format),
      /^5 of 25 logs are in all\.jsonl\.partial;/,
    );
  });

  it("compares two logs, and lets a language model search", async () => {
    const bodies = new Bodies(sourceOf);
    const recordings = new Recordings(sourceOf, bodies);
    const { read, format } = world;
    const documents = new LogDocuments({ bodies, recordings, entries: new Entries(clientOf), read, format });
    const diffs: vscode.Uri[][] = [];
    const ui: Parameters<typeof compareLogs>[2] = {
      pick: (items) => Promise.resolve(items[0]),
      diff: (left, right) => {
        diffs.push([left, right]);
        return Promise.resolve();
      },
    };
    const [one, other] = [
      { ...GATEWAY, logId: "log-01" },
      { ...GATEWAY, logId: "log-02" },
    ];
    await compareLogs([one, other], { recordings, memory: new MemoryState(), format, tree }, ui);
    assert.equal(diffs.flat().length, 2);
    for (const uri of diffs.flat()) assert.ok((await documents.readFile(uri)).length > 0);
    const places = () => Promise.resolve({ used: [GATEWAY], others: [] });
    const gateways = { places, likeliest: () => Promise.resolve(GATEWAY) };
    const found = JSON.parse(
      await searchLogs(
        { filter: "model:o3", limit: 5 },
        { sessions: { sourceOf }, format, debugging: { features: () => Promise.resolve({ gateways }) } } as never,
        new AbortController().signal,
      ),
    ) as { logs: { model: string }[] };
    assert.ok(found.logs.length > 0 && found.logs.every(({ model }) => model === "o3"));
  });

  it("says why it can't delete, rate or open a page", async () => {
    const ref = { ...GATEWAY, logId: "log-01" };
    const needs = { ...world, sessions: { sourceOf }, openLog: () => Promise.resolve() };
    const subset = { type: "chosen", gateway: GATEWAY, logIds: ["log-01"] } as const;
    await assert.rejects(deleteLogs(needs, subset), /can't be deleted/);
    const sending = { sourceOf, ratings: world.ratings, format: world.format };
    await assert.rejects(sendOne(ref, { feedback: 1 }, sending), /can't be rated/);
    const places = { panels: { active: ref }, view: { selectedNode: undefined }, sourceOf };
    await assert.rejects(openDashboard(ref, places), /no web page/);
  });
});
