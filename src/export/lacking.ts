import { CloudflareError } from "../cloudflare/errors.ts";
import { STORED_AT_MOST, type StoredBody } from "../cloudflare/logs.ts";
import type { LogDetail, Side } from "../cloudflare/schema.ts";
import type { Reads } from "./patient.ts";

/** So long after a log was made its bodies may still be written, in ms. */
const WRITING = 60_000;

const SIDES: readonly Side[] = ["request", "response"];

/** Whether a body that the detail does not hold whole should be there: the gateway stores it, or may still be writing it. */
function isExpected(log: LogDetail, side: Side): boolean {
  const { head, size, complete } = log[side];
  if (complete && head !== undefined) return false;
  const all = (log.request.size ?? 0) + (log.response.size ?? 0);
  const isYoung = Date.now() - log.createdAt.getTime() < WRITING;
  return all <= STORED_AT_MOST && (isYoung || (size ?? 0) > 0);
}

/**
 * The same reads, and which logs could not be read whole by them: they are gone, or a body of theirs should be stored and was
 * not given, or is shorter than the log says.
 */
export function watched(client: Reads): { client: Reads; lacking: () => string[] } {
  /** Of each log the sides that are still to come, each with the bytes that it has at least. */
  const awaited = new Map<string, Map<Side, number>>();
  const given = ({ body }: StoredBody, logId: string, side: Side): void => {
    const sides = awaited.get(logId);
    if (Buffer.byteLength(body) >= (sides?.get(side) ?? 0)) sides?.delete(side);
  };
  return {
    client: {
      listLogs: (...of) => client.listLogs(...of),
      getLog: async (ref, options) => {
        try {
          const log = await client.getLog(ref, options);
          const sides = SIDES.filter((side) => isExpected(log, side));
          awaited.set(ref.logId, new Map(sides.map((side) => [side, log[side].size ?? 0])));
          return log;
        } catch (error) {
          if (error instanceof CloudflareError && error.reason === "notFound")
            awaited.set(ref.logId, new Map(SIDES.map((side) => [side, 0])));
          throw error;
        }
      },
      getRequest: async (ref, options) => {
        const body = await client.getRequest(ref, options);
        given(body, ref.logId, "request");
        return body;
      },
      getResponse: async (ref, options) => {
        const body = await client.getResponse(ref, options);
        given(body, ref.logId, "response");
        return body;
      },
    },
    lacking: () => [...awaited].filter(([, sides]) => sides.size > 0).map(([logId]) => logId),
  };
}
