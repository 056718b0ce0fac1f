/** Removes a secret from a text. */
export type Hide = (text: string) => string;

const PLACEHOLDER = "[token]";

/** This many consecutive characters of a secret, or all of a shorter one, count as the secret. */
const RUN = 12;
/** Any run of RUN characters contains a whole block of this length, if blocks start this far apart. */
const BLOCK = { length: 6, apart: 7 };

/** Numeric character escapes: in URLs (also double-encoded), in JSON and programs, in HTML. */
const ESCAPE = /%(?:25)*([\da-f]{2})|(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2}))|&#(?:x([\da-f]{1,4})|(\d{1,5}));/gi;
/** Decoding rounds: escapes may be nested. */
const ROUNDS = 3;

const decoded = (text: string): string =>
  text.replace(ESCAPE, (_, percent?: string, unicode?: string, byte?: string, hex?: string, decimal?: string) =>
    String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(percent ?? unicode ?? byte ?? hex ?? "", 16)),
  );

/** Normalizes for comparison: headers change case, and base64 has two alphabets. Keeps the length. */
const comparable = (text: string): string => lowered(text).replaceAll("-", "+").replaceAll("_", "/");

/** Lowercases ASCII only: other letters may change their length. */
const lowered = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/**
 * Returns the secret's forms: verbatim, hexadecimal, and base64 at each byte offset, which the preceding text
 * determines.
 */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    // The first and last characters depend on adjacent bytes.
    return whole.toString("base64").slice(Math.ceil((before * 4) / 3), Math.floor((whole.length * 4) / 3));
  });
  const derived = [bytes.toString("hex"), ...encoded].filter((form) => form.length >= RUN);
  return [secret, ...derived].map(comparable);
}

/** Finds a form in a text, whole or as a run: start and end. */
function runsIn(text: string, form: string): [number, number][] {
  const runs: [number, number][] = [];
  const least = Math.min(RUN, form.length);
  const step = form.length < RUN ? form.length : BLOCK.apart;
  const length = form.length < RUN ? form.length : BLOCK.length;
  for (let from = 0; from + length <= form.length; from += step) {
    const block = form.slice(from, from + length);
    for (let at = text.indexOf(block); at >= 0; at = text.indexOf(block, at + 1)) {
      let [before, after] = [0, length];
      while (before < from && text[at - before - 1] === form[from - before - 1]) before++;
      while (from + after < form.length && text[at + after] === form[from + after]) after++;
      if (before + after >= least) runs.push([at - before, at + after]);
    }
  }
  return runs;
}

function without(text: string, forms: readonly string[]): string {
  const compared = comparable(text);
  const runs = forms.flatMap((form) => runsIn(compared, form)).sort((a, b) => a[0] - b[0]);
  let [result, end] = ["", 0];
  for (const [start, next] of runs) {
    if (start >= end) result += text.slice(end, start) + (start === end && end > 0 ? "" : PLACEHOLDER);
    end = Math.max(end, next);
  }
  return result + text.slice(end);
}

/**
 * Returns a function that removes a secret from a response's texts, where the API, a proxy or a gateway may echo it:
 * verbatim, in another case, base64, hexadecimal or escaped, whole or in part. A text with an escaped secret is
 * returned unescaped, any other as is.
 */
export function hiderOf(secret: string): Hide {
  if (secret === "") return (text) => text;
  const forms = formsOf(secret);
  return (text) => {
    let [result, current] = [text, text];
    for (let round = 0; round <= ROUNDS; round++) {
      const clean = without(current, forms);
      if (clean !== current) result = clean;
      const next = decoded(clean);
      if (next === clean) break;
      current = next;
    }
    return result;
  };
}

/**
 * Returns an error that is safe to keep: name, code and messages of it and its causes, without the secret and without
 * response data that libraries add.
 */
export function hiddenError(error: unknown, hide: Hide, depth = 4): Error | undefined {
  if (!(error instanceof Error) || depth === 0) return undefined;
  const cause = hiddenError(error.cause, hide, depth - 1);
  const clean = new Error(hide(error.message), cause ? { cause } : undefined);
  clean.name = hide(error.name);
  return "code" in error && typeof error.code === "string" ? Object.assign(clean, { code: hide(error.code) }) : clean;
}
