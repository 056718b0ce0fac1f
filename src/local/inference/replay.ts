import type { CollectionRef } from "../log.ts";
import { asksForStream, type Inference, jsonOf } from "./call.ts";
import type { LogRow, NewLog } from "../log.ts";
import { events } from "../samples/talk.ts";
import type { LogStore } from "../store.ts";

/** A call's response, and the usage for its log. */
export type Replay = {
  status: number;
  bytes: Uint8Array;
  contentType: string | undefined;
  usage: Pick<NewLog, "model" | "modelType" | "tokensIn" | "tokensOut" | "cost">;
};

/** Number of the newest logs to search for a similar call. */
const LOOKED_AT = 200;

const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const EVENT_STREAM = "text/event-stream";

/** Returns a recorded response as the provider sent it: an assembled stream becomes a stream again. */
function sentAgain(stored: { contentType?: string; bytes: Uint8Array }, streamed: boolean) {
  const { contentType, bytes } = stored;
  if (!streamed) return { contentType, bytes };
  if (/^(?:data|event|id|retry)?:/.test(text(bytes.subarray(0, 10)))) return { contentType: EVENT_STREAM, bytes };
  const outer = jsonOf(text(bytes));
  const json = typeof outer?.["result"] === "string" ? jsonOf(outer["result"]) : outer;
  const chunks = json?.["streamed_data"];
  if (!Array.isArray(chunks)) return { contentType, bytes };
  const done = json?.["choices"] !== undefined;
  const stream = events(chunks as Record<string, unknown>[], { names: !done, done });
  return { contentType: EVENT_STREAM, bytes: Buffer.from(stream) };
}

function usageOf(row: LogRow): Replay["usage"] {
  const { model, model_type: modelType, tokens_in: tokensIn, tokens_out: tokensOut, cost } = row;
  return {
    ...(typeof model === "string" && model !== "" && { model }),
    ...(typeof modelType === "string" && { modelType }),
    ...(typeof tokensIn === "number" && { tokensIn }),
    ...(typeof tokensOut === "number" && { tokensOut }),
    ...(typeof cost === "number" && { cost }),
  };
}

function replayed(store: LogStore, gateway: CollectionRef, row: LogRow, streamed: boolean): Replay | undefined {
  const stored = store.body(gateway, row.id, "response");
  if (stored === undefined) return undefined;
  const status = typeof row["status_code"] === "number" ? row["status_code"] : row["success"] === true ? 200 : 500;
  return { status, ...sentAgain(stored, streamed && status < 400), usage: usageOf(row) };
}

/** Returns the recorded response of a log, including failures; undefined without one. */
export function replayOf(store: LogStore, call: Inference, logId: unknown): Replay | undefined {
  const row = typeof logId === "string" ? store.detail(call, logId) : undefined;
  return row && replayed(store, call, row, call.streamed);
}

/**
 * Returns the response of the newest successful log with the same address and model, streamed if this call is;
 * undefined without one.
 */
export function replayAlike(store: LogStore, call: Inference): Replay | undefined {
  const named =
    call.model === undefined ? [] : [{ key: "model" as const, operator: "eq" as const, value: [call.model] }];
  const conditions = [
    { key: "provider" as const, operator: "eq" as const, value: [call.provider] },
    { key: "success" as const, operator: "eq" as const, value: [true] },
    ...named,
  ];
  const newest = store.list(call, { conditions, orderBy: "created_at", direction: "desc" }, LOOKED_AT, 0);
  for (const row of newest.filter(({ path }) => path === call.path)) {
    const request = store.body(call, row.id, "request");
    if (request === undefined || asksForStream(call.path, jsonOf(text(request.bytes))) !== call.streamed) continue;
    const replay = replayed(store, call, row, call.streamed);
    // Some recorded streams can't be replayed, because the gateway kept no events.
    if (replay !== undefined && (!call.streamed || replay.contentType === EVENT_STREAM)) return replay;
  }
  return undefined;
}
