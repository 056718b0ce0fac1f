import assert from "node:assert/strict";
import { listLogsOf } from "../../src/account/signed-in.ts";
import type { Log, LogRef } from "../../src/source/log.ts";
import { checkingRows } from "../../src/source/rows.ts";
import type { Draft } from "../../src/commands/filter/edit-filter.ts";
import { formatFor } from "../../src/logs/format.ts";
import { Arrangements } from "../../src/tree/arrangements.ts";
import { gatewayNode } from "../../src/tree/nodes.ts";
import { aLog, ACCOUNT, GATEWAY, startTestGateway } from "../gateway.ts";
import { at } from "./nodes.ts";
import { Person, StoppedClock } from "./person.ts";
import { MemoryState } from "./secrets.ts";

export const node = gatewayNode({ id: "production" }, { id: ACCOUNT, name: "Acme Bicycles", kind: "cloudflare" });

export type FilterBench = Awaited<ReturnType<typeof startFilterBench>>;

/** Dependencies of the filter commands, with a local gateway and a simulated user. */
export async function startFilterBench() {
  const gateway = await startTestGateway();
  const arrangements = new Arrangements(new MemoryState());
  const person = new Person();
  const clock = new StoppedClock();
  const opened: LogRef[] = [];
  const told: unknown[] = [];
  const drafts = new Map<string, Draft>();
  let loaded: Log[] = [];
  const sourceOf = () => Promise.resolve(checkingRows(gateway.source));
  const listLogs = listLogsOf({ sourceOf });
  /** Makes the tree know the newest logs. */
  const load = async () => {
    loaded = (await gateway.client.listLogs(GATEWAY, {})).logs;
    gateway.takeCalls();
  };
  return {
    gateway,
    arrangements,
    person,
    clock,
    opened,
    told,
    line: () => arrangements.filterOf(GATEWAY),
    needs: (list = listLogs) => ({
      listLogs: list,
      sourceOf,
      tree: { known: () => loaded, watched: () => [node], arrangements },
      format: formatFor("en", "utc"),
      openLog: (ref: LogRef): void | Promise<void> => void opened.push(ref),
      tell: (error: unknown) => void told.push(error),
      drafts,
      ui: person.ui,
      later: clock.later,
    }),
    /** Twelve logs of one kind and three failed ones of another, loaded in the tree. */
    fill: async () => {
      gateway.store.insert([
        ...Array.from({ length: 12 }, (_, index) => aLog({ createdAt: at(1, index), metadata: { user: "ann" } })),
        ...Array.from({ length: 3 }, (_, index) =>
          aLog({ createdAt: at(2, index), model: "gpt-5", success: false, statusCode: 429, path: "v1/responses" }),
        ),
      ]);
      await load();
    },
    load,
    close: async () => {
      assert.ok(
        person.picks.every(({ isDisposed }) => isDisposed),
        "every list is disposed",
      );
      arrangements.dispose();
      await gateway.close();
    },
  };
}
