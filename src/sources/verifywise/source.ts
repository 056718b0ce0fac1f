import { SourceError } from "../../source/errors.ts";
import type { Log } from "../../source/log.ts";
import type { CallOptions } from "../../source/query.ts";
import { checkingRows, rowDetail } from "../../source/rows.ts";
import type { LogSource } from "../../source/source.ts";
import { SERVICE, type CallerOptions } from "./call.ts";
import { findRow } from "./find.ts";
import { parseCheck } from "./guardrails.ts";
import { NO_NARROWING, narrowingOf, paramOf } from "./narrowing.ts";
import { CURSORS, listPage, PAGE, readPart, type List, type Server } from "./paging.ts";
import { purge } from "./purge.ts";
import { RateLimit } from "./rate-limit.ts";
import { withBodies } from "./runs.ts";
import { parseRow } from "./schema.ts";

/** Returns the ID of a server's log: the server's name, without the slashes of a path. */
export const collectionOf = (baseUrl: string): string => baseUrl.replace(/^https?:\/\//, "").replaceAll("/", "~");

/** Returns the ID of a server's guardrail logs. */
export const guardrailsOf = (baseUrl: string): string => `${collectionOf(baseUrl)}~guardrails`;

const LOGS: List = {
  path: "/api/ai-gateway/spend/logs",
  member: "rows",
  parse: parseRow,
  narrowing: narrowingOf,
};

const GUARDRAIL_LOGS: List = {
  path: "/api/ai-gateway/guardrails/logs",
  member: "logs",
  parse: parseCheck,
  narrowing: () => NO_NARROWING,
};

/** Whether a text can be an ID: a serial number (docs/verifywise-api.md: Rows). */
const isId = (text: string): boolean => /^[1-9]\d{0,18}$/.test(text);

/** Reads the row with an ID. @throws SourceError; `notFound` if there is none */
async function readRow(server: Server, list: List, logId: string, given: CallOptions | undefined): Promise<Log> {
  const found = isId(logId) && (await findRow(logId, PAGE, (from) => readPart(server, list, from, given)));
  if (found) return found;
  throw new SourceError("notFound", "The list has no log of this ID.", { service: SERVICE, path: list.path });
}

/** A VerifyWise server's log, and its guardrails' log, as a source. */
export function verifywiseSource(options: CallerOptions): LogSource {
  const limit = options.limit ?? new RateLimit();
  const server: Server = { ...options, limit };
  const [id, guardrails] = [collectionOf(server.baseUrl), guardrailsOf(server.baseUrl)];
  const check = (collectionId: string): void => {
    if (collectionId !== id) throw new SourceError("notFound", "The server has no such log.", { service: SERVICE });
  };
  const source: LogSource = {
    service: SERVICE,
    lists: {
      // A parameter takes one value.
      taken: (conditions) =>
        ["success", "source"].flatMap((key) => conditions.find((one) => one.key === key && paramOf(one)) ?? []),
      search: ["endpoint", "model", "user", "key"],
      orders: new Set(["newest"]),
      // Dates fail in generation 2, and are inclusive at both ends in generation 1 (docs/verifywise-api.md: Dates).
      byTime: false,
      pageSize: PAGE,
      total: "late",
      get pollSeconds() {
        return limit.pollSeconds;
      },
    },
    collections: () => Promise.resolve([{ id }, { id: guardrails, holds: "guardrails" }]),
    list: async (of, query, after, given) => {
      if (of.collectionId === guardrails) return checks.list(of, query, after, given);
      check(of.collectionId);
      return listPage(server, LOGS, query, after, given);
    },
    isId,
    read: async ({ collectionId, logId }, given, listed) => {
      const list = collectionId === guardrails ? GUARDRAIL_LOGS : LOGS;
      const log = rowDetail(listed ?? (await readRow(server, list, logId, given)));
      const hasNone = log.request.lack === "notListed" && log.response.lack === "notListed";
      return hasNone && given?.priority !== "background" ? withBodies(server, log, given) : log;
    },
    cursors: CURSORS,
    purge: async ({ collectionId }, given) => {
      check(collectionId);
      return purge(server, given);
    },
    webPage: () => `${server.baseUrl}/ai-gateway/logs`,
  };
  // Takes nothing of what the log's list takes.
  const checks = checkingRows({
    ...source,
    lists: { ...source.lists, taken: () => [], search: false },
    list: (_, query, after, given) => listPage(server, GUARDRAIL_LOGS, query, after, given),
  });
  return source;
}
