import { readDetail } from "../../source/rows.ts";
import type { LogSource, StoredBody } from "../../source/source.ts";
import type { LogDetail, LogRef, Side } from "../../source/log.ts";
import { wholeHeadOf } from "../../logs/exchange.ts";
import { isNone } from "../../export/chosen.ts";

/**
 * How long after the end of its call a log's bodies may still be written, in milliseconds; observed: some seconds (API
 * notes: Log detail and bodies).
 */
const WRITING = 5 * 60_000;
/** Assumed maximum duration of a call if its log has none, in milliseconds. */
const LONGEST = 60 * 60_000;

const SIDES: readonly Side[] = ["request", "response"];

/**
 * Logs with bodies that may be missing from the file, and how long some of these may still be written, in milliseconds;
 * 0 if none can.
 */
export type Lacking = { logIds: string[]; waitMs: number };

/** A log's information about one of its bodies. Sizes are in bytes. */
type Told = {
  size: number | undefined;
  /** Minimum size, from its size and its head. */
  least: number;
  /** The log exceeds the maximum size of logs stored with bodies. */
  isTooLarge: boolean;
  /** The body may still be written. */
  isYoung: boolean;
};

/** Returns the time by which a log's bodies are written, in milliseconds since 1970 by the source's clock. */
const writtenBy = ({ createdAt, durationMs = LONGEST }: LogDetail): number =>
  createdAt.getTime() + Math.max(0, durationMs) + WRITING;

function toldOf(log: LogDetail, side: Side, now: Date, limit: number): Told {
  const { size, head = "" } = log[side];
  return {
    size,
    // A replacement character represents at least one byte.
    least: Math.max(size ?? 0, Buffer.byteLength(head.replaceAll("\uFFFD", "?"))),
    isTooLarge: (log.request.size ?? 0) + (log.response.size ?? 0) > limit,
    isYoung: now.getTime() < writtenBy(log),
  };
}

/** Returns whether a body of this many bytes (undefined: no body) is certainly complete and final. */
function isAll({ size, least, isTooLarge, isYoung }: Told, bytes: number | undefined): boolean {
  if (isYoung) return size !== undefined && bytes !== undefined && bytes > 0 && bytes >= least;
  if (bytes === undefined && isTooLarge) return true;
  return bytes ? bytes >= least : size === 0 && least === 0;
}

/**
 * Wraps a source's reads and tracks logs with possibly incomplete bodies: deleted logs, and logs with a body that is
 * shorter than the log says, or missing although the log doesn't say that there is none. For 5 minutes after the end of
 * its call, by the source's clock, a log without a body counts too, because it may still be written.
 */
export function watched(source: LogSource): { source: LogSource; lacking: () => Lacking } {
  const { body, bodyLimit = Infinity } = source;
  const clock = () => source.now?.() ?? new Date();
  /** Outstanding bodies of each log in doubt, and the time by which they are written. */
  const doubted = new Map<string, { sides: Map<Side, Told>; until: number }>();

  const given = (logId: string, side: Side, bytes: number | undefined): void => {
    const doubt = doubted.get(logId);
    const told = doubt?.sides.get(side);
    if (!doubt || !told || !isAll(told, bytes)) return;
    doubt.sides.delete(side);
    if (doubt.sides.size === 0) doubted.delete(logId);
  };

  const seen = (log: LogDetail, logId: string): void => {
    const now = clock();
    const sides = new Map(SIDES.map((side) => [side, toldOf(log, side, now, bodyLimit)]));
    doubted.set(logId, { sides, until: writtenBy(log) });
    for (const side of SIDES) {
      const head = wholeHeadOf(log, side);
      if (head) given(logId, side, Buffer.byteLength(head.body));
    }
  };

  const watch = async (reading: Promise<StoredBody | undefined>, { logId }: LogRef, side: Side) => {
    try {
      const stored = await reading;
      given(logId, side, stored && Buffer.byteLength(stored.body));
      return stored;
    } catch (error) {
      if (isNone(error)) given(logId, side, undefined);
      throw error;
    }
  };

  return {
    source: {
      ...source,
      read: async (ref, options) => {
        try {
          const log = await readDetail(source, ref, options);
          seen(log, ref.logId);
          return log;
        } catch (error) {
          if (isNone(error)) doubted.set(ref.logId, { sides: new Map(), until: 0 });
          throw error;
        }
      },
      ...(body && { body: (ref, side, options) => watch(body(ref, side, options), ref, side) }),
    },
    lacking: () => {
      const until = [...doubted.values()].reduce((latest, doubt) => Math.max(latest, doubt.until), 0);
      return { logIds: [...doubted.keys()], waitMs: Math.max(0, until - clock().getTime()) };
    },
  };
}
