import { setTimeout as wait } from "node:timers/promises";
import type { RecordedExchange } from "../chat/conversation.ts";
import { SourceError, isAborted } from "../source/errors.ts";
import { readDetail } from "../source/rows.ts";
import type { LogSource, StoredBody } from "../source/source.ts";
import type { BodyHead, LogDetail, LogRef, Side } from "../source/log.ts";
import type { Bodies } from "./bodies.ts";
import { explain } from "../words/explain.ts";
import { exchangeOf, headOf } from "../logs/exchange.ts";
import type { Format } from "../logs/format.ts";
import { missingOf, notPermittedWords, type Lack } from "./missing.ts";
import type { PackedConversation } from "./core/packed.ts";
import type { BodyState } from "./core/body-state.ts";
import { SMALL, type Read } from "./core/reader.ts";

/** A log as read so far. `exchange` holds the bodies. */
export type Reading = {
  log: LogDetail;
  exchange: RecordedExchange;
  /** Has only the heads of large bodies; the rest is loading. */
  isHead?: true;
  conversation: PackedConversation;
  request: BodyState;
  response: BodyState;
};

export type ContentNeeds = {
  source: LogSource;
  bodies: Pick<Bodies, "get" | "keep">;
  read: Read;
  format: Format;
  /** Delays between checks of a log that is still being written, in ms; over 30 seconds by default. */
  looks?: readonly number[];
};

/** One side as read so far. */
type SideRead = { body: StoredBody | undefined; lack: Lack | undefined };

/** How long after its creation, and after opening, a log may still be written; and the delays of the checks, in ms. */
const WRITING = 30_000;
const LOOKS = [1000, 2000, 4000, 8000, 15_000];

const bytesOf = (body: string | Uint8Array): number => Buffer.byteLength(body);

/** A complete body: content is missing only if it's empty, or the source recorded parts. */
function whole(body: StoredBody, { isExcerpt }: Partial<BodyHead> = {}): SideRead {
  const lack: Lack | undefined = isExcerpt ? { type: "excerpt" } : undefined;
  return { body, lack: body.body.length === 0 ? { type: "empty" } : lack };
}

const isUnwritten = ({ lack }: SideRead): boolean => lack?.type === "notCollected";

function isStillWritten(log: LogDetail, now: number): boolean {
  return now - log.createdAt.getTime() < WRITING;
}

/** Returns one side's body: from the detail if it's complete there, else with a separate call. */
async function readSide(
  ref: LogRef,
  side: Side,
  log: LogDetail,
  { source, bodies, format }: ContentNeeds,
  signal: AbortSignal,
): Promise<SideRead> {
  const { head, size, complete, lack } = log[side];
  const known = headOf(log, side);
  if (known && complete) {
    bodies.keep(ref, side, known);
    return whole(known, log[side]);
  }
  const truncated = (why?: string): SideRead => ({
    body: known,
    lack: { type: "truncated", shown: bytesOf(head ?? ""), size, ...(why ? { why } : {}) },
  });
  const isTooLarge = size !== undefined && size > (source.bodyLimit ?? Infinity);
  try {
    const body = await bodies.get(ref, side, signal);
    if (body) return whole(body);
    if (known && head !== "") return truncated();
    if (!source.body) return { body: undefined, lack: log.check ? { type: "check" } : { type: "notKept", why: lack } };
    return { body: undefined, lack: isTooLarge ? { type: "tooLarge", size } : { type: "notCollected" } };
  } catch (error) {
    if (isAborted(error)) throw error;
    if (error instanceof SourceError && error.status === 413 && !known)
      return { body: undefined, lack: { type: "tooLarge", size } };
    const isForbidden = error instanceof SourceError && error.reason === "forbidden";
    const why = isForbidden ? notPermittedWords() : explain(error, format).detail;
    if (known && head !== "") return truncated(why);
    return { body: undefined, lack: isForbidden ? { type: "notPermitted" } : { type: "failed", why } };
  }
}

/** Reads both sides. */
async function readBoth(
  log: LogDetail,
  request: SideRead,
  response: SideRead,
  { read, format }: ContentNeeds,
  signal: AbortSignal,
): Promise<Reading> {
  const exchange = exchangeOf(log, request.body, response.body);
  const conversation = await read("conversation", exchange, signal);
  const stateOf = (side: Side, { body, lack }: SideRead): BodyState => {
    const { complete, replaced } = conversation.gist;
    const spoiled: Lack | undefined = replaced?.includes(side) ? { type: "replaced" } : undefined;
    const told = lack ?? (complete ? undefined : cutShort(body, log[side])) ?? spoiled;
    return { stored: body !== undefined, ...(told ? { missing: missingOf(side, told, format) } : {}) };
  };
  return { log, exchange, conversation, request: stateOf("request", request), response: stateOf("response", response) };
}

/** Checks for a body shorter than the gateway reports, unless the content shows that it's complete. */
function cutShort(body: StoredBody | undefined, { size }: BodyHead): Lack | undefined {
  const shown = body && bytesOf(body.body);
  return shown !== undefined && size !== undefined && shown < size ? { type: "truncated", shown, size } : undefined;
}

const isLarge = ({ complete, head, size = 0 }: BodyHead): boolean => !complete && head !== undefined && size > SMALL;

/** Reads the heads while the rest of a large body is loading. */
function readHeads(log: LogDetail, needs: ContentNeeds, signal: AbortSignal): Promise<Reading> {
  const side = (name: Side): SideRead => {
    const { head, size, complete } = log[name];
    const lack: Lack | undefined = complete ? undefined : { type: "loadingRest", shown: bytesOf(head ?? ""), size };
    return { body: headOf(log, name), lack };
  };
  return readBoth(log, side("request"), side("response"), needs, signal);
}

/**
 * Reads a log: the detail, then in parallel what it lacks of the bodies, and yields their content. Yields the heads
 * before a large body has arrived. If a recent log has no body yet, checks again in the background for 30 seconds. Each
 * reading includes at least the previous one.
 */
export async function* readLog(ref: LogRef, needs: ContentNeeds, signal: AbortSignal): AsyncGenerator<Reading> {
  const opened = Date.now();
  let log = await readDetail(needs.source, ref, { signal });
  const bodies = Promise.all([
    readSide(ref, "request", log, needs, signal),
    readSide(ref, "response", log, needs, signal),
  ]);
  // Awaited below. Swallow the rejection until then, or Node reports it as unhandled.
  bodies.catch(() => undefined);
  if (isLarge(log.request) || isLarge(log.response)) {
    const heads = await Promise.race([readHeads(log, needs, signal), bodies.then(() => undefined)]);
    if (heads) yield { ...heads, isHead: true };
  }
  let [request, response] = await bodies;
  if (!(isUnwritten(request) || isUnwritten(response)) || !isStillWritten(log, opened)) {
    yield readBoth(log, request, response, needs, signal);
    return;
  }
  const told = (side: SideRead, lack: Lack): SideRead => (isUnwritten(side) ? { ...side, lack } : side);
  const writing: Lack = { type: "writing" };
  yield readBoth(log, told(request, writing), told(response, writing), needs, signal);
  for (const pause of needs.looks ?? LOOKS) {
    await wait(pause, undefined, { signal, ref: false });
    const late = await lookAgain(ref, log, request, response, needs, signal);
    if (!late) continue;
    ({ log, request, response } = late);
    if (!isUnwritten(request) && !isUnwritten(response)) {
      yield readBoth(log, request, response, needs, signal);
      return;
    }
    yield readBoth(log, told(request, writing), told(response, writing), needs, signal);
  }
  const none: Lack = { type: "notWritten" };
  yield readBoth(log, told(request, none), told(response, none), needs, signal);
}

/** Returns what has arrived for a log that is still being written; undefined if nothing has. */
async function lookAgain(
  ref: LogRef,
  before: LogDetail,
  request: SideRead,
  response: SideRead,
  needs: ContentNeeds,
  signal: AbortSignal,
): Promise<{ log: LogDetail; request: SideRead; response: SideRead } | undefined> {
  let log: LogDetail;
  try {
    log = await readDetail(needs.source, ref, { signal, priority: "background" });
  } catch (error) {
    if (isAborted(error)) throw error;
    // A background check may fail: the next one may succeed.
    return undefined;
  }
  const hasCome = (side: Side): boolean => log[side].head !== undefined && log[side].head !== before[side].head;
  if (!hasCome("request") && !hasCome("response")) return undefined;
  const sideOf = (side: Side, known: SideRead): Promise<SideRead> =>
    known.body || !hasCome(side) ? Promise.resolve(known) : readSide(ref, side, log, needs, signal);
  const [lateRequest, lateResponse] = await Promise.all([sideOf("request", request), sideOf("response", response)]);
  return { log, request: lateRequest, response: lateResponse };
}
