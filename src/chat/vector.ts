/**
 * Whether a value is a non-empty list of numbers. Embeddings have millions of them, which the engine keeps unboxed:
 * `list[0]` at a polymorphic site would box all of them, `at` doesn't.
 */
export function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && typeof value.at(0) === "number" && isAllNumbers(value);
}

// Separate, so that the engine compiles it for number lists only.
function isAllNumbers(list: unknown[]): boolean {
  for (let index = 0; index < list.length; index++) if (typeof list[index] !== "number") return false;
  return true;
}
