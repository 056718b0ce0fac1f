import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { auditCompletionsOf, auditValuesSeen } from "../../../src/cloudflare/audit-completion.ts";
import { AUDIT_WORDS } from "../../../src/cloudflare/audit-keys.ts";
import { parseAuditLine } from "../../../src/cloudflare/audit-line.ts";
import { parseAuditEntry } from "../../../src/cloudflare/audit-schema.ts";
import { completionsOf, valuesSeen } from "../../../src/cloudflare/filter-completion.ts";
import { formatFilter, parseFilter } from "../../../src/cloudflare/filter-text.ts";
import { KEY_NAMES, LONGEST_LINE } from "../../../src/cloudflare/filter-words.ts";
import { parseLog } from "../../../src/cloudflare/schema.ts";
import { choiceIn, withChoice } from "../../../src/filter/toggles.ts";
import { filledWith, overgrown, type Grown } from "../../growth.ts";

const NOW = new Date("2026-11-20T14:00:00.500Z");

/** What the grammar of some value can be made to look at again and again: digits, units, times, quotes, lists, words. */
const PIECES = [
  ...["1", "1.", "1e", ".1", "11s", "1h", "-", "T", "Z", "+00:00", "2026-11-20T", "2026-11-20 "],
  ...['"', '"" ', "\\", '"\\', '"a b" ', ",", "1,", "none,", "a,", "~", "=", "<", ":", "a:", "meta.", "x"],
];

/** What makes all of it be none after all. */
const ENDS = ["", "x", "s", "Z", '"'];

type Line = { name: string; line: (size: number) => string };

/** Lines that begin a value, and go on as hostile as they can. */
function valuesAfter(starts: readonly string[], ends: readonly string[]): Line[] {
  return starts.flatMap((start) =>
    PIECES.flatMap((piece) =>
      ends.map((end) => ({
        name: `${start}${piece}…${end}`,
        line: (size: number) => start + filledWith(piece, size - start.length - end.length) + end,
      })),
    ),
  );
}

/** Lines of very many words. */
function wordsOf(starts: readonly string[]): Line[] {
  const words = starts.flatMap((start) => ["1 ", "a ", "none ", '"a" ', " "].map((value) => start + value));
  return words.map((word) => ({ name: `${word}again and again`, line: (size) => filledWith(word, size) }));
}

const signed = (keys: readonly string[], signs: readonly string[]): string[] =>
  keys.flatMap((key) => signs.map((sign) => (sign === "-" ? `-${key}:` : `${key}:${sign}`)));

/** Sixteen of it is as long as a line can be. */
const SIZE = LONGEST_LINE / 16;

const report = (lines: readonly Line[], run: (line: string) => unknown) =>
  overgrown(
    lines.map(({ name, line }): Grown => ({
      name,
      prepare: (size) => {
        const text = line(size);
        return () => run(text);
      },
    })),
    SIZE,
  );

describe("a line of any words, up to its longest", () => {
  const values = Object.fromEntries(["model", "provider", "path", "user_agent"].map((key) => [key, "1".repeat(500)]));
  const row = { id: "1".repeat(500), created_at: "2026-11-20", metadata: { T: "1".repeat(500), "1": 1 }, ...values };
  const seen = valuesSeen([parseLog(row)].filter((log) => log !== undefined));

  it("of logs is read in a time that grows with its length, whatever its keys and values", () => {
    // One key of each kind with all that can stand before and behind its values, the others with what is no value of theirs.
    const kinds = ["status", "duration", "since", "created_at", "model", "path", "metadata.value"];
    const starts = ["", "-", ...signed(kinds, ["", "-", ">", "<", "~", "="])];
    const all = signed([...KEY_NAMES, "meta.x"], [""]);
    const lines = [...valuesAfter(starts, ENDS), ...valuesAfter(all, ["x"]), ...wordsOf([...starts, ...all])];
    const read = (line: string) => formatFilter(parseFilter(line, NOW, "utc"));
    assert.deepEqual(report(lines, read), []);
  });

  it("of logs goes on, and is switched, in a time that grows with its length", () => {
    const starts = [
      "",
      "-",
      ...signed(["model", "duration", "since", "status", "path", "meta.x", "cached"], ["", "="]),
    ];
    const lines = [...valuesAfter(starts, ["", "x"]), ...wordsOf(starts)];
    const goOn = (line: string) => [
      completionsOf(line, seen),
      choiceIn(line, "status"),
      withChoice(line, "cache", "cached"),
    ];
    assert.deepEqual(report(lines, goOn), []);
  });

  it("of the audit log is read, and goes on, in a time that grows with its length", () => {
    const entry = parseAuditEntry({ id: "1", action: { time: "2026-11-20T00:00:00Z", type: "1".repeat(500) } });
    const audit = auditValuesSeen(entry ? [entry] : []);
    const read = (line: string) => [parseAuditLine(line, NOW, "utc"), auditCompletionsOf(line, audit, [])];
    const starts = ["", "-", ...signed(["actor", "since", "status"], ["", "-", "~"])];
    const all = signed(AUDIT_WORDS, [""]);
    const lines = [...valuesAfter(starts, ENDS), ...valuesAfter(all, ["x"]), ...wordsOf([...starts, ...all])];
    assert.deepEqual(report(lines, read), []);
  });
});

describe("a line that is longer than a line can be", () => {
  const longest = `${filledWith("model:a,b ", LONGEST_LINE - 1)}x`;

  it("is one problem, where it is too long, and nothing else of it is read", () => {
    assert.equal(longest.length, 2000);
    for (const line of [`${longest}x`, `${longest} "`, `${longest} status:error`, "x".repeat(3000), " ".repeat(2001)]) {
      const problems = [{ start: 2000, end: line.length, problem: "tooLong" }];
      assert.deepEqual(parseFilter(line, NOW), { conditions: [], search: "", here: [], problems });
      const nothing = { filters: [], productCategories: [], here: [], problems };
      assert.deepEqual(parseAuditLine(line, NOW), nothing);
      assert.deepEqual(completionsOf(line, new Map()), []);
      assert.deepEqual(auditCompletionsOf(line, new Map(), []), []);
    }
  });

  it("begins after 2,000 characters", () => {
    assert.deepEqual(parseFilter(longest, NOW).problems, []);
    assert.equal(parseFilter(longest, NOW).conditions.length, 200);
    assert.deepEqual(parseAuditLine("x".repeat(2000), NOW).here[0]?.values, ["x".repeat(2000)]);
  });

  it("takes no time, were it a book", () => {
    const line = "cost:".padEnd(10_000_000, "1");
    const started = process.cpuUsage();
    parseFilter(line, NOW);
    parseAuditLine(line, NOW);
    completionsOf(line, new Map());
    assert.ok(process.cpuUsage(started).user < 100_000);
  });
});
