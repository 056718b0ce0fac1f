import type { IncomingMessage } from "node:http";
import { Readable } from "node:stream";

/** How far a program may be ahead of the provider, in bytes: stopping it for each piece would take longer. */
const AHEAD_BYTES = 1_048_576;

/** Whether a request has a body: its length needn't be known. */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers["transfer-encoding"] !== undefined || Number(headers["content-length"] ?? 0) > 0;

/**
 * Returns a request's body as a stream of its own: undici destroys a body that it no longer needs, and destroying the
 * request would close the program's connection before it has read the response. What comes after that is dropped. If
 * the program goes away, the stream fails.
 */
export function uploadOf(request: IncomingMessage, onChunk: (chunk: Buffer) => void): Readable {
  const take = (chunk: Buffer): void => {
    if (!upload.push(chunk)) request.pause();
    onChunk(chunk);
  };
  const upload = new Readable({
    highWaterMark: AHEAD_BYTES,
    read: () => void request.resume(),
    destroy: (error, done) => {
      request.off("data", take).resume();
      done(error);
    },
  });
  // Undici listens too, but not before it starts the call and not after it has ended.
  upload.on("error", () => undefined);
  // A listener would start the flow, unless it was stopped before.
  request.pause();
  request.on("data", take);
  request.once("end", () => upload.push(null));
  request.once("error", (error) => upload.destroy(error));
  request.once("close", () => {
    if (!request.complete) upload.destroy(new Error("The program has closed the connection."));
  });
  return upload;
}
