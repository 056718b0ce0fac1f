import { setTimeout as delay } from "node:timers/promises";
import type { CallOptions } from "../../source/query.ts";
import type { DeletableSource, Deletion } from "../../source/source.ts";
import { SourceError, isAborted } from "../../source/errors.ts";
import type { Log } from "../../source/log.ts";
import { waitOutRateLimits } from "../../export/rate-limit-wait.ts";
import { byIds, piecesOf } from "./ids.ts";
import type { DeletionPreview } from "./preview.ts";
import { chooseTrial } from "./trial.ts";

/** Delays before the checks for whether a batch is gone, in milliseconds: a minute in total. */
const PAUSES: readonly number[] = [0, 500, 1000, 2000, 4000, 8000, 10_000, 10_000, 10_000, 15_000];

/** Calls per batch: to read, to delete and to check. */
export const CALLS_A_BATCH = 3;

/**
 * Maximum number of logs deleted at the priority of a waiting user; larger deletions leave room in the call budget for
 * the user's other calls.
 */
const AT_ONCE = 500;

/**
 * The outcome of a deletion. `gone`: logs it deleted and confirmed as gone; `absent`: logs that no longer existed at
 * their turn; `left`: logs with a deletion request but no confirmation.
 */
export type DeletionResult = { gone: number; absent: number; left: readonly Log[] } & (
  | { end: "done" | "canceled" }
  /** The logs of `left` were still listed after a minute. */
  | { end: "stuck" }
  /** The API ignored the filter of the first DELETE, which was for one log, and deleted `instead`. */
  | { end: "ignored"; instead: Log; isPreviewed: boolean }
  | { end: "failed"; error: unknown }
);

/** Progress of a deletion: the first `handled` IDs of the preview are gone or were absent. */
export type Progress = { gone: number; absent: number; handled: number };

export type DeletingOptions = {
  /** Stops before the next batch. A batch already sent is checked once more. */
  signal: AbortSignal;
  /** Called with the confirmed deletions of each batch. */
  onGone: (logs: readonly Log[]) => void;
  onProgress?: (progress: Progress) => void;
  /** Called with the end of a wait for the call limit. */
  onWait?: (until: Date) => void;
  /** In milliseconds; by default a minute in total. */
  pauses?: readonly number[];
};

type Source = Pick<DeletableSource, "list" | "deletion">;

/** One run over the IDs of a preview, batch by batch. */
class Run {
  readonly #source: Source;
  readonly #plan: Pick<DeletionPreview, "gateway" | "ids">;
  readonly #options: DeletingOptions;
  readonly #callOptions: CallOptions;
  readonly #pauses: readonly number[];
  /** Index of the delay after which the last batch was gone: earlier checks would waste calls. */
  #firstPause = 0;
  #counts = { gone: 0, absent: 0 };
  /** Logs with a deletion request but no confirmation yet. */
  #asked: readonly Log[] = [];

  constructor(source: Source, plan: Pick<DeletionPreview, "gateway" | "ids">, options: DeletingOptions) {
    this.#source = source;
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

  /** Deletes all batches; returns the outcome if it ends early. */
  async #runAll(): Promise<DeletionResult | undefined> {
    const { ids } = this.#plan;
    let isFilterHonored = false;
    let handled = 0;
    for (const piece of piecesOf(ids)) {
      let rest: readonly string[] = piece;
      while (!isFilterHonored && rest.length > 0) {
        const trial = await this.#patiently((source) => chooseTrial(source, this.#plan, rest, this.#callOptions));
        if (!trial) break;
        const { named, bystander, order } = trial;
        const ended = await this.#deleteBatch([named.id], order);
        const canTell = bystander !== undefined && bystander.id !== named.id && handled + 1 < ids.length;
        const isBystanderGone =
          bystander !== undefined && (canTell || ended?.end === "stuck") && !(await this.#isListed(bystander.id));
        if (ended) return ended.end === "stuck" && isBystanderGone ? this.#ignored(bystander) : ended;
        isFilterHonored = canTell && !isBystanderGone;
        handled++;
        rest = rest.filter((id) => id !== named.id);
      }
      const ended = await this.#deleteBatch(rest, "oldest");
      if (ended) return ended;
      handled += rest.length;
      this.#options.onProgress?.({ ...this.#counts, handled });
    }
    return undefined;
  }

  /**
   * Requests the deletion of logs by ID and waits until the existing ones are gone; returns the outcome if that fails.
   */
  async #deleteBatch(ids: readonly string[], order: "newest" | "oldest"): Promise<DeletionResult | undefined> {
    if (ids.length === 0) return undefined;
    const { signal, onGone } = this.#options;
    if (signal.aborted) return this.#ended({ end: "canceled" });
    const query = { conditions: byIds(ids), limit: ids.length, order };
    const deletion = await this.#patiently((source) =>
      source.deletion.delete(this.#plan.gateway, query, this.#callOptions),
    );
    const [first = ""] = ids;
    if (deletion.logs.length === 0 && ids.length > 1 && (await this.#isListed(first)))
      throw new SourceError("badAnswer", "The API finds a log by its ID and not by several IDs.");
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

  /** Checks a batch until it is gone; returns the rest of it if that fails or the deletion is canceled. */
  async #leftOf(deletion: Deletion): Promise<readonly Log[]> {
    const { signal } = this.#options;
    let left = deletion.logs;
    for (let at = Math.min(this.#firstPause, this.#pauses.length - 1); at < this.#pauses.length; at++) {
      try {
        await delay(this.#pauses[at], undefined, { signal });
        left = await this.#patiently(() => deletion.left(this.#callOptions));
      } catch (error) {
        if (!signal.aborted || !isAborted(error)) throw error;
        // Canceled: one more check, without waiting for the call budget.
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
    const query = { conditions: byIds([id]), size: 1 };
    return this.#patiently(async (source) => {
      const { logs } = await source.list(this.#plan.gateway, query, undefined, this.#callOptions);
      return logs.length > 0;
    });
  }

  /**
   * Makes calls, and retries them after a wait for the call limit: the API doesn't carry out calls that it refuses for
   * the limit.
   */
  #patiently<T>(call: (source: Source) => Promise<T>): Promise<T> {
    const { signal, onWait = () => undefined } = this.#options;
    return waitOutRateLimits(() => call(this.#source), signal, { onCall: () => undefined, onWait });
  }
}

/**
 * Deletes the logs of a preview by ID, and no others: each batch is read first and checked afterward. The first DELETE
 * is for one log, so that an API that ignores the filter deletes one log instead of a batch. Waits while the call limit
 * is reached, and stops at the first batch that fails or remains.
 */
export function deleteSubset(
  source: Source,
  plan: Pick<DeletionPreview, "gateway" | "ids">,
  options: DeletingOptions,
): Promise<DeletionResult> {
  return new Run(source, plan, options).finish();
}
