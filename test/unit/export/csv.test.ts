import assert from "node:assert/strict";
import { writeFileSync } from "node:fs";
import { after, describe, it } from "node:test";
import { DuckDBInstance } from "@duckdb/node-api";
import type { Log } from "../../../src/source/log.ts";
import { csvLine } from "../../../src/export/csv.ts";
import { FORMATS } from "../../../src/export/formats.ts";
import { COLUMNS } from "../../../src/export/row.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { GATEWAY } from "../../gateway.ts";
import { aFolder } from "./exported.ts";

const MARKS = "=+-@\uff1d\uff0b\uff0d\uff20\ufe66\ufe62\ufe63\ufe6b\u2212".split("");
const SEPARATORS = [",", ";", "\t", "|"];
const PARTS = [
  ...MARKS,
  ...SEPARATORS,
  ..."\n|\r|\r\n|\v|\f|\u001c|\u0085|\u2028|\u00a0|\u3000|\u200b|\u200d|\ufeff|\u00ad|\ufe0f|\u3164|\u202e".split("|"),
  ...'"|""| |  |\\|{|}|[|]|:|x|1|.5|cmd|/C calc|A1)|ann'.split("|"),
];

/** A text of such parts, without ', so that an added one is visible. */
const hostile = (random: Random): string =>
  Array.from({ length: random.between(0, 9) }, () => random.pick(PARTS)).join("");

/** A log with hostile texts in every caller-written field, and more. */
function aHostileLog(random: Random): Log {
  const odd = () => hostile(random);
  return {
    id: odd(),
    createdAt: new Date("2026-11-20T09:30:00.123Z"),
    provider: odd(),
    model: odd(),
    path: odd(),
    success: true,
    cached: false,
    customCost: false,
    costUsd: -random.next(),
    tokensIn: -3,
    score: 1e-7,
    eventId: odd(),
    modelType: odd(),
    requestType: odd(),
    requestContentType: odd(),
    responseContentType: odd(),
    userAgent: odd(),
    authentication: true,
    dlpAction: odd(),
    metadata: { [odd()]: odd(), [odd()]: -1, [`a${odd()}`]: odd() },
    raw: {},
  };
}

const lines = (text: string): string[] => text.split(/\r\n|[^\P{Cc}\t]|[\u2028\u2029]/u);

/** Cells as a reader has them that knows no quotes. */
const naive = (text: string, separator: string): string[] => lines(text).flatMap((line) => line.split(separator));

/** Cells for a reader that treats a quote at a cell's start as one; text after the second quote is appended. */
function quoteAware(text: string, separator: string): string[] {
  const cells: string[] = [];
  let at = 0;
  while (at <= text.length) {
    let cell = "";
    if (text[at] === '"') {
      const end = /"(?:[^"]|"")*(?:"|$)/y;
      end.lastIndex = at;
      const quoted = end.exec(text)?.[0] ?? '"';
      at += quoted.length;
      cell = quoted.slice(1).replace(/"$/, "").replaceAll('""', '"');
    }
    while (at < text.length && text[at] !== separator && text[at] !== "\r" && text[at] !== "\n") cell += text[at++];
    cells.push(cell);
    at++;
  }
  return cells;
}

/** Whether a spreadsheet could read a cell as a formula; numbers aren't. */
function isFormula(cell: string): boolean {
  const shown = cell.replace(/^[\s\p{Z}\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}"]+/u, "");
  return MARKS.some((mark) => shown.startsWith(mark)) && !/^-?\d+(?:\.\d+)?(?:e-?\d+)?[\]}"]*$/.test(shown);
}

describe("a table", () => {
  const folder = aFolder();
  after(() => folder.remove());

  it("has no cell that is a formula, whatever separates cells and whether quotes mean anything (1,000 random logs)", () => {
    const random = new Random(11);
    for (let count = 0; count < 1000; count++) {
      const row = FORMATS.csv.entry({ gateway: GATEWAY, log: aHostileLog(random) }) ?? "";
      for (const separator of SEPARATORS)
        for (const cell of [...naive(row, separator), ...quoteAware(row, separator)])
          assert.ok(
            !isFormula(cell),
            `${JSON.stringify(cell)} by ${JSON.stringify(separator)} in ${JSON.stringify(row)}`,
          );
    }
  });

  it("has the texts as they were but for the ' before such marks, numbers bare, and JSON that says the same", () => {
    const random = new Random(12);
    for (let count = 0; count < 1000; count++) {
      const [text, key] = [hostile(random), hostile(random)];
      const value = { [key]: text, list: [1, -2, text], deep: { [text]: -0.5 } };
      const cells = quoteAware(csvLine([text, -1.5, null, true, value, ""]).slice(0, -2), ",");
      assert.deepEqual([cells[0]?.replaceAll("'", ""), ...cells.slice(1, 4)], [text, "-1.5", "", "true"]);
      assert.deepEqual(JSON.parse(cells[4] ?? ""), value);
    }
    const line = csvLine(["plain", "a-b, c", "=1", "\t=1", "x;=cmd|' /C calc'!A0;", "x\t=1", "a\r\nb", -1, ""]);
    assert.equal(line, `"plain","a-b, c","'=1","'\t'=1","x;'=cmd|' /C calc'!A0;","x\t'=1","a\r\nb",-1,""\r\n`);
  });

  it("is read back by DuckDB with the types that its columns mean", async () => {
    const random = new Random(13);
    const logs = Array.from({ length: 200 }, (_, index) => ({
      ...aHostileLog(random),
      id: `log-${index}`,
      model: `é ${hostile(random)}`,
    }));
    const file = folder.file("logs.csv");
    writeFileSync(file, FORMATS.csv.head + logs.map((log) => FORMATS.csv.entry({ gateway: GATEWAY, log })).join(""));
    const duck = await (await DuckDBInstance.create(":memory:")).connect();
    const read = `read_csv('${file}', delim = ',', quote = '"', escape = '"', header = true, strict_mode = true)`;
    const types = await duck.runAndReadAll(`DESCRIBE SELECT * FROM ${read}`);
    const found = Object.fromEntries(types.getRowsJson().map(([name, type]) => [name, type]));
    assert.deepEqual(Object.keys(found), COLUMNS);
    assert.deepEqual(
      [found["created_at"], found["success"], found["cost_usd"], found["tokens_in"], found["path"]],
      ["TIMESTAMP WITH TIME ZONE", "BOOLEAN", "DOUBLE", "BIGINT", "VARCHAR"],
    );
    const rows = await duck.runAndReadAll(`SELECT id, model, cost_usd FROM ${read}`);
    assert.deepEqual(
      rows.getRowsJson().map(([id, model, cost]) => [id, String(model).replaceAll("'", ""), cost]),
      logs.map(({ id, model, costUsd }) => [id, model, costUsd]),
    );
    duck.closeSync();
  });

  it("is written in time that grows with its length alone", () => {
    for (const part of [" ", '"', "\t", "= ", "\u200b", ",=", '" ='])
      for (const text of [part.repeat(40_000), `${part.repeat(40_000)}=`]) {
        const started = performance.now();
        csvLine([text, { [text]: text }]);
        assert.ok(performance.now() - started < 1500, JSON.stringify(part));
      }
  });
});
