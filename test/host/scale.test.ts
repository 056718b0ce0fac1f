import assert from "node:assert/strict";
import { Random } from "../../src/local/samples/random.ts";
import type { NewLog } from "../../src/local/store.ts";
import type { GroupName } from "../../src/logs/grouping.ts";
import type { OrderName } from "../../src/source/query.ts";
import type { EarlierNode, GatewayNode, GroupNode, MoreNode, Node } from "../../src/tree/nodes.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

const ALL = 1_000_000;
const DAYS = 400;
/** Yesterday's; today has a few, so that the newest page spans both. */
const IN_ONE_DAY = 300_000;
const TODAY = 5;
const BATCH = 10_000;

const MODELS = ["gpt-4.1-mini", "gpt-4.1", "claude-haiku-4-5", "claude-sonnet-4-5", "llama-3.3-70b", "gemini-2.5-pro"];
const PROVIDERS = ["openai", "anthropic", "workers-ai", "google-ai-studio"];

describe("a million logs", function () {
  this.timeout(180_000);

  let world: World;
  const now = new Date();
  const day = (ago: number) => new Date(now.getFullYear(), now.getMonth(), now.getDate() - ago);
  const keyOf = (ago: number) => world.format.calendar.dayOf(day(ago));

  const random = new Random(6);

  function randomLog(createdAt: Date, index: number): NewLog {
    const success = random.chance(0.9);
    return {
      ...GATEWAY,
      createdAt,
      path: "chat/completions",
      provider: random.pick(PROVIDERS),
      model: random.pick(MODELS),
      success,
      statusCode: success ? 200 : 429,
      cost: random.between(0, 90_000) / 1_000_000,
      durationMs: random.between(100, 20_000),
      tokensIn: random.between(1, 5000),
      tokensOut: 226,
      ...(index % 8 === 0 ? { eventId: `event-${random.between(1, ALL)}`, step: random.between(1, 3) } : {}),
      ...(index % 16 === 0 ? { metadata: { user: random.between(1, 50) } } : {}),
    };
  }

  /**
   * Fills day after day, yielding to the host between the parts. Most days have only half an hour of logs, which is
   * faster to fill.
   */
  async function fill(): Promise<void> {
    const others = ALL - IN_ONE_DAY - TODAY;
    let batch: NewLog[] = [];
    const store = async () => {
      world.gateway.store.insert(batch);
      batch = [];
      await new Promise((resolve) => setImmediate(resolve));
    };
    for (let ago = DAYS - 1; ago >= 0; ago--) {
      const rest =
        Math.floor((others * (DAYS - ago)) / (DAYS - 2)) - Math.floor((others * (DAYS - ago - 1)) / (DAYS - 2));
      const count = ago === 0 ? TODAY : ago === 1 ? IN_ONE_DAY : rest;
      const start = day(ago).getTime();
      const length = ago === 1 ? day(0).getTime() - start : Math.min(1_800_000, now.getTime() - start);
      for (let index = 0; index < count; index++) {
        batch.push(randomLog(new Date(start + Math.floor((index * length) / count)), index));
        if (batch.length === BATCH) await store();
      }
    }
    await store();
  }

  before(async () => {
    world = await startWorld();
    await fill();
    await world.signIn();
  });

  after(() => world.close());

  beforeEach(() => {
    world.expanded.clear();
    show("newest", "day", "");
    world.tree.refresh();
    world.gateway.takeCalls();
  });

  /** Counts an action's calls; none requests more than one page of rows. */
  async function calls(count: number, action: () => Promise<unknown>, name = "the action"): Promise<void> {
    world.gateway.takeCalls();
    await action();
    const made = world.gateway.takeCalls();
    assert.equal(made.length, count, `${name}: ${made.map(decodeURIComponent).join("\n")}`);
    for (const call of made.filter((one) => one.includes("/logs?"))) {
      const perPage = Number(new URLSearchParams(call.split("?")[1]).get("per_page"));
      assert.ok(perPage >= 1 && perPage <= 50, call);
    }
  }

  const gatewayNode = async (): Promise<GatewayNode> => kind(await world.children(), "gateway");

  /** Shows the logs in another way. */
  function show(order: OrderName, group: GroupName, filter: string): void {
    world.arrangements.setOrder(order);
    world.arrangements.setGroup(group);
    world.arrangements.setFilter(GATEWAY, filter);
  }

  /** Returns the nodes below, which must load with this many calls. */
  async function below(node: Node, count: number): Promise<Node[]> {
    let nodes: Node[] = [];
    await calls(count, async () => (nodes = await world.children(node)), node.id);
    assert.ok(!nodes.some(({ kind: of }) => of === "state"), nodes.map(({ id }) => id).join(", "));
    return nodes;
  }

  const rowsOf = (nodes: Node[]) => nodes.flatMap((node) => (node.kind === "log" ? [node.log.id] : []));
  const groupsOf = (nodes: Node[]) => nodes.filter((node) => node.kind === "group");
  const more = (nodes: Node[]): MoreNode => kind(nodes, "more");

  /** Pages through a list; each page is one call with new rows. */
  async function pageOn(node: Node, pages: number): Promise<string[]> {
    let nodes = await below(node, 0);
    for (let page = 0; page < pages; page++) {
      const before = rowsOf(nodes).length;
      const next = more(nodes);
      await calls(1, () => world.tree.logReads.loadMore(next), `page ${page}`);
      nodes = await below(node, 0);
      const rows = rowsOf(nodes);
      assert.ok(rows.length > before && rows.length <= before + 50, `page ${page} brings ${rows.length - before}`);
      assert.equal(new Set(rows).size, rows.length);
    }
    return rowsOf(nodes);
  }

  const yesterdayIn = (nodes: Node[]): GroupNode =>
    groupsOf(nodes).find(({ known }) => known.key === keyOf(1)) ?? assert.fail("yesterday");

  it("opens, and opens a gateway, with one call each", async () => {
    await calls(1, () => world.children());
    const gateway = await gatewayNode();
    const nodes = await below(gateway, 1);
    assert.deepEqual(
      groupsOf(nodes).map(({ known }) => known.logs.length),
      [TODAY, 50 - TODAY],
    );
    assert.equal(gateway.total, ALL);
  });

  it("opens a day of 300,000, and loads more of it 25 times, with one call each", async () => {
    const gateway = await gatewayNode();
    const yesterday = yesterdayIn(await below(gateway, 1));
    await below(yesterday, 1);
    assert.equal(yesterday.known.total, IN_ONE_DAY);
    const rows = await pageOn(yesterday, 25);
    assert.ok(rows.length > 1000);
  });

  it("goes to earlier days 20 times, with one call each", async () => {
    const gateway = await gatewayNode();
    let nodes = await below(gateway, 1);
    for (let step = 0; step < 20; step++) {
      const earlier: EarlierNode = kind(nodes, "earlier");
      await calls(1, () => world.tree.logReads.loadEarlier(earlier), `earlier ${step}`);
      nodes = await below(gateway, 0);
    }
    assert.equal(groupsOf(nodes).length, 22);
    const last = groupsOf(nodes).at(-1) ?? assert.fail("a day");
    await below(last, 1);
    const { total = 0 } = last.known;
    assert.ok(total > 1700 && total < 1800, `${total}`);
  });

  it("filters with one call, whatever the filter, and opens a day of what fits with one more", async () => {
    for (const line of [
      "status:error model:gpt-4.1",
      "cost:>0.08 tokens:>4000",
      "meta.user:42",
      "-provider:openai,anthropic duration:<200ms",
      "since:3d claude",
      "status_code:429 status:error",
    ]) {
      show("newest", "day", line);
      const gateway = await gatewayNode();
      const nodes = await below(gateway, 1);
      assert.equal(gateway.filter, line);
      // The API can't count row-only conditions.
      const { total = 0 } = gateway;
      assert.ok(line.includes("status_code") ? total === 0 : total > 50 && total < ALL / 2, `${line}: ${total}`);
      const yesterday = yesterdayIn(nodes);
      await below(yesterday, 1);
      await pageOn(yesterday, 2);
    }
  });

  it("orders with one call, and goes on with one a page", async () => {
    for (const order of ["cost", "duration", "tokens", "model"] as const) {
      show(order, "day", "");
      const gateway = await gatewayNode();
      let nodes: Node[] = [];
      await calls(1, async () => (nodes = await world.children(gateway)), order);
      assert.equal(rowsOf(nodes).length, 50);
      assert.equal(
        nodes.some(({ kind: of }) => of === "state"),
        order === "tokens",
      );
      const next = more(nodes);
      await calls(1, () => world.tree.logReads.loadMore(next), order);
      assert.ok(rowsOf(await world.children(gateway)).length > 70);
    }
    show("oldest", "day", "");
    const gateway = await gatewayNode();
    const first = groupsOf(await below(gateway, 1))[0] ?? assert.fail("a day");
    assert.equal(first.known.key, keyOf(DAYS - 1));
    await below(first, 1);
    await pageOn(first, 3);
  });

  it("groups with one call, opens a group with one, and goes on with one a page", async () => {
    for (const group of ["model", "provider", "status", "meta.user"] as const) {
      show("newest", group, "");
      const gateway = await gatewayNode();
      const nodes = await below(gateway, 1);
      const opened = groupsOf(nodes)[0] ?? assert.fail(`a group by ${group}`);
      await below(opened, 1);
      assert.ok((opened.known.total ?? 0) > 1000, `${group}: ${opened.known.total}`);
      await pageOn(opened, 3);
      const next = more(nodes);
      await calls(1, () => world.tree.logReads.loadMore(next), group);
    }
    show("newest", "event", "");
    const gateway = await gatewayNode();
    const nodes = await below(gateway, 1);
    assert.ok(rowsOf(nodes).length + groupsOf(nodes).length > 40);
  });

  it("goes to a date with one call, and opens it with one", async () => {
    const gateway = await gatewayNode();
    await below(gateway, 1);
    for (const ago of [300, 20, 399, 150]) {
      let found: GroupNode | undefined;
      await calls(1, async () => (found = await world.tree.logReads.goToDay(gateway, keyOf(ago))), `${ago} days ago`);
      assert.equal(found?.known.key, keyOf(ago));
      await below(found, 1);
    }
    await calls(0, () => world.tree.logReads.goToDay(gateway, keyOf(20)));
  });

  it("looks for new logs with one call", async () => {
    const gateway = await gatewayNode();
    await below(gateway, 1);
    const { signal } = new AbortController();
    await calls(1, () => world.tree.arrivals.look(gateway, signal));
    const log = aLog({ id: "new", createdAt: new Date() });
    world.gateway.store.insert([log]);
    await calls(1, () => world.tree.arrivals.look(gateway, signal));
    const today = groupsOf(await below(gateway, 0))[0] ?? assert.fail("today");
    assert.ok(rowsOf(await below(today, 0)).includes("new"));
    assert.equal(gateway.total, ALL + 1);
    const query = { conditions: [{ key: "id" as const, operator: "eq" as const, value: ["new"] }] };
    const { store } = world.gateway;
    store.remove(store.select(log, { ...query, orderBy: "created_at", direction: "asc" }, 1));
  });

  it("refreshes with one call, and one for each day that is open", async () => {
    const gateway = await gatewayNode();
    const nodes = await below(gateway, 1);
    const yesterday = yesterdayIn(nodes);
    await below(yesterday, 1);
    await pageOn(yesterday, 3);
    const earlier: EarlierNode = kind(nodes, "earlier");
    await world.tree.logReads.loadEarlier(earlier);
    await calls(1, () => world.tree.logReads.refreshGroup(yesterday), "a day");
    world.tree.refresh(gateway);
    const again = await below(gateway, 1);
    assert.equal(groupsOf(again).length, 3, "the days that were known are there");
    await below(yesterdayIn(again), 1);
    await below(groupsOf(again)[2] ?? assert.fail("the day before"), 1);
  });

  it("steps to the next log without a call, and at the end of what is known with one", async () => {
    for (const order of ["newest", "cost"] as const) {
      show(order, "day", "");
      const gateway = await gatewayNode();
      const nodes = await world.children(gateway);
      if (order === "newest") await below(yesterdayIn(nodes), 1);
      const known = world.tree.known(gateway.ref);
      for (let index = 0; index < 200; index++) {
        const all = world.tree.known(gateway.ref);
        const log = all[index] ?? assert.fail(`${order}: log ${index}`);
        const isLast = index === all.length - 1;
        let next: Node | undefined;
        const ref = { ...gateway.ref, logId: log.id };
        await calls(isLast ? 1 : 0, async () => (next = await world.tree.neighbor(ref, "next")), `${order}, ${index}`);
        assert.equal(next?.id.split("/").at(-1), world.tree.known(gateway.ref)[index + 1]?.id);
      }
      assert.ok(known.length < 200 && world.tree.known(gateway.ref).length >= 200);
    }
  });
});
