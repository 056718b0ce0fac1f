import { STORED_AT_MOST, type StoredBody } from "../../cloudflare/logs.ts";
import type { LogDetail, LogRef, Side } from "../../cloudflare/schema.ts";
import { wholeHeadOf } from "../../logs/exchange.ts";
import { isNone } from "../../export/chosen.ts";
import type { Reads } from "../../export/patient.ts";

/** How long after the end of its call the bodies of a log may still be written, in ms; some seconds were seen (API notes: Log detail and bodies). */
const WRITING = 5 * 60_000;
/** How long a call may have taken whose log does not say it, in ms. */
const LONGEST = 60 * 60_000;

const SIDES: readonly Side[] = ["request", "response"];

/** The reads of an export before a deletion, and the API's time. */
export type TimedReads = Reads & { now(): Date };

/** Logs whose bodies may not all be in the file, and how long some of these may still be written, in ms; 0 when none can. */
export type Lacking = { logIds: string[]; waitMs: number };

/** What a log says of one of its bodies. Sizes are bytes. */
type Told = {
  size: number | undefined;
  /** What it has at least, by its size and its head. */
  least: number;
  /** The log is larger than any that is stored with its bodies. */
  isTooLarge: boolean;
  /** It may still be written. */
  isYoung: boolean;
};

/** By when the bodies of a log are written, in ms since 1970 by the API's clock. */
const writtenBy = ({ createdAt, durationMs = LONGEST }: LogDetail): number =>
  createdAt.getTime() + Math.max(0, durationMs) + WRITING;

function toldOf(log: LogDetail, side: Side, now: Date): Told {
  const { size, head = "" } = log[side];
  return {
    size,
    // A replacement character stands for at least one byte.
    least: Math.max(size ?? 0, Buffer.byteLength(head.replaceAll("\uFFFD", "?"))),
    isTooLarge: (log.request.size ?? 0) + (log.response.size ?? 0) > STORED_AT_MOST,
    isYoung: now.getTime() < writtenBy(log),
  };
}

/** Whether a body of so many bytes, or (undefined) none, is for certain all that there is and will be. */
function isAll({ size, least, isTooLarge, isYoung }: Told, bytes: number | undefined): boolean {
  if (isYoung) return size !== undefined && bytes !== undefined && bytes > 0 && bytes >= least;
  if (bytes === undefined && isTooLarge) return true;
  return bytes ? bytes >= least : size === 0 && least === 0;
}

/**
 * The same reads, and the logs that they may not have given whole. These are logs that are gone, and logs with a body that is shorter than the
 * log says, or was not given though the log does not say that there is none. Up to 5 minutes after its call has ended, by the API's
 * clock, a log that lacks a body counts too: it may still be written.
 */
export function watched(client: TimedReads): { client: Reads; lacking: () => Lacking } {
  /** What each log in doubt says of the bodies that are still to come, and by when these are written. */
  const doubted = new Map<string, { sides: Map<Side, Told>; until: number }>();

  const given = (logId: string, side: Side, bytes: number | undefined): void => {
    const doubt = doubted.get(logId);
    const told = doubt?.sides.get(side);
    if (!doubt || !told || !isAll(told, bytes)) return;
    doubt.sides.delete(side);
    if (doubt.sides.size === 0) doubted.delete(logId);
  };

  const seen = (log: LogDetail, logId: string): void => {
    const now = client.now();
    const sides = new Map(SIDES.map((side) => [side, toldOf(log, side, now)]));
    doubted.set(logId, { sides, until: writtenBy(log) });
    for (const side of SIDES) {
      const head = wholeHeadOf(log, side);
      if (head) given(logId, side, Buffer.byteLength(head.body));
    }
  };

  const watch = async (reading: Promise<StoredBody>, { logId }: LogRef, side: Side): Promise<StoredBody> => {
    try {
      const stored = await reading;
      given(logId, side, Buffer.byteLength(stored.body));
      return stored;
    } catch (error) {
      if (isNone(error)) given(logId, side, undefined);
      throw error;
    }
  };

  return {
    client: {
      listLogs: (...of) => client.listLogs(...of),
      getLog: async (ref, options) => {
        try {
          const log = await client.getLog(ref, options);
          seen(log, ref.logId);
          return log;
        } catch (error) {
          if (isNone(error)) doubted.set(ref.logId, { sides: new Map(), until: 0 });
          throw error;
        }
      },
      getRequest: (ref, options) => watch(client.getRequest(ref, options), ref, "request"),
      getResponse: (ref, options) => watch(client.getResponse(ref, options), ref, "response"),
    },
    lacking: () => {
      const until = [...doubted.values()].reduce((latest, doubt) => Math.max(latest, doubt.until), 0);
      return { logIds: [...doubted.keys()], waitMs: Math.max(0, until - client.now().getTime()) };
    },
  };
}
