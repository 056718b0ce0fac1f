import type { Condition } from "../../source/conditions.ts";
import { Cursors, type Cursor } from "../../source/cursor.ts";
import { SourceError } from "../../source/errors.ts";
import type { LogDetail } from "../../source/log.ts";
import { matchesRow } from "../../source/match.ts";
import type { CallOptions, Page, Query } from "../../source/query.ts";
import type { LogSource } from "../../source/source.ts";
import { call, SERVICE, type CallerOptions } from "./call.ts";
import { isGatewayUp } from "./server.ts";
import { parseList, parseRow, type Generation, type ListAnswer } from "./schema.ts";

const PATH = "/api/ai-gateway/spend/logs";

/** Returns the ID of a server's only collection, its log: the server's name, without the slashes of a path. */
export const collectionOf = (baseUrl: string): string => baseUrl.replace(/^https?:\/\//, "").replaceAll("/", "~");

/** Limit on a page's logs: 200 in generation 1, 500 in generation 2 (docs/verifywise-api.md: Paging). */
const PAGE = 200;

const DEFAULT = 50;

/**
 * Whether a condition is what the server's `status` means (docs/verifywise-api.md: Status): only generation 2 is asked.
 */
function statusIn(condition: Condition, generation: Generation | undefined): "success" | "error" | undefined {
  const { key, operator, value } = condition;
  const [only] = value;
  if (generation !== 2 || key !== "success" || value.length !== 1 || typeof only !== "boolean") return undefined;
  return only === (operator === "eq") ? "success" : "error";
}

/** A list's position: rows before it, and what they are known by. Only grows, when a page was taken. */
type Place = { seen: number; known: Set<string> };

const CURSORS = new Cursors<Place>();

/** The server's list of logs, and the generation that answered last; undefined before the first answer. */
type Server = CallerOptions & { generation?: Generation };

/** Reads rows, and notes which generation they are of. @throws SourceError */
async function read(server: Server, query: URLSearchParams, given?: CallOptions): Promise<Exclude<ListAnswer, "down">> {
  const answer = parseList(await call(server, { method: "GET", path: PATH, query }, given));
  const facts = { service: SERVICE, path: PATH };
  if (answer === undefined) throw new SourceError("badAnswer", "The answer is not a list of logs.", facts);
  // The early build has the same answer for an empty list.
  if (answer === "down" && (await isGatewayUp(server, given)) === true)
    return { generation: 1, rows: [], total: undefined };
  if (answer === "down")
    throw new SourceError("serverError", "The AI gateway behind the server can't be reached.", {
      ...facts,
      status: 200,
    });
  server.generation = answer.generation;
  return answer;
}

/**
 * Returns how many rows before the last have its time: they may change places with later ones (docs/verifywise-api.md:
 * Paging), so the next page begins with the first of them. 0 if all have it, or the list would never go on.
 */
function tiesOf(rows: readonly (LogDetail | undefined)[]): number {
  const time = rows.at(-1)?.createdAt.getTime();
  const before = rows.findLastIndex((log) => log?.createdAt.getTime() !== time);
  return before < 0 ? 0 : Math.max(0, rows.length - before - 2);
}

/**
 * Reads a page of a list that moves: it begins with the last known row. If that isn't there, rows before it were purged,
 * and earlier pages are read until one has a known row.
 */
async function listPage(
  server: Server,
  { conditions = [], size = DEFAULT }: Query,
  after: Cursor | undefined,
  given: CallOptions | undefined,
): Promise<Page> {
  const { seen, known } = after ? CURSORS.placeOf(after) : { seen: 0, known: new Set<string>() };
  const limit = Math.min(Math.max(size, 2), PAGE);
  for (let offset = Math.max(0, seen - 1); ; offset = Math.max(0, offset - limit + 1)) {
    const [status] = conditions.flatMap((one) => statusIn(one, server.generation) ?? []);
    const asked = new URLSearchParams({ limit: String(limit), offset: String(offset), ...(status ? { status } : {}) });
    const readAt = Date.now();
    const { rows, total } = await read(server, asked, given);
    const parsed = rows.map((row) => parseRow(row, readAt));
    // A row that can't be read is known by all it has, so that a page of such rows has an end, too.
    const keys = rows.map((row, index) => parsed[index]?.id ?? JSON.stringify(row));
    if (offset > 0 && !keys.some((key) => known.has(key))) continue;
    const fresh = parsed.filter((_, index) => !known.has(keys[index] ?? ""));
    const logs = fresh.filter((log) => log !== undefined);
    const malformed = fresh.length - logs.length;
    for (const key of keys) known.add(key);
    const end = offset + rows.length;
    const hasMore = rows.length === limit && (total === undefined || end < total);
    // Another generation may have answered than the one that the status was meant for.
    const fitting = logs.filter((log) => matchesRow(log, conditions));
    return {
      logs: fitting,
      malformed,
      ...(fitting.length < logs.length ? { rows: logs.length + malformed } : {}),
      isSorted: true,
      total,
      next: hasMore ? CURSORS.to({ seen: end - tiesOf(parsed), known }) : undefined,
    };
  }
}

/** A VerifyWise server's log as a source. */
export function verifywiseSource(options: CallerOptions): LogSource {
  const server: Server = { ...options };
  const id = collectionOf(server.baseUrl);
  return {
    service: SERVICE,
    lists: {
      taken: (conditions) => conditions.filter((one) => statusIn(one, server.generation) !== undefined).slice(0, 1),
      // The server searches in four names only, and with wildcards.
      search: false,
      orders: new Set(["newest"]),
      // Dates fail in generation 2, and are inclusive at both ends in generation 1 (docs/verifywise-api.md: Dates).
      byTime: false,
      pageSize: PAGE,
      total: "late",
      pollSeconds: 10,
    },
    collections: () => Promise.resolve([{ id }]),
    list: async ({ collectionId }, query, after, given) => {
      if (collectionId !== id) throw new SourceError("notFound", "The server has one log.", { service: SERVICE });
      return listPage(server, query, after, given);
    },
    cursors: {
      behind: (rows) => CURSORS.to({ seen: rows.length, known: new Set(rows.map(({ id }) => id)) }),
      without: (cursor, count) => {
        const place = CURSORS.placeOf(cursor);
        return CURSORS.to({ ...place, seen: place.seen - count });
      },
    },
    webPage: () => `${server.baseUrl}/ai-gateway/logs`,
  };
}
