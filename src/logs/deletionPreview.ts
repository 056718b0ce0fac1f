import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Condition } from "../cloudflare/conditions.ts";
import type { Conditions } from "../cloudflare/deletion.ts";
import { matches, tells } from "../cloudflare/filter.ts";
import type { LogPage } from "../cloudflare/logs.ts";
import { PER_PAGE } from "../cloudflare/pages.ts";
import { matchesRow } from "../cloudflare/row-filter.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";
import { isSome, type Deletable, type Narrowing } from "./deletable.ts";
import { nextSecond, within } from "./window.ts";

/** What would be deleted, as it was seen before the person is asked. */
export type DeletionPreview = {
  gateway: GatewayRef;
  count: number;
  newest: Log;
  oldest: Log;
  /** The newest ones, ten at the most. */
  sample: readonly Log[];
  /** How they are deleted: by the filter, up to the time of the newest one, or by the ids of those that were read and checked. */
  by: { type: "filter"; filters: Conditions } | { type: "ids"; ids: readonly [string, ...string[]] };
  /** Logs that stay: chosen ones that are not there any more, or found ones whose rows do not show that they are meant. */
  passedOver: number;
};

type PreviewClient = Pick<CloudflareClient, "listLogs" | "walkLogs">;

/** How a preview is read; `onProgress` is told how many rows of about how many were read, where that takes more than a page. */
export type PreviewOptions = { signal: AbortSignal; onProgress?: (read: number, total: number) => void };

/** Rows that are shown of what would be deleted. */
const SAMPLE = 10;

/** So many ids go into one call: fewer than the rows of a page, and an address that no proxy finds too long. */
const IDS_AT_ONCE = 40;

/** The ids in pieces for one call each. */
export function* idFilters(ids: readonly string[]): Generator<{ filters: Conditions; count: number }> {
  for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
    const value = ids.slice(start, start + IDS_AT_ONCE);
    yield { filters: [{ key: "id", operator: "eq", value }], count: value.length };
  }
}

/** What of the rows is to be deleted, by their ids. */
function byIds(gateway: GatewayRef, logs: readonly Log[], passedOver: number): DeletionPreview | undefined {
  const sorted = logs.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  const [newest, oldest] = [sorted[0], sorted.at(-1)];
  const ids = sorted.map(({ id }) => id);
  if (!newest || !oldest || !isSome(ids)) return undefined;
  const sample = sorted.slice(0, SAMPLE);
  return { gateway, count: ids.length, newest, oldest, sample, by: { type: "ids", ids }, passedOver };
}

async function previewOfChosen(
  client: PreviewClient,
  gateway: GatewayRef,
  logIds: readonly string[],
  { signal }: PreviewOptions,
): Promise<DeletionPreview | undefined> {
  const logs: Log[] = [];
  for (const { filters } of idFilters(logIds)) {
    const page = await client.listLogs(gateway, { filters, perPage: PER_PAGE }, { signal });
    logs.push(...page.logs);
  }
  return byIds(gateway, logs, logIds.length - logs.length);
}

/** All that a row says, in small letters. */
function textOf({ raw, metadata }: Log): string {
  const { metadata: _, ...named } = raw;
  return [...Object.values(named), ...Object.keys(metadata), ...Object.values(metadata)]
    .map((value) => (typeof value === "string" ? value : JSON.stringify(value)))
    .join("\n")
    .toLowerCase();
}

/**
 * Whether the row itself shows that it is meant. Else it may be what an API answers with that ignored a condition or the words that
 * it was to look for.
 */
function shows(log: Log, { conditions, words }: Narrowing): boolean {
  const text = words.length > 0 ? textOf(log) : "";
  return (
    conditions.every((condition) => tells(log, condition)) && words.every((word) => text.includes(word.toLowerCase()))
  );
}

/** Reads all that fits and checks it, row by row. */
async function previewOfRows(
  client: PreviewClient,
  gateway: GatewayRef,
  filter: Narrowing,
  { signal, onProgress }: PreviewOptions,
): Promise<DeletionPreview | undefined> {
  const logs: Log[] = [];
  let [read, passedOver] = [0, 0];
  const { conditions, here, words } = filter;
  const search = words.join(" ");
  for await (const page of client.walkLogs(gateway, { filters: conditions, search }, { signal })) {
    const fitting = page.logs.filter((log) => matchesRow(log, here));
    const shown = fitting.filter((log) => shows(log, filter));
    logs.push(...shown);
    passedOver += fitting.length - shown.length;
    read += page.rows;
    onProgress?.(read, page.total);
  }
  return byIds(gateway, logs, passedOver);
}

/** Whether a page shows that the API's filter means exactly what is meant: DELETE then takes no other. */
const isExact = ({ logs, malformed, unmeant }: LogPage, filters: readonly Condition[]): boolean =>
  malformed === 0 && unmeant === 0 && logs.every((log) => filters.every((condition) => tells(log, condition)));

/** What a filter of the API finds, from its two ends: two calls, however many that are. Undefined when it is not to be trusted. */
async function previewOfFilter(
  client: PreviewClient,
  gateway: GatewayRef,
  conditions: Conditions,
  { signal }: PreviewOptions,
): Promise<DeletionPreview | undefined> {
  // The API does not pair the key of a tag with its value (facts 0.5).
  if (conditions.some(({ key }) => key.startsWith("metadata."))) return undefined;
  const first = await client.listLogs(gateway, { filters: conditions, perPage: PER_PAGE }, { signal });
  const [newest] = first.logs;
  if (!newest || !isExact(first, conditions)) return undefined;
  // What comes after the preview stays.
  const filters: Conditions = [...conditions, ...within({ end: nextSecond(newest.createdAt, []) })];
  const last = await client.listLogs(gateway, { filters, direction: "asc", perPage: PER_PAGE }, { signal });
  const [oldest] = last.logs;
  if (!oldest || !isExact(last, filters)) return undefined;
  return {
    gateway,
    // The total may lag behind a delete (facts 0.2): a page that is not full tells better.
    count: last.rows < PER_PAGE ? last.rows : last.total,
    newest,
    oldest,
    sample: first.logs.slice(0, SAMPLE),
    by: { type: "filter", filters },
    passedOver: 0,
  };
}

/**
 * Looks which logs a deletion would take; undefined when there is none. Where the API's own filter says all, that is two calls; else all
 * that may be meant is read and checked here.
 */
export async function previewOf(
  client: PreviewClient,
  deletable: Deletable,
  options: PreviewOptions,
): Promise<DeletionPreview | undefined> {
  const { gateway } = deletable;
  if (deletable.type === "chosen") return previewOfChosen(client, gateway, deletable.logIds, options);
  const { conditions, here, words } = deletable.filter;
  const isAllThere = here.length === 0 && words.length === 0 && isSome(conditions);
  const preview = isAllThere ? await previewOfFilter(client, gateway, conditions, options) : undefined;
  return preview ?? previewOfRows(client, gateway, deletable.filter, options);
}

/** Whether a log is among those that would be deleted, as far as its row tells. */
export function amongDeleted({ by }: Pick<DeletionPreview, "by">): (log: Log) => boolean {
  if (by.type === "filter") return (log) => matches(log, by.filters);
  const ids = new Set(by.ids);
  return ({ id }) => ids.has(id);
}
