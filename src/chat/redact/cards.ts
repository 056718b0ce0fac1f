/** Digit groups separated by spaces, dashes and the like, not adjacent to words. */
const RUN = /(?<![\p{L}\p{N}_.])\d+(?:(?:[ ␠\u00A0\u202F\u2011\u2013._/-]| {2})\d+)*(?![\p{L}_]|\.\d)/gu;

/** Group sizes of printed and typed card numbers. */
const GROUPING = /^(?:1[3-9]|4,4,4,[1-7]|4,4,4,4,[1-3]|4,6,[45])$/;
const MAX_GROUPS = 5;

/** First digits and lengths of Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay and Maestro. */
const ISSUED =
  /^(?:4(?:\d{12}|\d{15}|\d{18})|(?:5[1-5]\d{2}|222[1-9]|22[3-9]\d|2[3-6]\d{2}|27[01]\d|2720)\d{12}|3[47]\d{13}|3(?:0[0-5]|[689]\d)\d{11}|(?:6011|64[4-9]\d|65\d{2}|35(?:2[89]|[3-8]\d))\d{12}|62\d{14,17}|(?:50|5[6-9]|6[37])\d{11,17})$/;

/** Other kinds of numbers, one in ten of them with a valid check digit. */
const OTHER_NUMBER =
  /(?:order|invoice|ticket|tracking|shipment|parcel|reference|ref|case|serial|isbn|imei|sku|timestamp|build|request|transaction)(?:[ _-]?(?:number|no|nr|id|num))?[.#"']{0,2}\s{0,2}(?:is|was)?[:=#]?\s{0,2}["'#]?$/i;

type Span = { start: number; end: number };

/** Whether a name is that of another kind of number. */
export const isOtherNumber = (name: string): boolean => OTHER_NUMBER.test(name);

/** Finds plausible card numbers: 13 to 19 digits with a usual grouping, an issuer and Luhn's check digit. */
export function cardsIn(text: string): Span[] {
  const found: Span[] = [];
  for (const match of text.matchAll(RUN)) {
    const [run] = match;
    const { index: at } = match;
    // A serial number, or the digits of a UUID.
    if (run.length < 13 || /[\p{L}_]-$/u.test(text.slice(Math.max(0, at - 2), at))) continue;
    if (/^-[\p{L}\p{N}_]/u.test(text.slice(at + run.length, at + run.length + 2))) continue;
    if (/^\d+$/.test(run) && OTHER_NUMBER.test(text.slice(Math.max(0, at - 40), at))) continue;
    found.push(...cardsOf(run).map(({ start, end }) => ({ start: at + start, end: at + end })));
  }
  return found;
}

function cardsOf(run: string): Span[] {
  // Groups at even indexes, separators between them.
  const pieces = run.split(/(\D+)/);
  const found: Span[] = [];
  let offset = 0;
  for (let at = 0; at < pieces.length;) {
    const end = cardEnd(pieces, at) ?? at;
    const start = offset;
    do offset += pieces[at++]?.length ?? 0;
    while (at < end);
    if (at === end) found.push({ start, end: offset });
  }
  return found;
}

/** Returns the end of the card number that starts at this piece. */
function cardEnd(pieces: string[], start: number): number | undefined {
  const isFirst = start % 2 === 0 && (pieces[start]?.length ?? 0) >= 4 && !joins(pieces[start - 1]);
  if (!isFirst) return undefined;
  let digits = "";
  const sizes: number[] = [];
  for (let at = start; at < Math.min(pieces.length, start + 2 * MAX_GROUPS); at += 2) {
    const group = pieces[at] ?? "";
    digits += group;
    sizes.push(group.length);
    if (digits.length > 19) return undefined;
    if (!joins(pieces[at + 1]) && GROUPING.test(sizes.join(",")) && ISSUED.test(digits) && isLuhn(digits))
      return at + 1;
  }
  return undefined;
}

/** Whether numbers with this separator between them are one. */
function joins(separator: string | undefined): boolean {
  return separator !== undefined && /[-\u2011\u2013._/]/.test(separator);
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
