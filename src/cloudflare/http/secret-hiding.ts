/** Takes a secret out of a text. */
export type Hide = (text: string) => string;

const PLACEHOLDER = "[token]";

/** So many characters of a secret in a row, or all of a shorter one, count as the secret. */
const RUN = 12;
/** A run of RUN characters holds a whole block of this length, wherever it begins, if blocks begin this far apart. */
const BLOCK = { length: 6, apart: 7 };

/** Ways to write a character by its number: in addresses (also encoded again), in JSON and programs, in HTML. */
const ESCAPE = /%(?:25)*([\da-f]{2})|(?<!\\)\\+(?:u([\da-f]{4})|x([\da-f]{2}))|&#(?:x([\da-f]{1,4})|(\d{1,5}));/gi;
/** How often a text is decoded: one escape may stand in another. */
const ROUNDS = 3;

const decoded = (text: string): string =>
  text.replace(ESCAPE, (_, percent?: string, unicode?: string, byte?: string, hex?: string, decimal?: string) =>
    String.fromCharCode(decimal ? Number(decimal) : Number.parseInt(percent ?? unicode ?? byte ?? hex ?? "", 16)),
  );

/** What is compared: headers change case, and there are two alphabets of base64. The length stays. */
const comparable = (text: string): string => lowered(text).replaceAll("-", "+").replaceAll("_", "/");

/** With the letters of ASCII small: of others the small one may be longer. */
const lowered = (text: string): string =>
  /^[\x20-\x7e]*$/.test(text) ? text.toLowerCase() : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());

/** The secret, in hexadecimal, and in base64 as what follows any other text: there it depends on the number of bytes before. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret);
  const encoded = [0, 1, 2].map((before) => {
    const whole = Buffer.concat([Buffer.alloc(before), bytes]);
    // The first and the last characters depend on the neighbors too.
    return whole.toString("base64").slice(Math.ceil((before * 4) / 3), Math.floor((whole.length * 4) / 3));
  });
  const derived = [bytes.toString("hex"), ...encoded].filter((form) => form.length >= RUN);
  return [secret, ...derived].map(comparable);
}

/** Where a form is found in a text, in whole or as a run: start and end. */
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
 * Makes what takes a secret out of the texts of an answer, in which the API, a proxy or a gateway may repeat it: as it is, in another case,
 * base64, hexadecimal or escaped, whole or in part. A text in which it stands escaped comes back without its escapes, any other as it was.
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

/** An error as it may be kept: its name, code and words and those of its causes, without the secret and without what libraries add of an answer. */
export function hiddenError(error: unknown, hide: Hide, depth = 4): Error | undefined {
  if (!(error instanceof Error) || depth === 0) return undefined;
  const cause = hiddenError(error.cause, hide, depth - 1);
  const clean = new Error(hide(error.message), cause ? { cause } : undefined);
  clean.name = hide(error.name);
  return "code" in error && typeof error.code === "string" ? Object.assign(clean, { code: hide(error.code) }) : clean;
}
