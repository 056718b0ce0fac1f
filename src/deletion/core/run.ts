import { setTimeout as delay } from "node:timers/promises";
import type { CallOptions } from "../../cloudflare/http/call.ts";
import type { CloudflareClient } from "../../cloudflare/client.ts";
import type { Deletion } from "../../cloudflare/deletion.ts";
import { CloudflareError, isAborted } from "../../cloudflare/errors.ts";
import type { Log } from "../../cloudflare/schema.ts";
import { patiently } from "../../export/patient.ts";
import { byIds, piecesOf } from "./ids.ts";
import type { DeletionPreview } from "./preview.ts";
import { chooseTrial } from "./trial.ts";

/** How long to wait before each look at whether a batch is gone, in ms: a minute in all. */
const PAUSES: readonly number[] = [0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 15_000];

/** A batch is read, deleted and looked at. */
export const CALLS_A_BATCH = 3;

/** A person waits for up to so many logs; more of them leave room in the call budget for what the person does meanwhile. */
const AT_ONCE = 500;

/**
 * How a deletion ended. `gone`: logs that it deleted and saw to be gone; `absent`: logs that no longer existed when their turn came;
 * `left`: logs that the API was asked to delete and that were not seen to be gone.
 */
export type DeletionResult = { gone: number; absent: number; left: readonly Log[] } & (
  | { end: "done" | "canceled" }
  /** The logs of `left` were still listed after a minute. */
  | { end: "stuck" }
  /** The API ignored the filter of the first DELETE, which asked for one log, and deleted `instead`. */
  | { end: "ignored"; instead: Log; isPreviewed: boolean }
  | { end: "failed"; error: unknown }
);

/** How far a deletion is: the first `handled` ids of the preview are gone or were absent. */
export type Progress = { gone: number; absent: number; handled: number };

export type DeletingOptions = {
  /** Stops before the next batch. A batch that was sent is looked at once more. */
  signal: AbortSignal;
  /** Told of the logs of each batch that are gone. */
  onGone: (logs: readonly Log[]) => void;
  onProgress?: (progress: Progress) => void;
  /** Told until when the call limit holds the deletion up. */
  onWait?: (until: Date) => void;
  /** In ms; over a minute unless given. */
  pauses?: readonly number[];
};

type Client = Pick<CloudflareClient, "listLogs" | "deleteLogs">;

/** One run over the ids of a preview, batch by batch. */
class Run {
  readonly #client: Client;
  readonly #plan: Pick<DeletionPreview, "gateway" | "ids">;
  readonly #options: DeletingOptions;
  readonly #callOptions: CallOptions;
  readonly #pauses: readonly number[];
  /** The pause after which the last batch was gone: looking earlier costs calls for nothing. */
  #firstPause = 0;
  #counts = { gone: 0, absent: 0 };
  /** Logs that were asked to go and not yet seen to be gone. */
  #asked: readonly Log[] = [];

  constructor(client: Client, plan: Pick<DeletionPreview, "gateway" | "ids">, options: DeletingOptions) {
    this.#client = client;
    this.#plan = plan;
    this.#options = options;
    this.#pauses = options.pauses ?? PAUSES;
    const { signal, onWait } = options;
    const priority = plan.ids.length > AT_ONCE ? "background" : "person";
    this.#callOptions = { signal, priority, ...(onWait ? { onWait } : {}) };
  }

  async finish(): Promise<DeletionResult> {
    const { signal } = this.#options;
    try {
      return (await this.#runAll()) ?? this.#ended({ end: "done" });
    } catch (error) {
      return this.#ended(signal.aborted && isAborted(error) ? { end: "canceled" } : { end: "failed", error });
    }
  }

  #ended<End>(end: End) {
    return { ...this.#counts, left: this.#asked, ...end };
  }

  /** Deletes all batches; gives the outcome where it ends earlier. */
  async #runAll(): Promise<DeletionResult | undefined> {
    const { ids } = this.#plan;
    let isFilterHonored = false;
    let handled = 0;
    for (const piece of piecesOf(ids)) {
      let rest: readonly string[] = piece;
      while (!isFilterHonored && rest.length > 0) {
        const trial = await this.#patiently((client) => chooseTrial(client, this.#plan, rest, this.#callOptions));
        if (!trial) break;
        const { named, bystander, direction } = trial;
        const ended = await this.#deleteBatch([named.id], direction);
        const canTell = bystander !== undefined && bystander.id !== named.id && handled + 1 < ids.length;
        const isBystanderGone =
          bystander !== undefined && (canTell || ended?.end === "stuck") && !(await this.#isListed(bystander.id));
        if (ended) return ended.end === "stuck" && isBystanderGone ? this.#ignored(bystander) : ended;
        isFilterHonored = canTell && !isBystanderGone;
        handled++;
        rest = rest.filter((id) => id !== named.id);
      }
      const ended = await this.#deleteBatch(rest, "asc");
      if (ended) return ended;
      handled += rest.length;
      this.#options.onProgress?.({ ...this.#counts, handled });
    }
    return undefined;
  }

  /** Asks for logs by their ids and waits until those that were there are gone; gives the outcome where that does not happen. */
  async #deleteBatch(ids: readonly string[], direction: "asc" | "desc"): Promise<DeletionResult | undefined> {
    if (ids.length === 0) return undefined;
    const { signal, onGone } = this.#options;
    if (signal.aborted) return this.#ended({ end: "canceled" });
    const query = { filters: byIds(ids), limit: ids.length, direction };
    const deletion = await this.#patiently((client) => client.deleteLogs(this.#plan.gateway, query, this.#callOptions));
    const [first = ""] = ids;
    if (deletion.logs.length === 0 && ids.length > 1 && (await this.#isListed(first)))
      throw new CloudflareError("badAnswer", "The API finds a log by its ID and not by several IDs.");
    this.#counts.absent += ids.length - deletion.logs.length;
    this.#asked = deletion.logs;
    this.#asked = await this.#leftOf(deletion);
    const kept = new Set(this.#asked.map(({ id }) => id));
    const gone = deletion.logs.filter(({ id }) => !kept.has(id));
    this.#counts.gone += gone.length;
    onGone(gone);
    if (this.#asked.length === 0) return undefined;
    return this.#ended({ end: signal.aborted ? "canceled" : "stuck" });
  }

  /** Looks at a batch until it is gone; gives what is left of it when that does not happen or the deletion is canceled. */
  async #leftOf(deletion: Deletion): Promise<readonly Log[]> {
    const { signal } = this.#options;
    let left = deletion.logs;
    for (let at = Math.min(this.#firstPause, this.#pauses.length - 1); at < this.#pauses.length; at++) {
      try {
        await delay(this.#pauses[at], undefined, { signal });
        left = await this.#patiently(() => deletion.left(this.#callOptions));
      } catch (error) {
        if (!signal.aborted || !isAborted(error)) throw error;
        // Canceled: one more look, without waiting for room in the budget.
        return deletion.left({ priority: "person" }).catch(() => left);
      }
      this.#firstPause = at;
      if (left.length === 0) return left;
    }
    return left;
  }

  #ignored(instead: Log): DeletionResult {
    const isPreviewed = this.#plan.ids.includes(instead.id);
    if (isPreviewed) {
      this.#counts.gone++;
      this.#options.onGone([instead]);
    }
    return this.#ended({ end: "ignored", instead, isPreviewed });
  }

  async #isListed(id: string): Promise<boolean> {
    const query = { filters: byIds([id]), perPage: 1 };
    return this.#patiently(async (client) => {
      const { logs } = await client.listLogs(this.#plan.gateway, query, this.#callOptions);
      return logs.length > 0;
    });
  }

  /** Makes calls, and makes them again after the call limit has held them up. What was refused for the limit was not carried out. */
  #patiently<T>(call: (client: Client) => Promise<T>): Promise<T> {
    const { signal, onWait = () => undefined } = this.#options;
    return patiently(() => call(this.#client), signal, { onCall: () => undefined, onWait });
  }
}

/**
 * Deletes the logs of a preview by their ids, and no other: each batch is read first and looked at afterward. The first DELETE asks for one
 * log, so that an API which ignores the filter costs one log and not a batch. It waits where the call limit is reached, and stops at
 * the first batch that fails or does not go.
 */
export function deleteSubset(
  client: Client,
  plan: Pick<DeletionPreview, "gateway" | "ids">,
  options: DeletingOptions,
): Promise<DeletionResult> {
  return new Run(client, plan, options).finish();
}
