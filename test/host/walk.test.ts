import assert from "node:assert/strict";
import { clearFilter } from "../../src/commands/filter/clear-filter.ts";
import type { GatewayNode, LogNode, Node } from "../../src/tree/nodes.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

describe("the tree", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
  });

  afterEach(() => world.close());

  const fill = (daysAgo: number, count: number) =>
    world.gateway.store.insert(Array.from({ length: count }, (_, index) => aLog({ createdAt: at(daysAgo, index) })));

  async function gatewayNode(): Promise<GatewayNode> {
    return kind(await world.children(), "gateway");
  }

  describe("goes on from a log", () => {
    const next = (from: LogNode) => world.tree.neighbor(from.ref, "next");

    it("down a day and over its end, with one call where more is to be read", async () => {
      fill(0, 120);
      fill(3, 5);
      await world.signIn();
      const gateway = await gatewayNode();
      const today = kind(await world.children(gateway), "group");
      let at = kind(await world.children(today), "log");
      world.gateway.takeCalls();
      const ids = [at.ref.logId];
      for (let beside = await next(at); beside; beside = await next(at)) {
        at = beside;
        ids.push(at.ref.logId);
      }
      assert.equal(new Set(ids).size, 125);
      // The rest of today, and the days before.
      assert.equal(world.gateway.takeCalls().length, 2);
      const shown = await world.children(today);
      assert.equal(shown.filter((node) => node.kind === "log").length, 120);
      assert.equal((await world.tree.neighbor(at.ref, "previous"))?.ref.logId, ids.at(-2));
      assert.equal(world.tree.getParent(at)?.id, (await world.children(gateway))[2]?.id);
    });

    it("in a tree that was not shown yet, and not at all from a log that is not in it", async () => {
      fill(1, 2);
      await world.signIn();
      const { logs } = await world.gateway.client.listLogs(GATEWAY, {});
      const [first, second] = logs.map(({ id }) => ({ ...GATEWAY, logId: id }));
      assert.ok(first && second);
      assert.deepEqual((await world.tree.neighbor(first, "next"))?.ref, second);
      assert.equal(await world.tree.neighbor(first, "previous"), undefined);
      for (const unlisted of [
        { ...GATEWAY, logId: "unknown" },
        { ...first, collectionId: "gone" },
      ])
        await assert.rejects(world.tree.neighbor(unlisted, "next"), /isn't in the tree/);
    });

    it("over the end of a day that was not opened, whose first page is all that is known", async () => {
      fill(1, 60);
      await world.signIn();
      const day = kind(await world.children(await gatewayNode()), "group");
      const last = day.known.logs.at(-1);
      assert.ok(last);
      assert.equal(day.known.logs.length, 50);
      const beside = await world.tree.neighbor({ ...GATEWAY, logId: last.id }, "next");
      assert.ok(beside && beside.log.createdAt < last.createdAt);
    });

    it("and says so when what comes next cannot be read", async () => {
      fill(1, 120);
      await world.signIn();
      const day = kind(await world.children(await gatewayNode()), "group");
      const logs = await world.children(day);
      const last = logs.findLast((node) => node.kind === "log");
      assert.ok(last);
      await world.gateway.goAway();
      await assert.rejects(next(last), { name: "SourceError", reason: "offline" });
      await world.gateway.comeBack();
      assert.ok(await next(last));
    });
  });

  describe("shows only what fits a filter", () => {
    const blue = "meta.team:blue";

    it("of one gateway, until it is cleared, with an action where nothing fits", async () => {
      world.gateway.store.insert([
        aLog({ createdAt: at(1, 3), metadata: { team: "blue" } }),
        aLog({ createdAt: at(1, 2), metadata: { team: "red", wall: "blue" } }),
        aLog({ createdAt: at(1, 1) }),
      ]);
      await world.signIn();
      const gateway = await gatewayNode();
      const shown = async () => (await world.children(kind(await world.children(gateway), "group"))).length;
      assert.equal(await shown(), 3);
      const fired: (Node | undefined)[] = [];
      const subscription = world.tree.onDidChangeTreeData((node) => fired.push(node));
      world.arrangements.setFilter(gateway.ref, blue);
      subscription.dispose();
      assert.deepEqual(fired, [gateway]);
      assert.equal(await shown(), 1);
      world.arrangements.setFilter(gateway.ref, "provider:nobody");
      const state = kind(await world.children(gateway), "state");
      assert.deepEqual(await world.words([state]), ["No logs match the filter | Clear Filter"]);
      clearFilter(world, state);
      assert.deepEqual(world.arrangements.filters, []);
      assert.equal(await shown(), 3);
    });

    it("keeps it over a refresh", async () => {
      world.gateway.store.insert([aLog({ createdAt: at(1) })]);
      await world.signIn();
      world.arrangements.setFilter(GATEWAY, blue);
      world.tree.refresh();
      assert.equal(kind(await world.children(await gatewayNode()), "state").state.type, "noMatch");
    });

    it("says what is wrong with an invalid filter, and reads nothing", async () => {
      await world.signIn();
      const gateway = await gatewayNode();
      world.arrangements.setFilter(GATEWAY, "modle:x");
      world.gateway.takeCalls();
      const state = kind(await world.children(gateway), "state");
      assert.equal(state.state.type, "badFilter");
      assert.match(String(world.tree.item(state).tooltip), /modle/);
      assert.deepEqual(world.gateway.takeCalls(), []);
    });
  });
});
