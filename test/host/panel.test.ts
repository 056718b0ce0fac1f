import assert from "node:assert/strict";
import { LogPanel, type PanelOwner } from "../../src/panel/panel.ts";
import type { LogView } from "../../src/panel/protocol.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { PageStandIn, panelNeeds } from "./page.ts";
import { startWorld, type World } from "./world.ts";

const isReady = ({ state }: LogView): boolean => state.type === "ready";
const textIn = ({ state }: LogView): string =>
  state.type === "ready" ? JSON.stringify(state.content.conversation.answers) : "";

const answer = (content: string) =>
  JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content }, finish_reason: "stop" }] });

describe("a panel", () => {
  let world: World;
  let needs: ReturnType<typeof panelNeeds>;
  let page: PageStandIn;
  let panel: LogPanel;
  let owner: PanelOwner & { opened: string[] };
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000);

  function open(logId: string): LogPanel {
    page = new PageStandIn();
    panel = new LogPanel({ panel: page.panel, ref: ref(logId), row: undefined, isPreview: false }, needs, owner);
    page.says({ type: "ready" });
    return panel;
  }

  beforeEach(async () => {
    world = await startWorld();
    await world.signIn();
    needs = panelNeeds(world);
    const opened: string[] = [];
    owner = {
      view: "conversation",
      setView: (view) => {
        owner.view = view;
        panel.viewChanged();
      },
      open: async ({ logId }) => void opened.push(logId),
      changed: () => undefined,
      opened,
    };
    world.gateway.store.insert([
      ...["a", "b", "c", "d"].map((id, index) =>
        aLog({ id, createdAt: minutesAgo(10 + index), model: `model-${id}`, response: answer(`answer ${id}`) }),
      ),
      ...[0, 1].map((step) =>
        aLog({
          id: `leg-${step}`,
          createdAt: minutesAgo(30 - step),
          eventId: "event",
          step,
          success: step === 1,
          statusCode: step === 1 ? 200 : 500,
        }),
      ),
      aLog({ id: "tagged", createdAt: minutesAgo(40), metadata: { team: "blue", shards: 3 } }),
      aLog({ id: "big", createdAt: minutesAgo(50), response: answer("x".repeat(3_000_000)) }),
    ]);
  });

  afterEach(async () => {
    panel.dispose();
    await world.close();
  });

  it("sends what is first seen of the conversation once, before all of it, and to no page that is shown already", async () => {
    open("a");
    await page.until(({ state }) => state.type === "ready");
    assert.deepEqual(page.openings.length, 1);
    assert.match(page.openings[0]?.html ?? "", /<article class="message assistant">.*answer a/s);
    assert.ok(page.shown.slice(0, page.openings[0]?.shown).every(({ state }) => state.type === "loading"));
    panel.show(ref("b"), undefined);
    await page.until(({ ref: { logId }, state }) => logId === "b" && state.type === "ready");
    assert.equal(page.openings.length, 1);
    owner.view = "raw";
    open("a");
    await page.until(({ state }) => state.type === "ready");
    assert.deepEqual(page.openings, []);
  });

  it("shows the facts that are known, and asks for nothing more of an ordinary log", async () => {
    open("a");
    const view = await page.until(isReady);
    const names = view.facts.map(({ name }) => name);
    assert.deepEqual(names.slice(0, 5), ["time", "duration", "tokens in", "tokens out", "cost"]);
    assert.equal(view.facts.find(({ name }) => name === "cost")?.value, "$0.018210");
    assert.match(view.facts[0]?.title ?? "", /UTC$/);
    assert.deepEqual(
      view.foot.map(({ name, value }) => `${name} ${value}`),
      ["latency 842 ms", "prompt tokens 2,180", "completion tokens 226"],
    );
    assert.deepEqual(
      world.gateway.takeCalls().filter((call) => call.includes("/logs?")),
      [],
    );
  });

  it("lists the other steps of an event in a later snapshot, and opens them", async () => {
    open("leg-1");
    const view = await page.until(({ siblings }) => siblings.length > 0);
    assert.deepEqual(
      view.siblings.map(({ ref: { logId }, step, status }) => [logId, step, status.text]),
      [["leg-0", "0", "500"]],
    );
    const lists = world.gateway.takeCalls().filter((call) => call.includes("/logs?"));
    assert.equal(lists.length, 1);
    page.says({ type: "openLog", ref: ref("leg-0") });
    page.says({ type: "openLog", ref: ref("a") });
    assert.deepEqual(owner.opened, ["leg-0"]);
  });

  it("lists them also when the log is read again before they are there", async () => {
    open("leg-1");
    await page.until(isReady);
    page.says({ type: "retry" });
    await page.until(({ siblings }) => siblings.length > 0);
  });

  it("makes what a view shows when it is chosen, and not before", async () => {
    open("a");
    const first = await page.until(isReady);
    assert.ok(first.state.type === "ready" && !first.state.content.raw && !first.state.content.markdown);
    page.says({ type: "setView", view: "raw" });
    const raw = await page.until(({ state }) => state.type === "ready" && state.content.raw !== undefined);
    assert.ok(raw.state.type === "ready");
    assert.match(raw.state.content.raw?.response?.text ?? "", /\n {6}"index": 0/);
    assert.equal(raw.state.content.markdown, undefined);
    page.says({ type: "setView", view: "markdown" });
    const markdown = await page.until(({ state }) => state.type === "ready" && state.content.markdown !== undefined);
    assert.ok(markdown.state.type === "ready");
    assert.match(markdown.state.content.markdown?.text ?? "", /answer a/);
  });

  it("builds nothing for a hidden page, but shows the chosen view when it is back", async () => {
    open("a");
    await page.until(isReady);
    page.setVisible(false);
    owner.setView("raw");
    const told = page.shown.length;
    page.setVisible(true);
    assert.equal(page.shown.length, told);
    page.says({ type: "ready" });
    await page.until(({ state }) => state.type === "ready" && state.content.raw !== undefined);
  });

  it("has a page that begins with the row, and with the log that it shows when it was hidden", async () => {
    const begins = (id: string): boolean =>
      page.panel.webview.html.includes(`data-log="${id}"`) && page.panel.webview.html.includes(`model-${id}`);
    page = new PageStandIn();
    const { logs } = await world.gateway.client.listLogs(GATEWAY, { perPage: 50 });
    const rowOf = (id: string) => logs.find((log) => log.id === id);
    panel = new LogPanel({ panel: page.panel, ref: ref("a"), row: rowOf("a"), isPreview: false }, needs, owner);
    assert.ok(begins("a"));
    assert.ok(page.panel.webview.html.includes("$0.018210"));
    page.says({ type: "ready" });
    await page.until(isReady);
    // A visible page keeps its HTML.
    const seen = page.panel.webview.html;
    panel.show(ref("b"), rowOf("b"));
    await page.until((view) => view.ref.logId === "b" && isReady(view));
    assert.equal(page.panel.webview.html, seen);
    page.setVisible(false);
    assert.ok(begins("b"));
    panel.show(ref("c"), rowOf("c"));
    assert.ok(begins("c"));
  });

  it("sends what a log says once: a rating, a score and a round send the head alone", async () => {
    open("big");
    const before = await page.until((view) => textIn(view).length > 1_000_000);
    const told = page.sentBytes.length;
    await world.ratings.send(ref("big"), { feedback: 1 }, () => Promise.resolve());
    await world.ratings.send(ref("big"), { score: 7 }, () => Promise.resolve());
    world.round.show(ref("big"), { progress: "1 of 9", canUndo: false, isOver: false });
    const { rating, round, state } = await page.until((view) => view.round !== undefined);
    assert.deepEqual([rating?.verdict, rating?.score, round?.progress], ["up", "7 (sent from here)", "1 of 9"]);
    assert.deepEqual(state, before.state);
    const later = page.sentBytes.slice(told);
    assert.ok(later.length >= 3);
    assert.ok(Math.max(...later) < 10_000, `${Math.max(...later)} bytes`);
    world.round.hide();
    // A recreated page has no state.
    page.setVisible(false);
    page.setVisible(true);
    page.says({ type: "ready" });
    await page.until(() => (page.sentBytes.at(-1) ?? 0) > 1_000_000);
  });

  it("goes through the list, and reads only where a quick walk ends", async () => {
    open("a");
    await page.until(isReady);
    await world.tree.neighbor(ref("a"), "next");
    world.gateway.takeCalls();
    await Promise.all([panel.go("next"), panel.go("next"), panel.go("next")]);
    assert.equal(page.view?.ref.logId, "d");
    const view = await page.until(isReady);
    assert.equal(view.ref.logId, "d");
    assert.match(textIn(view), /answer d/);
    assert.deepEqual(needs.revealed, ["b", "c", "d"]);
    const read = world.gateway.takeCalls().map((call) => call.split("/").at(-1));
    assert.ok(!read.includes("c"), "what was passed by is not read");
    await panel.go("previous");
    assert.match(textIn(await page.until((now) => now.ref.logId === "c" && isReady(now))), /answer c/);
  });

  it("never shows what belongs to another log", async () => {
    open("a");
    for (const id of ["b", "c", "a", "d", "b"]) panel.show(ref(id), undefined);
    await page.until((view) => view.ref.logId === "b" && isReady(view));
    for (const view of page.shown) {
      if (isReady(view)) assert.match(textIn(view), new RegExp(`answer ${view.ref.logId}`));
    }
  });

  it("stays where it is at the ends of the list", async () => {
    open("a");
    await page.until(isReady);
    await panel.go("previous");
    assert.equal(page.view?.ref.logId, "a");
  });

  it("filters the tree by a tag that the log has, with its type, and by no other", async () => {
    open("tagged");
    await page.until(isReady);
    page.says({ type: "filterBy", name: "shards", value: "3" });
    page.says({ type: "filterBy", name: "shards", value: "4" });
    page.says({ type: "filterBy", name: "__proto__", value: "x" });
    assert.deepEqual(needs.filtered, [
      {
        gateway: GATEWAY,
        conditions: [
          { key: "metadataKey", operator: "eq", value: ["shards"] },
          { key: "metadataValue", operator: "eq", value: [3] },
        ],
      },
    ]);
  });

  it("takes nothing from a page that is not in the protocol", async () => {
    open("a");
    const before = await page.until(isReady);
    for (const intent of [{ type: "setView", view: "evil" }, { type: "constructor" }, { type: "openLog" }, { type: 1 }])
      page.says(intent);
    page.says({ type: "loadMedia", url: "https://example.com/not-in-the-log.png" });
    assert.equal(page.view, before);
    assert.equal(owner.view, "conversation");
  });

  it("fetches a medium that the log names, once, and shows it later", async () => {
    const url = "https://example.com/a.png";
    const asked: string[] = [];
    needs.loadMedia = (address, sourceId, signal) => {
      asked.push(address, sourceId);
      signal.throwIfAborted();
      return Promise.resolve(
        asked.length > 2 ? { state: "loaded", mimeType: "image/png", data: "AAAA" } : { type: "tooLarge" },
      );
    };
    const content = [{ type: "image_url", image_url: { url } }];
    const request = JSON.stringify({ model: "m", messages: [{ role: "user", content }] });
    world.gateway.store.insert([aLog({ id: "seen", createdAt: minutesAgo(60), request })]);
    open("seen");
    await page.until(isReady);
    assert.deepEqual(asked, []);
    page.says({ type: "loadMedia", url });
    assert.deepEqual(page.view?.media, { [url]: { state: "loading" } });
    const failed = await page.until(({ media }) => media[url]?.state === "failed");
    assert.deepEqual(failed.media[url], { state: "failed", message: "It's larger than 5 MB." });
    page.says({ type: "loadMedia", url });
    page.says({ type: "loadMedia", url });
    await page.until(({ media }) => media[url]?.state === "loaded");
    assert.deepEqual(asked, [url, GATEWAY.sourceId, url, GATEWAY.sourceId]);
    panel.show(ref("a"), undefined);
    assert.deepEqual(page.view?.media, {});
  });

  it("shows the head of a large body first, and drops it while the page is hidden", async () => {
    open("big");
    const view = await page.until((now) => isReady(now) && textIn(now).length > 1_000_000);
    assert.ok(view.state.type === "ready" && view.state.content.shortened);
    const sizes = page.shown.map((now) => textIn(now).length);
    assert.deepEqual(
      sizes,
      sizes.toSorted((a, b) => a - b),
      "never less than before",
    );
    page.setVisible(false);
    page.setVisible(true);
    page.says({ type: "ready" });
    assert.equal(page.view?.state.type, "loading");
    await page.until((now) => isReady(now) && textIn(now).length > 1_000_000);
  });

  it("says that a log which was listed was deleted", async () => {
    const { logs } = await world.gateway.client.listLogs(GATEWAY, {});
    const row = logs.find(({ id }) => id === "a");
    open("b");
    panel.show(ref("gone"), row);
    const view = await page.until(({ state }) => state.type === "failed");
    assert.ok(view.state.type === "failed");
    assert.match(view.state.message, /was deleted/);
  });

  it("still says what failed when another view is chosen", async () => {
    open("a");
    await page.until(isReady);
    await world.gateway.goAway();
    needs.bodies.clear();
    page.says({ type: "retry" });
    await page.until(({ state }) => state.type === "failed");
    page.says({ type: "setView", view: "raw" });
    assert.equal(page.view?.state.type, "failed");
    await world.gateway.comeBack();
    page.says({ type: "retry" });
    await page.until(({ state }) => state.type === "ready" && state.content.raw !== undefined);
  });

  it("says what a failure usually means", async () => {
    open("leg-0");
    const view = await page.until(isReady);
    assert.match(view.error?.meaning ?? "", /The provider had an error/);
  });
});
