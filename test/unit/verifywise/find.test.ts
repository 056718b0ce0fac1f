import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { Cursors } from "../../../src/source/cursor.ts";
import type { Log } from "../../../src/source/log.ts";
import { findRow, type ReadPage } from "../../../src/sources/verifywise/find.ts";

type Row = { id: number; time: number };

const START = Date.UTC(2026, 10, 1);
const SIZE = 200;

const logOf = ({ id, time }: Row): Log => ({
  id: String(id),
  createdAt: new Date(time),
  provider: "openai",
  path: "",
  success: true,
  cached: false,
  customCost: false,
  metadata: {},
  raw: {},
});

/** Rows newest first: gaps between their IDs, some of one time, some out of place. */
function rowsOf(random: Random, count: number, gap: () => number): Row[] {
  let [id, time] = [random.between(1, 1_000_000), START];
  const rows = Array.from({ length: count }, () => {
    id += gap();
    time += random.pick([0, 0, 1, 400, 60_000]);
    return { id, time: time - (random.chance(0.01) ? random.between(0, 2000) : 0) };
  });
  return rows.toSorted((a, b) => b.time - a.time);
}

/** A list of rows, which `move` may change before each call; counts the calls. */
function listOf(rows: Row[], { tellsTotal = true, move = () => {} }: { tellsTotal?: boolean; move?: () => void } = {}) {
  const cursors = new Cursors<{ offset: number; known: Set<string> }>();
  const list = { calls: 0 };
  const read: ReadPage = (from) => {
    list.calls++;
    move();
    const { offset, known } =
      typeof from === "number" ? { offset: from, known: new Set<string>() } : cursors.placeOf(from);
    const all = rows.slice(offset, offset + SIZE).map(logOf);
    if (offset > 0 && known.size > 0 && !all.some(({ id }) => known.has(id))) return Promise.resolve(undefined);
    const logs = all.filter(({ id }) => !known.has(id));
    const end = offset + all.length;
    const place = { offset: end - 1, known: new Set([...known, ...all.map(({ id }) => id)]) };
    return Promise.resolve({
      logs,
      malformed: 0,
      isSorted: true,
      total: tellsTotal ? rows.length : undefined,
      next: all.length === SIZE && (!tellsTotal || end < rows.length) ? cursors.to(place) : undefined,
    });
  };
  return Object.assign(list, { read });
}

/** How IDs are given: to one organization, to several, in bursts, with a large hole. */
const GAPS: Readonly<Record<string, (random: Random) => () => number>> = {
  "no gaps": () => () => 1,
  "even gaps": (random) => () => random.between(1, 9),
  bursts: (random) => () => (random.chance(0.01) ? random.between(1000, 100_000) : 1),
  "a busy end": (random) => {
    let made = 0;
    return () => (++made < 50_000 ? random.between(1, 500) : 1);
  },
};

describe("a row's ID", () => {
  for (const [name, gapOf] of Object.entries(GAPS))
    for (const tellsTotal of [true, false])
      it(`is found in a handful of calls among 100,000: ${name}, ${tellsTotal ? "with" : "without"} a total`, async () => {
        const random = new Random(7);
        const rows = rowsOf(random, 100_000, gapOf(random));
        const ids = new Set(rows.map(({ id }) => id));
        let [calls, most] = [0, 0];
        for (let round = 0; round < 300; round++) {
          const exists = random.chance(0.7);
          const near = random.pick(rows).id;
          const wanted = exists ? near : near + 1;
          const list = listOf(rows, { tellsTotal });
          const found = await findRow(String(wanted), SIZE, list.read);
          assert.equal(found?.id, ids.has(wanted) ? String(wanted) : undefined);
          calls += list.calls;
          most = Math.max(most, list.calls);
        }
        assert.ok(calls / 300 < (tellsTotal ? 7.5 : 11) && most <= 22, `${calls / 300} on average, ${most} at most`);
      });

  it("is found while many come and old ones go, and isn't made up", async () => {
    const random = new Random(8);
    for (let round = 0; round < 300; round++) {
      const rows = rowsOf(random, random.between(1, 5000), () => random.between(1, 5));
      const wanted = random.pick(rows.slice(0, Math.ceil(rows.length / 2))).id;
      let next = Math.max(...rows.map(({ id }) => id));
      let { time } = rows[0] ?? { time: START };
      const pace = random.pick([0, 20, 150, 600]);
      const move = () => {
        const count = random.between(0, pace);
        rows.unshift(...Array.from({ length: count }, () => ({ id: ++next, time: (time += 10) })).toReversed());
        if (random.chance(0.2)) rows.splice(rows.findIndex(({ id }) => id === wanted) + random.between(1, 2000));
      };
      const list = listOf(rows, { tellsTotal: random.chance(0.5), move });
      const found = await findRow(String(wanted), SIZE, list.read).catch((error: unknown) => error);
      if (found instanceof Error) {
        assert.match(found.message, /faster/);
        assert.ok(pace === 600, "only a list of nothing but new rows can't be searched");
      } else assert.equal((found as Log | undefined)?.id, String(wanted), `round ${round}`);
      assert.equal(await findRow(String(next + 10_000_000), SIZE, listOf(rows).read), undefined);
    }
  });

  it("is found among many of one time, which have no order", async () => {
    const random = new Random(9);
    const rows = rowsOf(random, 3000, () => 2);
    for (const row of rows.slice(1000, 1900)) row.time = rows[1000]?.time ?? 0;
    const shuffled = [
      ...rows.slice(0, 1000),
      ...rows.slice(1000, 1900).toSorted(() => random.next() - 0.5),
      ...rows.slice(1900),
    ];
    for (const { id } of rows) assert.equal((await findRow(String(id), SIZE, listOf(shuffled).read))?.id, String(id));
    for (const { id } of rows.slice(900, 2000))
      assert.equal(await findRow(String(id + 1), SIZE, listOf(shuffled).read), undefined);
  });

  it("is not in a list of none, nor a row of another ID", async () => {
    for (const rows of [[], [{ id: 12, time: START }]])
      for (const wanted of ["1", "2", "11", "13", "9999999999999999999"])
        assert.equal(await findRow(wanted, SIZE, listOf([...rows]).read), undefined);
  });
});
