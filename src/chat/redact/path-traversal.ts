/** Every server on the way may decode once; no honest client nests deeper. */
const MOST_ROUNDS = 8;

/** `%2e`, and `%u002e` as some servers accept it. */
const ENCODED = /%u([0-9a-f]{4})|(?:%[0-9a-f]{2})+/gi;

/** Slashes, and characters that servers normalize to slashes. */
const SEPARATOR = /[/\\\u2044\u2215]/;

/** A segment that leads upward or nowhere, also if a parameter follows. */
const DOTS = /^\.{1,2}(?:$|[;?#])/;

/** Characters that a parser may drop from a segment. */
const IGNORED = /[\s\p{Cc}\p{Cf}]+/gu;

/**
 * Decodes a text until it no longer changes; undefined if that takes too many rounds or it isn't valid UTF-8 (overlong
 * forms aren't).
 */
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
    // Invalid UTF-8.
  }
  return undefined;
}

/**
 * Whether an address's path stays below its base however a server parses it: backslashes as slashes, decoded any number
 * of times, normalized (NFKC), without invisible characters. Ignores what follows `?` or `#`.
 */
export function staysBelow(address: string): boolean {
  const decoded = fullyDecoded(address.replace(/[?#].*$/s, ""))?.normalize("NFKC");
  if (decoded === undefined || decoded.includes("\0") || /^[a-z][a-z\d+.-]*:[/\\]{2}/i.test(decoded)) return false;
  return decoded.split(SEPARATOR).every((segment) => !DOTS.test(segment.replace(IGNORED, "")));
}
