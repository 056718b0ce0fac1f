export type JsonRecord = Record<string, unknown>;

/** Nothing real nests deeper; what does would overflow the stack of whatever walks or serialises it later. */
const MAX_DEPTH = 500;

/** The value of a JSON text; undefined when it is not JSON or nests deeper than 500 levels. */
export function parseJson(text: string): unknown {
  // Most lines of a stream that are no JSON show it at once, and a thrown SyntaxError is slow.
  if (!/^\s*[[{"\-\dtfn]/.test(text)) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return undefined;
  }
  return text.length > 2 * MAX_DEPTH && isDeeperThan(value, MAX_DEPTH) ? undefined : value;
}

function isDeeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels === 0) return true;
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeperThan(child, levels - 1)) return true;
  }
  return false;
}

/** True for a JSON object (not an array, not null). */
export function isRecord(value: unknown): value is JsonRecord {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The value when it is a JSON object. */
export function recordOf(value: unknown): JsonRecord | undefined {
  return isRecord(value) ? value : undefined;
}

/** The value when it is an array, else an empty one. */
export function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

/** The value when it is a string that is not empty. */
export function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

/** The value when it is a number. */
export function numberOf(value: unknown): number | undefined {
  return typeof value === "number" ? value : undefined;
}

/** An identifier as text: some providers number their tool calls. */
export function idOf(value: unknown): string | undefined {
  return typeof value === "number" ? String(value) : textOf(value);
}

/** True where nothing is said: null, an empty text, list or object. */
export function isEmpty(value: unknown): boolean {
  if (value === undefined || value === null || value === "") return true;
  return typeof value === "object" && Object.keys(value).length === 0;
}

/** The fields of a record that are not known to its reader and say something; undefined when there are none. */
export function restOf(record: JsonRecord, known: ReadonlySet<string>): JsonRecord | undefined {
  const others = Object.entries(record).filter(([key, value]) => !known.has(key) && !isEmpty(value));
  // fromEntries defines properties, so that a recorded "__proto__" stays a plain key.
  return others.length > 0 ? Object.fromEntries(others) : undefined;
}

type Optional<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that are not undefined, to be spread where an optional field must be absent. */
export function present<T extends object>(fields: T): Optional<T> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Optional<T>;
}
