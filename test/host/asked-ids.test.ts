import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { CollectionRef } from "../../src/source/log.ts";
import { documentLinks, terminalLinks } from "../../src/debugging/links.ts";
import { CallWatch } from "../../src/debugging/watch.ts";
import { SAMPLE_ACCOUNT_ID } from "../../src/local/samples/account.ts";
import { SAMPLE_GATEWAY_ID } from "../../src/local/samples/index.ts";
import { ACCOUNT, aLog, GATEWAY } from "../gateway.ts";
import { startDebugWorld, when } from "./debug-world.ts";
import { TextDocuments } from "./text-documents.ts";

type DebugWorld = Awaited<ReturnType<typeof startDebugWorld>>;

const KEY = "1f".repeat(32);
const PASSWORD = "11111111-2222-4333-8444-555555555555";
const BARE = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b11";
const NAMED = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";
const OTHER = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b12";
const token = new vscode.CancellationTokenSource().token;
const never = new AbortController().signal;

describe("a word that looks like an id", () => {
  let world: DebugWorld;
  let texts: TextDocuments;

  before(() => {
    texts = new TextDocuments();
  });
  after(() => texts.dispose());

  beforeEach(async () => {
    world = await startDebugWorld();
    world.gateway.store.insert([NAMED, OTHER].map((id) => aLog({ id, createdAt: new Date() })));
  });

  afterEach(() => world.close());

  /** Returns the IDs requested from the gateway since the last time. */
  const asked = (): string[] => {
    const ids = world.gateway.takeCalls().flatMap((call) => {
      const filters = new URL(call, "http://x").searchParams.get("filters") ?? "[]";
      return (JSON.parse(filters) as { value: string[] }[]).flatMap(({ value }) => value);
    });
    return [...new Set(ids)].sort();
  };

  /** Ids are asked for in the order in which they were seen, so that none of those before is still to come. */
  const asksFor = async (id: string, { lookup, onDidChange }: CallWatch = world.features.watch) => {
    lookup.want({ id, sure: true });
    await when(onDidChange, () => lookup.state(id)?.type === "known");
  };

  const hoverOver = async (text: string, word: string): Promise<vscode.MarkdownString | undefined> => {
    const document = await texts.open(text);
    const at = document.positionAt(text.indexOf(word) + 3);
    const hover = await world.features.hover.provideHover(document, at, token);
    const [card] = hover?.contents ?? [];
    assert.ok(card === undefined || card instanceof vscode.MarkdownString);
    return card;
  };

  const printing = { GATEWAY_URL: "", KEY_LIKE: KEY, PASSWORD_LIKE: PASSWORD, BARE: "nothing", NAMED: "nothing" };

  it("and is a key stays here when a program prints it that calls no gateway", async () => {
    await world.start("secrets.mjs", printing);
    await world.over();
    await asksFor(OTHER);
    assert.deepEqual(asked(), [OTHER]);
    assert.ok(!world.lines.some((line) => line.includes(KEY) || line.includes(PASSWORD)), "not in the log either");
  });

  it("and is a key stays here when the program calls a gateway, which is asked for the others", async () => {
    await world.start("secrets.mjs", { ...printing, BARE, NAMED: `cf-aig-log-id: ${NAMED}` });
    await world.over();
    await asksFor(OTHER);
    assert.deepEqual(asked(), [NAMED, BARE, OTHER]);
  });

  it("is asked for by its name alone in a workspace that is not trusted", async () => {
    const { sessions, runs, features } = world;
    const watch = new CallWatch({
      ids: features.ids,
      sessions,
      gateways: features.gateways,
      runs,
      isTrusted: () => false,
    });
    try {
      features.gateways.choose(GATEWAY);
      const session = { id: "1", name: "Launch", configuration: {} } as vscode.DebugSession;
      const output = `done: ${BARE}\ncf-aig-log-id: ${NAMED}\n`;
      watch.createDebugAdapterTracker(session).onDidSendMessage?.({ type: "event", event: "output", body: { output } });
      await asksFor(OTHER, watch);
      assert.deepEqual(asked(), [NAMED, OTHER]);
    } finally {
      watch.dispose();
    }
  });

  it("is offered under the pointer where nothing says that a gateway is called, and asked for with a click", async () => {
    world.gateway.takeCalls();
    const card = await hoverOver(`// see ${OTHER}`, OTHER);
    assert.ok(card);
    assert.deepEqual(card.isTrusted, { enabledCommands: ["aiGateway.openLogOf"] });
    const argument = encodeURIComponent(JSON.stringify([OTHER]));
    assert.equal(card.value, `[Look Up in AI Gateway](command:aiGateway.openLogOf?${argument})`);
    assert.deepEqual(world.gateway.takeCalls(), []);
    world.features.gateways.choose(GATEWAY);
    assert.match((await hoverOver(`// see ${OTHER}`, OTHER))?.value ?? "", /Yes,&nbsp;two&nbsp;are\./);
  });

  it("is neither asked for nor offered where it is a secret by its name", async () => {
    world.features.gateways.choose(GATEWAY);
    for (const text of [
      `WALLET_PRIVATE_KEY=${KEY}`,
      `const walletKey =\n  "${KEY}";`,
      `headers: { Authorization: "Bearer ${KEY}" }`,
      `console.log("API_KEY=${KEY}")`,
    ]) {
      assert.equal(await hoverOver(text, KEY), undefined, text);
      const document = await texts.open(text);
      assert.deepEqual(await documentLinks.provideDocumentLinks(document, token), [], text);
      assert.deepEqual(world.features.lenses.provideCodeLenses(document), [], text);
    }
    const line = `$ echo TOGETHER_API_KEY=${KEY}`;
    assert.deepEqual(await terminalLinks.provideTerminalLinks({ line } as vscode.TerminalLinkContext, token), []);
    assert.deepEqual(world.gateway.takeCalls(), []);
  });

  it("is looked for in the sample gateway, which is on this machine", async () => {
    await world.sample.open();
    const client = await world.sample.client();
    const sample: CollectionRef = { sourceId: SAMPLE_ACCOUNT_ID, collectionId: SAMPLE_GATEWAY_ID };
    const [log] = (await client.listLogs(sample, { perPage: 10 }, { signal: never })).logs;
    assert.ok(log);
    world.gateway.takeCalls();
    const card = await hoverOver(`// see ${log.id}`, log.id);
    assert.ok(card);
    assert.ok(card.value.includes("aiGateway.openLog?"), card.value);
    assert.ok(card.value.includes(encodeURIComponent(JSON.stringify([{ ...sample, logId: log.id }]))));
    assert.equal((await hoverOver(`// see ${BARE}`, BARE))?.value.includes("Look Up"), true);
    assert.deepEqual(world.gateway.takeCalls(), [], `nothing of it goes to ${ACCOUNT}`);
    assert.equal(await world.features.gateways.areCalledOnline(), false);
  });
});
