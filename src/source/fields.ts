/** A field's type. `tag` is a metadata value: text, number or boolean. */
export type FieldType = "text" | "number" | "boolean" | "time" | "tag";

export type Field = {
  type: FieldType;
  /** Logs may lack it; null finds those. */
  nullable?: true;
  /** Milliseconds, written as `500ms`, `2s`, `1m`. */
  isDuration?: true;
  /** No source is asked for it: it's compared in the rows that were read. */
  isOfRows?: true;
};

/**
 * The fields that conditions are about, by our names. A new one is one line here: validation, local checks, query line
 * and completion follow; a source that filters by it names it in its own folder. `tokens` is the sum of both sides,
 * `source` a call's origin.
 */
const TABLE = {
  id: { type: "text" },
  createdAt: { type: "time" },
  requestContentType: { type: "text", nullable: true },
  responseContentType: { type: "text", nullable: true },
  requestType: { type: "text", nullable: true },
  success: { type: "boolean" },
  cached: { type: "boolean" },
  provider: { type: "text" },
  model: { type: "text", nullable: true },
  modelType: { type: "text", nullable: true },
  cost: { type: "number", nullable: true },
  tokens: { type: "number", nullable: true },
  tokensIn: { type: "number", nullable: true },
  tokensOut: { type: "number", nullable: true },
  duration: { type: "number", isDuration: true },
  feedback: { type: "number", nullable: true },
  eventId: { type: "text", nullable: true },
  metadataKey: { type: "text" },
  metadataValue: { type: "tag" },
  authentication: { type: "boolean", nullable: true },
  wholesale: { type: "boolean", nullable: true },
  compatibilityMode: { type: "boolean", nullable: true },
  dlpAction: { type: "text", nullable: true },
  userAgent: { type: "text", nullable: true },
  path: { type: "text", isOfRows: true },
  statusCode: { type: "number", nullable: true, isOfRows: true },
  step: { type: "number", nullable: true, isOfRows: true },
  score: { type: "number", nullable: true, isOfRows: true },
  source: { type: "text", isOfRows: true },
  endpoint: { type: "text", nullable: true, isOfRows: true },
  user: { type: "text", nullable: true, isOfRows: true },
  key: { type: "text", nullable: true, isOfRows: true },
  latency: { type: "number", nullable: true, isDuration: true, isOfRows: true },
  tokensCached: { type: "number", nullable: true, isOfRows: true },
  tokensReasoning: { type: "number", nullable: true, isOfRows: true },
  region: { type: "text", nullable: true, isOfRows: true },
  colo: { type: "text", nullable: true, isOfRows: true },
  byok: { type: "boolean", nullable: true, isOfRows: true },
  guardrails: { type: "text", nullable: true, isOfRows: true },
  dlpProfile: { type: "text", nullable: true, isOfRows: true },
} as const satisfies Record<string, Field>;

export type FieldName = keyof typeof TABLE;

/** All fields, by name. */
export const FIELDS: ReadonlyMap<string, Field> = new Map<string, Field>(Object.entries(TABLE));

/** All fields' names. */
export const FIELD_NAMES = Object.keys(TABLE) as readonly FieldName[];

/** Whether a condition on a field is checked in the rows, and never sent. */
export const isOfRows = (field: string): boolean => FIELDS.get(field)?.isOfRows === true;

/** A call's origin. */
export type Origin = "playground" | "key";

/** All origins, as conditions on the field `source` name them. */
export const ORIGINS: readonly Origin[] = ["playground", "key"];
