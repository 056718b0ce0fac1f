import { markOf } from "../chat/redact/rule.ts";
import { redactBody } from "../chat/redact/redact.ts";
import { textOf } from "../chat/body/utf8.ts";
import type { Redaction } from "./format.ts";

/** A recorded body as text: verbatim if it's UTF-8, else base64. */
export type BodyText = { text: string; encoding: "utf-8" | "base64" };

/**
 * Returns a recorded body as text; null if none is stored. Binary content can't be checked, so redaction replaces it
 * with a mark.
 */
export function bodyText(body: string | Uint8Array | null, redaction: Redaction | undefined): BodyText | null {
  if (body === null) return null;
  const text = textOf(body);
  if (text !== undefined) return { text: redaction ? redactBody(text, redaction) : text, encoding: "utf-8" };
  if (redaction) return { text: markOf("bytes"), encoding: "utf-8" };
  return { text: Buffer.from(body).toString("base64"), encoding: "base64" };
}
