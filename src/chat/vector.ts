/**
 * True for a list of numbers that is not empty. Embeddings are millions of them, and the engine keeps them unboxed:
 * `list[0]` in a place that sees lists of other things too would make it box them all, `at` does not.
 */
export function isVector(value: unknown): value is number[] {
  return Array.isArray(value) && typeof value.at(0) === "number" && isAllNumbers(value);
}

// Apart, so that the engine compiles it for lists of numbers alone.
function isAllNumbers(list: unknown[]): boolean {
  for (let index = 0; index < list.length; index++) if (typeof list[index] !== "number") return false;
  return true;
}
