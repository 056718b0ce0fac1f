import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { linkTo, refOf } from "../../../src/logs/link.ts";

const sourceId = "0123456789abcdef0123456789abcdef";
const ref = { sourceId, collectionId: "my-gateway_2", logId: "01JADMCQQQBWH3NXZ5GCRN98DP" };

describe("a link to a log", () => {
  it("leads back to it, whatever kind of id it has", () => {
    const ids = [ref.logId, "0192f1c4-7b7e-7cc3-98c4-dc0c0c07398f", "f".repeat(64), "a.b:c~d_e-f"];
    for (const logId of ids) {
      const link = linkTo({ ...ref, logId });
      assert.ok(link, logId);
      assert.deepEqual(refOf(link.path, link.query), { ...ref, logId });
    }
  });

  it("holds exactly three ids", () => {
    const good = `account=${sourceId}&gateway=g&log=l`;
    assert.ok(refOf("/log", good));
    const bad = [
      "",
      "account=&gateway=g&log=l",
      `account=${sourceId}&gateway=g`,
      `${good}&command=x`,
      `${good}&`,
      `account=${sourceId}&account=${sourceId}&log=l`,
      `account=${sourceId}&gateway=g&log=l=m`,
      `account=${sourceId}&gateway=g&log=`,
      `account=${sourceId.toUpperCase()}&gateway=g&log=l`,
      `account=${sourceId}0&gateway=g&log=l`,
      `account=${sourceId}&gateway=../x&log=l`,
      `account=${sourceId}&gateway=${"g".repeat(65)}&log=l`,
      `account=${sourceId}&gateway=g&log=..`,
      `account=${sourceId}&gateway=g&log=a/b`,
      `account=${sourceId}&gateway=g&log=a%2Fb`,
      `account=${sourceId}&gateway=g&log=a b`,
      `account=${sourceId}&gateway=g&log=a\n`,
      `account=${sourceId}&gateway=g&log=${"l".repeat(129)}`,
      `account=${sourceId}&gateway=g&log=l`.repeat(9),
    ];
    for (const query of bad) assert.equal(refOf("/log", query), undefined, query);
    for (const path of ["", "/", "/logs", "/log/", "/LOG", "//log"]) assert.equal(refOf(path, good), undefined, path);
  });

  it("is not made of an id that it could not hold", () => {
    assert.equal(linkTo({ ...ref, logId: "a&b=c" }), undefined);
    assert.equal(linkTo({ ...ref, logId: ".." }), undefined);
    assert.equal(linkTo({ ...ref, sourceId: "me" }), undefined);
  });
});
