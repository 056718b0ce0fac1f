import type { ServerResponse } from "node:http";

/** Why the recorder itself answers; its code is in the answer. */
export type RefusalCode =
  | "host-not-allowed"
  | "origin-not-allowed"
  | "unknown-address"
  | "unknown-provider"
  | "bad-address"
  | "compat"
  | "calls-itself"
  | "signed-for-another-host"
  | "upgrade-not-supported"
  | "unreachable";

/**
 * Answers a call in the recorder's name: JSON with `error.message`, which SDKs show. `error.type` tells the answer from
 * a provider's.
 */
export function answerItself(
  response: ServerResponse,
  status: number,
  error: { code: RefusalCode; message: string },
  headers: readonly string[] = [],
): void {
  const body = Buffer.from(JSON.stringify({ error: { type: "recorder_error", ...error } }));
  // The unread rest of a request would be parsed as the next one.
  const end = response.req.complete ? [] : ["connection", "close"];
  response.writeHead(status, [
    "content-type",
    "application/json",
    "content-length",
    String(body.length),
    ...end,
    ...headers,
  ]);
  response.end(body);
}
