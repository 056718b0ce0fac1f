import type { Origin } from "./fields.ts";

/** Identifies a collection of logs: a gateway, an endpoint, a data set of a source. */
export type CollectionRef = { sourceId: string; collectionId: string };

/** A collection of logs: a gateway, an endpoint, a data set. `holds`: what its logs are of, if not of calls. */
export type Collection = { id: string; createdAt?: Date; holds?: "guardrails" };

/** Identifies a log. Its ID is opaque. */
export type LogRef = CollectionRef & { logId: string };

export type Metadata = Record<string, string | number | boolean>;

/** Limit on the characters of a row's caller-written texts, which may have any length: more than a row or page shows. */
export const TEXT_LIMITS = {
  provider: 512,
  path: 2048,
  model: 512,
  modelType: 512,
  requestType: 512,
  requestContentType: 512,
  responseContentType: 512,
  dlpAction: 512,
  userAgent: 512,
} as const;

/** A caller-written text of a row. */
export type TextField = keyof typeof TEXT_LIMITS;

/**
 * What a guardrail did about a part of a call: a log of its own, which has no model, tokens, cost or bodies. `name`: the
 * guardrail's, with what it found. `action`: absent if it's another one.
 */
export type Check = { name: string; action?: "blocked" | "masked" };

/** The metadata entry of a check's log with the text that the guardrail found: it may be a secret. */
export const MATCHED_TEXT = "matched_text";

/**
 * A listed log. Missing and null fields are absent, which isn't 0. Its texts in `TEXT_LIMITS` are truncated: code that
 * compares, sends or exports them uses `asRecorded`. IDs and metadata are keys or are written back, so they are never
 * truncated.
 */
export type Log = {
  id: string;
  createdAt: Date;
  provider: string;
  model?: string;
  path: string;
  success: boolean;
  cached: boolean;
  statusCode?: number;
  durationMs?: number;
  tokensIn?: number;
  tokensOut?: number;
  tokensCached?: number;
  tokensReasoning?: number;
  /** The source's estimate, unless `customCost`. */
  costUsd?: number;
  customCost: boolean;
  metadata: Metadata;
  modelType?: string;
  requestType?: string;
  /** The gateway's configured endpoint that the call went through; null for one that no longer exists. */
  endpoint?: string | null;
  /** Who made the call: the name of a user, or of the gateway's key for a program. */
  user?: string;
  key?: string;
  /** Its origin, if the source tells it. */
  origin?: Origin;
  requestContentType?: string;
  responseContentType?: string;
  step?: number;
  eventId?: string;
  /** The event was inferred from what the logs have in common: nothing recorded says so. */
  isEventInferred?: true;
  dlpAction?: string;
  userAgent?: string;
  authentication?: boolean;
  feedback?: number;
  score?: number;
  /** Time to the provider's first byte. */
  latencyMs?: number;
  /** Where the call arrived: a region, and the code of a data center. */
  region?: string;
  colo?: string;
  /** Whether the provider's key was stored at the gateway. */
  byok?: boolean;
  /** The guardrails' verdict as text, or verdicts as JSON. */
  guardrails?: string;
  /** The log is of a guardrail, and not of a call. */
  check?: Check;
  /** IDs of the DLP profiles that matched. */
  dlpProfiles?: readonly string[];
  /** Whether the gateway's own credits paid for the call. */
  wholesale?: boolean;
  /** Whether the call went to the gateway's unified endpoint. */
  compatibilityMode?: boolean;
  /** Time of the request for it, in ms since 1970: its content isn't newer. */
  readAt?: number;
  /** The whole of each text that is truncated. */
  recorded?: { [F in TextField]?: string };
  /** The row as received, including undeclared keys, by the source's own names. */
  raw: Record<string, unknown>;
};

/** One of the two recorded bodies. */
export type Side = "request" | "response";

/**
 * Why a source has no body of a log: its owner has turned recording off, it records none of streamed calls, or its lists
 * leave bodies out.
 */
export type BodyLack = "recordingOff" | "streamed" | "notListed";

/**
 * The beginning of a stored body. `complete`: it's the whole body; `isExcerpt`: the source itself stored only parts of
 * what was sent.
 */
export type BodyHead = { size?: number; head?: string; complete: boolean; isExcerpt?: true; lack?: BodyLack };

export type LogDetail = Log & { request: BodyHead; response: BodyHead };

/** Truncates a text to `length` with "…", without splitting a character. */
export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, length - 1).replace(/[\ud800-\udbff]$/, "")}…` : text;
}

/** Returns the log with its whole texts; the log itself if none is truncated. */
export const asRecorded = <L extends Pick<Log, "recorded">>(log: L): L =>
  log.recorded ? { ...log, ...log.recorded } : log;
