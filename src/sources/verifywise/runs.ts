import { isAborted, SourceError } from "../../source/errors.ts";
import type { LogDetail } from "../../source/log.ts";
import type { CallOptions } from "../../source/query.ts";
import { call, type CallerOptions } from "./call.ts";
import { isObject, type Row } from "../../source/parsing.ts";
import { parseRow, timeOf } from "./schema.ts";

/*
 * Bodies of the second generation, whose list has none: the runs of agents have those of their calls
 * (docs/verifywise-api.md: Agent runs).
 */

const PATH = "/api/ai-gateway/mcp/runs";

/** How many runs are asked for a log; with their list, three calls. */
const MOST_RUNS = 2;

/** `runs`: whether the server's build has runs; undefined before that is known. */
export type RunsServer = CallerOptions & { runs?: "there" | "missing" };

/** Returns an ID that can be part of a path; undefined for anything else: callers choose the IDs of runs. */
function runIdOf(value: unknown): string | undefined {
  const id = typeof value === "number" ? String(value) : value;
  return typeof id === "string" && id.isWellFormed() && !["", ".", ".."].includes(id) ? id : undefined;
}

const instantOf = (value: unknown): number | undefined =>
  typeof value === "string" ? timeOf(value)?.getTime() : undefined;

/** Returns the `data` of an answer; undefined if the server has no such thing. @throws SourceError */
async function dataAt(server: RunsServer, path: string, given: CallOptions | undefined): Promise<unknown> {
  try {
    const answer = await call(server, { method: "GET", path }, given);
    server.runs = "there";
    return isObject(answer) ? (answer["data"] ?? null) : null;
  } catch (error) {
    if (error instanceof SourceError && error.status === 404) return undefined;
    throw error;
  }
}

/** Returns a run's entries; undefined if there is no such run. @throws SourceError */
async function entriesOf(server: RunsServer, runId: string, given?: CallOptions): Promise<Row[] | undefined> {
  const data = await dataAt(server, `${PATH}/${encodeURIComponent(runId)}`, given);
  if (data === undefined) return undefined;
  const entries = isObject(data) ? data["entries"] : data;
  return Array.isArray(entries) ? entries.filter(isObject) : [];
}

/** Returns the IDs of the runs during which a log was made; notes whether the build has runs. @throws SourceError */
async function runsAround({ createdAt }: LogDetail, server: RunsServer, given?: CallOptions): Promise<string[]> {
  const data = await dataAt(server, PATH, given);
  if (data === undefined) server.runs = "missing";
  const time = createdAt.getTime();
  return (Array.isArray(data) ? data.filter(isObject) : []).flatMap((run) => {
    const [start, end] = [instantOf(run["started_at"]), instantOf(run["last_at"])];
    const isAround = start !== undefined && end !== undefined && start <= time && time <= end;
    return isAround ? (runIdOf(run["agent_run_id"]) ?? []) : [];
  });
}

/**
 * Returns the entry that certainly is a log: of its ID, or, if entries have none, the only one of its time and model.
 * `areAll`: whether these are the entries of all runs that may have it.
 */
function entryFor(log: LogDetail, entries: readonly Row[], areAll: boolean): Row | undefined {
  const calls = entries.filter(({ kind }) => kind === "model");
  const hasIds = calls.some(({ id }) => id !== undefined && id !== null);
  const time = log.createdAt.getTime();
  const found = calls.filter(({ id, created_at, model }) => {
    const instant = instantOf(created_at);
    // Entries that are numbered in another way would have other times.
    if (hasIds) return String(id) === log.id && (created_at === undefined || instant === time);
    return areAll && instant === time && (model === undefined || model === log.raw["model"]);
  });
  return found.length === 1 ? found[0] : undefined;
}

async function findEntry(server: RunsServer, log: LogDetail, given?: CallOptions): Promise<Row | undefined> {
  const named = runIdOf(log.metadata["agent_run_id"]);
  if (named !== undefined) {
    const entries = await entriesOf(server, named, given);
    if (entries) return entryFor(log, entries, true);
    // The run is gone, or the build has none: both are answered alike.
    if (server.runs === undefined) await runsAround(log, server, given);
    return undefined;
  }
  const runIds = await runsAround(log, server, given);
  const read = [];
  for (const runId of runIds.slice(0, MOST_RUNS)) read.push(await entriesOf(server, runId, given));
  const areAll = runIds.length === read.length && !read.includes(undefined);
  return entryFor(
    log,
    read.flatMap((entries) => entries ?? []),
    areAll,
  );
}

/**
 * Returns a log with its bodies, if an agent's run certainly has them; else the log. At most three calls, and none to a
 * build without runs. Fails only if it's aborted: without the bodies, there is still the row.
 */
export async function withBodies(server: RunsServer, log: LogDetail, given?: CallOptions): Promise<LogDetail> {
  if (server.runs === "missing") return log;
  try {
    const entry = await findEntry(server, log, given);
    if (!entry) return log;
    const { request_messages, response_text } = entry;
    const whole = parseRow(
      { ...log.raw, request_messages, response_text },
      { readAt: log.readAt ?? Date.now(), generation: 2 },
    );
    return whole ? { ...log, request: whole.request, response: whole.response } : log;
  } catch (error) {
    if (isAborted(error) || !(error instanceof SourceError)) throw error;
    return log;
  }
}
