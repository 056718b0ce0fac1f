import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { copied, copyForms } from "../../../src/chat/copy.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { completionsOf, valuesSeen } from "../../../src/query/completion.ts";
import { answersFilter, matches } from "../../../src/sources/cloudflare/filter.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import { formatFilter, parseFilter } from "../../../src/query/query-line.ts";
import { asRecorded, type Log } from "../../../src/source/log.ts";
import { matchesRow } from "../../../src/source/match.ts";
import { parseLog, parseLogDetail } from "../../../src/sources/cloudflare/schema.ts";
import { FORMAT_NAMES, FORMATS } from "../../../src/export/formats.ts";
import { calendarFor } from "../../../src/logs/days.ts";
import { exchangeOf, headOf } from "../../../src/logs/exchange.ts";
import { oneLine, outcomeOf, plain, shortModel, shortPath } from "../../../src/logs/format.ts";
import { GROUP_NAMES, keyOf, queryOf, type GroupName } from "../../../src/logs/grouping.ts";
import { linkTo } from "../../../src/logs/link.ts";
import { changedMetadata, shownEntries } from "../../../src/logs/metadata.ts";
import { ORDER_NAMES } from "../../../src/source/query.ts";
import { COMPARE } from "../../../src/logs/order.ts";
import { sentAsSaid, withSent } from "../../../src/logs/sent.ts";
import { eventOf } from "../../../src/panel/steps.ts";
import { resendAddress } from "../../../src/resend/address.ts";
import { rowOf } from "../../../src/tools/rows.ts";
import { overgrown } from "../../growth.ts";
import { hostileRows } from "../../hostile-rows.ts";
import { THROUGH } from "../chat/snippets/through.ts";

const GATEWAY = { sourceId: "a", collectionId: "production" };
const REDACTION = { keys: true, tokens: true, emails: true, cards: true };
const calendar = calendarFor("utc");
const groups: readonly GroupName[] = [...GROUP_NAMES, "meta.user"];

const request = JSON.stringify({ model: "m", messages: [{ role: "user", content: "hello" }] });
const response = JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: "hi" } }] });
const line = parseFilter('path:~chat,"//" -path:x source:key status:none step:>0', new Date());
const conditions: Condition[] = [
  { key: "model", operator: "contains", value: ["a/a/b"] },
  { key: "metadataKey", operator: "eq", value: ["user"] },
  { key: "metadataValue", operator: "contains", value: ["aaab", "11112"] },
  { key: "userAgent", operator: "neq", value: ["Mozilla"] },
];

const exchange = (log: Log) => exchangeOf(log, { body: request }, { body: response });

/** A row's way to the tree, the filter, the panel, the clipboard, files, models and the provider. */
const WAY: Readonly<Record<string, (log: Log) => unknown>> = {
  shortModel,
  shortPath,
  outcomeOf,
  oneLine: (log) => [log.path, log.model ?? "", log.id].map((text) => [oneLine(text), plain(text, 400)]),
  asRecorded,
  shownEntries: ({ metadata }) => shownEntries(metadata),
  changedMetadata: ({ metadata }) => changedMetadata(metadata, { name: "user", value: "other" }),
  withSent: (log) => withSent(log, sentAsSaid({ metadata: { value: {}, at: 0 } }, log)),
  grouping: (log) => groups.map((group) => queryOf(group, keyOf(group, log, calendar), calendar)),
  "the line of a group": (log) =>
    groups.map((group) => formatFilter({ ...queryOf(group, keyOf(group, log, calendar), calendar), search: "" })),
  sorting: (log) => ORDER_NAMES.map((order) => COMPARE[order](log, { ...log, id: `${log.id}0` })),
  "filter by the API": (log) => [matches(log, conditions), answersFilter(log, conditions)],
  "filter by the row": (log) => matchesRow(log, line.clientSide),
  "values seen": (log) => {
    const seen = valuesSeen([log]);
    return ["", "model:", "path:a", "meta.user:a", "event_id:1"].map((typed) => completionsOf(typed, seen));
  },
  link: (log) => linkTo({ ...GATEWAY, logId: log.id }),
  eventOf,
  heads: (log) => headOf({ ...log, request: { complete: true, head: "{}" }, response: { complete: false } }, "request"),
  readConversation: (log) => readConversation(exchange(log)),
  resendAddress: (log) => resendAddress(log, request),
  copies: (log) => {
    const recorded = { ...exchange(log), gateway: GATEWAY, through: THROUGH };
    return copyForms(recorded).map((form) => copied(form, recorded));
  },
  "rows for models": (log) => rowOf(GATEWAY, log),
  ...Object.fromEntries(
    FORMAT_NAMES.flatMap((name) => {
      const entry = (log: Log, redaction?: typeof REDACTION) =>
        FORMATS[name].entry({ gateway: GATEWAY, log: asRecorded(log), exchange: exchange(log) }, redaction);
      return [
        [`export as ${name}`, (log: Log) => entry(log)],
        [`redacted export as ${name}`, (log: Log) => entry(log, REDACTION)],
      ];
    }),
  ),
};

const logOf = (row: Record<string, unknown>): Log => {
  const log = parseLog(row);
  assert.ok(log);
  return log;
};

/** A step that takes less for two texts of 8,000 characters isn't measured further, in ms of CPU time. */
const LEAST = 4;

describe("a row with two hostile texts", () => {
  const rows = hostileRows();

  it("is parsed in a time that grows with its length", async () => {
    const parse = ({ name, row }: (typeof rows)[number]) => ({
      name,
      prepare: (size: number) => {
        const sent = row(size);
        return () => parseLogDetail(sent);
      },
    });
    assert.deepEqual(await overgrown(rows.map(parse), 2000, LEAST), []);
  });

  // Nothing is truncated here, so each function is tested by itself.
  it("goes all of its way in a time that grows with its length", async () => {
    const steps = rows.flatMap(({ name: hostile, row }) => {
      const logs = new Map<number, Log>();
      const logAt = (size: number): Log => {
        const log = logs.get(size) ?? asRecorded(logOf(row(size)));
        logs.set(size, log);
        return log;
      };
      return Object.entries(WAY).map(([step, run]) => ({
        name: `${step}: ${hostile}`,
        prepare: (size: number) => {
          const log = logAt(size);
          return () => run(log);
        },
      }));
    });
    assert.deepEqual(await overgrown(steps, 500, LEAST), []);
  });
});

describe("the texts of a row", () => {
  const long = (length: number) => ({
    id: "i".repeat(length),
    event_id: "e".repeat(length),
    path: "p".repeat(length),
    model: "m".repeat(length),
    provider: "v".repeat(length),
    user_agent: "u".repeat(length),
    created_at: "2026-11-20T12:00:00Z",
    request_content_type: "q".repeat(length),
    response_content_type: "r".repeat(length),
    model_type: "t".repeat(length),
    request_type: "s".repeat(length),
    dlp_action: "d".repeat(length),
    metadata: { ["n".repeat(length)]: "x".repeat(length) },
  });

  it("are cut where rows and pages show them, and never an id or metadata, which are keys or are written back", () => {
    const log = logOf(long(100_000));
    const { id, eventId, metadata, raw, ...shown } = log;
    assert.deepEqual([id.length, eventId?.length], [100_000, 100_000]);
    assert.deepEqual(Object.entries(metadata), [["n".repeat(100_000), "x".repeat(100_000)]]);
    const lengths = Object.entries(shown).flatMap(([key, text]) =>
      typeof text === "string" ? [[key, text.length]] : [],
    );
    assert.deepEqual(Object.fromEntries(lengths), {
      path: 2048,
      model: 512,
      provider: 512,
      userAgent: 512,
      modelType: 512,
      requestType: 512,
      dlpAction: 512,
      requestContentType: 512,
      responseContentType: 512,
    });
    for (const text of [shown.path, shown.model, shown.provider]) assert.ok(text?.endsWith("…"));
    assert.equal(raw["path"], "p".repeat(100_000));
  });

  it("stay as they are up to that, and are not cut within a character", () => {
    for (const length of [1, 500, 512]) {
      const log = logOf(long(length));
      assert.equal(asRecorded(log), log);
      assert.equal(log.model, "m".repeat(length));
    }
    assert.ok(logOf({ ...long(1), model: "\ud83d\ude00".repeat(300) }).model?.isWellFormed());
  });

  it("are whole where they are compared, sent again, copied and exported", () => {
    const row = { ...long(5000), provider: "openai", path: `v1/${"a".repeat(5000)}/end?x=y` };
    const log = logOf(row);
    const whole = asRecorded(log);
    assert.deepEqual([whole.path, whole.model, whole.userAgent], [row.path, row.model, row.user_agent]);
    const address = resendAddress(log, request);
    assert.deepEqual(address, { provider: "openai", path: row.path, headers: {} });
    // A terminal drops the end of a long line: the command is in pieces, each quoted.
    const command = copied("curl", { ...exchange(log), gateway: GATEWAY, through: THROUGH })?.text.replaceAll(
      /'(?:\\\n)?'/g,
      "",
    );
    assert.ok(command?.includes(row.path));
    assert.deepEqual([exchange(log).path, exchange(log).model], [row.path, row.model]);
    const clientSide = (text: string) => parseFilter(text, new Date()).clientSide;
    assert.deepEqual(
      [matchesRow(log, clientSide("path:/end")), matchesRow(log, clientSide("-path:/end"))],
      [true, false],
    );
    assert.deepEqual(queryOf("model", keyOf("model", log, calendar), calendar).conditions[0]?.value, [row.model]);
    assert.notEqual(keyOf("model", log, calendar), keyOf("model", logOf({ ...row, model: `${row.model}2` }), calendar));
  });

  it("that are too long for a line are not offered for one", () => {
    assert.deepEqual([...valuesSeen([logOf(long(600))]).keys()], ["success", "cached"]);
    assert.equal(valuesSeen([logOf(long(500))]).get("model")?.[0]?.value, "m".repeat(500));
  });

  it("of metadata are shown up to a number and a length", () => {
    const entries = Array.from({ length: 1000 }, (_, index) => [`${index}${"n".repeat(9000)}`, "x".repeat(9000)]);
    const shown = shownEntries(logOf({ ...long(1), metadata: Object.fromEntries(entries) }).metadata);
    assert.deepEqual([shown.entries.length, shown.more], [50, 950]);
    for (const { name, value } of shown.entries) assert.deepEqual([name.length, value.length], [2000, 2000]);
  });
});
