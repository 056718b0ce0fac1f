import { isDeepStrictEqual } from "node:util";
import * as z from "zod/mini";
import type { Subset } from "../logs/subset.ts";
import type { Redaction } from "./format.ts";
import type { Reached } from "../source/walk.ts";
import { FORMATS, FORMAT_NAMES, type FormatName } from "./formats.ts";

/** What to export, and how. Serializable. */
export type ExportJob = {
  subset: Subset;
  format: FormatName;
  /** Whether to include bodies, if the format has the option. */
  bodies: boolean;
  redaction?: Redaction;
};

/** Aspects in which two exports can differ. */
export type JobPart = "format" | "bodies" | "redaction" | "account" | "gateway" | "logs";

/** Whether an export includes bodies. */
export function hasBodies({ format, bodies }: ExportJob): boolean {
  const has = FORMATS[format].bodies;
  return has === "always" || (has === "optional" && bodies);
}

function partsOf(job: ExportJob): Record<JobPart, unknown> {
  const { subset, format, redaction } = job;
  const { sourceId: account, collectionId: gateway } = subset.gateway;
  const { conditions, search, clientSide } = subset.type === "fitting" ? subset.filter : {};
  const logs = subset.type === "chosen" ? subset.logIds : { conditions, search, clientSide };
  return {
    format,
    bodies: hasBodies(job),
    redaction: new Set(Object.entries(redaction ?? {}).flatMap(([rule, isOn]) => (isOn ? [rule] : []))),
    account,
    gateway,
    logs,
  };
}

/** Returns how two exports differ; empty if they would write the same. */
export function differences(one: ExportJob, other: ExportJob): JobPart[] {
  const [parts, others] = [partsOf(one), partsOf(other)];
  return (Object.keys(parts) as JobPart[]).filter((part) => !isDeepStrictEqual(parts[part], others[part]));
}

/** Saved state of an unfinished export. */
export type ExportCheckpoint = {
  job: ExportJob;
  /** Only logs before this time: later ones arrived after its start. */
  bound: string;
  /** Known total of logs; undefined if the source tells none. */
  total: number | undefined;
  /** Number of logs in the file, and of skipped rows. */
  count: number;
  skipped: number;
  reached?: Reached;
};

const gatewayShape = z.object({ sourceId: z.string(), collectionId: z.string() });
const conditionShape = z.object({
  key: z.string(),
  operator: z.enum(["eq", "neq", "contains", "lt", "gt"]),
  value: z.array(z.union([z.string(), z.number(), z.boolean(), z.null()])),
});
const filterShape = z.object({
  conditions: z.array(conditionShape),
  search: z.string(),
  clientSide: z.array(conditionShape),
});
const subsetShape = z.union([
  z.object({
    gateway: gatewayShape,
    type: z.literal("chosen"),
    logIds: z.tuple([z.string()], z.string()),
  }),
  z.object({ gateway: gatewayShape, type: z.literal("fitting"), filter: filterShape }),
]);
const flag = z.optional(z.boolean());
const amount = z.number().check(z.nonnegative());
const stateShape = z.object({
  job: z.object({
    subset: subsetShape,
    format: z.enum(FORMAT_NAMES),
    bodies: z.boolean(),
    redaction: z.optional(z.object({ keys: flag, tokens: flag, emails: flag, cards: flag })),
  }),
  bound: z.iso.datetime(),
  total: z.optional(amount),
  count: amount,
  skipped: amount,
  reached: z.optional(z.object({ second: z.number(), ids: z.array(z.string()) })),
});

/** Parses a saved state; undefined for anything else. */
export function parseCheckpoint(value: unknown): ExportCheckpoint | undefined {
  const parsed = z.safeParse(stateShape, value);
  return parsed.success ? (parsed.data as ExportCheckpoint) : undefined;
}
