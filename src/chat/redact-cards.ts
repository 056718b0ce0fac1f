/** Digits in groups of spaces or dashes, apart from words; after a letter only where that ends an escape (`\n`). */
const RUN = /(?:(?<![\p{L}\p{N}_.])|(?<=\\[nrt]))\d+(?:[ \u00A0\u202F\u2011\u2013-]\d+)*(?![\p{L}_]|\.\d)/gu;

/** How cards are printed and typed: sizes of the groups. */
const GROUPING = /^(?:1[3-9]|4,4,4,[1-7]|4,4,4,4,[1-3]|4,6,[45])$/;
const MAX_GROUPS = 5;

/** First digits and lengths of Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay and Maestro. */
const ISSUED =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|(?:6011|64[4-9]\d|65\d{2}|35(?:2[89]|[3-8]\d))\d{12}|62\d{14,17}|(?:50|5[6-9]|6[37])\d{11,17})$/;

/** The text with each plausible card number (13 to 19 digits, grouping, issuer and Luhn's check digit) replaced. */
export function redactCards(text: string, mark: string): string {
  return text.replace(RUN, (run, at: number) => {
    // A serial number, or the digits of a UUID.
    if (run.length < 13 || /[\p{L}_]-$/u.test(text.slice(Math.max(0, at - 2), at))) return run;
    return /^-[\p{L}\p{N}_]/u.test(text.slice(at + run.length, at + run.length + 2)) ? run : redactRun(run, mark);
  });
}

function redactRun(run: string, mark: string): string {
  // Groups at even places, separators between them.
  const pieces = run.split(/(\D)/);
  let result = "";
  for (let at = 0; at < pieces.length;) {
    const end = cardEnd(pieces, at);
    result += end === undefined ? (pieces[at] ?? "") : mark;
    at = end ?? at + 1;
  }
  return result;
}

/** Where the card ends that starts at this piece. */
function cardEnd(pieces: string[], start: number): number | undefined {
  const isFirst = start % 2 === 0 && (pieces[start]?.length ?? 0) >= 4 && !isDash(pieces[start - 1]);
  if (!isFirst) return undefined;
  let digits = "";
  const sizes: number[] = [];
  for (let at = start; at < Math.min(pieces.length, start + 2 * MAX_GROUPS); at += 2) {
    const group = pieces[at] ?? "";
    digits += group;
    sizes.push(group.length);
    if (digits.length > 19) return undefined;
    if (!isDash(pieces[at + 1]) && GROUPING.test(sizes.join(",")) && ISSUED.test(digits) && isLuhn(digits))
      return at + 1;
  }
  return undefined;
}

function isDash(separator: string | undefined): boolean {
  return separator !== undefined && /[-\u2011\u2013]/.test(separator);
}

function isLuhn(digits: string): boolean {
  let sum = 0;
  for (let place = 0; place < digits.length; place++) {
    const digit = Number(digits[digits.length - 1 - place]);
    const weighted = place % 2 === 1 ? digit * 2 : digit;
    sum += weighted > 9 ? weighted - 9 : weighted;
  }
  return sum % 10 === 0;
}
