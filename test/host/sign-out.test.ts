import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as vscode from "vscode";
import { GatewayTokens } from "../../src/account/gateway-tokens.ts";
import { forgetAccount, type Kept } from "../../src/account/kept.ts";
import { Sessions } from "../../src/account/session.ts";
import { Entries } from "../../src/audit/entries.ts";
import { FilterLines } from "../../src/filter/filter-lines.ts";
import { EntryPanels } from "../../src/audit/panels.ts";
import { AuditTree } from "../../src/audit/tree.ts";
import { Run } from "../../src/debugging/core/run.ts";
import type { AuditEntry } from "../../src/sources/cloudflare/audit/schema.ts";
import { CompareSelection } from "../../src/commands/compare/compare-selection.ts";
import { LineDrafts } from "../../src/commands/filter/line-drafts.ts";
import { signOut } from "../../src/commands/account/sign-out.ts";
import { CalledGateways } from "../../src/debugging/gateways.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { LogDocuments } from "../../src/documents/documents.ts";
import { RequestDrafts } from "../../src/documents/drafts.ts";
import { Recordings } from "../../src/reading/recordings.ts";
import { urisOf } from "../../src/documents/open-tabs.ts";
import { entryUri, uriOf } from "../../src/documents/uris.ts";
import { Checkpoints } from "../../src/export/checkpoints.ts";
import { exportLogs } from "../../src/export/export.ts";
import { LogPanels } from "../../src/panel/panels.ts";
import { Expanded } from "../../src/tree/expanded.ts";
import { gatewayNodeId, type Node } from "../../src/tree/nodes.ts";
import { ACCOUNT, aLog, CANARY, GATEWAY } from "../gateway.ts";
import { when } from "./debug-world.ts";
import { panelNeeds } from "./page.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld, type World } from "./world.ts";

const OTHER = { sourceId: "fedcba9876543210fedcba9876543210", collectionId: "elsewhere" };
/**
 * Separate from the installed extension's and different for each test: VS Code keeps a document for a while after its
 * tab closes.
 */
let schemes = { recorded: "", drafts: "" };
let tests = 0;

/** The accounts, each with a word that occurs only in its logs. */
const ACCOUNTS = [
  { gateway: GATEWAY, word: "quartz" },
  { gateway: OTHER, word: "jasper" },
] as const;

const tabs = () => vscode.window.tabGroups.all.flatMap((group) => group.tabs);
const documentsOf = ({ sourceId }: typeof GATEWAY) =>
  tabs().filter((tab) => urisOf(tab).some((uri) => uri.path.startsWith(`/${sourceId}/`)));
const pages = () => tabs().filter(({ input }) => input instanceof vscode.TabInputWebview);
const textOf = (bytes: Uint8Array) => new TextDecoder().decode(bytes);

describe("signing out", function () {
  // Each opens some ten editors and pages.
  this.timeout(120_000);
  let world: World;
  let parts: ReturnType<typeof assemble>;
  let folder: string;
  /** Resolves once everything that holds account data was told to forget it. */
  let forgotten: Promise<string>;

  const logOf = (gateway: typeof GATEWAY) => ({ ...gateway, logId: `log-${gateway.collectionId}` });
  const entryOf = ({ sourceId }: typeof GATEWAY) => ({
    sourceId,
    entryId: `entry-${sourceId.slice(0, 4)}`,
    time: "2026-03-14T12:00:00.000Z",
  });

  /** Everything that holds account data, as in the extension. */
  function assemble() {
    const { sessions, read, format, tree, state, ratings, runs, logger, secrets, extensionUri, arrangements } = world;
    const clientOf = (sourceId: string) => sessions.clientOf(sourceId);
    const sourceOf: typeof sessions.sourceOf = (of) => sessions.sourceOf(of);
    const [global, workspace] = [new MemoryState(), state];
    const bodies = new Bodies(sourceOf);
    const recordings = new Recordings(sourceOf, bodies);
    const entries = new Entries(clientOf);
    const documents = new LogDocuments({ bodies, recordings, entries, read, format, scheme: schemes.recorded });
    const drafts = new RequestDrafts(bodies, read, format, schemes.drafts);
    const panels = new LogPanels(panelNeeds(world), { global, workspace });
    const around = { neighbor: () => Promise.resolve(undefined), reveal: () => undefined };
    const entryPanels = new EntryPanels({ extensionUri, clientOf, entries, around, format, logger }, workspace);
    const filters = new FilterLines(workspace, "auditFilters");
    const expanded = new Expanded(workspace);
    const auditTree = new AuditTree({ ...world, filters, expanded });
    const gateways = new CalledGateways({ host: "gateway.example", sessions, state: workspace, logger });
    const unfinished = new Checkpoints(join(folder, "exports"));
    const gatewayTokens = new GatewayTokens(secrets);
    const selection = new CompareSelection();
    const lines = new LineDrafts();
    const kept: Kept[] = [drafts, documents, panels, entryPanels, filters, auditTree, tree, runs, gateways];
    kept.push(arrangements, expanded, ratings, unfinished, world.unfinishedDeletions, gatewayTokens, selection, lines);
    const subscriptions = [
      vscode.workspace.registerFileSystemProvider(schemes.recorded, documents, {
        isReadonly: true,
        isCaseSensitive: true,
      }),
      vscode.workspace.registerFileSystemProvider(schemes.drafts, drafts, { isCaseSensitive: true }),
      // Like the extension with caches that are shared by all accounts.
      sessions.onDidChange(() => {
        for (const cache of [bodies, recordings, documents, entries]) cache.clear();
      }),
      panels,
      entryPanels,
      filters,
      auditTree,
      drafts,
    ];
    forgotten = new Promise((resolve) => {
      sessions.onDidSignOut((id) => void forgetAccount(id, kept, logger).then(() => resolve(id)));
    });
    return {
      bodies,
      recordings,
      entries,
      documents,
      drafts,
      panels,
      entryPanels,
      filters,
      expanded,
      auditTree,
      gateways,
      unfinished,
      gatewayTokens,
      selection,
      lines,
      global,
      workspace,
      dispose: () => vscode.Disposable.from(...subscriptions).dispose(),
    };
  }

  const recorded = (gateway: typeof GATEWAY, name: "conversation" | "request") =>
    uriOf({ ref: logOf(gateway), name }, undefined, schemes.recorded);

  /** Shows and stores account data everywhere possible. */
  async function use({ gateway, word }: (typeof ACCOUNTS)[number]): Promise<void> {
    const { sourceId, collectionId } = gateway;
    const ref = logOf(gateway);
    const log = await (await world.sessions.clientOf(sourceId))?.getLog(ref);
    assert.ok(log);
    await parts.panels.open(ref, log);
    parts.panels.keepOpen();
    await parts.entryPanels.open(entryOf(gateway), await parts.entries.get(entryOf(gateway)));
    parts.entryPanels.keepOpen();
    for (const uri of [recorded(gateway, "request"), recorded(gateway, "conversation")])
      await vscode.window.showTextDocument(uri, { preview: false });
    const draft = parts.drafts.uriOf(ref, { body: "{}" });
    const document = await vscode.workspace.openTextDocument(draft);
    await vscode.window.showTextDocument(document, { preview: false });
    const edit = new vscode.WorkspaceEdit();
    edit.insert(draft, new vscode.Position(0, 0), `// edited ${word}\n`);
    assert.ok(await vscode.workspace.applyEdit(edit));
    await parts.drafts.putAnswer(ref, { body: `{"answer":"${word}"}` });
    world.arrangements.setFilter(gateway, `model:${word}`);
    parts.filters.set(sourceId, `actor:${word}`);
    parts.expanded.set(`${gatewayNodeId(gateway)}/meta.word/%22${word}%22`, true);
    parts.expanded.set(`${sourceId}/@audit`, true);
    await world.ratings.send(ref, { metadata: { word } }, () => Promise.resolve());
    parts.gateways.found(gateway);
    parts.lines.set(gatewayNodeId(gateway), { line: word, over: "" });
    const run = new Run(collectionId, `run of ${collectionId}`, new Date());
    run.see({ id: ref.logId, sure: true }, { type: "known", gateway, log });
    world.runs.add(run);
    await parts.gatewayTokens.store(gateway, `${CANARY}${word}`);
    await exportHalf(gateway);
  }

  /** Starts to export a gateway's logs, and stops. */
  async function exportHalf(gateway: typeof GATEWAY): Promise<void> {
    const source = await world.sessions.sourceOf(gateway);
    assert.ok(source);
    const target = join(folder, `${gateway.collectionId}.jsonl`);
    const abort = new AbortController();
    const filter = { conditions: [], search: "", clientSide: [] };
    const job = { subset: { type: "fitting", gateway, filter }, format: "jsonLines", bodies: true } as const;
    const onProgress = () => abort.abort();
    const checkpoints = parts.unfinished;
    await assert.rejects(exportLogs(source, job, target, { signal: abort.signal, onProgress, checkpoints }));
    await world.unfinishedDeletions.begin({ gateway, ids: [`log-${gateway.collectionId}`], words: "all" });
  }

  /** Stored data as text; only the names of secrets. */
  const stored = async () =>
    JSON.stringify([
      ...[parts.workspace, parts.global].map((state) => state.keys().map((key) => [key, state.get(key)])),
      await world.secrets.keys(),
    ]);

  const leave = (sourceId: string) =>
    signOut(world.tokens, {
      showInformationMessage: () => assert.fail("there are accounts"),
      showQuickPick: (items: { description: string }[]) =>
        Promise.resolve(items.find(({ description }) => description === sourceId)),
    } as never);

  beforeEach(async () => {
    schemes = { recorded: `sign-out-test-${++tests}-recorded`, drafts: `sign-out-test-${tests}` };
    folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
    world = await startWorld();
    const { store } = world.gateway;
    store.addAccount({ id: OTHER.sourceId, name: "Other Bicycles", createdOn: new Date("2025-01-01T00:00:00Z") });
    store.addGateway({ ...OTHER, id: OTHER.collectionId, createdAt: new Date("2025-01-02T00:00:00Z") });
    for (const { gateway, word } of ACCOUNTS) {
      const time = new Date("2026-03-14T12:00:00.000Z");
      const request = JSON.stringify({ model: word, messages: [{ role: "user", content: `Say ${word}.` }] });
      const own = { ...gateway, model: word, request };
      store.insert([
        aLog({ ...own, createdAt: time, id: logOf(gateway).logId }),
        // More than an export reads at once.
        ...Array.from({ length: 60 }, (_, i) => aLog({ ...own, createdAt: new Date(time.getTime() - 1000 * (i + 1)) })),
      ]);
      store.audit.add({
        accountId: gateway.sourceId,
        time,
        fields: { id: entryOf(gateway).entryId, actor_email: `${word}@example.com` },
      });
    }
    await world.signIn();
    await world.tokens.store({ id: OTHER.sourceId, name: "Other Bicycles" }, world.gateway.token);
    await world.sessions.current();
    parts = assemble();
  });

  afterEach(async () => {
    for (const { gateway } of ACCOUNTS) await parts.drafts.forget(gateway.sourceId);
    parts.dispose();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await world.close();
    rmSync(folder, { recursive: true, force: true });
  });

  it("forgets what is shown and kept of the account, and of no other", async () => {
    for (const account of ACCOUNTS) await use(account);
    const diff = (left: vscode.Uri, right: vscode.Uri, title: string) =>
      vscode.commands.executeCommand("vscode.diff", left, right, title, { preview: false });
    const [mine, theirs] = [recorded(GATEWAY, "conversation"), recorded(OTHER, "conversation")];
    await diff(mine, theirs, "quartz ↔ jasper");
    await diff(theirs, recorded(OTHER, "request"), "jasper ↔ jasper");
    parts.selection.select(logOf(GATEWAY));
    const isMine = (node: Node) => node.kind === "gateway" && node.ref.sourceId === ACCOUNT;
    const account = (await world.children()).find(isMine);
    await world.children(account);
    assert.ok(world.tree.known(GATEWAY).length > 0);
    const { onDidChangeTabs } = vscode.window.tabGroups;
    await when(onDidChangeTabs, () => pages().length === 4);
    assert.deepEqual([documentsOf(GATEWAY).length, documentsOf(OTHER).length], [4, 5]);
    assert.match(await stored(), /quartz.*jasper/);

    await leave(ACCOUNT);
    assert.equal(await forgotten, ACCOUNT);
    await when(onDidChangeTabs, () => pages().length === 2);
    assert.deepEqual([documentsOf(GATEWAY).length, documentsOf(OTHER).length], [0, 4]);
    assert.ok(!tabs().some(({ label }) => label.includes("quartz")));

    const now = await stored();
    for (const word of ["quartz", ACCOUNT, GATEWAY.collectionId]) assert.ok(!now.includes(word), `${word} in ${now}`);
    for (const word of ["jasper", OTHER.sourceId]) assert.ok(now.includes(word), word);
    assert.deepEqual(
      parts.panels.all.map(({ ref }) => ref.sourceId),
      [OTHER.sourceId],
    );
    assert.deepEqual(
      parts.entryPanels.all.map(({ ref }) => ref.sourceId),
      [OTHER.sourceId],
    );
    assert.deepEqual(
      world.runs.all.flatMap(({ known }) => known.map(({ state }) => state.gateway)),
      [OTHER],
    );
    assert.deepEqual(world.tree.known(GATEWAY), []);
    assert.equal(world.tree.nodeOf(GATEWAY), undefined);
    assert.equal(world.tree.rowOf(logOf(GATEWAY)), undefined);
    assert.deepEqual(
      (await world.tree.gateways()).map(({ ref }) => ref),
      [OTHER],
    );
    assert.deepEqual(
      (await parts.auditTree.accounts()).map(({ account }) => account.id),
      [OTHER.sourceId],
    );
    assert.deepEqual(
      (await parts.unfinished.list()).map(({ state }) => state.job.subset.gateway),
      [OTHER],
    );
    assert.deepEqual(await world.unfinishedDeletions.of(GATEWAY), []);
    assert.equal((await world.unfinishedDeletions.of(OTHER)).length, 1);
    assert.deepEqual([...parts.lines.keys()], [gatewayNodeId(OTHER)]);
    assert.throws(() => parts.selection.ref, /Select a log/);
    assert.deepEqual(parts.gateways.chosen, undefined);
  });

  it("makes the documents of the account unreadable, an edited request and its answer too", async () => {
    for (const account of ACCOUNTS) await use(account);
    const uris = ({ gateway }: (typeof ACCOUNTS)[number]) => [
      recorded(gateway, "request"),
      recorded(gateway, "conversation"),
      entryUri(entryOf(gateway)).with({ scheme: schemes.recorded }),
      parts.drafts.uriOf(logOf(gateway), { body: "{}" }),
      uriOf({ ref: logOf(gateway), name: "response" }, "json", schemes.drafts),
    ];
    const [mine, theirs] = ACCOUNTS;
    for (const account of ACCOUNTS)
      for (const uri of uris(account)) assert.ok((await vscode.workspace.fs.readFile(uri)).length > 0, String(uri));
    // VS Code may have saved them by itself.
    const requests = () => vscode.workspace.textDocuments.filter(({ uri }) => uri.scheme === schemes.drafts);
    const dirty = () => requests().filter(({ isDirty, uri }) => isDirty && uri.path.startsWith(`/${ACCOUNT}/`));
    assert.equal(requests().filter((document) => document.getText().startsWith("// edited")).length, 2);

    await leave(mine.gateway.sourceId);
    await forgotten;

    for (const uri of uris(mine))
      await assert.rejects(async () => vscode.workspace.fs.readFile(uri), vscode.FileSystemError, String(uri));
    for (const uri of uris(theirs)) assert.ok((await vscode.workspace.fs.readFile(uri)).length > 0, String(uri));
    assert.deepEqual(dirty(), []);
    const left = requests().find((document) => document.getText().includes("edited jasper"));
    assert.ok(left && (await left.save()));
    assert.match(textOf(await parts.drafts.readFile(left.uri)), /edited jasper/);
  });

  it("keeps nothing that was on its way", async () => {
    let answer: (entries: AuditEntry[]) => void = () => undefined;
    const asked = new Promise<AuditEntry[]>((resolve) => (answer = resolve));
    let isSignedIn = true;
    const listAuditLogs = async () => ({ entries: await asked, malformed: 0 });
    const entries = new Entries(() => Promise.resolve(isSignedIn ? { listAuditLogs } : undefined));
    const entry = await parts.entries.get(entryOf(GATEWAY));
    const reading = entries.get(entryOf(GATEWAY));
    let arrive = (): void => undefined;
    const sending = world.ratings.send(
      logOf(GATEWAY),
      { score: 7 },
      () => new Promise((resolve) => (arrive = resolve)),
    );

    await leave(ACCOUNT);
    await forgotten;
    isSignedIn = false;
    entries.clear();
    answer([entry]);
    arrive();

    assert.equal((await reading).id, entry.id);
    await sending;
    await assert.rejects(entries.get(entryOf(GATEWAY)), { reason: "signedOut" });
    assert.ok(!(await stored()).includes(logOf(GATEWAY).logId));
  });

  it("is noticed in other windows, and in those that were closed meanwhile", async () => {
    const windows = [new MemoryState(), new MemoryState()];
    const open = (state: MemoryState) => new Sessions(world.tokens, [world.sample], state, world.logger);
    const closed = open(windows[1] ?? assert.fail());
    await closed.current();
    await closed.dispose();
    const other = open(windows[0] ?? assert.fail());
    await other.current();
    await other.show(ACCOUNT);
    const noticed = new Promise((resolve) => other.onDidSignOut(resolve));

    await leave(ACCOUNT);

    assert.equal(await noticed, ACCOUNT);
    assert.equal(other.shownAccount, undefined);
    const again = open(windows[1] ?? assert.fail());
    const told: string[] = [];
    again.onDidSignOut((sourceId) => told.push(sourceId));
    await again.current();
    await again.current();
    assert.deepEqual(told, [ACCOUNT]);
    for (const sessions of [other, again]) await sessions.dispose();
    for (const state of windows)
      assert.ok(!JSON.stringify(state.keys().map((key) => state.get(key))).includes(ACCOUNT));
  });

  it("reports no account that only has another token", async () => {
    const told: string[] = [];
    world.sessions.onDidSignOut((sourceId) => told.push(sourceId));
    await world.signIn(`${CANARY}another`);
    await world.sessions.current();
    assert.deepEqual(told, []);
    await leave(OTHER.sourceId);
    assert.equal(await forgotten, OTHER.sourceId);
    assert.deepEqual(told, [OTHER.sourceId]);
  });
});
