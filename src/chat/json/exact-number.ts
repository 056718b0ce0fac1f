/*
 * Numbers keep the digits that they were recorded with where JavaScript would write others. Values stay plain: a number whose value a double
 * can hold is a number, and only its spelling is remembered, for whoever writes the value down.
 */

declare global {
  interface JSON {
    /** A value that JSON.stringify writes as this text (V8 11.4: Node 21, Chromium 114). */
    rawJSON(text: string): unknown;
  }
}

/**
 * A recorded number that no double holds: 2512292042121000001, 1e400, 0.1000000000000000055. JSON.stringify and templates
 * write its digits; arithmetic takes the nearest double.
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

/** How numbers of a list or record are spelled where JavaScript would spell them differently (1.10, -0, 1e-5), by key. */
const SPELLINGS = new WeakMap<object, Map<string, string>>();

/** Remembers how the number at `key` of a list or record is spelled. */
export function rememberSpelling(holder: object, key: string, digits: string): void {
  const known = SPELLINGS.get(holder);
  if (known) {
    known.set(key, digits);
    return;
  }
  SPELLINGS.set(holder, new Map([[key, digits]]));
  // For JSON.stringify alone: no copy, no comparison and no loop sees it. A recorded key of that name is not touched.
  if (Object.hasOwn(holder, "toJSON")) return;
  Object.defineProperty(holder, "toJSON", { value: toJSON, writable: true, configurable: true });
}

function toJSON(this: object): unknown {
  return withSpelling(this);
}

/**
 * A list or record as it is to be written down: a copy in which the numbers that JavaScript would spell differently are
 * `ExactNumber`; itself where there are none. Only its own members: those of what is in it are up to whoever goes on.
 */
export function withSpelling<T extends object>(holder: T): T {
  const spellings = SPELLINGS.get(holder);
  if (!spellings) return holder;
  const copy: object = Array.isArray(holder) ? [...holder] : Object.fromEntries(Object.entries(holder));
  for (const [key, digits] of spellings) {
    // Unless there is another value by now.
    if (Object.is(Reflect.get(copy, key), Number(digits))) Reflect.set(copy, key, new ExactNumber(digits));
  }
  return copy as T;
}

/** Whether numbers of a value would be other digits in a structured clone, or where JSON.stringify and JSON.parse pass it on. */
export function hasExactNumbers(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return value instanceof ExactNumber || SPELLINGS.has(value) || Object.values(value).some(hasExactNumbers);
}

/** Remembers in a copy how the numbers that it still has are spelled. Returns the copy. */
export function keepSpelling<T extends object>(original: object, copy: T): T {
  for (const [key, digits] of SPELLINGS.get(original) ?? [])
    if (Reflect.get(copy, key) === Reflect.get(original, key)) rememberSpelling(copy, key, digits);
  return copy;
}
