import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { TestGateway } from "../../gateway.ts";
import { aFolder } from "../export/exported.ts";
import { playHistory, startForHistories, type HistoryEnd } from "./histories.ts";

describe("500 random histories of deletions", () => {
  let server: TestGateway;
  const folder = aFolder();
  const played: HistoryEnd[] = [];

  before(async () => {
    server = await startForHistories();
    for (let seed = 1; seed <= 500; seed++) played.push(await playHistory(server, seed, folder.file("kept.jsonl")));
  });

  after(async () => {
    folder.remove();
    await server.close();
  });

  const countOf = (end: string) => played.filter(({ ends }) => ends.includes(end)).length;

  it("delete no log that nobody has seen", () => {
    const honored = played.filter(({ isDeleteIgnored }) => !isDeleteIgnored);
    assert.deepEqual(
      honored.flatMap(({ unseen }) => unseen),
      [],
    );
  });

  it("lose at most one log where DELETE ignores the filter, and never end as done", () => {
    const ignored = played.filter(({ isDeleteIgnored, deleted }) => isDeleteIgnored && deleted > 0);
    assert.ok(ignored.length > 10);
    for (const { unseen, ends } of ignored) assert.ok(unseen.length <= ends.length, `${unseen.join()} ${ends.join()}`);
  });

  it("are of all kinds", () => {
    for (const end of ["done", "canceled", "ignored", "filterIgnored", "nothing"]) assert.ok(countOf(end) > 5, end);
    assert.ok(played.filter(({ isExported, deleted }) => isExported && deleted > 0).length > 50);
  });
});
