import assert from "node:assert/strict";
import * as vscode from "vscode";
import { showNewLogs } from "../../src/commands/browse/show-new-logs.ts";
import { AutoRefresh } from "../../src/tree/auto-refresh.ts";
import type { GatewayNode } from "../../src/tree/nodes.ts";
import { startManglingProxy } from "../faults.ts";
import { ACCOUNT, aLog } from "../gateway.ts";
import { at } from "./nodes.ts";
import { setBaseUrl, startWorld, type World } from "./world.ts";

/** A window and a clock that the test controls. */
function windowEnvironment() {
  const focus = new vscode.EventEmitter<void>();
  const visibility = new vscode.EventEmitter<vscode.TreeViewVisibilityChangeEvent>();
  const setting = new vscode.EventEmitter<void>();
  let told: (() => void) | undefined;
  const state = {
    isFocused: true,
    visible: true,
    seconds: 10,
    now: Date.now(),
    timer: undefined as { ms: number; run: () => void } | undefined,
  };
  const set = () =>
    new Promise<void>((resolve) => {
      told = resolve;
    });
  return {
    state,
    view: {
      get visible() {
        return state.visible;
      },
      onDidChangeVisibility: visibility.event,
    },
    around: {
      isFocused: () => state.isFocused,
      onDidChangeFocus: focus.event,
      onDidChangeSeconds: setting.event,
      seconds: () => state.seconds,
      now: () => state.now,
      after: (ms: number, run: () => void) => {
        const timer = { ms, run };
        state.timer = timer;
        told?.();
        return {
          dispose: () => {
            if (state.timer === timer) state.timer = undefined;
          },
        };
      },
    },
    /** The timer's duration in ms; undefined without one. */
    wait: () => state.timer?.ms,
    /** Triggers a read, and waits until it's done and the timer is set. */
    reading: async (act: () => void) => {
      const done = set();
      act();
      await done;
    },
    /** Lets the time of the timer come. */
    ring: () => {
      const { timer } = state;
      assert.ok(timer, "a timer");
      state.timer = undefined;
      state.now += timer.ms;
      timer.run();
    },
    focused: (isFocused: boolean) => {
      state.isFocused = isFocused;
      focus.fire();
    },
    seen: (visible: boolean) => {
      state.visible = visible;
      visibility.fire({ visible });
    },
    every: (seconds: number) => {
      state.seconds = seconds;
      setting.fire();
    },
  };
}

describe("auto refresh", () => {
  let world: World;
  let clock: ReturnType<typeof windowEnvironment>;
  let refresh: AutoRefresh;

  async function start(options: Parameters<typeof startWorld>[0] = {}): Promise<void> {
    world = await startWorld(options);
    clock = windowEnvironment();
    const { sessions, tree, format, logger } = world;
    refresh = new AutoRefresh({ sessions, tree, view: clock.view, format, logger }, clock.around);
    world.gateway.store.insert([aLog({ createdAt: at(1) })]);
    await world.signIn();
  }

  afterEach(async () => {
    refresh.dispose();
    await world.close();
  });

  /** Opens a gateway in the tree, like a user. */
  async function open(id = "production"): Promise<GatewayNode> {
    const node = (await world.children()).find((one) => one.kind === "gateway" && one.gateway.id === id);
    assert.ok(node?.kind === "gateway");
    world.expanded.add(node.id);
    await world.children(node);
    world.gateway.takeCalls();
    return node;
  }

  const arrive = (count: number) =>
    world.gateway.store.insert(Array.from({ length: count }, () => aLog({ createdAt: new Date() })));
  const shown = async (gateway: GatewayNode) =>
    (await world.children(gateway)).reduce(
      (sum, node) => sum + (node.kind === "group" ? node.known.logs.length : 0),
      0,
    );

  it("reads at once, and then every ten seconds, with one call each time", async () => {
    await start();
    const gateway = await open();
    assert.equal(refresh.isOn, false);
    for (const [act, count] of [
      [() => refresh.start(), 2],
      [clock.ring, 3],
      [clock.ring, 0],
    ] as const) {
      arrive(count);
      await clock.reading(act);
      assert.equal(world.gateway.takeCalls().length, 1);
      assert.equal(clock.wait(), 10_000);
    }
    assert.equal(refresh.isOn, true);
    assert.equal(await shown(gateway), 6);
    assert.equal(refresh.item.text, "$(sync) AI logs");
  });

  it("makes no calls while nothing is open, and begins with what is opened", async () => {
    await start();
    await world.children();
    world.gateway.takeCalls();
    await clock.reading(() => refresh.start());
    await clock.reading(clock.ring);
    assert.deepEqual(world.gateway.takeCalls(), []);
    await open();
    await clock.reading(clock.ring);
    assert.equal(world.gateway.takeCalls().length, 1);
  });

  it("rests while the view is hidden or the window in the background, and reads at once when both are back", async () => {
    await start();
    await open();
    await clock.reading(() => refresh.start());
    world.gateway.takeCalls();
    clock.seen(false);
    assert.equal(clock.wait(), undefined);
    assert.equal(refresh.item.text, "$(watch) AI logs paused");
    clock.focused(false);
    clock.seen(true);
    assert.equal(clock.wait(), undefined);
    assert.deepEqual(world.gateway.takeCalls(), []);
    await clock.reading(() => clock.focused(true));
    assert.equal(world.gateway.takeCalls().length, 1);
    assert.equal(refresh.item.text, "$(sync) AI logs");
  });

  it("announces new logs while the user reads, and shows them when asked to", async () => {
    await start();
    const gateway = await open();
    world.tree.arrivals.isReading = true;
    arrive(3);
    await clock.reading(() => refresh.start());
    assert.equal(refresh.item.text, "$(sync) 3 new");
    assert.equal(await shown(gateway), 1);
    clock.seen(false);
    assert.equal(refresh.item.text, "$(watch) 3 new");
    await showNewLogs(world.tree.arrivals);
    assert.equal(await shown(gateway), 4);
    assert.equal(refresh.item.text, "$(watch) AI logs paused");
  });

  it("waits as long as the API asks for, also when the user comes back", async () => {
    await start({ rateLimit: { limit: 3, windowMs: 300_000 } });
    await open();
    await clock.reading(() => refresh.start());
    await clock.reading(clock.ring);
    const wait = clock.wait() ?? 0;
    assert.ok(wait > 200_000 && wait <= 300_000, String(wait));
    world.gateway.takeCalls();
    clock.focused(false);
    await clock.reading(() => clock.focused(true));
    assert.deepEqual(world.gateway.takeCalls(), []);
    assert.equal(clock.wait(), wait);
    assert.equal(refresh.item.text, "$(watch) AI logs paused");
    assert.match(String(refresh.item.tooltip), /production: Too many calls, until .*\. Tried again at /);
  });

  it("waits as long as the calls that are left need, also when the user comes back", async () => {
    await start();
    let least = 0;
    const { tree, format, logger } = world;
    const sessions = { pollIntervalOf: () => least };
    refresh = new AutoRefresh({ sessions, tree, view: clock.view, format, logger }, clock.around);
    await open();
    await clock.reading(() => refresh.start());
    least = 450_000;
    world.gateway.takeCalls();
    clock.focused(false);
    await clock.reading(() => clock.focused(true));
    assert.deepEqual(world.gateway.takeCalls(), []);
    assert.equal(clock.wait(), 450_000);
    assert.match(String(refresh.item.tooltip), /production: at most every 450 seconds\./);
    await clock.reading(clock.ring);
    assert.equal(world.gateway.takeCalls().length, 1);
  });

  it("asks less and less often while the API cannot be reached, and says so", async () => {
    await start();
    await open();
    await clock.reading(() => refresh.start());
    await world.gateway.goAway();
    await clock.reading(clock.ring);
    assert.equal(clock.wait(), 20_000);
    await clock.reading(clock.ring);
    assert.equal(clock.wait(), 40_000);
    assert.match(String(refresh.item.tooltip), /production: Can't be reached\. Tried again at /);
    await world.gateway.comeBack();
    await clock.reading(clock.ring);
    assert.equal(clock.wait(), 10_000);
    assert.equal(refresh.item.text, "$(sync) AI logs");
    assert.doesNotMatch(String(refresh.item.tooltip), /production/);
  });

  it("continues with one gateway while another can't be read", async () => {
    await start();
    world.gateway.store.addGateway({ sourceId: ACCOUNT, id: "staging", createdAt: at(2) });
    world.gateway.store.insert([aLog({ createdAt: at(1), collectionId: "staging" })]);
    let isBroken = false;
    const proxy = await startManglingProxy(world.gateway.baseUrl, (body, url) =>
      isBroken && url.includes("/staging/logs") ? "<html>Log in</html>" : body,
    );
    await setBaseUrl(proxy.baseUrl);
    await open("staging");
    await open();
    isBroken = true;
    await clock.reading(() => refresh.start());
    assert.equal(clock.wait(), 10_000);
    assert.equal(refresh.item.text, "$(sync) AI logs");
    assert.match(String(refresh.item.tooltip), /staging: Unexpected response\. Tried again at /);
    world.gateway.takeCalls();
    await clock.reading(clock.ring);
    const [call, ...rest] = world.gateway.takeCalls();
    assert.match(call ?? "", /\/gateways\/production\//);
    assert.deepEqual(rest, []);
    await proxy.close();
  });

  it("follows the setting, stops when told to, and can be started again", async () => {
    await start();
    await open();
    await clock.reading(() => refresh.start());
    clock.every(60);
    assert.equal(clock.wait(), 60_000);
    assert.match(String(refresh.item.tooltip), /every 60 seconds/);
    refresh.stop();
    refresh.stop();
    assert.equal(clock.wait(), undefined);
    assert.equal(refresh.isOn, false);
    world.gateway.takeCalls();
    clock.focused(true);
    clock.seen(true);
    world.tree.refresh();
    assert.equal(clock.wait(), undefined);
    assert.deepEqual(world.gateway.takeCalls(), []);
    await open();
    await clock.reading(() => refresh.start());
    assert.equal(world.gateway.takeCalls().length, 1);
    refresh.dispose();
    assert.equal(clock.wait(), undefined);
  });

  it("gives up the call under way when it is stopped, and counts that as no failure", async () => {
    await start();
    await open();
    refresh.start();
    refresh.stop();
    await clock.reading(() => refresh.start());
    assert.equal(clock.wait(), 10_000);
    assert.doesNotMatch(String(refresh.item.tooltip), /production/);
    assert.ok(!world.lines.some((line) => line.includes("aborted")));
  });
});
