import { FILTER_KEYS, misfitOf, type Condition, type FilterKey, type Misfit } from "./conditions.ts";
import { fits } from "./filter.ts";
import { asRecorded } from "./row-texts.ts";
import type { Log } from "../schema.ts";

/**
 * Keys of listed rows that the API can't filter by; they are checked in the rows that were read.
 *
 * A path is matched in part, ignoring case: `contains` is "contains one of these", `neq` "contains none of these"; `eq`
 * is the whole path, verbatim.
 */
export const ROW_KEYS: ReadonlyMap<string, FilterKey> = new Map<string, FilterKey>([
  ["path", { type: "text" }],
  ["status_code", { type: "number", nullable: true }],
  ["step", { type: "number", nullable: true }],
  ["score", { type: "number", nullable: true }],
  ["source", { type: "text" }],
  ["latency", { type: "number", nullable: true, isDuration: true }],
  ["tokens_cached", { type: "number", nullable: true }],
  ["tokens_reasoning", { type: "number", nullable: true }],
  ["region", { type: "text", nullable: true }],
  ["colo", { type: "text", nullable: true }],
  ["byok", { type: "boolean", nullable: true }],
  ["guardrails", { type: "text", nullable: true }],
  ["dlp_profile", { type: "text", nullable: true }],
]);

/** A log's origin. */
export type Source = "playground" | "key";

const SOURCES: readonly Source[] = ["playground", "key"];

/** Returns a query line key's facts, for the API's or a row's key. */
export function keyKind(key: string): FilterKey | undefined {
  return FILTER_KEYS.get(key) ?? ROW_KEYS.get(key);
}

/** Like `misfitOf`, but also for row keys: returns what is wrong with a query line condition, or undefined. */
export function lineMisfitOf(condition: Condition): Misfit | undefined {
  const { key, operator, value } = condition;
  if (!ROW_KEYS.has(key)) return misfitOf(condition);
  const asked = key === "path" && operator === "neq" ? "contains" : operator;
  if (key === "source" && operator === "contains") return { problem: "operator", allowed: ["eq", "neq"] };
  const misfit = misfitOf({ key, operator: asked, value }, ROW_KEYS);
  if (key !== "source" || misfit?.problem === "operator") return misfit;
  const isNamed = value.every((one) => SOURCES.some((source) => source === one));
  return misfit || !isNamed ? { problem: misfit?.problem ?? "value", allowed: SOURCES } : undefined;
}

/**
 * Returns a log's origin as far as its row shows: the dashboard's playground leaves its name in the metadata, or a
 * browser's user agent on a request without the gateway's token; a request with that token used a key.
 */
export function sourceOf({ metadata, authentication, userAgent }: Log): Source | undefined {
  if (Object.hasOwn(metadata, "source") && metadata["source"] === "playground") return "playground";
  if (authentication === true) return "key";
  return authentication === false && userAgent?.startsWith("Mozilla/") ? "playground" : undefined;
}

function valueOf(log: Log, key: string): string | number | boolean | readonly string[] | undefined {
  switch (key) {
    case "path":
      return asRecorded(log).path;
    case "status_code":
      return log.statusCode;
    case "step":
      return log.step;
    case "score":
      return log.score;
    case "source":
      return sourceOf(log);
    case "latency":
      return log.latencyMs;
    case "tokens_cached":
      return log.tokensCached;
    case "tokens_reasoning":
      return log.tokensReasoning;
    case "region":
      return log.region;
    case "colo":
      return log.colo;
    case "byok":
      return log.byok;
    case "guardrails":
      return log.guardrails;
    case "dlp_profile":
      return log.dlpProfiles;
    default:
      return undefined;
  }
}

function matchesOne(log: Log, condition: Condition): boolean {
  const { key, operator } = condition;
  const value = valueOf(log, key);
  const held = value === undefined ? [] : [value].flat();
  if (key === "path" && operator === "neq") return !fits(held, { ...condition, operator: "contains" });
  return fits(held, condition);
}

/** Whether a row matches all conditions on row keys. A missing value matches only `none` and negated conditions. */
export function matchesRow(log: Log, clientSide: readonly Condition[]): boolean {
  return clientSide.every((condition) => matchesOne(log, condition));
}
