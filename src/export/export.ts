import type { RecordedExchange } from "../chat/conversation.ts";
import type { LogSource } from "../source/source.ts";
import { SourceError } from "../source/errors.ts";
import { asRecorded, type Log } from "../source/log.ts";
import { nextSecond } from "../source/query.ts";
import { readExchange } from "./bodies.ts";
import type { Checkpoints, Claim } from "./checkpoints.ts";
import { chosenLogs } from "./chosen.ts";
import { leftMs } from "./estimate.ts";
import { FORMATS } from "./formats.ts";
import { fittingLogs, type Batch } from "./fitting.ts";
import { reachedWith } from "../source/walk.ts";
import { differences, hasBodies, type ExportJob, type ExportCheckpoint } from "./job.ts";
import { discardPartial, PartialFile, type Written } from "./partial.ts";
import { waitingOutRateLimits } from "./rate-limit-wait.ts";

export type ExportProgress = {
  /** Logs in the file, and skipped logs: not supported by the format, or deleted. */
  count: number;
  skipped: number;
  /** Known total; local conditions may exclude some. Undefined if the source tells none. */
  total: number | undefined;
  /** Estimated remaining time, in milliseconds. */
  leftMs?: number;
  /** The API rejects all calls until then; the export continues afterward. */
  waitingUntil?: Date;
};

export type ExportResult = Written & { count: number; skipped: number };

export type ExportOptions = {
  signal: AbortSignal;
  onProgress?: (progress: ExportProgress) => void;
  /** Where to save checkpoints for `resumeExport`. Without, an interrupted export leaves nothing. */
  checkpoints?: Checkpoints;
  /** Interval of checkpoints in milliseconds; 2,000 by default. Later data is written again after a crash. */
  certainEveryMs?: number;
};

/** Logs with bodies being read at once. */
const AT_ONCE = 5;
const PROGRESS_MS = 200;
const CERTAIN_MS = 2000;

/**
 * Writes an export's logs, newest first, to a file: at constant memory, each once, and only those that existed at its
 * start. Writes to `<target>.partial`, which becomes the target at the end; discards an unfinished export to the same
 * target.
 * @throws ExportError for the file; SourceError for the API, `aborted` if `signal` is
 */
export async function exportLogs(
  source: LogSource,
  job: ExportJob,
  target: string,
  options: ExportOptions,
): Promise<ExportResult> {
  const claim = await options.checkpoints?.claim(target);
  try {
    return await start(source, job, target, options, claim);
  } finally {
    await claim?.release();
  }
}

/**
 * Resumes the unfinished export of the same kind to that file, however it ended; starts over if the file doesn't match
 * its checkpoint. Returns undefined without a checkpoint, or if it's of a different export.
 * @throws as `exportLogs`
 */
export async function resumeExport(
  source: LogSource,
  job: ExportJob,
  target: string,
  options: ExportOptions & { checkpoints: Checkpoints },
): Promise<ExportResult | undefined> {
  const claim = await options.checkpoints.claim(target);
  try {
    const { noted } = claim;
    if (!noted || differences(noted.state.job, job).length > 0) return undefined;
    await claim.note(noted);
    const file = await PartialFile.resume(target, noted);
    return await (file ? run(source, noted.state, file, options, claim) : start(source, job, target, options, claim));
  } finally {
    await claim.release();
  }
}

/** Starts with an empty file. Saves a checkpoint before creating it, so that no file is left without one. */
async function start(
  source: LogSource,
  job: ExportJob,
  target: string,
  options: ExportOptions,
  claim: Claim | undefined,
): Promise<ExportResult> {
  const state = await begin(source, job, options.signal);
  if (claim?.noted) await discardPartial(target);
  await claim?.note({ bytes: 0, sha256: "", state });
  let file: PartialFile;
  try {
    file = await PartialFile.begin(target, claim !== undefined);
  } catch (error) {
    await claim?.remove();
    throw error;
  }
  return run(source, state, file, options, claim);
}

/** Returns the state before the first log; later logs don't belong to the export. */
async function begin(source: LogSource, job: ExportJob, signal: AbortSignal) {
  const { subset } = job;
  const started = new Date();
  const nothing = { job, count: 0, skipped: 0 };
  if (subset.type === "chosen") return { ...nothing, bound: started.toISOString(), total: subset.logIds.length };
  const { conditions, search } = subset.filter;
  const query = { conditions, search, size: 1 };
  const options = { signal, priority: "background" } as const;
  const { logs, total } = await source.list(subset.gateway, query, undefined, options);
  return { ...nothing, bound: nextSecond(started, logs).toISOString(), total };
}

function batchesOf(source: LogSource, { job, bound, count, skipped, reached }: ExportCheckpoint, signal: AbortSignal) {
  const { subset } = job;
  if (subset.type === "fitting") return fittingLogs(source, subset, new Date(bound), reached, signal);
  return chosenLogs(source, subset.gateway, subset.logIds.slice(count + skipped), signal);
}

/** Returns a number of rows with more, or undefined while it's unknown. */
const plus = (rows: number | undefined, more: number): number | undefined =>
  rows === undefined ? undefined : rows + more;

type Read = { log: Log | undefined; exchange: RecordedExchange | undefined; left: number | undefined };

/**
 * Reads the exchanges, several at once, and yields them in order. `onNone`: called with the remaining rows if a row has
 * no log.
 */
async function* inOrder(
  batches: AsyncIterable<Batch>,
  read: (log: Log) => Promise<RecordedExchange | undefined>,
  onNone: (left: number | undefined) => void,
) {
  const coming: Promise<Read>[] = [];
  for await (const { logs, left } of batches) {
    if (logs.length === 0 && coming.length === 0) onNone(left);
    for (const [index, log] of logs.entries()) {
      const one = (async () => ({ log, exchange: log && (await read(log)), left: plus(left, -index - 1) }))();
      // Awaited in order below. Swallow the rejection until then, or Node reports it as unhandled.
      one.catch(() => undefined);
      coming.push(one);
      if (coming.length < AT_ONCE) continue;
      const first = coming.shift();
      if (first) yield await first;
    }
  }
  for (const one of coming) yield await one;
}

async function run(
  given: LogSource,
  from: ExportCheckpoint,
  file: PartialFile,
  { signal: asked, onProgress, certainEveryMs = CERTAIN_MS }: ExportOptions,
  claim: Claim | undefined,
): Promise<ExportResult> {
  const { job } = from;
  const { gateway } = job.subset;
  const format = FORMATS[job.format];
  const withBodies = hasBodies(job);
  // If the file fails, calls in flight are pointless.
  const stop = new AbortController();
  const signal = AbortSignal.any([asked, stop.signal]);
  const started = performance.now();
  /** Remaining rows, now and at the start, if known. */
  let left = plus(from.total, -from.count - from.skipped);
  let leftBefore = left ?? 0;
  let state = from;
  let calls = 0;
  let told = Number.NEGATIVE_INFINITY;
  let certain = started;

  const tell = (waitingUntil?: Date): void => {
    const { count, skipped } = state;
    const now = performance.now();
    told = now;
    leftBefore = Math.max(leftBefore, left ?? 0);
    const estimate = left === undefined ? undefined : leftMs(leftBefore - left, left, calls, now - started);
    onProgress?.({
      count,
      skipped,
      total: plus(left, count + skipped),
      ...(estimate === undefined ? {} : { leftMs: estimate }),
      ...(waitingUntil ? { waitingUntil } : {}),
    });
  };
  const moveOn = (rows: number | undefined): void => {
    left = rows === undefined ? undefined : Math.max(0, rows);
    if (performance.now() - told >= PROGRESS_MS) tell();
  };
  const source = waitingOutRateLimits(given, signal, { onCall: () => calls++, onWait: tell });
  const read = async (log: Log) => (withBodies ? readExchange(source, gateway, log, signal) : undefined);

  const add = async ({ log, exchange, left: rows }: Read): Promise<void> => {
    const whole = log && asRecorded(log);
    const text = whole && format.entry({ gateway, log: whole, ...(exchange ? { exchange } : {}) }, job.redaction);
    if (text !== undefined) await file.append(state.count > 0 ? (format.between ?? "") + text : text);
    const { count, skipped, reached } = state;
    state = {
      ...state,
      ...(text === undefined ? { skipped: skipped + 1 } : { count: count + 1 }),
      total: plus(rows, count + skipped + 1),
      ...(log ? { reached: reachedWith(reached, log) } : {}),
    };
    moveOn(rows);
    if (!claim || performance.now() - certain < certainEveryMs) return;
    await claim.note({ ...(await file.settle()), state });
    certain = performance.now();
  };

  try {
    tell();
    if (file.isEmpty && format.head) await file.append(format.head);
    for await (const one of inOrder(batchesOf(source, state, signal), read, moveOn)) {
      if (signal.aborted) throw new SourceError("aborted", "The export was canceled.");
      await add(one);
    }
    if (left !== undefined) left = 0;
    tell();
    if (format.foot) await file.append(format.foot);
    const written = await file.finish();
    await claim?.remove();
    return { ...written, count: state.count, skipped: state.skipped };
  } catch (error) {
    if (!claim) await file.discard();
    // The API or the user ended it: nothing written is lost.
    else if (error instanceof SourceError) await claim.note({ ...(await file.settle()), state });
    throw error;
  } finally {
    stop.abort();
    await file.close();
  }
}
