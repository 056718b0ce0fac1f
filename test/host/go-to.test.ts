import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Log, LogRef } from "../../src/source/log.ts";
import { goToDate } from "../../src/commands/browse/go-to-date.ts";
import { openLogById, type Asking } from "../../src/commands/browse/open-log-by-id.ts";
import { Expanded } from "../../src/tree/expanded.ts";
import type { GatewayNode, GroupNode } from "../../src/tree/nodes.ts";
import { LogTreeView } from "../../src/tree/view.ts";
import { ACCOUNT, aLog, GATEWAY } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld, type World } from "./world.ts";

const UUID = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";

describe("a person goes", () => {
  let world: World;

  beforeEach(async () => {
    world = await startWorld();
    world.gateway.store.addGateway({ sourceId: ACCOUNT, id: "staging", createdAt: at(400) });
  });

  afterEach(() => world.close());

  describe("to a date", () => {
    const dayAgo = (days: number) => world.format.calendar.dayOf(at(days));

    /** Types a text at the date prompt; returns its message and the tree's day. */
    async function go(text: string | undefined) {
      const gateway: GatewayNode = kind(await world.children(), "gateway");
      const shown: GroupNode[] = [];
      const view = {
        gatewayFor: () => Promise.resolve(gateway),
        goTo: async (node: GroupNode) => void shown.push(node),
      };
      let said: unknown;
      const { sessions, tree, format } = world;
      await goToDate({ sessions, tree, view, format }, gateway, async (options) => {
        said = text === undefined ? undefined : await options.validateInput?.(text);
        return text;
      });
      return { said: said as vscode.InputBoxValidationMessage | undefined, days: shown.map(({ known }) => known.key) };
    }

    it("that has logs, far from those shown, or to the nearest one before it", async () => {
      world.gateway.store.insert([
        aLog({ createdAt: at(0) }),
        aLog({ createdAt: at(30) }),
        aLog({ createdAt: at(300) }),
      ]);
      await world.signIn();
      assert.deepEqual((await go("30d")).days, [dayAgo(30)]);
      assert.deepEqual((await go(dayAgo(300))).days, [dayAgo(300)]);
      assert.deepEqual((await go("yesterday")).days, [dayAgo(30)]);
      assert.deepEqual((await go("today")).days, [dayAgo(0)]);
    });

    it("in a tree that is in another order, or grouped by something else", async () => {
      world.gateway.store.insert([aLog({ createdAt: at(0) }), aLog({ createdAt: at(30) })]);
      await world.signIn();
      for (const arrange of [
        () => world.arrangements.setGroup("model"),
        () => world.arrangements.setOrder("cost"),
        () => world.arrangements.setOrder("oldest"),
      ]) {
        arrange();
        // Nothing changes until a day is entered.
        const { group, order } = world.arrangements;
        assert.deepEqual((await go(undefined)).days, []);
        assert.deepEqual([world.arrangements.group, world.arrangements.order], [group, order]);
        assert.deepEqual((await go(dayAgo(30))).days, [dayAgo(30)]);
      }
      assert.equal(world.arrangements.order, "oldest");
      assert.deepEqual((await go(dayAgo(20))).days, [dayAgo(0)]);
    });

    it("and shows while typing which day that is, or what is wrong with it", async () => {
      await world.signIn();
      const { Error: bad, Info } = vscode.InputBoxValidationSeverity;
      const { said } = await go("2024-02-29");
      assert.deepEqual(said, { message: "Feb 29, 2024", severity: Info });
      assert.equal((await go("2026-02-30")).said?.severity, bad);
      assert.equal((await go("soon")).said?.severity, bad);
      const tomorrow = new Date();
      tomorrow.setDate(tomorrow.getDate() + 1);
      assert.match((await go(world.format.calendar.dayOf(tomorrow))).said?.message ?? "", /in the future/);
      assert.equal((await go("")).said, undefined);
    });

    it("but nowhere if there is nothing, or if it is canceled", async () => {
      await world.signIn();
      assert.deepEqual((await go("today")).days, []);
      assert.deepEqual((await go("")).days, []);
      world.gateway.takeCalls();
      assert.deepEqual((await go(undefined)).days, []);
    });
  });

  describe("to a log by its id", () => {
    type Steps = Parameters<Asking["pick"]>[0];

    /** Copies, types (undefined cancels) and picks; returns the offered text and the opened log. */
    async function open(typed: string | undefined | ((offered: string) => string), clipboard = "", pick = 0) {
      const opened: [LogRef, Log | undefined][] = [];
      let offered: string | undefined;
      let problem: unknown;
      let steps: Steps = [];
      await openLogById(
        {
          sessions: world.sessions,
          panels: { open: async (ref, log) => void opened.push([ref, log]) },
          format: world.format,
        },
        {
          clipboard: () => Promise.resolve(clipboard),
          ask: async (options) => {
            offered = options.value ?? "";
            const text = typeof typed === "function" ? typed(offered) : typed;
            problem = text === undefined ? undefined : await options.validateInput?.(text);
            return text;
          },
          pick: async (items) => {
            steps = items;
            return items[pick];
          },
        },
      );
      return {
        offered,
        problem,
        steps,
        opened,
        ids: opened.map(([{ collectionId, logId }]) => `${collectionId}/${logId}`),
      };
    }

    beforeEach(async () => {
      world.gateway.store.insert([
        aLog({ createdAt: at(1), id: UUID, collectionId: "staging" }),
        aLog({ createdAt: at(200, 2), id: "second", eventId: "my-chain", step: 2, cached: true }),
        aLog({ createdAt: at(200, 1), id: "first", eventId: "my-chain", step: 1, success: false, statusCode: 503 }),
      ]);
      await world.signIn();
    });

    it("in whichever gateway has it, with what the list knows of it", async () => {
      const { opened, offered, problem } = await open(`cf-aig-log-id: ${UUID}`);
      assert.deepEqual([offered, problem], ["", undefined]);
      assert.deepEqual(opened[0]?.[0], { sourceId: ACCOUNT, collectionId: "staging", logId: UUID });
      assert.equal(opened[0]?.[1]?.model, "gpt-4.1-mini");
    });

    it("which the clipboard offers, and asks only the gateway that was copied with it", async () => {
      const address = `https://dash.cloudflare.com/${ACCOUNT}/ai/ai-gateway/gateways/staging/logs/${UUID}`;
      await world.children();
      world.gateway.takeCalls();
      const { offered, ids } = await open((value) => value, address);
      assert.equal(offered, UUID);
      assert.deepEqual(ids, [`staging/${UUID}`]);
      const calls = world.gateway.takeCalls();
      assert.equal(calls.length, 1);
      assert.match(calls[0] ?? "", /\/gateways\/staging\/logs/);
    });

    it("and what the clipboard holds is not shown when it may be anything", async () => {
      for (const secret of ["hunter2-hunter2", "sk-proj-0123456789abcdef", "a whole letter"])
        assert.equal((await open(undefined, secret)).offered, "");
    });

    it("of an event to the step that is picked", async () => {
      const { steps, ids } = await open("my-chain", "", 1);
      assert.deepEqual(
        steps.map(({ label, description }) => `${label} | ${description?.split(" · ").slice(0, 2).join(", ")}`),
        ["gpt-4.1-mini chat | step 1, 503", "gpt-4.1-mini chat | step 2, cached"],
      );
      assert.deepEqual(ids, ["production/second"]);
      assert.deepEqual((await open("my-chain", "", 7)).ids, []);
    });

    it("or says where it isn't", async () => {
      await assert.rejects(open("not-a-log-id"), {
        message: "There is no log or event with the ID not-a-log-id. Searched: production, staging.",
      });
      await world.gateway.goAway();
      await assert.rejects(open("not-a-log-id"), /Couldn't search production: Can't be reached\./);
      await world.gateway.comeBack();
    });

    it("and says while typing if the text has no ID", async () => {
      assert.match(String((await open("short")).problem), /no log or event ID/);
      assert.deepEqual((await open(undefined)).ids, []);
      assert.deepEqual((await open("")).ids, []);
    });

    it("but not while signed out", async () => {
      await world.tokens.forget(GATEWAY.sourceId);
      await assert.rejects(open(UUID), /no gateway/);
    });
  });

  it("nowhere without a gateway, and says so", async () => {
    const { sessions, tree, format } = world;
    const vscodeView = vscode.window.createTreeView("aiGateway.logs", { treeDataProvider: tree });
    const view = new LogTreeView(vscodeView, tree, new Expanded(new MemoryState()), format);
    try {
      await assert.rejects(view.gatewayFor(), /no gateway.*Sign in/);
      await assert.rejects(goToDate({ sessions, tree, view, format }), /no gateway/);
    } finally {
      view.dispose();
      vscodeView.dispose();
    }
  });
});
