/** Tag on a log: the gateway takes strings, numbers and booleans (API notes: Limits). */
export type Metadata = Record<string, string | number | boolean>;

/** A body as recorded: text, or bytes where it is not text; null when none was kept. */
export type Body = string | Uint8Array | null;

/** What is told about a log to store it. Costs in US dollars, durations in milliseconds; what is absent is unknown. */
export type NewLog = {
  accountId: string;
  gatewayId: string;
  /** Made from `createdAt` when absent. */
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
  /** Entries past the fifth are ignored, as the gateway does (API notes: Limits). */
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

/** One row of the list, as it goes over the wire (API notes: Log row). */
export type LogRow = Record<string, unknown> & { id: string; created_at: string };

/** What PATCH may change; null clears, absent leaves. Metadata is replaced whole (the live choice is unknown; API notes: Changing a log). */
export type LogPatch = { feedback?: number | null; score?: number | null; metadata?: Metadata | null };

/** A gateway by name. */
export type GatewayRef = { accountId: string; gatewayId: string };

export type Account = { id: string; name: string; createdOn: Date };

export type NewGateway = {
  accountId: string;
  id: string;
  createdAt: Date;
  collectLogs?: boolean;
  /** Further members of the gateway object, in the API's own names. */
  settings?: Record<string, unknown>;
};
