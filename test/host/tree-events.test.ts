import assert from "node:assert/strict";
import type { GatewayNode, Node } from "../../src/tree/nodes.ts";
import { aLog } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

describe("the tree tells VS Code", () => {
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

  it("once of what was read, and nothing for being asked", async () => {
    fill(1, 60);
    await world.signIn();
    const gateway = await gatewayNode();
    const fired: unknown[] = [];
    const subscription = world.tree.onDidChangeTreeData((node) => fired.push(node));
    const thrice = (node: Node) => Promise.all([1, 2, 3].map(() => world.children(node)));
    const [rows = []] = await thrice(gateway);
    assert.deepEqual([fired.splice(0), gateway.total], [[gateway], 60]);
    const day = kind(rows, "group");
    await thrice(day);
    assert.deepEqual([fired.splice(0), day.known.total], [[day], 60]);
    for (const node of [undefined, gateway, day]) await world.children(node);
    assert.deepEqual(fired, []);
    subscription.dispose();
  });

  it("only of the day that was refreshed", async () => {
    fill(1, 2);
    await world.signIn();
    const day = kind(await world.children(await gatewayNode()), "group");
    await world.children(day);
    const fired: (Node | undefined)[] = [];
    const subscription = world.tree.onDidChangeTreeData((node) => fired.push(node));
    world.gateway.takeCalls();
    await world.tree.logReads.refreshGroup(day);
    subscription.dispose();
    assert.deepEqual(fired, [day]);
    assert.equal(world.gateway.takeCalls().length, 1);
  });
});
