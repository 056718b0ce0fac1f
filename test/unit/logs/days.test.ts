import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { calendarFor, type Day, type Zone } from "../../../src/logs/days.ts";

const HOUR = 3_600_000;
const { href } = new URL("../../../src/logs/days.ts", import.meta.url);

/** Evaluates an expression over `local`, `utc` and `hours(day)` in another time zone. */
function inZone(zone: string, expression: string): unknown {
  const source = `
    import { calendarFor } from ${JSON.stringify(href)};
    const [local, utc] = [calendarFor("local"), calendarFor("utc")];
    const hours = (day) => (local.rangeOf(day).end - local.rangeOf(day).start) / ${HOUR};
    const daysBefore = (day, count) => count === 0 ? [] : [local.dayBefore(day), ...daysBefore(local.dayBefore(day), count - 1)];
    const edges = (day) => {
      const { start, end } = local.rangeOf(day);
      return [start - 1, +start, end - 1, +end].map((time) => local.dayOf(new Date(time)));
    };
    console.log(JSON.stringify(${expression}));`;
  const output = execFileSync(process.execPath, ["--input-type=module", "-e", source], {
    env: { ...process.env, TZ: zone },
    encoding: "utf8",
  });
  return JSON.parse(output);
}

for (const zone of ["local", "utc"] as const satisfies Zone[]) {
  const calendar = calendarFor(zone);

  describe(`days of the zone "${zone}"`, () => {
    it("go back over months and years", () => {
      assert.equal(calendar.dayBefore("2026-03-01"), "2026-02-28");
      assert.equal(calendar.dayBefore("2024-03-01"), "2024-02-29");
      assert.equal(calendar.dayBefore("2026-01-01"), "2025-12-31");
    });

    it("touch and hold their own times, down to the last millisecond", () => {
      for (let day = "2026-12-31"; day > "2026-01-01"; day = calendar.dayBefore(day)) {
        const { start, end } = calendar.rangeOf(day);
        assert.equal(calendar.dayOf(start), day);
        assert.equal(calendar.dayOf(new Date(end.getTime() - 1)), day);
        assert.equal(calendar.rangeOf(calendar.dayBefore(day)).end.getTime(), start.getTime());
      }
    });
  });
}

describe("days", () => {
  it("are those of the clock where the person is", () => {
    const calendar = calendarFor("local");
    assert.equal(calendar.dayOf(new Date(2026, 10, 20, 0, 0, 0)), "2026-11-20");
    assert.equal(calendar.dayOf(new Date(2026, 10, 19, 23, 59, 59, 999)), "2026-11-19");
  });

  it("are those of UTC when that is wanted, wherever the person is", () => {
    const times = `["2026-11-19T23:59:59.999Z", "2026-11-20T00:00:00Z"].map((time) => new Date(time))`;
    const whole = `Object.values(utc.rangeOf("2026-03-08")).map((time) => time.toISOString())`;
    for (const zone of ["America/Los_Angeles", "Pacific/Kiritimati"]) {
      assert.deepEqual(inZone(zone, `[...${times}.map(utc.dayOf), ...${whole}]`), [
        "2026-11-19",
        "2026-11-20",
        "2026-03-08T00:00:00.000Z",
        "2026-03-09T00:00:00.000Z",
      ]);
    }
    assert.deepEqual(inZone("America/Los_Angeles", `${times}.map(local.dayOf)`), ["2026-11-19", "2026-11-19"]);
    assert.deepEqual(inZone("Pacific/Kiritimati", `${times}.map(local.dayOf)`), ["2026-11-20", "2026-11-20"]);
  });

  const before = (day: Day): Day => calendarFor("utc").dayBefore(day);
  const after = (day: Day): Day => new Date(Date.parse(day) + 24 * HOUR).toISOString().slice(0, 10);

  for (const [zone, short, long, change] of [
    ["America/New_York", "2026-03-08", "2026-11-01", 1],
    ["Europe/Berlin", "2026-03-29", "2026-10-25", 1],
    ["Pacific/Auckland", "2026-09-27", "2026-04-05", 1],
    // The clocks go by half an hour.
    ["Australia/Lord_Howe", "2026-10-04", "2026-04-05", 0.5],
    // At midnight: the short day starts at 1, and the last hour of the long one comes twice.
    ["America/Santiago", "2026-09-06", "2026-04-04", 1],
    ["America/Sao_Paulo", "2018-11-04", "2019-02-16", 1],
    ["Asia/Beirut", "2026-03-29", "2026-10-24", 1],
    ["Africa/Cairo", "2026-04-24", "2026-10-29", 1],
    // The first hour of the long day comes twice.
    ["America/Havana", "2026-03-08", "2026-11-01", 1],
  ] as const) {
    it(`are ${24 - change} and ${24 + change} hours long in ${zone} when the clocks go`, () => {
      const days = [short, long];
      const found = inZone(
        zone,
        `${JSON.stringify(days)}.map((day) => [hours(day), edges(day), local.dayBefore(day)])`,
      );
      const expected = (day: Day, hours: number) => [hours, [before(day), day, day, after(day)], before(day)];
      assert.deepEqual(found, [expected(short, 24 - change), expected(long, 24 + change)]);
    });
  }

  it("jump the one that a zone left out", () => {
    assert.deepEqual(
      inZone("Pacific/Apia", `[daysBefore("2012-01-01", 3), hours("2011-12-30"), edges("2011-12-31")]`),
      [["2011-12-31", "2011-12-29", "2011-12-28"], 0, ["2011-12-29", "2011-12-31", "2011-12-31", "2012-01-01"]],
    );
  });

  it("follow the zone when it changes, and the setting", () => {
    const time = `new Date("2026-11-20T02:00:00Z")`;
    const moved = `(process.env.TZ = "Asia/Tokyo", local.dayOf(${time}))`;
    assert.deepEqual(inZone("America/New_York", `[local.dayOf(${time}), ${moved}]`), ["2026-11-19", "2026-11-20"]);
    const setting = `(() => { let zone = "local"; const days = calendarFor(() => zone); const was = days.dayOf(${time});
      zone = "utc"; return [was, days.dayOf(${time}), days.rangeOf("2026-11-20").start.getUTCHours(), days.zone]; })()`;
    assert.deepEqual(inZone("America/New_York", setting), ["2026-11-19", "2026-11-20", 0, "utc"]);
  });
});
