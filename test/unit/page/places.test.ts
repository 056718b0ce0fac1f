import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Places } from "../../../media/kit/places.ts";

const ref = (logId: string) => ({ sourceId: "account", collectionId: "gateway", logId });

describe("the places of a page's logs", () => {
  it("are there again for the page that is restored, as JSON carries them", () => {
    const places = new Places(undefined);
    const place = places.of(ref("1"));
    place.anchor = { id: "m7", offset: -12.5 };
    place.open.push("m7.0");
    place.choice = 2;
    const saved: unknown = JSON.parse(JSON.stringify(places.state(ref("1"))));
    assert.deepEqual((saved as { ref: unknown }).ref, ref("1"));
    assert.deepEqual(new Places(saved).of(ref("1")), {
      anchor: { id: "m7", offset: -12.5 },
      open: ["m7.0"],
      choice: 2,
    });
    assert.deepEqual(new Places(saved).of(ref("2")), { open: [], choice: 0 });
  });

  it("are kept of the latest twenty logs", () => {
    const places = new Places(undefined);
    places.of(ref("first")).choice = 1;
    for (let log = 0; log < 19; log += 1) places.of(ref(`log ${log}`)).choice = 1;
    places.of(ref("first"));
    places.of(ref("one more")).choice = 1;
    const again = new Places(places.state(ref("one more")));
    assert.equal(again.of(ref("first")).choice, 1);
    assert.equal(again.of(ref("log 0")).choice, 0);
    assert.equal(again.of(ref("log 1")).choice, 1);
  });

  it("are as at first where something else was saved", () => {
    const broken = [null, 1, {}, { places: 1 }, { places: [1, ["x"], [2, {}]] }];
    for (const saved of broken) assert.deepEqual(new Places(saved).of(ref("1")), { open: [], choice: 0 });
    const key = new Places(undefined);
    key.of(ref("1"));
    const name = key.state(ref("1")).places[0]?.[0];
    const odd = { places: [[name, { anchor: { id: 1 }, open: [1, "m0.0"], choice: -1 }]] };
    assert.deepEqual(new Places(odd).of(ref("1")), { open: ["m0.0"], choice: 0 });
  });
});
