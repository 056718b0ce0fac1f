import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import type { Cursor } from "../../../src/source/cursor.ts";
import { COLLECTION, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

const OF = { sourceId: "vw", collectionId: COLLECTION };
const START = Date.UTC(2026, 10, 1);

describe("pages of VerifyWise's list, which moves", () => {
  for (const generation of [1, 2] as const)
    it(`have each of 10,000 logs once while others arrive: generation ${generation}`, async () => {
      const random = new Random(generation);
      const server = await startVerifyWise(generation);
      // Several of one time.
      const given = server.add(
        ...Array.from({ length: 10_000 }, (_, n) => ({ createdAt: new Date(START + Math.floor(n / 3) * 1000) })),
      );
      const { baseUrl, token } = server;
      const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
      const listed: string[] = [];
      let next: Cursor | undefined;
      let arrived = 0;
      do {
        const page = await source.list(OF, { size: 200 }, next);
        listed.push(...page.logs.map(({ id }) => id));
        next = page.next;
        const count = Math.floor(random.next() * 150);
        server.add(
          ...Array.from({ length: count }, () => ({ createdAt: new Date(START + 86_400_000 + arrived++ * 1000) })),
        );
      } while (next);
      await server.close();
      assert.ok(arrived > 1000);
      assert.equal(new Set(listed).size, listed.length, "none twice");
      const known = new Set(listed);
      assert.deepEqual(
        given.filter((id) => !known.has(String(id))),
        [],
        "none missing",
      );
    });

  it("go on after a purge that comes between", async () => {
    const server = await startVerifyWise(2);
    const ids = server.add(...Array.from({ length: 600 }, (_, n) => ({ createdAt: new Date(START + n * 1000) })));
    const { baseUrl, token } = server;
    const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
    const first = await source.list(OF, { size: 200 });
    assert.equal(server.purge(new Date(START + 300_000)), 300);
    const second = await source.list(OF, { size: 200 }, first.next);
    await server.close();
    const left = ids.slice(300).map(String).toReversed();
    assert.deepEqual(
      [...first.logs, ...second.logs].map(({ id }) => id),
      left,
    );
    assert.equal(second.next, undefined);
  });
});
