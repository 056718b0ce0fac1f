import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { LogRef } from "../../src/source/log.ts";
import { openDashboard } from "../../src/commands/account/open-dashboard.ts";
import { openLink } from "../../src/links.ts";
import { ACCOUNT } from "../gateway.ts";
import { kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

const OTHER = "f".repeat(32);

describe("a link to a log", () => {
  let world: World;
  let opened: LogRef[];
  let asked: { message: string; modal: boolean | undefined }[];
  let warned: string[];
  let signedIn: number;

  beforeEach(async () => {
    world = await startWorld();
    await world.signIn();
    [opened, asked, warned, signedIn] = [[], [], [], 0];
  });

  afterEach(() => world.close());

  /** Follows a link and answers the question. */
  function follow(address: string, answer?: string): Promise<void> {
    const { tokens, sessions } = world;
    const panels = {
      open: (ref: LogRef) => {
        opened.push(ref);
        return Promise.resolve();
      },
    };
    const ui = {
      showInformationMessage: (message: string, options: vscode.MessageOptions, ...buttons: string[]) => {
        asked.push({ message, modal: options.modal });
        assert.equal(buttons.length, 1);
        return Promise.resolve(answer);
      },
      showWarningMessage: (message: string) => {
        warned.push(message);
        return Promise.resolve(undefined);
      },
      signIn: async () => {
        signedIn++;
        await tokens.store({ id: OTHER, name: "Other" }, world.gateway.token);
      },
    };
    const uri = vscode.Uri.parse(`vscode://ai-gateway-logs.ai-gateway-logs${address}`);
    return openLink(uri, { tokens, sessions, panels }, ui);
  }
  const link = (account: string) => `/log?account=${account}&gateway=production&log=01JADMCQQQBWH3NXZ5GCRN98DP`;
  const ref = (sourceId: string) => ({ sourceId, collectionId: "production", logId: "01JADMCQQQBWH3NXZ5GCRN98DP" });

  it("opens the log's panel, with no question and no call of its own", async () => {
    world.gateway.takeCalls();
    await follow(link(ACCOUNT));
    assert.deepEqual([opened, asked, warned], [[ref(ACCOUNT)], [], []]);
    assert.deepEqual(world.gateway.takeCalls(), []);
  });

  it("is refused with words where it holds anything but three ids", async () => {
    const bad = [
      "/",
      "/log",
      "/signIn?account=x",
      `${link(ACCOUNT)}&command=workbench.action.quit`,
      `${link(ACCOUNT)}#x`,
      link(`${ACCOUNT}/../x`),
      link("me"),
      `/log?account=${ACCOUNT}&gateway=production&log=..%2F..%2Fx`,
      `/log?account=${ACCOUNT}&gateway=[a](command:b)&log=x`,
      `/log?account=${ACCOUNT}&gateway=g&log=${"x".repeat(500)}`,
    ];
    for (const address of bad) await follow(address, "Sign In");
    assert.equal(warned.length, bad.length);
    assert.ok(warned.every((words) => words.startsWith("This link doesn't lead to a log") && !words.includes("](")));
    assert.deepEqual([opened, asked, signedIn], [[], [], 0]);
  });

  it("to an account that is not the one shown asks before it shows that one", async () => {
    await world.tokens.store({ id: OTHER, name: "Other Inc." }, world.gateway.token);
    await world.sessions.show(ACCOUNT);
    await follow(link(OTHER), undefined);
    assert.deepEqual(asked, [{ message: "The log is of another account, Other Inc..", modal: true }]);
    assert.deepEqual([opened, world.sessions.shownAccount], [[], ACCOUNT]);
    await follow(link(OTHER), "Show This Account");
    assert.deepEqual([opened, world.sessions.shownAccount], [[ref(OTHER)], OTHER]);
  });

  it("to an account that is not signed in to offers to sign in, and goes on after that", async () => {
    await follow(link(OTHER), undefined);
    assert.deepEqual([opened, signedIn, asked[0]?.modal], [[], 0, true]);
    await follow(link(OTHER), "Sign In");
    assert.deepEqual([opened, signedIn], [[ref(OTHER)], 1]);
  });

  it("is not needed to go to the dashboard: it opens at what was meant", async () => {
    const addresses: string[] = [];
    const open = (target: Parameters<typeof openDashboard>[0], active?: LogRef) =>
      openDashboard(
        target,
        {
          panels: { active },
          view: { selectedNode: undefined },
          sourceOf: (of) => world.sessions.sourceOf(of),
        },
        (uri) => {
          addresses.push(uri.toString(true));
          return Promise.resolve(true);
        },
      );
    const gateway = kind(await world.children(), "gateway");
    await open(gateway);
    await open(ref(ACCOUNT));
    await open(undefined, ref(ACCOUNT));
    await open(undefined);
    const page = `https://dash.cloudflare.com/${ACCOUNT}/ai/ai-gateway/gateways/production`;
    assert.deepEqual(addresses, [
      page,
      `${page}/logs`,
      `${page}/logs`,
      "https://dash.cloudflare.com/?to=/:account/ai/ai-gateway",
    ]);
  });
});
