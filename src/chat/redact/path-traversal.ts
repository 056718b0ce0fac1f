/** Each server on the way may decode once; more layers than this are of no honest client. */
const MOST_ROUNDS = 8;

/** `%2e`, and `%u002e` as some servers read it. */
const ENCODED = /%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi;

/** Slashes, and what servers make slashes of. */
const SEPARATOR = /[/\\\u2044\u2215]/;

/** A segment that leads upwards or nowhere, also where only its beginning is read as the path. */
const DOTS = /^\.{1,2}(?:$|[;?#])/;

/** What a reader may drop from a segment, or not see. */
const IGNORED = /[\s\p{Cc}\p{Cf}]+/gu;

/** A text decoded until it no longer changes; undefined where that takes too long, or it is not UTF-8 (an overlong form is not). */
function fullyDecoded(text: string): string | undefined {
  try {
    for (let round = 0; round < MOST_ROUNDS; round++) {
      const decoded = text.replace(ENCODED, (escape, code?: string) =>
        code === undefined ? decodeURIComponent(escape) : String.fromCharCode(Number.parseInt(code, 16)),
      );
      if (decoded === text) return text;
      text = decoded;
    }
  } catch {
    // Not UTF-8.
  }
  return undefined;
}

/**
 * Whether the path of an address stays below what it is put behind, however it is read: with backslashes for slashes, decoded once or many
 * times, normalized (NFKC), without what is invisible. What follows `?` or `#` is not looked at.
 */
export function staysBelow(address: string): boolean {
  const decoded = fullyDecoded(address.replace(/[?#].*$/s, ""))?.normalize("NFKC");
  if (decoded === undefined || decoded.includes("\0") || /^[a-z][a-z\d+.-]*:[/\\]{2}/i.test(decoded)) return false;
  return decoded.split(SEPARATOR).every((segment) => !DOTS.test(segment.replace(IGNORED, "")));
}
