import type { Metadata } from "../source/log.ts";
import { type RawHeaders, valuesOf } from "./headers.ts";

/** What a program asks of a gateway by headers (API notes: Headers). */
export type Wishes = {
  metadata?: Metadata;
  /** Whether to keep a log; by default, the gateway's setting says. */
  collectLog?: boolean;
  /** Whether to keep the bodies. */
  collectPayload?: boolean;
  /** The program's own price in US dollars: `total_cost`, or `per_token_in`, `per_token_out` and the like. */
  customCost?: Readonly<Record<string, number>>;
  eventId?: string;
  /** Names of headers that aren't done or can't be read, in lower case and sorted. */
  ignored: readonly string[];
};

const PREFIX = "cf-aig-";

/** Never reported: holds the gateway's token. */
const AUTHORIZATION = "cf-aig-authorization";

/** Whether a header, in lower case, is meant for the gateway and not for the provider. */
export const isForGateway = (name: string): boolean => name.startsWith(PREFIX);

/** A header's bytes are UTF-8, as programs write JSON; Node reads them as Latin-1. */
const asText = (value: string): string => Buffer.from(value, "latin1").toString("utf8");

function entriesOf(value: string): [string, unknown][] | undefined {
  try {
    const json: unknown = JSON.parse(asText(value));
    return typeof json === "object" && json !== null && !Array.isArray(json) ? Object.entries(json) : undefined;
  } catch {
    return undefined;
  }
}

/** Strings, numbers and booleans are kept (API notes: Limits). */
function metadataOf(value: string): Metadata | undefined {
  const kept = entriesOf(value)?.filter(
    (entry): entry is [string, string | number | boolean] =>
      typeof entry[1] === "string" || typeof entry[1] === "number" || typeof entry[1] === "boolean",
  );
  return kept && Object.fromEntries(kept);
}

function costOf(value: string): Record<string, number> | undefined {
  const kept = entriesOf(value)?.filter(
    (entry): entry is [string, number] => typeof entry[1] === "number" && Number.isFinite(entry[1]),
  );
  return kept === undefined || kept.length === 0 ? undefined : Object.fromEntries(kept);
}

function booleanOf(value: string): boolean | undefined {
  const word = value.trim().toLowerCase();
  return word === "true" || word === "false" ? word === "true" : undefined;
}

/** Parses the headers that a program means for the gateway. What can't be read counts as ignored. */
export function wishesOf(raw: RawHeaders): Wishes {
  const first = (name: string): string | undefined => valuesOf(raw, `${PREFIX}${name}`)[0];
  const read = <T>(name: string, parse: (value: string) => T | undefined): T | undefined => {
    const value = first(name);
    return value === undefined ? undefined : parse(value);
  };
  const metadata = read("metadata", metadataOf);
  const collectLog = read("collect-log", booleanOf);
  const collectPayload = read("collect-log-payload", booleanOf);
  const customCost = read("custom-cost", costOf);
  const eventId = read("event-id", (value) => value || undefined);
  const done = {
    ...(metadata && { metadata }),
    ...(collectLog !== undefined && { collectLog }),
    ...(collectPayload !== undefined && { collectPayload }),
    ...(customCost && { customCost }),
    ...(eventId !== undefined && { eventId }),
  };
  const understood = new Set([
    AUTHORIZATION,
    ...(metadata ? ["cf-aig-metadata"] : []),
    ...(collectLog === undefined ? [] : ["cf-aig-collect-log"]),
    ...(collectPayload === undefined ? [] : ["cf-aig-collect-log-payload"]),
    ...(customCost ? ["cf-aig-custom-cost"] : []),
    ...(eventId === undefined ? [] : ["cf-aig-event-id"]),
  ]);
  const names = raw.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase());
  const ignored = [...new Set(names)].filter((name) => isForGateway(name) && !understood.has(name)).sort();
  return { ...done, ignored };
}
