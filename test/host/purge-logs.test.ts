import assert from "node:assert/strict";
import * as vscode from "vscode";
import { commandTable, type CommandNeeds } from "../../src/commands/table.ts";
import type { Node } from "../../src/tree/nodes.ts";
import { startVerifyWise, type VerifyWiseServer } from "../verifywise-server.ts";
import { at, kind } from "./nodes.ts";
import { Person } from "./person.ts";
import { startWorld, type World } from "./world.ts";

type Shown = { message: string; detail?: string | undefined; buttons: string[] };

/** Members of the window that this test answers instead of a person. */
type Answered = "showWarningMessage" | "showInformationMessage" | "showErrorMessage" | "showInputBox" | "withProgress";

describe("a person purges a server's old logs", () => {
  let world: World;
  let server: VerifyWiseServer;
  let person: Person;
  /** Dialogs and messages, in their order. */
  let shown: Shown[];
  /** Called with each; returns the button to click. */
  let click: (what: Shown) => string | undefined;
  let restore: (() => void)[];

  /** Replaces a function of the window until the test ends. */
  function answer(name: Answered | "createQuickPick", run: unknown): void {
    const window = vscode.window as unknown as Record<string, unknown>;
    const before = window[name];
    window[name] = run;
    restore.push(() => (window[name] = before));
  }

  const signInTo = ({ baseUrl, token }: VerifyWiseServer) =>
    world.tokens.store({ id: baseUrl, name: hostOf(baseUrl), server: { kind: "verifywise", baseUrl } }, token);

  const hostOf = (baseUrl: string) => new URL(baseUrl).host;

  beforeEach(async () => {
    [shown, restore, person] = [[], [], new Person()];
    click = ({ buttons }) => buttons[0];
    const show = (message: string, ...rest: (vscode.MessageOptions | string)[]) => {
      const { detail } = rest.find((one) => typeof one !== "string") ?? {};
      const what = { message, detail, buttons: rest.filter((one) => typeof one === "string") };
      shown.push(what);
      return Promise.resolve(click(what));
    };
    for (const name of ["showWarningMessage", "showInformationMessage", "showErrorMessage"] as const)
      answer(name, show);
    answer("showInputBox", person.ui.showInputBox);
    answer("createQuickPick", person.ui.createQuickPick);
    world = await startWorld();
    server = await startVerifyWise(2);
    server.add({ createdAt: at(1), model: "new" }, { createdAt: at(120), model: "old" });
    await signInTo(server);
  });

  afterEach(async () => {
    for (const undo of restore) undo();
    await world.close();
    await server.close();
  });

  /** Runs the command as the menu does with a row, or as the palette does without. */
  async function purge(node?: Node): Promise<void> {
    await commandTable({ ...world, panels: {}, view: {} } as unknown as CommandNeeds)["aiGateway.purgeLogs"](node);
  }

  const sent = () => server.calls.filter((call) => call.endsWith("/purge")).length;

  const gatewayRow = async () => kind(await world.children(), "gateway");

  async function models(): Promise<(string | undefined)[]> {
    const rows: (string | undefined)[] = [];
    for (const day of await world.children(await gatewayRow()))
      if (day.kind === "group")
        for (const row of await world.children(day)) if (row.kind === "log") rows.push(row.log.model);
    return rows;
  }

  it("after a dialog and the server's name: its old rows are gone from the tree", async () => {
    assert.deepEqual(await models(), ["new", "old"]);
    const row = await gatewayRow();
    assert.match(world.tree.item(row).contextValue ?? "", /\bcanPurge\b/);
    person.texts.push(hostOf(server.baseUrl));
    await purge(row);
    const [asked, told] = shown;
    assert.match(asked?.message ?? "", new RegExp(`^Purge logs of ${hostOf(server.baseUrl)} `));
    assert.match(asked?.detail ?? "", /for everyone.*\n.*no preview.*\nYou can't undo this\.$/s);
    assert.deepEqual(told, { message: "The server deleted 1 log older than 90 days.", detail: undefined, buttons: [] });
    assert.deepEqual([sent(), await models()], [1, ["new"]]);
    person.texts.push(hostOf(server.baseUrl));
    await purge(row);
    assert.equal(shown.at(-1)?.message, "The server has no logs older than 90 days. Nothing was deleted.");
  });

  it("or nothing is sent: the dialog declined, the box closed, another name typed", async () => {
    const row = await gatewayRow();
    click = () => undefined;
    await purge(row);
    click = ({ buttons }) => buttons[0];
    person.texts.push(undefined, "production");
    await purge(row);
    await assert.rejects(purge(row), /Nothing was deleted\. This is not the name of the server/);
    assert.equal(person.complaints.length, 1);
    assert.deepEqual([sent(), shown.length, await models()], [0, 3, ["new", "old"]]);
  });

  it("again by a click, if the server stopped at its limit", async () => {
    server.purging.batches = 1;
    server.add(...Array.from({ length: 1500 }, () => ({ createdAt: at(100) })));
    person.texts.push(hostOf(server.baseUrl));
    const done = new Promise<void>((resolve) => {
      click = (what) => {
        if (/deleted 501 logs/.test(what.message)) resolve();
        return what.buttons[0];
      };
    });
    await purge(await gatewayRow());
    await done;
    assert.deepEqual(
      shown.slice(1).map(({ message, buttons }) => [message, ...buttons]),
      [
        [
          "The server deleted 1,000 logs older than 90 days. It deletes a limited number at a time, so more may remain.",
          "Purge Again",
        ],
        ["The server deleted 501 logs older than 90 days."],
      ],
    );
    assert.deepEqual([sent(), server.ids("1 = 1", [])], [2, ["1"]]);
  });

  it("only as an Admin, and where the server can: else it says why, and what may be gone", async () => {
    const row = await gatewayRow();
    const said = async (prepare: () => void) => {
      prepare();
      person.texts.push(hostOf(server.baseUrl));
      await purge(row);
      return shown.at(-1)?.message ?? "";
    };
    const may = /The server may have deleted logs/;
    assert.match(await said(() => (server.purging.role = "Editor")), /^Only an Admin .*Nothing was deleted\.$/);
    const broken = await said(() => Object.assign(server.purging, { role: "Admin", isBroken: true }));
    assert.match(broken, /^VerifyWise failed to purge logs \(status 500\)\..*update the server/);
    assert.match(broken, may);
    const down = await said(() => (server.isUp = false));
    assert.match(down, /couldn't reach its AI gateway \(status 502\)\. Check that the gateway is running/);
    assert.match(down, may);
    const garbled = await said(() => (server.answer = { status: 200, body: "<html>" }));
    assert.match(garbled, /^VerifyWise didn't say how many/);
    assert.match(garbled, may);
    const absent = await said(() => (server.answer = { status: 404, body: "Cannot POST" }));
    assert.match(absent, /^This version of VerifyWise can't purge logs.*Nothing was deleted\.$/);
    assert.equal(sent(), 5, "nothing is sent again");
  });

  it("and may cancel, which doesn't undo what the server does", async () => {
    const row = await gatewayRow();
    const { promise: hold, resolve: release } = Promise.withResolvers<void>();
    const arrived = Promise.withResolvers<void>();
    Object.defineProperty(server.purging, "hold", { get: () => (arrived.resolve(), hold) });
    const { withProgress } = vscode.window;
    answer("withProgress", (options: vscode.ProgressOptions, task: Parameters<typeof withProgress>[1]) => {
      if (options.location !== vscode.ProgressLocation.Notification) return withProgress(options, task);
      assert.ok(options.cancellable);
      const source = new vscode.CancellationTokenSource();
      const running = task({ report: () => {} }, source.token);
      void arrived.promise.then(() => source.cancel());
      return running;
    });
    person.texts.push(hostOf(server.baseUrl));
    await purge(row);
    assert.match(shown.at(-1)?.message ?? "", /^Canceled\. The server may have deleted logs, and may still be/);
    assert.deepEqual(server.ids("1 = 1", []), ["1", "2"]);
    release();
    await hold;
    assert.deepEqual([sent(), server.ids("1 = 1", [])], [1, ["1"]]);
  });

  it("from the palette: of the only server, or of the one that is chosen", async () => {
    person.texts.push(hostOf(server.baseUrl));
    // Cloudflare's account can't be purged, so it isn't asked about.
    await world.signIn();
    await purge();
    assert.equal(sent(), 1);
    const other = await startVerifyWise(1);
    try {
      other.add({ createdAt: at(200) });
      await signInTo(other);
      const closed = purge();
      (await person.sees()).hide();
      await closed;
      person.texts.push(hostOf(other.baseUrl));
      const chosen = purge();
      const pick = await person.sees();
      assert.equal(pick.rows.length, 2);
      pick.choose(new RegExp(hostOf(other.baseUrl)));
      await chosen;
      assert.equal(shown.at(-1)?.message, "The server deleted 1 log older than its retention.");
      assert.deepEqual([sent(), other.ids("1 = 1", [])], [1, []]);
    } finally {
      await other.close();
    }
  });

  it("of no other account, and the palette says so", async () => {
    await world.tokens.forget(server.baseUrl);
    await world.signIn();
    await assert.rejects(purge(), /can purge its logs\. Sign in to a VerifyWise server first/);
    const gateway = await gatewayRow();
    assert.doesNotMatch(world.tree.item(gateway).contextValue ?? "", /canPurge/);
    await assert.rejects(purge(gateway), /This source can't purge its logs/);
    assert.deepEqual([shown, sent()], [[], 0]);
  });
});
