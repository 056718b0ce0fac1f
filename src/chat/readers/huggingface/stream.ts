import { type JsonRecord, isRecord } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";

const EVENT_KEYS = new Set(["index", "token", "generated_text", "details"]);

/** A folded stream as the equivalent plain answer. `isEnded`: it had the event with the whole text. */
export type FoldedTokens = { body: JsonRecord; strays: unknown[]; isEnded: boolean };

/** Whether a value is an event of `generate_stream`: a token; the last one also has the whole text and details. */
export function isToken(value: unknown): boolean {
  return isRecord(value) && isRecord(value.token) && ("text" in value.token || "id" in value.token);
}

/**
 * Folds a stream's tokens. The text is that of the tokens, without special ones (end of text); a different whole text
 * in the last event is kept in addition.
 */
export function foldTokens(events: StreamEvent[]): FoldedTokens {
  let text = "";
  let whole: string | undefined;
  const details = new Map<string, unknown>();
  const tokens: unknown[] = [];
  const alternatives: unknown[] = [];
  const others = new Map<string, unknown>();
  const strays: unknown[] = [];
  for (const { data } of events) {
    if (!isRecord(data) || !isToken(data)) {
      // `readConversation` finds errors.
      if (!isRecord(data) || !("error" in data)) strays.push(data);
      continue;
    }
    if (isRecord(data.token)) {
      tokens.push(data.token);
      if (typeof data.token.text === "string" && data.token.special !== true) text += data.token.text;
    }
    if (Array.isArray(data.top_tokens)) alternatives.push(data.top_tokens);
    if (typeof data.generated_text === "string") whole = data.generated_text;
    if (isRecord(data.details)) for (const key of Object.keys(data.details)) details.set(key, data.details[key]);
    for (const key of Object.keys(data)) {
      if (!EVENT_KEYS.has(key) && key !== "top_tokens" && data[key] !== null) others.set(key, data[key]);
    }
  }
  const spelled = text === "" && whole !== undefined ? whole : text;
  const says = whole === undefined || whole === spelled ? {} : { whole_text: whole };
  const isTop = alternatives.some((list) => Array.isArray(list) && list.length > 0);
  const body = {
    ...Object.fromEntries(others),
    generated_text: spelled,
    details: { ...Object.fromEntries(details), tokens, ...(isTop ? { top_tokens: alternatives } : {}), ...says },
  };
  return { body, strays, isEnded: whole !== undefined || details.size > 0 };
}
