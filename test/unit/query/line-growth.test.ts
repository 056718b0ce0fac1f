import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { auditCompletionsOf, auditValuesSeen } from "../../../src/sources/cloudflare/audit/completion.ts";
import { AUDIT_WORDS } from "../../../src/sources/cloudflare/audit/keys.ts";
import { parseAuditLine } from "../../../src/sources/cloudflare/audit/query-line.ts";
import { parseAuditEntry } from "../../../src/sources/cloudflare/audit/schema.ts";
import { completionsOf, valuesSeen } from "../../../src/query/completion.ts";
import { formatFilter, parseFilter, parseQueryLine } from "../../../src/query/query-line.ts";
import { KEY_NAMES } from "../../../src/query/words.ts";
import { LONGEST_LINE } from "../../../src/query/line-length.ts";
import { parseLog } from "../../../src/sources/cloudflare/schema.ts";
import { choiceIn, withChoice } from "../../../src/filter/toggles.ts";
import { filledWith } from "../../growth.ts";
import { ENDS, overgrownLines, signed, valuesAfter, wordsOf } from "../../hostile-lines.ts";

const NOW = new Date("2026-11-20T14:00:00.500Z");

describe("a line of any words, up to its longest", () => {
  const values = Object.fromEntries(["model", "provider", "path", "user_agent"].map((key) => [key, "1".repeat(500)]));
  const row = { id: "1".repeat(500), created_at: "2026-11-20", metadata: { T: "1".repeat(500), "1": 1 }, ...values };
  const seen = valuesSeen([parseLog(row)].filter((log) => log !== undefined));

  it("of logs is read in a time that grows with its length, whatever its keys and values", async () => {
    // One key of each kind, with everything that can surround its values; the other keys with invalid values.
    const kinds = ["status", "duration", "since", "created_at", "model", "path", "metadata.value"];
    const starts = ["", "-", ...signed(kinds, ["", "-", ">", "<", "~", "="])];
    const all = signed([...KEY_NAMES, "meta.x"], [""]);
    const lines = [...valuesAfter(starts, ENDS), ...valuesAfter(all, ["x"]), ...wordsOf([...starts, ...all])];
    const read = (line: string) => formatFilter(parseFilter(line, NOW, "utc"));
    assert.deepEqual(await overgrownLines(lines, read), []);
  });

  it("of logs goes on, and is switched, in a time that grows with its length", async () => {
    const starts = [
      "",
      "-",
      ...signed(["model", "duration", "since", "status", "path", "meta.x", "cached"], ["", "="]),
    ];
    const lines = [...valuesAfter(starts, ["", "x"]), ...wordsOf(starts)];
    const goOn = (line: string) => [
      completionsOf(line, seen),
      choiceIn(parseQueryLine(line, NOW), "status"),
      withChoice(parseQueryLine(line, NOW), "cache", "cached"),
    ];
    assert.deepEqual(await overgrownLines(lines, goOn), []);
  });

  it("of the audit log is read, and goes on, in a time that grows with its length", async () => {
    const entry = parseAuditEntry({ id: "1", action: { time: "2026-11-20T00:00:00Z", type: "1".repeat(500) } });
    const audit = auditValuesSeen(entry ? [entry] : []);
    const read = (line: string) => [parseAuditLine(line, NOW, "utc"), auditCompletionsOf(line, audit, [])];
    const starts = ["", "-", ...signed(["actor", "since", "status"], ["", "-", "~"])];
    const all = signed(AUDIT_WORDS, [""]);
    const lines = [...valuesAfter(starts, ENDS), ...valuesAfter(all, ["x"]), ...wordsOf([...starts, ...all])];
    assert.deepEqual(await overgrownLines(lines, read), []);
  });
});

describe("a line that is longer than a line can be", () => {
  const longest = `${filledWith("model:a,b ", LONGEST_LINE - 1)}x`;

  it("is one problem, where it is too long, and nothing else of it is read", () => {
    assert.equal(longest.length, 2000);
    for (const line of [`${longest}x`, `${longest} "`, `${longest} status:error`, "x".repeat(3000), " ".repeat(2001)]) {
      const problems = [{ start: 2000, end: line.length, problem: "tooLong" }];
      assert.deepEqual(parseFilter(line, NOW), { conditions: [], search: "", clientSide: [], problems });
      const nothing = { filters: [], productCategories: [], clientSide: [], problems };
      assert.deepEqual(parseAuditLine(line, NOW), nothing);
      assert.deepEqual(completionsOf(line, new Map()), []);
      assert.deepEqual(auditCompletionsOf(line, new Map(), []), []);
    }
  });

  it("begins after 2,000 characters", () => {
    assert.deepEqual(parseFilter(longest, NOW).problems, []);
    assert.equal(parseFilter(longest, NOW).conditions.length, 200);
    assert.deepEqual(parseAuditLine("x".repeat(2000), NOW).clientSide[0]?.values, ["x".repeat(2000)]);
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
