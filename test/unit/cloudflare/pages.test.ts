import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { pageFrom } from "../../../src/sources/cloudflare/pages.ts";

const SIZES = [10, 25, 50];

describe("pageFrom", () => {
  it("holds the row, goes on behind it by half a page, and is the farthest of its size", () => {
    for (const size of SIZES) {
      for (let offset = 0; offset < 6000; offset++) {
        const { page, perPage } = pageFrom(offset, size);
        const [first, end] = [(page - 1) * perPage, page * perPage];
        assert.ok(perPage >= 1 && perPage <= 50 && page >= 1, `${offset}: ${page}, ${perPage}`);
        assert.ok(first <= offset && offset < end, `${offset}: ${first} to ${end}`);
        // Pages of 50 are the largest: even the worst of them advances by 24 rows.
        assert.ok(end - offset - 1 >= Math.min(size / 2, 24), `${offset}: ${end}`);
        for (let other = 1; other <= size; other++) {
          assert.ok((Math.floor(offset / other) + 1) * other <= end, `${offset}: ${other} goes on farther`);
        }
      }
    }
  });

  it("gives a first page as large as asked for", () => {
    for (const size of SIZES) assert.deepEqual(pageFrom(0, size), { page: 1, perPage: size });
  });
});
