import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { describe, it } from "node:test";
import { formatFor, oneLine, outcomeOf, plain, shortModel, shortPath, tokensTotal } from "../../../src/logs/format.ts";

describe("format", () => {
  const format = formatFor("en");

  it("writes a cost to six decimals", () => {
    assert.equal(format.cost(0.01821), "$0.018210");
    assert.equal(format.cost(0), "$0.000000");
    assert.equal(format.cost(12.5), "$12.500000");
  });

  it("writes durations and sizes at a readable scale", () => {
    assert.equal(format.duration(842), "842 ms");
    assert.equal(format.duration(9_999), "9,999 ms");
    assert.equal(format.duration(12_440), "12.4 s");
    assert.equal(format.duration(185_000), "3 min 5 s");
    assert.equal(format.size(512), "512 B");
    assert.equal(format.size(65_536), "64 KB");
    assert.equal(format.size(10 * 1024 * 1024), "10 MB");
  });

  it("names the year of a day only when it is another one", () => {
    const today = new Date(2026, 10, 20);
    assert.equal(format.date(new Date(2026, 2, 14), today), "Mar 14");
    assert.equal(format.date(new Date(2025, 2, 14), today), "Mar 14, 2025");
  });

  it("writes times on the clock of the person, or on that of UTC", () => {
    const source = `
      import { formatFor } from ${JSON.stringify(new URL("../../../src/logs/format.ts", import.meta.url).href)};
      const time = new Date("2026-01-01T02:03:04.999Z");
      const words = ({ time: ofDay, dateTime, date, utc }) =>
        [ofDay(time), dateTime(time), date(time, new Date("2026-06-01T12:00:00Z")), utc(time)];
      let zone = "local";
      const live = formatFor("en", () => zone);
      const was = live.time(time);
      zone = "utc";
      const local = formatFor("en");
      const said = [words(local), words(formatFor("en", "utc")), [was, live.time(time)]];
      process.env.TZ = "Asia/Kolkata";
      console.log(JSON.stringify([...said, words(local)]));`;
    const output = execFileSync(process.execPath, ["--input-type=module", "-e", source], {
      env: { ...process.env, TZ: "America/New_York" },
      encoding: "utf8",
    });
    const utc = "2026-01-01 02:03:04.999 UTC";
    assert.deepEqual(JSON.parse(output), [
      ["21:03:04", "Dec 31, 2025, 21:03:04", "Dec 31, 2025", utc],
      ["02:03:04", "Jan 1, 2026, 02:03:04", "Jan 1", utc],
      ["21:03:04", "02:03:04"],
      // The machine's zone changed after the format was created.
      ["07:33:04", "Jan 1, 2026, 07:33:04", "Jan 1", utc],
    ]);
  });

  it("follows the person's language, and does not fail on one it does not know", () => {
    assert.equal(formatFor("de").count(1234567), "1.234.567");
    assert.equal(formatFor("zz-unknown").count(1234), formatFor("en").count(1234));
  });

  it("takes an unknown count as unknown, not as 0", () => {
    assert.equal(tokensTotal({ tokensIn: 10 }), undefined);
    assert.equal(tokensTotal({ tokensIn: 10, tokensOut: 0 }), 10);
  });

  it("lets a DLP block outweigh an error, and an error a cache hit", () => {
    assert.equal(outcomeOf({ success: false, cached: false, dlpAction: "BLOCK" }), "blocked");
    assert.equal(outcomeOf({ success: true, cached: false, dlpAction: "FLAG" }), "success");
    assert.equal(outcomeOf({ success: false, cached: true }), "error");
    assert.equal(outcomeOf({ success: true, cached: true }), "cached");
  });

  it("makes what would act in a line visible", () => {
    assert.equal(oneLine("a\nb\u001b[31mc\u202ed"), "a\ufffdb\ufffd[31mc\ufffdd");
    assert.equal(oneLine("a\u061cb\u200ec\u200fd"), "a\ufffdb\ufffdc\ufffdd");
    assert.equal(oneLine("שלום"), "שלום");
    assert.equal(oneLine("x".repeat(300)).length, 200);
  });

  it("leaves no icon in recorded text, and everything else as it is", () => {
    assert.equal(plain("$(error) Signed out $(sync~spin)"), "\\$(error) Signed out \\$(sync~spin)");
    for (const text of ["$5 (net)", "$( error)", "$()", "$(a b)", "f(x)", "cost $(1.5)"])
      assert.equal(plain(text), text);
    assert.equal(plain("a\n$(flame)", 200), "a\ufffd\\$(flame)");
    assert.equal(plain("$(flame)", 7), "$(flam…");
  });

  it("shortens a path to what tells it from others, and a model to its name", () => {
    const short = (path: string, model?: string) => shortPath({ path, ...(model ? { model } : {}) });
    assert.equal(short("chat/completions"), "chat");
    assert.equal(short("/v1/messages?beta=true"), "messages");
    assert.equal(short("openai/deployments/gpt-4o/chat/completions?api-version=1"), "chat");
    assert.equal(short("v1beta/models/gemini-2.5-flash:generateContent", "gemini-2.5-flash"), "generate");
    assert.equal(short("run/@cf/meta/llama-3.1-8b-instruct", "@cf/meta/llama-3.1-8b-instruct"), "run");
    assert.equal(short("@cf/meta/llama-3.1-8b-instruct", "@cf/meta/llama-3.1-8b-instruct"), "");
    assert.equal(short("completions"), "completions");
    assert.equal(short(""), "");
    assert.equal(
      shortModel({ provider: "workers-ai", model: "@cf/meta/llama-3.1-8b-instruct" }),
      "llama-3.1-8b-instruct",
    );
    assert.equal(shortModel({ provider: "anthropic", model: "claude-sonnet-4-5-20250929" }), "claude-sonnet-4-5");
    assert.equal(shortModel({ provider: "openai", model: "gpt-4o-2024-11-20" }), "gpt-4o");
    assert.equal(shortModel({ provider: "unknown" }), "unknown");
  });
});
