import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Log } from "../../src/source/log.ts";
import { formatFor } from "../../src/logs/format.ts";
import type { LogGroup } from "../../src/logs/log-group.ts";
import type { GroupName } from "../../src/logs/grouping.ts";
import type { OrderName } from "../../src/source/query.ts";
import { autoRefreshSeconds, pageSize, rowParts, zone } from "../../src/platform/settings.ts";
import { childrenOfGroup } from "../../src/tree/children.ts";
import { itemOf, tooltipOf } from "../../src/tree/items.ts";
import { filterNode, filtersNode } from "../../src/tree/node-kinds.ts";
import * as nodes from "../../src/tree/nodes.ts";
import { rowDescription } from "../../src/words/log-row.ts";
import { DEFAULT_PARTS, partsInOrder, type RowPart } from "../../src/logs/row-parts.ts";
import { at } from "./nodes.ts";

const format = formatFor("en");

const gateway = (filter = "", total?: number): nodes.GatewayNode => ({
  ...nodes.gatewayNode({ id: "production" }, { id: "a", name: "Acme Bicycles", kind: "cloudflare" }, filter),
  ...(total === undefined ? {} : { total }),
});

const aRow = (fields: Partial<Log> = {}): Log => ({
  id: "01",
  createdAt: at(1, 9),
  provider: "openai",
  model: "gpt-4o-2024-11-20",
  path: "chat/completions",
  success: true,
  cached: false,
  customCost: false,
  metadata: {},
  raw: {},
  ...fields,
});

const known = (key: string, logs: Log[], more: Partial<LogGroup> = {}): LogGroup => ({
  key,
  logs,
  loaded: logs.length,
  total: logs.length,
  hasMore: false,
  opened: true,
  malformed: 0,
  ...more,
});

const group = (name: GroupName, key: unknown, logs: Log[] = [aRow()], more: Partial<LogGroup> = {}) =>
  nodes.groupNode(gateway(), name, known(name === "day" ? String(key) : JSON.stringify(key), logs, more));

const icon = (item: vscode.TreeItem) => (item.iconPath instanceof vscode.ThemeIcon ? item.iconPath.id : undefined);
const words = (node: nodes.Node) => {
  const { label, description } = itemOf(node, format);
  return [label, description].filter(Boolean).join(" | ");
};
const spoken = (node: nodes.Node) => itemOf(node, format).accessibilityInformation?.label;

describe("a log's row", () => {
  const full = aRow({
    success: false,
    statusCode: 429,
    tokensIn: 2180,
    tokensOut: 226,
    costUsd: 0.01821,
    durationMs: 842,
    step: 2,
    userAgent: "OpenAI/Python 1.2.3 (a very long tail of what it runs on)",
    metadata: { user: 42, "a.b": "x\ny", toString: true },
  });

  it("has the parts that were chosen, in that order", () => {
    const said = (...parts: RowPart[]) => rowDescription(full, parts, format);
    assert.equal(said(...DEFAULT_PARTS), "429 · 12:00:10 · 2,406 tokens · $0.018210");
    assert.equal(said("meta.user", "duration", "step", "time"), "user: 42 · 842 ms · step 2 · 12:00:10");
    assert.equal(said("provider", "model", "path"), "openai · gpt-4o-2024-11-20 · chat/completions");
    assert.equal(said("user_agent"), "OpenAI/Python 1.2.3 (a very long tail o…");
    assert.equal(said("meta.a.b", "meta.toString"), "a.b: x\ufffdy · toString: true");
    const ofParts = (row: Partial<Log>) => rowDescription(aRow(row), ["endpoint", "caller"], format);
    assert.equal(ofParts({ endpoint: "Support\n", user: "Ada" }), "Support\ufffd · Ada");
    assert.equal(ofParts({ endpoint: null, user: "Ada", key: "CI" }), "deleted endpoint · ⚷ CI");
    assert.equal(ofParts({}), "");
    assert.equal(said(), "");
  });

  it("leaves out what the log does not have", () => {
    const parts: RowPart[] = ["status", "model", "tokens", "cost", "duration", "step", "user_agent", "meta.user"];
    const { model: _, ...bare } = aRow();
    assert.equal(rowDescription(bare, parts, format), "");
    assert.equal(rowDescription(bare, ["meta.toString", "meta.__proto__"], format), "");
    assert.equal(
      rowDescription(aRow({ costUsd: 0, tokensIn: 0, tokensOut: 0 }), parts.slice(2), format),
      "0 tokens · $0.000000",
    );
  });

  it("begins with the amount that rows are sorted by, chosen or not", () => {
    const said = (order: OrderName) => rowDescription(full, partsInOrder(["time", "cost"], order), format);
    assert.equal(said("cost"), "$0.018210 · 12:00:10");
    assert.equal(said("duration"), "842 ms · 12:00:10 · $0.018210");
    assert.equal(said("tokens"), "2,406 tokens · 12:00:10 · $0.018210");
    for (const order of ["newest", "oldest", "model"] as const) assert.equal(said(order), "12:00:10 · $0.018210");
  });

  it("says the date where no day above it does", () => {
    const { createdAt } = full;
    const day = format.calendar.dayOf(createdAt);
    const below = (parent: nodes.GatewayNode | nodes.GroupNode) =>
      itemOf(nodes.logNode(parent, full), format, ["time"]).description;
    assert.equal(below(group("day", day)), "12:00:10");
    assert.equal(below(group("model", "gpt-4o")), `${format.date(createdAt, new Date())} 12:00:10`);
    assert.equal(below(gateway()), `${format.date(createdAt, new Date())} 12:00:10`);
    const today = nodes.logNode(gateway(), aRow({ createdAt: at(0) }));
    assert.equal(itemOf(today, format, ["time"]).description, "00:00:01");
  });

  it("is marked while it is new, for the eye and the ear, and is the same node", () => {
    const day = group("day", format.calendar.dayOf(full.createdAt));
    const [before, now] = [nodes.logNode(day, full), nodes.logNode(day, full, true)];
    assert.equal(words(before), "gpt-4o chat | 429 · 12:00:10 · 2,406 tokens · $0.018210");
    assert.equal(words(now), "gpt-4o chat | ● 429 · 12:00:10 · 2,406 tokens · $0.018210");
    assert.equal(spoken(before), "gpt-4o-2024-11-20, chat/completions, failed, 429, 12:00:10, 2,406 tokens, $0.018210");
    assert.equal(spoken(now), `new, ${spoken(before)}`);
    assert.equal(itemOf(now, format).id, itemOf(before, format).id);
    assert.equal(itemOf(now, format).contextValue, "log");
  });

  it("has a tooltip with the time in UTC, once", () => {
    const time = (zoned: typeof format) =>
      tooltipOf(nodes.logNode(gateway(), full), zoned)?.value.match(/\*\*Time.*/)?.[0];
    assert.equal(time(formatFor("en", "utc"))?.match(/UTC/g)?.length, 1);
    assert.match(time(format) ?? "", /12:00:10.*UTC/);
  });
});

describe("a group's row", () => {
  it("names days as the calendar has them", () => {
    const { calendar } = format;
    const today = calendar.dayOf(new Date());
    const yesterday = calendar.dayBefore(today);
    const other = "2024-02-29";
    assert.equal(words(group("day", today)), "Today | 1");
    assert.equal(words(group("day", yesterday)), "Yesterday | 1");
    assert.equal(words(group("day", other)), "Feb 29, 2024 | 1");
    assert.equal(itemOf(group("day", other), formatFor("en", "utc")).label, "Feb 29, 2024");
    assert.equal(itemOf(group("day", other), format).tooltip, other);
  });

  it("says how many logs it has, as far as that is known", () => {
    const logs = [aRow(), aRow({ id: "02" })];
    const of = (more: Partial<LogGroup>) => group("model", "gpt-4o", logs, more);
    assert.equal(words(of({ total: 300_000, hasMore: true })), "gpt-4o | 300,000");
    assert.equal(words(of({ total: undefined, hasMore: true, opened: false })), "gpt-4o | 2+");
    assert.equal(words(of({ total: undefined })), "gpt-4o | 2");
    assert.equal(spoken(of({})), "gpt-4o, 2 logs");
    assert.equal(spoken(group("model", "gpt-4o")), "gpt-4o, 1 log");
  });

  it("says how many of the logs loaded fit where not all of the filter was asked for", () => {
    const here = group("day", "2024-02-29", [aRow()], { loaded: 50, total: 1200, hasMore: true });
    assert.equal(words(here), "Feb 29, 2024 | 1 of 50 loaded");
    assert.equal(spoken(here), "Feb 29, 2024, 1 of 50 loaded");
    assert.match(String(itemOf(here, format).tooltip), /1,200 logs/);
  });

  it("is named by what its logs have, or that they have none", () => {
    assert.equal(words(group("provider", "workers-ai")), "workers-ai | 1");
    assert.equal(words(group("model", null)), "No model | 1");
    assert.equal(words(group("endpoint", null)), "No endpoint | 1");
    assert.equal(words(group("user", "Ada")), "Ada | 1");
    assert.equal(words(group("key", null)), "No key | 1");
    assert.equal(words(group("source", "key")), "Key | 1");
    assert.equal(words(group("source", "playground")), "Playground | 1");
    assert.equal(words(group("source", null)), "Unknown source | 1");
    assert.equal(words(group("meta.user", null)), "No user | 1");
    assert.equal(words(group("meta.user", "")), '"" | 1');
    assert.equal(words(group("meta.user", false)), "false | 1");
    assert.equal(words(group("meta.user", "a\u202eb")), "a\ufffdb | 1");
    assert.equal(itemOf(group("meta.user", 42), format).tooltip, "user: 42");
    assert.equal(itemOf(group("meta.user", "42"), format).tooltip, 'user: "42"');
  });

  it("has the shape and colour of a status", () => {
    const [failed, succeeded] = [itemOf(group("status", false), format), itemOf(group("status", true), format)];
    assert.deepEqual([failed.label, icon(failed)], ["Failed", "error"]);
    assert.deepEqual([succeeded.label, icon(succeeded)], ["Succeeded", "pass"]);
  });

  it("is that of the first step where it is an event", () => {
    const day = at(1, 0);
    const chain = [
      aRow({
        id: "3",
        step: 2,
        model: "claude-opus-4",
        provider: "anthropic",
        path: "v1/messages",
        createdAt: at(1, 2),
      }),
      aRow({ id: "2", step: 1, success: false, statusCode: 503, createdAt: at(1, 1) }),
      aRow({ id: "1", step: 0, success: false, statusCode: 429, createdAt: day }),
    ];
    const item = itemOf(group("event", "e1", chain), format, ["status", "step"]);
    assert.deepEqual([item.label, item.description], ["gpt-4o chat", "3 steps, then succeeded · 429 · step 0"]);
    assert.equal(icon(item), "error");
    assert.match(item.accessibilityInformation?.label ?? "", /failed, 429, step 0, 3 steps, then succeeded$/);
    const failed = itemOf(group("event", "e1", chain.slice(1)), format, ["status"]);
    assert.equal(failed.description, "2 steps · 429");
    const inferred = chain.map((log) => ({ ...log, isEventInferred: true as const }));
    assert.equal(itemOf(group("event", "e1", inferred), format, []).description, "3 steps, then succeeded (inferred)");
    assert.equal(itemOf(group("event", "e1", chain.slice(2)), format, ["status"]).description, "429");
    assert.equal(words(group("event", "e1", [])), "e1 | 0");
  });

  it("tells the menus what it is", () => {
    assert.equal(itemOf(group("day", "2024-02-29"), format).contextValue, "group day");
    assert.equal(itemOf(group("meta.day", 1), format).contextValue, "group metadata");
  });
});

describe("the rows around them", () => {
  it("say how many logs a gateway shows, and whether that is all", () => {
    assert.equal(words(gateway()), "production | Acme Bicycles");
    assert.equal(words(gateway("", 1234)), "production | 1,234 · Acme Bicycles");
    assert.equal(words(gateway("status:error")), "production | filtered · Acme Bicycles");
    assert.equal(words(gateway("status:error", 12)), "production | filtered: 12 · Acme Bicycles");
    assert.equal(itemOf(gateway("status:error"), format).tooltip, "Filter: status:error");
    assert.equal(itemOf(gateway(), format).contextValue, "cloudflare gateway");
    assert.equal(itemOf(gateway("status:error"), format).contextValue, "cloudflare gateway filtered");
  });

  it("show the saved filters, and which is in use", () => {
    const parent = filtersNode(gateway("status:error"));
    const own = itemOf(filterNode(parent, { name: "Mine\u0007", filter: "meta.user:42", ready: false }), format);
    const errors = itemOf(filterNode(parent, { name: "Errors", filter: "status:error", ready: true }), format);
    assert.deepEqual([own.label, own.description, icon(own)], ["Mine\ufffd", "meta.user:42", "bookmark"]);
    assert.deepEqual([errors.label, errors.description, icon(errors)], ["Errors", "status:error", "check"]);
    assert.deepEqual([own.contextValue, errors.contextValue], ["filter own", "filter ready active"]);
    assert.equal(errors.accessibilityInformation?.label, "Errors, active, status:error");
    assert.equal(itemOf(parent, format).label, "Saved filters");
  });

  it("lead on to what was not read yet", () => {
    assert.equal(words(nodes.moreNode(gateway(), 1200)), "Load More | 1,200 left");
    assert.equal(words(nodes.earlierNode(gateway(), undefined, false)), "Earlier…");
    assert.equal(words(nodes.earlierNode(gateway(), "2026-03-08", true)), "Later…");
  });

  it("say what is done here because the API does not", () => {
    const service = "Logbook";
    const state = (of: nodes.State) => words(nodes.stateNode(gateway(), of));
    const why = (of: nodes.State) => String(itemOf(nodes.stateNode(gateway(), of), format).tooltip);
    const checked = "Logbook can't filter by all conditions, so some are checked in the loaded logs.";
    assert.equal(why({ type: "noneFitsHere", loaded: 2, service }), checked);
    assert.equal(why({ type: "fitHere", fit: 1, loaded: 2, service }), checked);
    assert.equal(
      why({ type: "sortedHere", order: "tokens", loaded: 50, total: 1200, service }),
      "Logbook does not sort by tokens. These are the newest logs, sorted here.",
    );
    assert.equal(
      state({ type: "noneFitsHere", loaded: 1500, service }),
      "None of the 1,500 loaded logs match | Clear Filter",
    );
    assert.equal(state({ type: "noneFitsHere", loaded: 1, service }), "The loaded log doesn't match | Clear Filter");
    assert.equal(
      state({ type: "sortedHere", order: "tokens", loaded: 50, total: 1200, service }),
      "Sorted here: 50 of 1,200 loaded",
    );
    assert.equal(state({ type: "badFilter", problem: "what is costt?" }), "The filter can't be used | Edit Filter");
  });

  it("tell an empty day from another empty group", () => {
    const empty = (parent: nodes.GroupNode) => words(nodes.stateNode(parent, { type: "groupEmpty" }));
    assert.equal(empty(group("day", "2024-02-29")), "This day no longer has logs");
    assert.equal(empty(group("model", "gpt-4o")), "This group no longer has logs");
  });

  it("do not call a day empty of which logs are left to load, as when those that were loaded are deleted", () => {
    const children = (more: Partial<LogGroup>) =>
      childrenOfGroup(
        group("day", "2026-03-08"),
        known("2026-03-08", [], { ...more, opened: true }),
        "Logbook",
        () => false,
      );
    assert.deepEqual(children({ total: 400, hasMore: true }).map(words), ["Load More | 400 left"]);
    assert.deepEqual(children({ total: 0 }).map(words), ["This day no longer has logs"]);
  });
});

describe("the settings of rows and pages", () => {
  const KEYS = ["rowDescription", "timeZone", "pageSize", "autoRefreshSeconds"];
  const set = (key: string, value: unknown) =>
    vscode.workspace.getConfiguration("aiGateway").update(key, value, vscode.ConfigurationTarget.Global);

  afterEach(async () => {
    for (const key of KEYS) await set(key, undefined);
  });

  it("are those of the look there always was, unless they are set", async () => {
    assert.deepEqual([rowParts(), zone(), pageSize(), autoRefreshSeconds()], [DEFAULT_PARTS, "local", 50, 10]);
    await set("rowDescription", ["meta.user", "cost"]);
    await set("timeZone", "utc");
    await set("pageSize", 25);
    await set("autoRefreshSeconds", 30);
    assert.deepEqual([rowParts(), zone(), pageSize(), autoRefreshSeconds()], [["meta.user", "cost"], "utc", 25, 30]);
  });

  it("accept values of any type", async () => {
    await set("rowDescription", ["cost", 7, null, "meta.", "what", "cost", ["time"], "time"]);
    await set("timeZone", { utc: true });
    await set("pageSize", 1_000_000);
    await set("autoRefreshSeconds", 0.001);
    assert.deepEqual([rowParts(), zone(), pageSize(), autoRefreshSeconds()], [["cost", "time"], "local", 50, 5]);
    await set("rowDescription", "cost");
    await set("autoRefreshSeconds", "soon");
    assert.deepEqual([rowParts(), autoRefreshSeconds()], [DEFAULT_PARTS, 10]);
  });
});
