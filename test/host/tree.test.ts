import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Sessions } from "../../src/account/session.ts";
import type { GroupNode, GatewayNode, MoreNode, Node, StateNode } from "../../src/tree/nodes.ts";
import { aLog, ACCOUNT } from "../gateway.ts";
import { FAULTS, startFaultyServer, startManglingProxy, type Fault } from "../faults.ts";
import { at, kind } from "./nodes.ts";
import { setBaseUrl, startWorld, type World } from "./world.ts";

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

  it("is empty while signed out, and makes no calls", async () => {
    assert.deepEqual(await world.children(), []);
    assert.deepEqual(world.gateway.takeCalls(), []);
  });

  it("makes exactly the calls of the reading path", async () => {
    fill(0, 120);
    fill(3, 5);
    await world.signIn();
    const gateway = await gatewayNode();
    assert.deepEqual(world.gateway.takeCalls(), [`/accounts/${ACCOUNT}/ai-gateway/gateways?page=1&per_page=100`]);

    let days = await world.children(gateway);
    const [first = "", ...rest] = world.gateway.takeCalls();
    assert.deepEqual(rest, []);
    assert.match(first, /\/logs\?page=1&per_page=50&order_by=created_at&order_by_direction=desc$/);
    assert.deepEqual(await world.words(days), ["Saved filters", "Today | 50+", "Earlier…"]);

    const today = kind(days, "group");
    let logs = await world.children(today);
    assert.equal(world.gateway.takeCalls().length, 1);
    assert.equal(world.tree.item(today).description, "120");
    assert.equal(logs.length, 99);
    await world.children(today);
    assert.deepEqual(world.gateway.takeCalls(), []);

    await world.tree.logReads.loadMore(kind(logs, "more"));
    assert.equal(world.gateway.takeCalls().length, 1);
    logs = await world.children(today);
    assert.equal(logs.length, 120);
    assert.ok(logs.every((node) => node.kind === "log"));

    await world.tree.logReads.loadEarlier(kind(days, "earlier"));
    assert.equal(world.gateway.takeCalls().length, 1);
    days = await world.children(gateway);
    assert.equal(days.length, 3);
    const whole = days[2] as GroupNode;
    await world.children(whole);
    assert.deepEqual(world.gateway.takeCalls(), []);
  });

  it("shows the most of a log in a row", async () => {
    world.gateway.store.insert([
      aLog({ createdAt: at(1, 9), path: "v1/messages", model: "claude-sonnet-4-5", provider: "anthropic" }),
      aLog({ createdAt: at(1, 8), success: false, statusCode: 429, tokensIn: 0, tokensOut: 0, cost: 0 }),
      aLog({ createdAt: at(1, 7), cached: true }),
      aLog({ createdAt: at(1, 6), success: false, statusCode: 424, dlpAction: "BLOCK" }),
    ]);
    await world.signIn();
    const day = kind(await world.children(await gatewayNode()), "group");
    const nodes = await world.children(day);
    assert.deepEqual(await world.words(nodes), [
      "claude-sonnet-4-5 messages | 12:00:10 · 2,406 tokens · $0.018210",
      "gpt-4.1-mini chat | 429 · 12:00:09 · 0 tokens · $0.000000",
      "gpt-4.1-mini chat | cached · 12:00:08 · 2,406 tokens · $0.018210",
      "gpt-4.1-mini chat | blocked by DLP · 12:00:07 · 2,406 tokens · $0.018210",
    ]);
    const icons = nodes.map((node) => (world.tree.item(node).iconPath as vscode.ThemeIcon).id);
    assert.equal(new Set(icons).size, 4);
  });

  it("makes a tooltip only when asked, and lets no recorded text act in it", async () => {
    world.gateway.store.insert([
      aLog({ createdAt: at(1), model: "[x](command:evil) <img src=x> **b**", metadata: { "a\u202eb": "`c`" } }),
    ]);
    await world.signIn();
    const day = kind(await world.children(await gatewayNode()), "group");
    const [log] = await world.children(day);
    assert.ok(log);
    const item = world.tree.item(log);
    assert.equal(item.tooltip, undefined);
    world.gateway.takeCalls();
    const { tooltip } = world.tree.resolveTreeItem(item, log);
    assert.deepEqual(world.gateway.takeCalls(), []);
    assert.ok(tooltip instanceof vscode.MarkdownString);
    assert.ok(!tooltip.isTrusted && !tooltip.supportHtml);
    assert.ok(tooltip.value.includes("\\[x\\]"));
    assert.ok(!tooltip.value.includes("\u202e"));
    assert.match(tooltip.value, /UTC/);
  });

  it("gives a node the same id after a refresh, and no id twice", async () => {
    fill(0, 3);
    fill(1, 3);
    await world.signIn();
    const walk = async (): Promise<string[]> => {
      const ids: string[] = [];
      const visit = async (node?: Node): Promise<void> => {
        for (const child of await world.children(node)) {
          const item = world.tree.item(child);
          ids.push(item.id ?? "");
          assert.equal(world.tree.getParent(child)?.id, node?.id);
          if (child.kind === "gateway" || child.kind === "group") await visit(child);
        }
      };
      await visit();
      return ids;
    };
    const before = await walk();
    world.tree.refresh();
    assert.deepEqual(await walk(), before);
    assert.equal(new Set(before).size, before.length);
    assert.equal(before.length, 1 + 1 + 2 + 6);
  });

  it("can reveal a log that is not expanded yet", async () => {
    fill(1, 2);
    await world.signIn();
    const view = vscode.window.createTreeView("aiGateway.logs", { treeDataProvider: world.tree });
    try {
      await vscode.commands.executeCommand("aiGateway.logs.focus");
      const gateway = await gatewayNode();
      const day = kind(await world.children(gateway), "group");
      const [log] = await world.children(day);
      assert.ok(log);
      await view.reveal(log, { select: true, expand: true });
      assert.equal(view.selection[0]?.id, log.id);
    } finally {
      view.dispose();
    }
  });

  describe("says why there is nothing", () => {
    const empty = async () => {
      const [state] = await world.children(await gatewayNode());
      assert.equal(state?.kind, "state");
      return state.state.type;
    };

    it("no gateways", async () => {
      await world.tokens.store({ id: "f".repeat(32), name: "Empty" }, world.gateway.token);
      world.gateway.store.addAccount({ id: "f".repeat(32), name: "Empty", createdOn: new Date() });
      assert.deepEqual(await world.words(await world.children()), ["No gateways yet | Empty"]);
    });

    it("no logs", async () => {
      await world.signIn();
      assert.equal(await empty(), "noLogs");
    });

    it("logging is off", async () => {
      world.gateway.store.addGateway({ sourceId: ACCOUNT, id: "quiet", createdAt: new Date(), collectLogs: false });
      await world.signIn();
      const quiet = (await world.children()).find((node) => node.kind === "gateway" && node.gateway.id === "quiet");
      assert.deepEqual(await world.words(await world.children(quiet)), ["Logging is off for this gateway"]);
    });

    it("a gateway that is gone", async () => {
      await world.signIn();
      const gateway = await gatewayNode();
      const gone = { ...gateway, ref: { ...gateway.ref, collectionId: "gone" } };
      const [state] = await world.children(gone);
      assert.equal((state as StateNode).state.type, "gatewayGone");
    });

    it("a token that is no good", async () => {
      await world.signIn("wrong");
      assert.deepEqual(await world.words(await world.children()), ["The token was refused | Sign In…"]);
    });
  });

  describe("keeps its words when the API fails", () => {
    const expected: Partial<Record<Fault, string>> = {
      otherShape: "Unexpected response | Show Output",
      empty: "Unexpected response | Show Output",
      html: "Unexpected response | Show Output",
      cutJson: "Unexpected response | Show Output",
      redirects: "Unexpected response | Show Output",
      failedWith200: "The API refused the call | Show Output",
      hangsUp: "Can't be reached | Try Again",
      hangsUpHalfWay: "Can't be reached | Try Again",
      broken: "The API has a problem | Try Again",
    };

    for (const [fault, words] of Object.entries(expected)) {
      it(fault, async () => {
        assert.ok(fault in FAULTS);
        const server = await startFaultyServer(fault as Fault);
        try {
          await setBaseUrl(server.baseUrl);
          await world.signIn();
          const nodes = await world.children();
          assert.deepEqual(await world.words(nodes), [words]);
          const { tooltip } = world.tree.item(nodes[0] ?? assert.fail());
          assert.ok(typeof tooltip === "string" && tooltip.length > 20);
          assert.doesNotMatch(tooltip, /\n\s+at |Error:/);
        } finally {
          await server.close();
        }
      });
    }

    it("the time to come back, when there were too many calls", async () => {
      const server = await startFaultyServer("limited");
      try {
        await setBaseUrl(server.baseUrl);
        await world.signIn();
        const [words = ""] = await world.words(await world.children());
        assert.match(words, /^Too many calls, until \d\d:\d\d:\d\d \| Try Again$/);
      } finally {
        await server.close();
      }
    });

    it("below one node, with the rest of the tree alive and a way to try again", async () => {
      fill(0, 120);
      await world.signIn();
      const gateway = await gatewayNode();
      const days = await world.children(gateway);
      const today = kind(days, "group");
      const logs = await world.children(today);
      const more: MoreNode = kind(logs, "more");
      await world.gateway.goAway();
      await world.tree.logReads.loadMore(more);
      const after = await world.children(today);
      assert.equal(after.filter((node) => node.kind === "log").length, 98);
      const state = kind(after, "state");
      assert.deepEqual(await world.words([state]), ["Can't be reached | Try Again"]);
      await world.gateway.comeBack();
      await world.tree.retry(state);
      const whole = await world.children(today);
      assert.deepEqual([whole.length, whole.every((node) => node.kind === "log")], [120, true]);
    });

    it("and keeps the rows that are known when a day cannot be opened", async () => {
      fill(1, 60);
      await world.signIn();
      const day = kind(await world.children(await gatewayNode()), "group");
      await world.gateway.goAway();
      const nodes = await world.children(day);
      assert.equal(nodes.filter((node) => node.kind === "log").length, 50);
      await world.gateway.comeBack();
      await world.tree.retry(kind(nodes, "state"));
      assert.equal((await world.children(day)).filter((node) => node.kind === "log").length, 60);
    });

    it("and forgets the failure of a day that is opened again", async () => {
      fill(1, 60);
      await world.signIn();
      const day = kind(await world.children(await gatewayNode()), "group");
      await world.gateway.goAway();
      assert.equal(kind(await world.children(day), "state").state.type, "failed");
      await world.gateway.comeBack();
      assert.ok((await world.children(day)).every((node) => node.kind !== "state"));
    });

    it("and asks once for a page that is clicked twice", async () => {
      fill(1, 120);
      await world.signIn();
      const day = kind(await world.children(await gatewayNode()), "group");
      const more = kind(await world.children(day), "more");
      world.gateway.takeCalls();
      await Promise.all([world.tree.logReads.loadMore(more), world.tree.logReads.loadMore(more)]);
      assert.equal(world.gateway.takeCalls().length, 1);
    });
  });

  it("shows the rows that can be read when others cannot, and says how many those are", async () => {
    fill(1, 5);
    const proxy = await startManglingProxy(world.gateway.baseUrl, (body) =>
      body
        .replace(/"created_at":"[^"]*"(?=.*"created_at")/, '"created_at":null')
        .replace(/"provider":"openai"/, '"provider":{"odd":1}'),
    );
    try {
      await setBaseUrl(proxy.baseUrl);
      await world.signIn();
      const nodes = await world.children(await gatewayNode());
      assert.deepEqual((await world.words(nodes)).slice(2), ["1 log could not be read"]);
      assert.equal((await world.children(kind(nodes, "group"))).filter((node) => node.kind === "log").length, 4);
    } finally {
      await proxy.close();
    }
  });

  it("is rebuilt when a token changes, in this window or another", async () => {
    await world.signIn("wrong");
    assert.equal((await world.children())[0]?.kind, "state");
    let fired = 0;
    const subscription = world.tree.onDidChangeTreeData(() => fired++);
    await world.signIn();
    subscription.dispose();
    assert.equal(fired, 1);
    assert.equal((await world.children())[0]?.kind, "gateway");
  });

  it("aborts calls in flight when the session changes, without a message", async () => {
    const server = await startFaultyServer("neverAnswers");
    try {
      await setBaseUrl(server.baseUrl);
      await world.signIn();
      const waiting = world.children();
      await world.sessions.current();
      await world.tokens.forget(ACCOUNT);
      assert.deepEqual(await waiting, []);
      assert.ok(!world.lines.some((line) => /aborted/i.test(line)));
    } finally {
      await server.close();
    }
  });

  it("shows several accounts side by side, or one alone", async () => {
    const other = "b".repeat(32);
    world.gateway.store.addAccount({ id: other, name: "Beta", createdOn: new Date() });
    world.gateway.store.addGateway({ sourceId: other, id: "staging", createdAt: new Date() });
    await world.signIn();
    await world.tokens.store({ id: other, name: "Beta" }, world.gateway.token);
    assert.deepEqual(await world.words(await world.children()), ["production | Acme Bicycles", "staging | Beta"]);
    await world.sessions.show(other);
    assert.deepEqual(await world.words(await world.children()), ["staging | Beta"]);
    // As after a reload of the window.
    const again = new Sessions(world.tokens, [world.sample], world.state, world.logger);
    assert.deepEqual(
      (await again.current()).accounts.map(({ name }) => name),
      ["Beta"],
    );
    await again.dispose();
    // A panel of the account that is not shown still reads its log.
    assert.ok(await world.sessions.clientOf(ACCOUNT));
    await world.sessions.show(undefined);
    assert.equal((await world.children()).length, 2);
    assert.equal(await world.sessions.clientOf("c".repeat(32)), undefined);
  });

  it("has the sample gateway next to the accounts until it is removed", async () => {
    await world.sample.open();
    await world.signIn();
    const nodes = await world.children();
    const sample = nodes.find((node) => node.kind === "gateway" && node.account.kind === "sample");
    assert.ok(sample);
    assert.ok((await world.children(sample)).some((node) => node.kind === "group"));
    await world.sample.remove();
    assert.deepEqual(await world.words(await world.children()), ["production | Acme Bicycles"]);
    assert.equal(await world.sample.isOpen(), false);
  });
});
