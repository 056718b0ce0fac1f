import assert from "node:assert/strict";
import { setImmediate } from "node:timers/promises";
import { auditValuesSeen } from "../../src/sources/cloudflare/audit/completion.ts";
import { parseAuditLine } from "../../src/sources/cloudflare/audit/query-line.ts";
import { valuesSeen } from "../../src/query/completion.ts";
import { parseQueryLine } from "../../src/query/query-line.ts";
import { CAPABILITIES } from "../../src/source/capabilities.ts";
import { asRecorded, type Log } from "../../src/source/log.ts";
import { parseLog } from "../../src/sources/cloudflare/schema.ts";
import { stateWord, summaryOf } from "../../src/debugging/summary.ts";
import { auditItemsFor } from "../../src/audit/filter-items.ts";
import { describeAuditLine } from "../../src/audit/filter-words.ts";
import { itemsFor } from "../../src/filter/items.ts";
import { describeFilter } from "../../src/filter/words.ts";
import { formatFor } from "../../src/logs/format.ts";
import { keyOf, type GroupName } from "../../src/logs/grouping.ts";
import { logView, tabTitle } from "../../src/panel/view.ts";
import { itemOf, tooltipOf } from "../../src/tree/items.ts";
import { groupNode, gatewayNode, logNode } from "../../src/tree/nodes.ts";
import { rowDescription, rowLabel, spokenRow } from "../../src/words/log-row.ts";
import { DEFAULT_PARTS, type RowPart } from "../../src/logs/row-parts.ts";
import { overgrown } from "../growth.ts";
import { ENDS, overgrownLines, signed, valuesAfter, wordsOf } from "../hostile-lines.ts";
import { hostileRows } from "../hostile-rows.ts";

const format = formatFor("en", "utc");
const gateway = gatewayNode({ id: "production" }, { id: "a", name: "Acme Bicycles", kind: "cloudflare" }, "");
const PARTS: readonly RowPart[] = [...DEFAULT_PARTS, "model", "provider", "path", "step", "user_agent", "meta.user"];
const GROUPS: readonly GroupName[] = ["model", "provider", "event", "meta.user"];

const groupOf = (name: GroupName, log: Log) => {
  const more = { loaded: 1, total: 1, hasMore: false, opened: true, malformed: 0 };
  return groupNode(gateway, name, { key: keyOf(name, log, format.calendar), logs: [log], ...more });
};

const viewOf = (log: Log) =>
  logView(
    {
      ref: { ...gateway.ref, logId: log.id },
      log: { log, ours: new Set(["metadata"]) },
      round: undefined,
      state: { type: "loading" },
      gist: undefined,
      view: "conversation",
      steps: [log],
      media: {},
      isDeleting: false,
      can: CAPABILITIES,
      service: "Cloudflare",
    },
    format,
  );

const itemsBelow = (line: string, logs: readonly Log[]) =>
  itemsFor(
    {
      read: parseQueryLine(line, new Date()),
      preview: { state: "told", found: { logs, read: 50, total: 50, exact: false } },
      seen: valuesSeen(logs),
      searched: ["model", "key"],
    },
    format,
  );

/** Where a row shows: in the tree, below the filter line, on its page, next to code. */
const SHOWN: Readonly<Record<string, (log: Log) => unknown>> = {
  rowLabel,
  rowDescription: (log) => rowDescription(log, PARTS, format),
  spokenRow: (log) => spokenRow(log, PARTS, format),
  tooltip: (log) => tooltipOf(logNode(gateway, log), format),
  "the item of a log": (log) => itemOf(logNode(gateway, log), format, PARTS),
  "the items of groups": (log) => GROUPS.map((name) => itemOf(groupOf(name, log), format, PARTS)),
  "the panel": viewOf,
  "the tab": (log) => tabTitle({ ...gateway.ref, logId: log.id }, log, format),
  "a code lens, an inline value, a card": (log) => [
    summaryOf(log, format),
    stateWord({ type: "known", gateway: gateway.ref, log }, format),
  ],
  "the filter editor": (log) => ["", "model:", "meta.user:a"].map((line) => itemsBelow(line, [log])),
};

describe("what is shown of a row with two hostile texts", function () {
  this.timeout(180_000);

  it("takes a time that grows with its length", async () => {
    const steps = hostileRows().flatMap(({ name: hostile, row }) =>
      Object.entries(SHOWN).map(([step, run]) => ({
        name: `${step}: ${hostile}`,
        prepare: (size: number) => {
          const log = parseLog(row(size));
          assert.ok(log);
          const whole = asRecorded(log);
          return () => run(whole);
        },
      })),
    );
    assert.deepEqual(await overgrown(steps, 500, 4), []);
  });

  it("is bounded, whatever the row holds", async () => {
    for (const { name, row } of hostileRows()) {
      await setImmediate();
      const log = parseLog(row(10_000));
      assert.ok(log, name);
      const item = itemOf(logNode(gateway, log), format, PARTS);
      const { title, chips, metadata, facts } = viewOf(log);
      const shown = [item.label, item.description, item.accessibilityInformation, title, chips, facts];
      assert.ok(JSON.stringify(shown).length < 20_000, name);
      assert.ok(metadata.length <= 50, name);
      for (const fact of metadata) assert.ok(fact.name.length <= 2000 && fact.value.length <= 2000, name);
      // Each of 50 entries and 20 facts has a name and a value of 200 characters, and Markdown may escape each
      // character.
      assert.ok((tooltipOf(logNode(gateway, log), format)?.value.length ?? 0) < 200_000, name);
    }
  });
});

describe("the words of a line", function () {
  this.timeout(180_000);
  const starts = ["", "-", ...signed(["status", "duration", "since", "model", "path", "meta.x"], ["", ">"])];
  const lines = [...valuesAfter(starts, ENDS.slice(0, 2)), ...wordsOf(starts)];
  const audit = ["", "-", ...signed(["actor", "since", "status"], ["", "~"])];
  const auditLines = [...valuesAfter(audit, ENDS.slice(0, 2)), ...wordsOf(audit)];

  it("of logs are found in a time that grows with its length", async () => {
    assert.deepEqual(await overgrownLines(lines, (line) => [describeFilter(line, format), itemsBelow(line, [])]), []);
  });

  it("of the audit log are found in a time that grows with its length", async () => {
    const below = (line: string) =>
      auditItemsFor(
        {
          line,
          read: parseAuditLine(line, new Date()),
          preview: { state: "asking" },
          seen: auditValuesSeen([]),
          categories: [],
        },
        format,
      );
    assert.deepEqual(await overgrownLines(auditLines, (line) => [describeAuditLine(line, format), below(line)]), []);
  });

  it("of one that is too long say so", () => {
    for (const items of [itemsBelow("x".repeat(2001), []), itemsBelow(`model:${"a,".repeat(500_000)}`, [])]) {
      assert.deepEqual(
        items.map(({ label }) => label),
        ["$(error) The filter is longer than 2,000 characters. Shorten it."],
      );
    }
  });
});
