import type { Citation, Conversation, Message, Part } from "../../chat/conversation.ts";
import { hasExactNumbers } from "../../chat/json/exact-number.ts";
import { isRecord, parseJson } from "../../chat/json/json.ts";

export type Limits = {
  /** Characters of one text or one JSON value. */
  text: number;
  /** Characters of the whole log; every message and part also costs some. */
  total: number;
  /** Base64 characters of one image. */
  media: number;
};

/** 5 MiB of media are 4/3 of that in base64. */
export const LIMITS: Limits = { text: 2_000_000, total: 2_000_000, media: Math.ceil((5 * 1024 * 1024) / 3) * 4 };

/** Limit on the depth of values and nested parts, because messages to the page can't have any depth. */
const DEEPEST = 200;

function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  return levels === 0 || Object.values(value).some((item) => isDeeper(item, levels - 1));
}

/** A message's or part's cost besides its text, in characters. */
const ELEMENT = 100;

/** A number's cost as JSON, in characters. */
const NUMBER = 20;

/**
 * `exact`: the conversation as JSON, if it holds numbers that a message to a page or from a thread would change; then
 * use `conversationOf`.
 */
export type Bounded = { conversation: Conversation; exact?: string; shortened: boolean; omitted: number };

/** Returns the conversation with its numbers' recorded digits, wherever it was sent. */
export function conversationOf({ conversation, exact }: Pick<Bounded, "conversation" | "exact">): Conversation {
  // Our own JSON; with deeper nesting, numbers may have other digits.
  const parsed = exact === undefined ? undefined : parseJson(exact);
  return isRecord(parsed) ? (parsed as Conversation) : conversation;
}

/** Truncates values until `limits.total` is used up. */
class Cutter {
  readonly #limits: Limits;
  left: number;
  shortened = false;
  hasExactNumbers = false;
  #depth = 0;

  constructor(limits: Limits) {
    this.#limits = limits;
    this.left = limits.total;
  }

  text(text: string): string {
    const room = Math.max(0, Math.min(this.#limits.text, this.left));
    this.left -= Math.min(text.length, room);
    if (text.length <= room) return text;
    this.shortened = true;
    // Don't split a surrogate pair.
    const half = /[\ud800-\udbff]/.test(text.charAt(room - 1));
    return `${text.slice(0, half ? room - 1 : room)}…`;
  }

  /** Returns a value as is, or the beginning of its JSON. */
  value(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    const isDeep = isDeeper(value, DEEPEST);
    const text = isDeep ? this.#printed(value) : (JSON.stringify(value, undefined, 2) ?? "");
    if (isDeep || text.length > Math.min(this.#limits.text, this.left)) return this.text(text);
    this.left -= text.length;
    this.hasExactNumbers ||= hasExactNumbers(value);
    return value;
  }

  /** Returns the JSON of a value of any depth that the stack allows. */
  #printed(value: unknown): string {
    try {
      return JSON.stringify(value) ?? "";
    } catch {
      this.shortened = true;
      return "…";
    }
  }

  /** Returns an object with the named texts truncated. */
  texts<T extends object>(object: T, ...keys: (keyof T)[]): T {
    const copy = { ...object };
    for (const key of keys) {
      const text = copy[key];
      if (typeof text === "string") copy[key] = this.text(text) as T[typeof key];
    }
    return copy;
  }

  part(part: Part): Part {
    switch (part.type) {
      case "text": {
        const { citations, ...rest } = part;
        const cited = citations && this.value(citations);
        // A truncated list is no longer a list.
        const kept = Array.isArray(cited) ? { citations: cited as Citation[] } : {};
        return { ...rest, ...kept, text: this.text(part.text) };
      }
      case "reasoning":
      case "refusal":
        return { ...part, text: this.text(part.text) };
      case "toolCall":
        return { ...this.texts(part, "id", "name"), arguments: this.value(part.arguments) };
      case "toolResult":
        return { ...this.texts(part, "id", "name"), parts: this.parts(part.parts) };
      case "embedding": {
        const room = Math.floor(Math.min(this.#limits.text, this.left) / NUMBER);
        this.left -= Math.min(part.values.length, room) * NUMBER;
        if (part.values.length > room) this.shortened = true;
        return { ...part, values: part.values.slice(0, room) };
      }
      case "data":
      case "unknown": {
        const value = this.value(part.value);
        // A truncated value is no longer JSON, and a string would be shown in quotes.
        return typeof value === "string" && typeof part.value !== "string"
          ? { type: "text", text: value }
          : { ...part, value };
      }
      case "media": {
        const { data, details, ...rest } = this.texts(part, "url", "name", "mimeType");
        if (data !== undefined && data.length <= this.#limits.media) return { ...rest, data };
        if (data !== undefined) {
          this.shortened = true;
          return { ...rest, details: { leftOutBytes: Math.floor((data.length * 3) / 4) } };
        }
        // A provider's ID of an uploaded file may be all that identifies it.
        const kept = rest.url === undefined && details ? this.value(details) : undefined;
        return isRecord(kept) ? { ...rest, details: kept } : rest;
      }
    }
  }

  parts(parts: readonly Part[]): Part[] {
    if (this.#depth >= DEEPEST) {
      this.shortened = true;
      return [];
    }
    this.#depth++;
    const kept = this.#list(parts, (part) => {
      const cut = this.part(part);
      if (cut.type === "media") return cut;
      // The page doesn't show a part's other fields; the documents do.
      const { details: _, ...shown } = cut;
      return shown;
    });
    this.#depth--;
    return kept;
  }

  message(message: Message): Message {
    const { details: _, ...shown } = this.texts(message, "name", "finishReason");
    return { ...shown, parts: this.parts(message.parts) };
  }

  messages(messages: readonly Message[]): Message[] {
    return this.#list(messages, (message) => this.message(message));
  }

  /** Truncates items one by one, and drops those without room. */
  #list<T>(items: readonly T[], cut: (item: T) => T): T[] {
    const kept: T[] = [];
    for (const item of items) {
      if (this.left <= 0) {
        this.shortened = true;
        break;
      }
      this.left -= ELEMENT;
      kept.push(cut(item));
    }
    return kept;
  }
}

/** Returns as much of a JSON value as a page can show: the value, or the beginning of its JSON as text. */
export const boundedValue = (value: unknown, limits: Limits = LIMITS): unknown => new Cutter(limits).value(value);

/**
 * Returns as much of a conversation as a page can show at once: truncates long texts, and if the whole is too large,
 * drops messages between the system prompt and the latest ones. Error and answers take priority.
 */
export function bounded(conversation: Conversation, limits: Limits = LIMITS): Bounded {
  const cutter = new Cutter(limits);
  // Fields next to the answers are in the documents; the page doesn't show them.
  const { envelope: _, error, steps, ...shown } = conversation;
  const cutError = error && cutter.texts(error, "message", "type", "code");
  delete cutError?.details;
  const answers = cutter.messages(conversation.answers);
  const first = conversation.messages.findIndex(({ role }) => role !== "system");
  const prompt = first < 0 ? conversation.messages.length : first;
  const system = cutter.messages(conversation.messages.slice(0, prompt));
  // Later system messages stay in their place.
  const others = conversation.messages.slice(prompt);
  const latest = cutter.messages(others.toReversed()).reverse();
  const omitted = others.length - latest.length;
  const settings = cutter.value(conversation.settings);
  const tools = cutter.value(conversation.tools);
  const cutSteps = steps?.map((step) => {
    const cut = cutter.texts(step, "provider", "path");
    // The shown step appears as messages.
    cut.request = step.shown ? undefined : cutter.value(step.request);
    return cut;
  });
  const kept: Conversation = {
    ...shown,
    ...(cutError ? { error: cutError } : {}),
    ...(cutSteps ? { steps: cutSteps } : {}),
    answers,
    messages: [...system, ...latest],
    settings: typeof settings === "string" ? { "…": settings } : (settings as Conversation["settings"]),
    tools: typeof tools === "string" ? [{ name: "…", parameters: tools }] : (tools as Conversation["tools"]),
  };
  return {
    conversation: kept,
    ...(cutter.hasExactNumbers ? { exact: JSON.stringify(kept) } : {}),
    shortened: cutter.shortened,
    omitted,
  };
}
