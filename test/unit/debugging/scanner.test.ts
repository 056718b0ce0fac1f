import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IdScanner, type SeenId } from "../../../src/debugging/core/scanner.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";
import { LogIds } from "../../../src/logs/log-ids.ts";

const logIds = new LogIds(NAMES.logIds);

const UUID = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";
const OTHER = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b11";
const ULID = "01JADMCQQQBWH3NXZ5GCRN98DP";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";

/** IDs found in pieces, each once, including those at the end of input. */
function found(...pieces: string[]): SeenId[] {
  const scanner = new IdScanner(logIds);
  const all = [...pieces.flatMap((piece) => scanner.scan(piece)), ...scanner.flush()];
  return [...new Map(all.map((seen) => [seen.id, seen])).values()];
}

const ids = (...pieces: string[]) => found(...pieces).map(({ id }) => id);

describe("ids in what a program prints", () => {
  it("are found by their shape and by their name, of which only the gateway's own are sure", () => {
    assert.deepEqual(found(`done ${UUID}\n`), [{ id: UUID, sure: false }]);
    assert.deepEqual(found(`'${ULID}', ${HEX}.\n`), [
      { id: ULID, sure: false },
      { id: HEX, sure: false },
    ]);
    assert.deepEqual(found("cf-aig-log-id: an.opaque:id-1\n"), [{ id: "an.opaque:id-1", sure: true }]);
    assert.deepEqual(found(`env.AI.aiGatewayLogId = "${UUID}"\n`), [{ id: UUID, sure: true }]);
    assert.deepEqual(found("{ log_id: 'order_4711-retry' }\n"), [{ id: "order_4711-retry", sure: false }]);
  });

  it("are found wherever the text is cut, and each as a whole", () => {
    const text = `one ${UUID} two\ncf-aig-log-id: ${HEX}\n${ULID},{"name":"cf-aig-event-id","value":"an.opaque:id-1"} cf-aig-request-id:\n${OTHER}\nend`;
    const whole = ids(text).sort();
    assert.equal(whole.length, 5);
    for (let at = 0; at <= text.length; at++) {
      const seen = ids(text.slice(0, at), text.slice(at)).sort();
      assert.deepEqual(seen, whole, `cut at ${at}`);
    }
    assert.deepEqual(ids(...text.split("")).sort(), whole, "character by character");
  });

  it("are found in colours and links, also where those are cut", () => {
    const text = `\u001b[33m${UUID}\u001b[39m \u001b]8;;https://x.test/\u0007${ULID}\u001b]8;;\u0007 \u001b[1;32mcf-aig-log-id\u001b[0m: \u001b[36m'id.4711/x'\u001b[39m\n`;
    const whole = ids(text).sort();
    assert.deepEqual(whole, [UUID, ULID, "id.4711/x"].sort());
    for (let at = 0; at <= text.length; at++)
      assert.deepEqual(ids(text.slice(0, at), text.slice(at)).sort(), whole, `cut at ${at}`);
  });

  it("are no part of a longer word, however long that is", () => {
    assert.deepEqual(ids(`x${UUID}\n`, `${UUID}-1\n`, `${"a".repeat(100_000)}${UUID}\n`, `${HEX}${HEX}\n`), []);
    assert.deepEqual(ids("nothing to see here, only words and 42 numbers\n".repeat(100)), []);
  });

  it("are found at any place of a long text", () => {
    for (let before = 0; before < 80; before++) {
      const text = `${"lorem ipsum, ".repeat(10).slice(0, before)} ${ULID} dolor sit amet\n`;
      assert.deepEqual(ids(text), [ULID], `after ${before} characters`);
    }
  });

  it("of a megabyte of lines are all of them", () => {
    const made = Array.from(
      { length: 20_000 },
      (_, i) => `019a9f2e-7c11-7d3a-9b55-${i.toString(16).padStart(12, "0")}`,
    );
    const scanner = new IdScanner(logIds);
    const seen = new Set<string>();
    const text = made.map((id, i) => `[${i}] call ${id} took ${i % 900} ms\n`).join("");
    for (let at = 0; at < text.length; at += 4096)
      for (const { id } of scanner.scan(text.slice(at, at + 4096))) seen.add(id);
    assert.deepEqual([...seen], made);
  });
});
