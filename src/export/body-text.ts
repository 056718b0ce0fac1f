import { markOf } from "../chat/redact/rule.ts";
import { redactBody } from "../chat/redact/redact.ts";
import { textOf } from "../chat/body/utf8.ts";
import type { Redaction } from "./format.ts";

/** A recorded body as text: itself where it is UTF-8, else base64. */
export type BodyText = { text: string; encoding: "utf-8" | "base64" };

/**
 * A recorded body as text; null when none is stored. Of bytes that are no text nobody can say what they hold, so with a redaction only a mark
 * stands for them.
 */
export function bodyText(body: string | Uint8Array | null, redaction: Redaction | undefined): BodyText | null {
  if (body === null) return null;
  const text = textOf(body);
  if (text !== undefined) return { text: redaction ? redactBody(text, redaction) : text, encoding: "utf-8" };
  if (redaction) return { text: markOf("bytes"), encoding: "utf-8" };
  return { text: Buffer.from(body).toString("base64"), encoding: "base64" };
}
