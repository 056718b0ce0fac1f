import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { dayBefore, dayOf, rangeOf } from "../../../src/logs/days.ts";

const HOUR = 3_600_000;

describe("days", () => {
  it("puts a time on the calendar day where the person is", () => {
    assert.equal(dayOf(new Date(2026, 10, 20, 0, 0, 0)), "2026-11-20");
    assert.equal(dayOf(new Date(2026, 10, 19, 23, 59, 59, 999)), "2026-11-19");
  });

  it("goes back over months and years", () => {
    assert.equal(dayBefore("2026-03-01"), "2026-02-28");
    assert.equal(dayBefore("2024-03-01"), "2024-02-29");
    assert.equal(dayBefore("2026-01-01"), "2025-12-31");
  });

  it("gives ranges that touch and hold their own times", () => {
    for (let day = "2026-12-31"; day > "2026-01-01"; day = dayBefore(day)) {
      const { start, end } = rangeOf(day);
      assert.equal(dayOf(start), day);
      assert.equal(dayOf(new Date(end.getTime() - 1)), day);
      assert.equal(rangeOf(dayBefore(day)).end.getTime(), start.getTime());
    }
  });

  for (const [zone, short, long] of [
    ["America/New_York", "2026-03-08", "2026-11-01"],
    ["Pacific/Auckland", "2026-09-27", "2026-04-05"],
    // Here the clocks go at midnight, so that the short day starts at 1.
    ["America/Santiago", "2026-09-06", "2026-04-04"],
  ] as const) {
    it(`knows the 23 and 25 hour days of ${zone}`, () => {
      const source = `
        import { dayOf, rangeOf } from ${JSON.stringify(new URL("../../../src/logs/days.ts", import.meta.url).href)};
        const hours = (day) => (rangeOf(day).end - rangeOf(day).start) / ${HOUR};
        const edges = (day) => [dayOf(rangeOf(day).start), dayOf(new Date(rangeOf(day).end.getTime() - 1))];
        console.log(JSON.stringify([hours("${short}"), hours("${long}"), edges("${short}"), edges("${long}")]));`;
      const output = execFileSync(process.execPath, ["--input-type=module", "-e", source], {
        env: { ...process.env, TZ: zone },
        encoding: "utf8",
      });
      assert.deepEqual(JSON.parse(output), [23, 25, [short, short], [long, long]]);
    });
  }
});
