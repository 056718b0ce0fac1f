const textual = /^text\/|[/+](json|xml|javascript|x-ndjson|ndjson|x-www-form-urlencoded|stream\+json|jsonl)\b/i;
const strict = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Returns a stored body as text if its content type is text or missing and its bytes are UTF-8; else the bytes. */
export function bodyText(contentType: string | undefined, bytes: Uint8Array): string | Uint8Array {
  if (contentType && !textual.test(contentType)) return bytes;
  try {
    return strict.decode(bytes);
  } catch {
    return bytes;
  }
}
