import { hasWords } from "../../source/rows.ts";
import type { DeletableSource } from "../../source/source.ts";
import type { CollectionRef, Log } from "../../source/log.ts";
import { fittingLogs } from "../../export/fitting.ts";
import { waitingOutRateLimits } from "../../export/rate-limit-wait.ts";
import { isSome, type DeletionRequest, type Narrowing } from "./request.ts";
import { BATCH, byIds, piecesOf } from "./ids.ts";

/** The logs of a deletion, as shown to the user before the confirmation. No other log is ever deleted. */
export type DeletionPreview = {
  gateway: CollectionRef;
  /** The ID of each log that was read and checked. */
  ids: readonly [string, ...string[]];
  newest: Log;
  oldest: Log;
  /** The newest logs, at most ten. */
  sample: readonly Log[];
  /**
   * Number of skipped logs: selected ones that no longer exist, or found ones that their rows don't confirm as matches.
   */
  passedOver: number;
};

export type PreviewOptions = {
  signal: AbortSignal;
  /** Called with the number of rows read and their approximate total. */
  onProgress?: (read: number, total: number) => void;
  /** Called with the end of a wait for the call limit. */
  onWait?: (until: Date) => void;
};

/** Maximum number of rows in a preview's sample. */
const SAMPLE = 10;

/** Margin for logs dated after this machine's current time, in milliseconds: its clock may be behind the API's. */
const CLOCK_DIFFERENCE = 86_400_000;

/**
 * Collects a preview, newest logs first, without keeping the rows: a million IDs take tens of MB, a million rows a GB.
 */
class Gathered {
  readonly #ids = new Set<string>();
  readonly #sample: Log[] = [];
  #newest: Log | undefined;
  #oldest: Log | undefined;
  passedOver = 0;

  add(log: Log): void {
    if (this.#ids.has(log.id)) return;
    this.#ids.add(log.id);
    if (this.#sample.length < SAMPLE) this.#sample.push(log);
    if (!this.#newest || log.createdAt > this.#newest.createdAt) this.#newest = log;
    if (!this.#oldest || log.createdAt < this.#oldest.createdAt) this.#oldest = log;
  }

  preview(gateway: CollectionRef): DeletionPreview | undefined {
    const [newest, oldest, ids] = [this.#newest, this.#oldest, [...this.#ids]];
    if (!newest || !oldest || !isSome(ids)) return undefined;
    return { gateway, ids, newest, oldest, sample: this.#sample, passedOver: this.passedOver };
  }
}

async function gatherSelected(
  source: DeletableSource,
  gateway: CollectionRef,
  logIds: readonly string[],
  signal: AbortSignal,
): Promise<Gathered> {
  const logs: Log[] = [];
  for (const ids of piecesOf(logIds)) {
    logs.push(...(await source.list(gateway, { conditions: byIds(ids), size: BATCH }, undefined, { signal })).logs);
  }
  const gathered = new Gathered();
  for (const log of logs.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime())) gathered.add(log);
  gathered.passedOver = logIds.length - logs.length;
  return gathered;
}

/**
 * Returns whether the row itself confirms the match: an API that ignores a condition or the search words returns other
 * rows.
 */
function shows(log: Log, { conditions, words }: Narrowing, { deletion }: DeletableSource): boolean {
  return conditions.every((condition) => deletion.tells(log, condition)) && hasWords(log, words);
}

async function gatherFitting(
  source: DeletableSource,
  gateway: CollectionRef,
  narrowing: Narrowing,
  { signal, onProgress }: PreviewOptions,
): Promise<Gathered> {
  const gathered = new Gathered();
  const { conditions, clientSide, words } = narrowing;
  const subset = {
    gateway,
    filter: { conditions: [...conditions], clientSide: [...clientSide], search: words.join(" ") },
  };
  const bound = new Date(Date.now() + CLOCK_DIFFERENCE);
  let total = 0;
  for await (const { logs, left } of fittingLogs(source, subset, bound, undefined, signal)) {
    for (const log of logs) {
      if (log && shows(log, narrowing, source)) gathered.add(log);
      else gathered.passedOver++;
    }
    if (left === undefined) continue;
    total = Math.max(total, left);
    onProgress?.(total - left, total);
  }
  return gathered;
}

/**
 * Reads the logs of a deletion, each row checked against the request; returns undefined if there are none. Reads 50
 * logs per call, and waits while the call limit is reached.
 * @throws SourceError `filterIgnored` if the API returns rows that don't match; `aborted`
 */
export async function previewOf(
  source: DeletableSource,
  request: DeletionRequest,
  options: PreviewOptions,
): Promise<DeletionPreview | undefined> {
  const { signal, onWait = () => undefined } = options;
  const heard = { onCall: () => undefined, onWait };
  const waiting = { ...waitingOutRateLimits(source, signal, heard), deletion: source.deletion };
  const { gateway } = request;
  const gathered =
    request.type === "chosen"
      ? await gatherSelected(waiting, gateway, request.logIds, signal)
      : await gatherFitting(waiting, gateway, request.filter, options);
  return gathered.preview(gateway);
}

/** Returns a test for the logs of a preview. */
export function isPreviewed({ ids }: Pick<DeletionPreview, "ids">): (log: Pick<Log, "id">) => boolean {
  const held = new Set(ids);
  return ({ id }) => held.has(id);
}
