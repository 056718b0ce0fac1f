import { createHash } from "node:crypto";
import { cut, type BodyHead, type LogDetail, type Metadata, type Side } from "../../source/log.ts";
import { amountOf, cutTexts, isObject, metadataIn, present, type Row, textOf } from "../../source/parsing.ts";
import { factsOf, type Facts } from "./facts.ts";
import { gatewayOf, heldAs, succeeded, type EventField, type FieldKeys } from "./fields.ts";
import { flagOf, idTextOf, objectOf, timeOf } from "./values.ts";

/** Lengths that texts are cut at without a mark (docs/workers-observability-api.md: Cut strings). */
const CUT_LENGTHS: ReadonlySet<number> = new Set([131_072, 262_144]);

/** Whether a text was presumably cut. Whether the API counts characters or bytes is unknown. */
const isCutText = (value: unknown): boolean =>
  typeof value === "string" && (CUT_LENGTHS.has(value.length) || CUT_LENGTHS.has(Buffer.byteLength(value)));

/** Returns a value as JSON; undefined if it's nested too deeply. `see` gets each value in it. */
function jsonOf(value: unknown, see: (item: unknown) => void = () => {}): string | undefined {
  try {
    return JSON.stringify(value, (_key, item: unknown) => {
      see(item);
      return item;
    });
  } catch {
    return undefined;
  }
}

type Written = { text: string; isCut: boolean };

/** Returns a recorded body as text: as it is, or as JSON. */
function writtenOf(value: unknown): Written | undefined {
  if (value === null || value === "") return undefined;
  let isCut = isCutText(value);
  const text = typeof value === "string" ? value : jsonOf(value, (item) => (isCut ||= isCutText(item)));
  return text === undefined ? undefined : { text, isCut };
}

/** Returns the head of a body. `isTruncated`: the event says that something in it was cut. */
function headOf(written: Written | undefined, isTruncated: boolean): BodyHead {
  if (!written) return { complete: false, lack: "notListed" };
  if (written.isCut || isTruncated) return { head: written.text, complete: false };
  return { head: written.text, size: Buffer.byteLength(written.text), complete: true };
}

/** Returns an object without the member at a path that has this value: dots may be in names or between them. */
function without(object: Row, path: string, value: unknown): Row {
  const rest = Object.entries(object).flatMap(([name, item]): [string, unknown][] => {
    if (name === path && item === value) return [];
    const isAbove = isObject(item) && path.startsWith(`${name}.`);
    return [[name, isAbove ? without(item, path.slice(name.length + 1), value) : item]];
  });
  return Object.fromEntries(rest);
}

/** Returns an event without its value of a key, which is a member of it or of its `source`. */
function withoutFact(event: Row, key: string, value: unknown): Row {
  const rest = without(event, key, value);
  return isObject(rest["source"]) ? { ...rest, source: without(rest["source"], key, value) } : rest;
}

/** Returns an event's metadata: an object, JSON text, or entries with keys of their own. */
function metadataOf(facts: Facts, keys: FieldKeys): Metadata {
  const whole = heldAs(facts, keys, "metadata", objectOf)?.value;
  if (whole) return metadataIn(whole);
  const entries = [...facts].flatMap(([key, value]): [string, unknown][] => {
    const name = keys.metadata.find((one) => key.startsWith(`${one}.`));
    return name === undefined ? [] : [[key.slice(name.length + 1), value]];
  });
  return metadataIn(Object.fromEntries(entries));
}

/** Returns the values of a log that are numbers, booleans and short texts. */
function valuesOf(facts: Facts, keys: FieldKeys): Partial<LogDetail> {
  const read = <T>(field: EventField, as: (value: unknown) => T | undefined) => heldAs(facts, keys, field, as)?.value;
  const short = (field: EventField) => cut(read(field, textOf) ?? "", 512) || undefined;
  return present({
    statusCode: read("statusCode", amountOf),
    durationMs: read("durationMs", amountOf),
    latencyMs: read("latencyMs", amountOf),
    tokensIn: read("tokensIn", amountOf),
    tokensOut: read("tokensOut", amountOf),
    tokensCached: read("tokensCached", amountOf),
    tokensReasoning: read("tokensReasoning", amountOf),
    costUsd: read("costUsd", amountOf),
    step: read("step", amountOf),
    feedback: read("feedback", amountOf),
    score: read("score", amountOf),
    eventId: read("eventId", idTextOf),
    region: short("region"),
    colo: short("colo"),
    authentication: read("authentication", flagOf),
    wholesale: read("wholesale", flagOf),
    byok: read("byok", flagOf),
    compatibilityMode: read("compatibilityMode", flagOf),
  });
}

/** Returns an event's bodies, and the event without them. */
function bodiesOf(facts: Facts, keys: FieldKeys, event: Row): Pick<LogDetail, Side | "raw"> {
  const isTruncated = facts.get("$cloudflare.truncated") === true || facts.get("$workers.truncated") === true;
  const found = {
    request: heldAs(facts, keys, "request", writtenOf),
    response: heldAs(facts, keys, "response", writtenOf),
  };
  let raw = event;
  for (const body of Object.values(found)) if (body) raw = withoutFact(raw, body.key, facts.get(body.key));
  return {
    request: headOf(found.request?.value, isTruncated),
    response: headOf(found.response?.value, isTruncated),
    raw,
  };
}

/** An event as a log. `eventId`: its ID in the API, which cursors take. `gateway`: absent if the event doesn't tell it. */
export type ParsedEvent = { eventId: string; gateway?: string; log: LogDetail };

/**
 * Parses an event of any shape (docs/workers-observability-api.md: Records); undefined if it's no object or has no valid
 * time. What isn't recognized is only in `raw`. `gateways`: those of the account. `readAt`: when it was asked for, in ms
 * since 1970.
 */
export function parseEvent(
  event: unknown,
  keys: FieldKeys,
  gateways: ReadonlySet<string>,
  readAt: number,
): ParsedEvent | undefined {
  if (!isObject(event)) return undefined;
  const { facts, opened } = factsOf(event);
  const createdAt = heldAs(facts, keys, "createdAt", timeOf)?.value;
  if (!createdAt) return undefined;
  const id = heldAs(facts, keys, "id", idTextOf)?.value;
  // Without any ID, the same event gets the same one again.
  const derived = () =>
    createHash("sha256")
      .update(jsonOf(event) ?? createdAt.toISOString())
      .digest("hex");
  const eventId = idTextOf(facts.get("$metadata.id")) ?? id ?? derived();
  const { texts, recorded } = cutTexts(
    (field) =>
      heldAs(facts, keys, field, textOf)?.value ??
      (field === "model" ? heldAs(facts, keys, "requestedModel", textOf)?.value : undefined),
  );
  const gateway = gatewayOf(facts, keys, gateways)?.id;
  const log: LogDetail = {
    id: id ?? eventId,
    createdAt,
    success: succeeded(facts, keys),
    cached: heldAs(facts, keys, "cached", flagOf)?.value ?? false,
    customCost: heldAs(facts, keys, "customCost", flagOf)?.value ?? false,
    metadata: metadataOf(facts, keys),
    readAt,
    ...valuesOf(facts, keys),
    ...texts,
    provider: texts.provider ?? "",
    path: texts.path ?? "",
    ...present({ recorded }),
    ...bodiesOf(facts, keys, opened),
  };
  return { eventId, log, ...present({ gateway }) };
}
