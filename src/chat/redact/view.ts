// A text as its reader would decode it: without JSON escapes (any number of levels), URL and HTML encoding or invisible
// characters, and with full-width ASCII as ASCII. Matches are replaced in the original text.

/** `at(index)`: maps an index of `text` to the original text. */
type View = { text: string; at: (index: number) => number };

const ESCAPE =
  /(?<!\\)\\+(?:u00([0-7][\da-fA-F])|x([0-7][\da-fA-F])|([nrtbf"'/]))|%(?:25)*(?:(20|0[9AaDd])|([2-7][\da-fA-F]))|&(?:amp;)*(?:(quot|apos|amp|lt|gt|nbsp|colon|equals|sol|num|commat|lowbar|hyphen|dash);?|#(\d{2,3});|#[xX]([\da-fA-F]{2});)|[\uFF01-\uFF5E]|[\u00AD\u200B-\u200D\u2060\uFEFF]/g;

const ENTITIES: Record<string, string> = {
  quot: '"',
  apos: "'",
  amp: "&",
  lt: "<",
  gt: ">",
  nbsp: " ",
  colon: ":",
  equals: "=",
  sol: "/",
  num: "#",
  commat: "@",
  lowbar: "_",
  hyphen: "-",
  dash: "-",
};
const CONTROLS: Record<string, string> = { n: "\n", r: "\r", t: "\t", b: " ", f: " " };

/** An encoded space in a URL doesn't end it, and isn't a letter. */
const SPACE = "␠";

function decoded(match: RegExpExecArray): string {
  const [escape, unicode, hex, short, space, percent, entity, decimal, entityHex] = match;
  if (space !== undefined) return SPACE;
  const code = unicode ?? hex ?? percent ?? entityHex;
  if (code !== undefined) return String.fromCharCode(Number.parseInt(code, 16));
  if (decimal !== undefined) return String.fromCharCode(Number(decimal));
  if (short !== undefined) return CONTROLS[short] ?? short;
  if (entity !== undefined) return ENTITIES[entity] ?? escape;
  const wide = escape.charCodeAt(0);
  return wide >= 0xff01 && wide <= 0xff5e ? String.fromCharCode(wide - 0xfee0) : "";
}

/** Returns the decoded text, in linear time. */
export function viewOf(text: string): View {
  ESCAPE.lastIndex = 0;
  let match = ESCAPE.exec(text);
  if (match === null) return { text, at: (index) => index };
  // Start of each unchanged stretch, in the view and in the text.
  const inView: number[] = [0];
  const inText: number[] = [0];
  let view = "";
  let copied = 0;
  for (; match !== null; match = ESCAPE.exec(text)) {
    const character = decoded(match);
    view += text.slice(copied, match.index);
    // The escape itself, then the text after it.
    inView.push(view.length);
    inText.push(match.index);
    view += character;
    copied = match.index + match[0].length;
    inView.push(view.length);
    inText.push(copied);
  }
  view += text.slice(copied);
  const at = (index: number): number => {
    let low = 0;
    let high = inView.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((inView[middle] ?? 0) <= index) low = middle;
      else high = middle - 1;
    }
    return (inText[low] ?? 0) + index - (inView[low] ?? 0);
  };
  return { text: view, at };
}
