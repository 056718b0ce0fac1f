import assert from "node:assert/strict";
import { it } from "node:test";
import { logAfter, ratingKey } from "../../../media/kit/keys.ts";

const press = (key: string, more: Partial<Parameters<typeof ratingKey>[0]> = {}) => ({
  key,
  ctrlKey: false,
  metaKey: false,
  altKey: false,
  shiftKey: false,
  defaultPrevented: false,
  repeat: false,
  ...more,
});

it("a key rates, and while logs are rated one after the other goes on, back, or ends that", () => {
  const keys = ["+", "=", "-", "0", "s", "m", "j", "ArrowRight", "k", "u", "Escape", "x"];
  const of = (inRound: boolean) => keys.map((key) => ratingKey(press(key), inRound));
  const always = ["up", "up", "down", "none", "score", "metadata"];
  assert.deepEqual(of(false), [...always, ...Array.from({ length: 6 }, () => undefined)]);
  assert.deepEqual(of(true), [...always, "skip", "skip", undefined, "undo", "stop", undefined]);
});

it("a key that is held, or pressed with others, rates nothing", () => {
  assert.equal(ratingKey(press("+", { shiftKey: true }), false), "up");
  for (const more of [
    { repeat: true },
    { ctrlKey: true },
    { metaKey: true },
    { altKey: true },
    { defaultPrevented: true },
  ])
    assert.equal(ratingKey(press("-", more), true), undefined, JSON.stringify(more));
  assert.equal(ratingKey(press("S", { shiftKey: true }), true), undefined);
  assert.equal(logAfter(press("j")), "next");
});
