/** A log's metadata: the gateway accepts strings, numbers and booleans (API notes: Limits). */
export type Metadata = Record<string, string | number | boolean>;

/** A recorded body: text, or bytes if it isn't text; null if none was stored. */
export type Body = string | Uint8Array | null;

/** A log to store. Costs in US dollars, durations in milliseconds; absent means unknown. */
export type NewLog = {
  sourceId: string;
  collectionId: string;
  /** Generated from `createdAt` by default. */
  id?: string;
  createdAt: Date;
  provider: string;
  model?: string;
  modelType?: string;
  path: string;
  durationMs: number;
  success: boolean;
  statusCode?: number;
  cached?: boolean;
  tokensIn?: number;
  tokensOut?: number;
  cost?: number;
  customCost?: boolean;
  usageMetadata?: Record<string, unknown>;
  timings?: { total: number; latency: number };
  /** Entries after the fifth are ignored, like the gateway does (API notes: Limits). */
  metadata?: Metadata;
  feedback?: number;
  score?: number;
  eventId?: string;
  step?: number;
  requestType?: string;
  requestContentType?: string;
  responseContentType?: string;
  userAgent?: string;
  dlpAction?: string;
  authentication?: boolean;
  wholesale?: boolean;
  compatibilityMode?: boolean;
  request?: Body;
  response?: Body;
};

/** A list row in wire format (API notes: Log row). */
export type LogRow = Record<string, unknown> & { id: string; created_at: string };

/**
 * Members that PATCH may change; null clears, absent leaves as is. Metadata is replaced as a whole (live behavior
 * unknown; API notes: Changing a log).
 */
export type LogPatch = { feedback?: number | null; score?: number | null; metadata?: Metadata | null };

/** A gateway by its account and name. */
export type CollectionRef = { sourceId: string; collectionId: string };

export type Account = { id: string; name: string; createdOn: Date };

export type NewGateway = {
  sourceId: string;
  id: string;
  createdAt: Date;
  collectLogs?: boolean;
  /** Other members of the gateway object, by the API's names. */
  settings?: Record<string, unknown>;
};
