/** Returns a network error's code ("ECONNREFUSED"), which undici keeps one or two causes deep. */
export function nameOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 4; current = current.cause, depth++) {
    if ("code" in current && typeof current.code === "string") return current.code;
  }
  return error instanceof Error ? error.name : "unknown error";
}
