import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Run } from "../../src/debugging/core/run.ts";
import { documentLinks, terminalLinks } from "../../src/debugging/links.ts";
import { ACCOUNT, aLog, GATEWAY } from "../gateway.ts";
import { startDebugWorld, when } from "./debug-world.ts";
import { TextDocuments } from "./text-documents.ts";

type DebugWorld = Awaited<ReturnType<typeof startDebugWorld>>;

const ID = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";
const token = new vscode.CancellationTokenSource().token;
const never = new AbortController().signal;

async function set(key: string, value: unknown): Promise<void> {
  await vscode.workspace.getConfiguration("aiGateway").update(key, value, vscode.ConfigurationTarget.Global);
}

describe("calls in texts", () => {
  let world: DebugWorld;
  let texts: TextDocuments;

  before(() => {
    texts = new TextDocuments();
  });
  after(() => texts.dispose());

  beforeEach(async () => {
    world = await startDebugWorld();
    world.gateway.store.addGateway({ sourceId: ACCOUNT, id: "staging", createdAt: new Date() });
  });

  afterEach(() => world.close());

  const titles = async (document: vscode.TextDocument) => {
    const { lenses } = world.features;
    const resolved = await Promise.all(lenses.provideCodeLenses(document).map((lens) => lenses.resolveCodeLens(lens)));
    return resolved.map(({ range, command }) => `${range.start.line}: ${command?.title}`);
  };

  it("are looked for where the launch configuration says that they go, then where they were found", async () => {
    const { gateways, watch } = world.features;
    const staging = { sourceId: ACCOUNT, collectionId: "staging" };
    gateways.guess({
      type: "node",
      name: "x",
      request: "launch",
      env: { URL: `https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/staging` },
    });
    assert.deepEqual(await gateways.places(), { used: [staging], others: [GATEWAY] });
    world.gateway.store.insert([aLog({ id: ID, createdAt: new Date() })]);
    await watch.lookup.find(ID, never);
    assert.deepEqual(await gateways.places(), { used: [GATEWAY], others: [staging] });
    gateways.choose(staging);
    assert.deepEqual((await gateways.places()).used, [staging, GATEWAY]);
    gateways.forget(ACCOUNT);
    gateways.guess({ type: "node", name: "x", request: "launch" });
    assert.deepEqual((await gateways.places()).used, []);
  });

  it("are looked for in the gateways of the session, which asks for them once, for the tree too", async () => {
    world.gateway.takeCalls();
    const { gateways } = world.features;
    await Promise.all([gateways.places(), gateways.all()]);
    assert.equal(world.tree.nodeOf(GATEWAY), undefined, "the tree is not asked");
    await world.children();
    assert.ok(world.tree.nodeOf(GATEWAY));
    assert.equal(world.gateway.takeCalls().filter((call) => /\/gateways(?:\?|$)/.test(call)).length, 1);
  });

  it("have a lens above the line that printed them, above one that checks an id, and above a call site", async () => {
    world.gateway.store.insert([
      aLog({ id: ID, createdAt: new Date(), cost: 0.25 }),
      aLog({ createdAt: new Date(Date.now() - 1000), success: false, statusCode: 429, provider: "anthropic" }),
    ]);
    const url = `https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/production`;
    const document = await texts.open(
      [
        `fetch("${url}/compat/chat/completions")`,
        "console.log(id)",
        `assert.equal(id, "${ID}")`,
        `const other = "${ID}";`,
        `"${url}/anthropic"`,
      ].join("\n"),
    );
    const run = new Run("1", "Launch", new Date());
    world.runs.add(run);
    run.see({ id: ID, sure: true }, await world.features.watch.lookup.find(ID, never), {
      path: document.uri.toString(),
      line: 2,
    });
    const all = await titles(document);
    assert.match(all[0] ?? "", /^1: gpt-4\.1-mini · 200 · 2,180 → 226 tokens · \$0\.25 · 842 ms$/);
    assert.match(all[1] ?? "", /^2: gpt-4\.1-mini · 200/);
    assert.match(all[2] ?? "", /^0: production: last 200 at [\d:]+ · 2 calls today · 1 error · \$0\.26/);
    assert.match(all[3] ?? "", /^4: production: last 429 at [\d:]+ · 1 call today · 1 error · \$0\.01/);
    await set("callSiteLenses", false);
    try {
      assert.equal((await titles(document)).length, 2);
    } finally {
      await set("callSiteLenses", undefined);
    }
  });

  it("are links in terminals and in what programs have written", async () => {
    const line = `< cf-aig-log-id: ${ID}`;
    const [link] = (await terminalLinks.provideTerminalLinks({ line } as vscode.TerminalLinkContext, token)) ?? [];
    assert.deepEqual([link?.id, link?.startIndex, link?.length], [ID, 17, 36]);
    const [documentLink] = (await documentLinks.provideDocumentLinks(await texts.open(`a\n${line}`), token)) ?? [];
    assert.deepEqual(documentLink?.range, new vscode.Range(1, 17, 1, 53));
    assert.equal(documentLink?.target?.toString(true), `command:aiGateway.openLogOf?["${ID}"]`);
  });

  it("have a card over an id in any text, in which nothing recorded acts", async () => {
    const request = JSON.stringify({
      messages: [{ role: "user", content: "[x](command:evil) <b>$(zap) <command:aiGateway.openLog?x>" }],
    });
    world.gateway.store.insert([aLog({ id: ID, createdAt: new Date(), request })]);
    world.features.gateways.choose(GATEWAY);
    const document = await texts.open(`// see ${ID}\nfc3e0d1a-7c11-4d3a-9b55-0c2f4e6a8b10`);
    const at = (line: number) => world.features.hover.provideHover(document, new vscode.Position(line, 12), token);
    const [card] = (await at(0))?.contents ?? [];
    assert.ok(card instanceof vscode.MarkdownString);
    assert.ok(!card.value.includes("](command:evil)") && !card.value.includes("<"), card.value);
    assert.match(card.value, /Yes,&nbsp;two&nbsp;are\./);
    assert.ok(
      card.value.includes(
        `command:aiGateway.openLog?${encodeURIComponent(JSON.stringify([{ ...GATEWAY, logId: ID }]))}`,
      ),
    );
    assert.equal(await at(1), undefined);
  });

  it("are shown next to the source as they come, if the setting is on, and found by their time", async () => {
    await set("debugFollow", true);
    await set("debugFindByTime", true);
    await set("debugFilter", "meta.user:me");
    try {
      world.features.gateways.choose(GATEWAY);
      const run = new Run("1", "Launch", new Date(Date.now() - 1000));
      world.gateway.store.insert([
        aLog({ id: "mine", createdAt: new Date(), model: "model-mine", metadata: { user: "me" } }),
        aLog({ id: "other", createdAt: new Date(), metadata: { user: "them" } }),
      ]);
      world.runs.add(run);
      await when(world.runs.onDidChange, () => run.known.length > 0);
      assert.deepEqual(
        run.known.map(({ id }) => id),
        ["mine"],
      );
      const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
      await when(vscode.window.tabGroups.onDidChangeTabs, () =>
        tabs().some(({ label }) => label.startsWith("model-mine")),
      );
    } finally {
      for (const key of ["debugFollow", "debugFindByTime", "debugFilter"]) await set(key, undefined);
    }
  });

  it("that were not found are looked up again after a sign-in", async () => {
    const run = new Run("1", "Launch", new Date());
    world.runs.add(run);
    run.see({ id: ID, sure: true }, { type: "missing" });
    world.gateway.store.insert([aLog({ id: ID, createdAt: new Date() })]);
    world.sessions.renew();
    await when(world.runs.onDidChange, () => run.known.length > 0);
  });
});
