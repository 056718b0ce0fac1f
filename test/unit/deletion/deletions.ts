import assert from "node:assert/strict";
import { CallBudgets, type BudgetOptions } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource, type CloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { parseFilter } from "../../../src/query/query-line.ts";
import type { Log } from "../../../src/source/log.ts";
import { requestOf, type DeletionRequest } from "../../../src/deletion/core/request.ts";
import { previewOf, type DeletionPreview } from "../../../src/deletion/core/preview.ts";
import { deleteSubset, type DeletingOptions } from "../../../src/deletion/core/run.ts";
import type { LogQuery } from "../../../src/local/conditions.ts";
import type { NewLog } from "../../../src/local/store.ts";
import { ACCOUNT, aLog, CANARY, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

export const DAY = Date.UTC(2026, 10, 20);

/** Looks again at once, until the local gateway has done what it was asked for. */
const PAUSES = Array.from({ length: 2000 }, () => 1);

export const EVERYTHING: LogQuery = { conditions: [], orderBy: "created_at", direction: "asc" };

export const idsOf = (logs: readonly Log[]): string[] => logs.map(({ id }) => id);

/** A source with a separate budget, unaware of others' calls. */
export function limitedSource(
  { baseUrl, token }: Pick<TestGateway, "baseUrl" | "token">,
  budget: BudgetOptions,
  onCall: () => void = () => undefined,
): CloudflareSource {
  const client = new CloudflareClient({
    baseUrl,
    token: () => Promise.resolve(token),
    budgets: new CallBudgets(budget),
    fetch: async (input, init) => {
      onCall();
      const { status, body, headers } = await fetch(input, init);
      return new Response(body, { status, headers: { "content-type": headers.get("content-type") ?? "" } });
    },
  });
  return cloudflareSource(client, ACCOUNT);
}

/** A budget with a clock that advances only by waiting, which takes no time; `minutes` is the simulated wait. */
export function simulatedBudget(limit: number) {
  const started = Date.UTC(2000, 0, 1);
  const clock = { now: started, waits: 0 };
  return {
    options: { limit, windowMs: 300_000, now: () => clock.now },
    onWait: (until: Date) => {
      clock.now = Math.max(clock.now, until.getTime());
      clock.waits++;
    },
    get waits() {
      return clock.waits;
    },
    get minutes() {
      return (clock.now - started) / 60_000;
    },
  };
}

/** A local gateway with logs to delete, and lagging totals. */
export async function startDeletions() {
  const gateway = await startTestGateway({
    deleteDelayMs: 1,
    keepTotalsMs: 600_000,
    tokens: [{ value: `${CANARY}reads`, kind: "user", permissions: ["ai-gateway:read"] }],
  });

  /** The conditions of each DELETE. */
  const sent = () =>
    gateway.calls
      .filter(({ method }) => method === "DELETE")
      .map(({ url }) => Object.fromEntries(new URLSearchParams(url.split("?")[1])));

  const sourceWith = (fetch: typeof globalThis.fetch, token = gateway.token) =>
    cloudflareSource(
      new CloudflareClient({ baseUrl: gateway.baseUrl, token: () => Promise.resolve(token), fetch }),
      ACCOUNT,
    );

  return {
    gateway,
    sent,
    sourceWith,
    fill: (count: number, fields: (index: number) => Partial<NewLog> = () => ({})) =>
      gateway.store.insert(
        Array.from({ length: count }, (_, index) =>
          aLog({ id: `log-${index}`, createdAt: new Date(DAY + index * 20_000), ...fields(index) }),
        ),
      ),
    kept: () => gateway.store.list(GATEWAY, EVERYTHING, 5000, 0).map(({ id }) => id),
    limitedSource: (budget: BudgetOptions) => limitedSource(gateway, budget),
    async look(request: DeletionRequest, source = gateway.source): Promise<DeletionPreview> {
      const preview = await previewOf(source, request, { signal: new AbortController().signal });
      return preview ?? assert.fail("something fits");
    },
    /** Deletes the previewed logs; returns the result and the logs reported deleted, by batch. */
    async run(preview: DeletionPreview, source = gateway.source, options: Partial<DeletingOptions> = {}) {
      const batches: string[][] = [];
      const outcome = await deleteSubset(source, preview, {
        signal: new AbortController().signal,
        pauses: PAUSES,
        onGone: (logs) => void batches.push(idsOf(logs)),
        ...options,
      });
      return { outcome, batches };
    },
    async close() {
      const filtered = sent().map(({ filters, filter }) => JSON.parse(filters ?? filter ?? "[]") as unknown[]);
      await gateway.close();
      assert.ok(
        filtered.every(({ length }) => length > 0),
        "no DELETE without a condition",
      );
    },
  };
}

/** The logs that a line of the query line means. */
export function fitting(line: string): DeletionRequest {
  const filter = parseFilter(line, new Date(), "utc");
  assert.deepEqual(filter.problems, []);
  return requestOf({ type: "fitting", gateway: GATEWAY, filter }) ?? assert.fail("a condition");
}
