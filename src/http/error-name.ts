/** Whether an error's name is of a connection that was closed on this side, as when settings change. */
export const isClosed = (name: string): boolean => ["CLOSED", "UND_ERR_DESTROYED"].includes(name);

/** Whether an error's name is of an answer that didn't come in time. */
export const isTimeout = (name: string): boolean => name.endsWith("_TIMEOUT");

/** Returns a network error's code ("ECONNREFUSED"), which undici keeps one or two causes deep. */
export function nameOf(error: unknown): string {
  for (let current = error, depth = 0; current instanceof Error && depth < 4; current = current.cause, depth++) {
    if ("code" in current && typeof current.code === "string") return current.code;
  }
  return error instanceof Error ? error.name : "unknown error";
}
