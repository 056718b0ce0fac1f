import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { EntryNode } from "../../src/audit/nodes.ts";
import { EntryPanel, type EntryPanelNeeds } from "../../src/audit/panel.ts";
import { EntryPanels, ENTRY_VIEW_TYPE } from "../../src/audit/panels.ts";
import type { EntryView } from "../../src/audit/protocol.ts";
import type { EntryRef } from "../../src/audit/ref.ts";
import { markdownOf } from "../../src/audit/entry-view.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { LogDocuments } from "../../src/documents/documents.ts";
import { Recordings } from "../../src/reading/recordings.ts";
import { SCHEME } from "../../src/documents/uris.ts";
import type { CollectionRef } from "../../src/source/log.ts";
import { ACCOUNT } from "../gateway.ts";
import { startAuditWorld, type AuditWorld } from "./audit-world.ts";
import { at } from "./nodes.ts";
import { PageStandIn } from "./page.ts";
import { MemoryState } from "./secrets.ts";

const isReady = ({ state }: EntryView): boolean => state.type === "ready";

describe("an entry's tab", () => {
  let world: AuditWorld;
  let needs: EntryPanelNeeds & { revealed: string[] };
  let opened: string[];

  const ref = (entryId: string, daysAgo: number): EntryRef => ({
    sourceId: ACCOUNT,
    entryId,
    time: at(daysAgo).toISOString(),
  });

  beforeEach(async () => {
    world = await startAuditWorld();
    await world.signIn();
    const shared = {
      resource_id: "production",
      resource_type: "ai_gateway.gateway",
      raw_uri: "/ai-gateway/gateways/production",
    };
    world.add(
      "new",
      at(1),
      { ...shared, action_type: "update", action_result: "failure", raw_method: "PUT", actor_email: "a@example.com" },
      { request: { limit: 5 }, description: "Update `gateway`" },
    );
    world.add("old", at(3), { ...shared, action_type: "create", raw_method: "PUT" });
    const revealed: string[] = [];
    needs = {
      ...world,
      clientOf: (accountId) => world.sessions.clientOf(accountId),
      around: {
        neighbor: (entry, step) => world.auditTree.neighbor(entry, step),
        reveal: (node: EntryNode) => void revealed.push(node.ref.entryId),
      },
      revealed,
    };
    opened = [];
  });

  afterEach(() => world.close());

  function open(of: EntryRef) {
    const page = new PageStandIn<EntryView>();
    const panel = new EntryPanel({ panel: page.panel, ref: of, row: undefined, isPreview: false }, needs, {
      open: async ({ entryId }) => void opened.push(entryId),
      changed: () => undefined,
    });
    page.says({ type: "ready" });
    return { page, panel };
  }

  it("reads the entry and shows all that it says, with what was sent", async () => {
    const { page, panel } = open(ref("new", 1));
    assert.equal(page.view?.state.type, "loading");
    const view = await page.until(isReady);
    assert.equal(view.title, "gateway production · updated");
    assert.deepEqual(view.status, { text: "failed", outcome: "error" });
    assert.equal(view.gatewayId, "production");
    assert.ok(view.state.type === "ready");
    assert.deepEqual(view.state.content.request, { limit: 5 });
    const facts = view.state.content.groups.flatMap((group) => group.facts);
    assert.equal(facts.find(({ name }) => name === "email address")?.value, "a@example.com");
    assert.match(page.titles.at(-1) ?? "", /^gateway production · \d\d:/);
    panel.dispose();
  });

  it("goes to the entries next to it, in the tree's order", async () => {
    const [account] = await world.nodes();
    await world.nodes(account);
    const { page, panel } = open(ref("new", 1));
    await page.until(isReady);
    page.says({ type: "go", to: "next" });
    await page.until((view) => view.ref.entryId === "old" && isReady(view));
    assert.deepEqual(needs.revealed, ["old"]);
    panel.dispose();
  });

  it("shows the history of the resource when it is asked for, and opens one of it", async () => {
    const { page, panel } = open(ref("new", 1));
    await page.until(isReady);
    world.gateway.takeCalls();
    page.says({ type: "showHistory" });
    const { history } = await page.until((view) => view.history.type === "ready");
    assert.ok(history.type === "ready");
    assert.deepEqual(
      history.rows.map(({ id, isShown }) => [id, isShown]),
      [
        ["new", true],
        ["old", false],
      ],
    );
    assert.deepEqual(history.notes, []);
    assert.equal(world.gateway.takeCalls().length, 1);
    page.says({ type: "openEntry", id: "old" });
    page.says({ type: "openEntry", id: "not there" });
    assert.deepEqual(opened, ["old"]);
    panel.dispose();
  });

  it("says what failed, and reads again when asked to; ignores unknown messages", async () => {
    await world.gateway.goAway();
    const { page, panel } = open(ref("new", 1));
    const failed = await page.until(({ state }) => state.type === "failed");
    assert.ok(failed.state.type === "failed");
    assert.match(failed.state.message, /Can't be reached/);
    await world.gateway.comeBack();
    page.says({ type: "nonsense" });
    page.says({ type: "retry" });
    await page.until(isReady);
    panel.dispose();
  });

  it("sends its state again to a page that comes back", async () => {
    const { page, panel } = open(ref("new", 1));
    await page.until(isReady);
    page.setVisible(false);
    page.setVisible(true);
    const before = page.shown.length;
    page.says({ type: "ready" });
    assert.equal(page.shown.length, before + 1);
    panel.dispose();
  });

  it("is one an entry, with a preview that the next takes over, and is restored by its state", async () => {
    const panels = new EntryPanels(needs, new MemoryState());
    try {
      const entry = async (id: string, days: number) => world.entries.get(ref(id, days));
      await panels.openFromTree(ref("new", 1), await entry("new", 1));
      await panels.openFromTree(ref("old", 3), await entry("old", 3));
      assert.deepEqual(
        panels.all.map((panel) => panel.ref.entryId),
        ["old"],
      );
      const options = { enableScripts: true };
      const restore = async (state: unknown) => {
        const panel = vscode.window.createWebviewPanel(ENTRY_VIEW_TYPE, "", vscode.ViewColumn.Active, options);
        await panels.deserializeWebviewPanel(panel, state);
      };
      await restore({ ref: ref("new", 1) });
      await restore({ ref: { ...ref("new", 1), time: "never" } });
      assert.deepEqual(
        panels.all.map((panel) => panel.ref.entryId),
        ["old", "new"],
      );
    } finally {
      panels.dispose();
    }
  });

  it("is a document as it came, and Markdown in which nothing recorded acts", async () => {
    const { entries, read, format, sessions } = world;
    const sourceOf = (of: CollectionRef) => sessions.sourceOf(of);
    const bodies = new Bodies(sourceOf);
    const documents = new LogDocuments({ bodies, recordings: new Recordings(sourceOf, bodies), entries, read, format });
    const uri = vscode.Uri.from({ scheme: SCHEME, path: `/${ACCOUNT}/audit/new.json`, query: at(1).toISOString() });
    const text = new TextDecoder().decode(await documents.readFile(uri));
    assert.equal((JSON.parse(text) as { id: string }).id, "new");
    await assert.rejects(async () => documents.readFile(uri.with({ path: `/${ACCOUNT}/audit/none.json` })));
    const markdown = markdownOf(await world.entries.get(ref("new", 1)), world.format);
    assert.match(markdown, /^# gateway production · updated\n/);
    assert.match(markdown, /- description: Update \\`gateway\\`\n/);
    assert.match(markdown, /```json\n\{\n {2}"limit": 5\n\}\n```\n$/);
  });
});
