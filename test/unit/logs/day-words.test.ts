import assert from "node:assert/strict";
import { after, describe, it } from "node:test";
import { calendarFor } from "../../../src/logs/days.ts";
import { dayNamed } from "../../../src/logs/day-words.ts";

const zone = process.env["TZ"];
const utc = calendarFor("utc");
const now = new Date("2026-11-20T12:00:00Z");

describe("the day that a person names", () => {
  after(() => {
    if (zone === undefined) delete process.env["TZ"];
    else process.env["TZ"] = zone;
  });

  it("is a date, a word, so many days or weeks back, or that of a time", () => {
    for (const [text, day] of [
      ["today", "2026-11-20"],
      [" Yesterday ", "2026-11-19"],
      ["0d", "2026-11-20"],
      ["3d", "2026-11-17"],
      ["2W", "2026-11-06"],
      ["999d", "2024-02-25"],
      ["2024-02-29", "2024-02-29"],
      ["2026-12-31", "2026-12-31"],
      ["2026-11-18T23:30:00-02:00", "2026-11-19"],
      ["2026-11-18t23:30:00.5z", "2026-11-18"],
    ])
      assert.equal(dayNamed(text ?? "", now, utc), day, text);
  });

  it("is none that no calendar has, and no other text", () => {
    for (const text of [
      "",
      "2026-02-29",
      "2026-13-01",
      "2026-00-10",
      "0000-01-01x",
      "2026-1-1",
      "soon",
      "3",
      "-3d",
      "1.5d",
      "2h",
      "20261119",
    ])
      assert.equal(dayNamed(text, now, utc), undefined, text);
  });

  it("is one of the calendar, where the hours would lead to another", () => {
    process.env["TZ"] = "Europe/Berlin";
    const berlin = calendarFor("local");
    // The day before had 25 hours, that of March 23.
    assert.equal(dayNamed("yesterday", new Date("2026-10-26T00:30:00+01:00"), berlin), "2026-10-25");
    assert.equal(dayNamed("2d", new Date("2026-10-26T23:30:00+01:00"), berlin), "2026-10-24");
    assert.equal(dayNamed("1d", new Date("2026-03-30T00:30:00+02:00"), berlin), "2026-03-29");
    assert.equal(dayNamed("today", new Date("2026-11-19T23:30:00Z"), berlin), "2026-11-20");
    assert.equal(dayNamed("today", new Date("2026-11-19T23:30:00Z"), utc), "2026-11-19");
  });

  it("is none where the clocks left it out", () => {
    process.env["TZ"] = "Pacific/Apia";
    const apia = calendarFor("local");
    assert.equal(dayNamed("2011-12-30", now, apia), undefined);
    assert.equal(dayNamed("1d", new Date("2011-12-31T12:00:00+14:00"), apia), "2011-12-29");
  });
});
