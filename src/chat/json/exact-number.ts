/*
 * Keeps the recorded digits of numbers that JavaScript would write differently. Values stay plain: a number that a
 * double can hold is a number, and only its spelling is remembered for serialization.
 */

declare global {
  interface JSON {
    /** A value that JSON.stringify writes as this text (V8 11.4: Node 21, Chromium 114). */
    rawJSON(text: string): unknown;
  }
}

/**
 * A recorded number that a double can't hold: 2512292042121000001, 1e400, 0.1000000000000000055. JSON.stringify and
 * templates write its digits; arithmetic uses the nearest double.
 */
export class ExactNumber {
  /** As recorded. */
  readonly digits: string;

  constructor(digits: string) {
    this.digits = digits;
  }

  toJSON(): unknown {
    return JSON.rawJSON(this.digits);
  }

  toString(): string {
    return this.digits;
  }

  valueOf(): number {
    return Number(this.digits);
  }
}

/** Spellings of numbers that JavaScript would write differently (1.10, -0, 1e-5), by list or record and key. */
const SPELLINGS = new WeakMap<object, Map<string, string>>();

/** Remembers the spelling of the number at `key` of a list or record. */
export function rememberSpelling(holder: object, key: string, digits: string): void {
  const known = SPELLINGS.get(holder);
  if (known) {
    known.set(key, digits);
    return;
  }
  SPELLINGS.set(holder, new Map([[key, digits]]));
  // Only JSON.stringify sees it; copies, comparisons and loops don't. A recorded key of that name stays as it is.
  if (Object.hasOwn(holder, "toJSON")) return;
  Object.defineProperty(holder, "toJSON", { value: toJSON, writable: true, configurable: true });
}

function toJSON(this: object): unknown {
  return withSpelling(this);
}

/**
 * Returns a list or record for serialization: a copy with `ExactNumber` for numbers that JavaScript would spell
 * differently, or itself if there are none. Shallow: callers recurse into nested values themselves.
 */
export function withSpelling<T extends object>(holder: T): T {
  const spellings = SPELLINGS.get(holder);
  if (!spellings) return holder;
  const copy: object = Array.isArray(holder) ? [...holder] : Object.fromEntries(Object.entries(holder));
  for (const [key, digits] of spellings) {
    // Skip if the value was replaced since.
    if (Object.is(Reflect.get(copy, key), Number(digits))) Reflect.set(copy, key, new ExactNumber(digits));
  }
  return copy as T;
}

/**
 * Whether a structured clone, or JSON.stringify followed by JSON.parse, would change the digits of a number in the
 * value.
 */
export function hasExactNumbers(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof ExactNumber || SPELLINGS.has(value) || Object.values(value).some(hasExactNumbers);
}

/** Copies the remembered spellings of numbers that a copy still has. Returns the copy. */
export function keepSpelling<T extends object>(original: object, copy: T): T {
  for (const [key, digits] of SPELLINGS.get(original) ?? [])
    if (Reflect.get(copy, key) === Reflect.get(original, key)) rememberSpelling(copy, key, digits);
  return copy;
}
