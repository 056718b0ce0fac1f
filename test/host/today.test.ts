import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Node } from "../../src/tree/nodes.ts";
import { Today } from "../../src/tree/today.ts";
import { aLog } from "../gateway.ts";
import { kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

/** Between two midnights of the test's own zones, so that its day is another one in each. */
const TIME = new Date("2026-11-19T23:30:00Z");

describe("the days of the tree", () => {
  const zone = process.env["TZ"];
  const focus = new vscode.EventEmitter<void>();
  let world: World;
  let today: Today;
  let now: number;
  let timer: { ms: number; run: () => void } | undefined;
  let drawn: (Node | undefined)[];

  const moveTo = (name: string | undefined): void => {
    if (name === undefined) delete process.env["TZ"];
    else process.env["TZ"] = name;
  };

  beforeEach(async () => {
    moveTo("UTC");
    world = await startWorld();
    now = TIME.getTime();
    world.gateway.store.insert([aLog({ createdAt: TIME })]);
    await world.signIn();
    today = new Today(world.tree, world.format.calendar, {
      onDidChangeFocus: focus.event,
      now: () => now,
      after: (ms, run) => {
        const set = (timer = { ms, run });
        return { dispose: () => (timer = timer === set ? undefined : timer) };
      },
    });
    drawn = [];
    world.tree.onDidChangeTreeData((node) => drawn.push(node));
  });

  afterEach(async () => {
    today.dispose();
    moveTo(zone);
    await world.close();
  });

  const dayShown = async (): Promise<string> => {
    const gateway = kind(await world.children(), "gateway");
    return kind(await world.children(gateway), "group").known.key;
  };

  it("are renamed at midnight, without a call, and again at the next one", async () => {
    await dayShown();
    const gateway = kind(await world.children(), "gateway");
    world.gateway.takeCalls();
    drawn = [];
    for (const minutes of [30, 24 * 60]) {
      assert.equal(timer?.ms, minutes * 60_000);
      now += timer.ms;
      timer.run();
      assert.deepEqual(drawn.splice(0), [gateway]);
    }
    await world.children(gateway);
    assert.equal(world.gateway.takeCalls().length, 0);
  });

  it("are renamed when the window is used again on another day, and not on the same", () => {
    focus.fire();
    assert.deepEqual(drawn, []);
    now += 3 * 86_400_000;
    focus.fire();
    assert.equal(timer?.ms, 30 * 60_000);
  });

  it("are those of the zone where the person is by now", async () => {
    assert.equal(await dayShown(), "2026-11-19");
    moveTo("Asia/Tokyo");
    focus.fire();
    assert.deepEqual(drawn.splice(0).at(-1), undefined);
    assert.equal(await dayShown(), "2026-11-20");
    focus.fire();
    assert.deepEqual(drawn, []);
  });

  it("are looked for no more when the window goes", () => {
    today.dispose();
    assert.equal(timer, undefined);
  });
});
