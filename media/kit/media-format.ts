import { numbersFor } from "../../src/logs/format.ts";

type PageFormat = {
  count: (value: number) => string;
  /** Sizes in bytes: `64 KB`. */
  size: (bytes: number) => string;
  /** A number with 4 digits. */
  decimal: (value: number) => string;
};

/** Up to here a number is written alike in all languages that VS Code has. */
const ALIKE = 1000;

let made: PageFormat | undefined;

/**
 * How the page writes numbers and sizes, in the language of the document. A browser's first look at its languages takes longer than to
 * show a short conversation, and is put off until a number needs it.
 */
export function pageFormat(): PageFormat {
  if (made) return made;
  const language = document.documentElement.lang || "en";
  let numbers: ReturnType<typeof numbersFor> | undefined;
  let digits: Intl.NumberFormat | undefined;
  const ofLanguage = () => (numbers ??= numbersFor(language));
  made = {
    count: (value) => (value < ALIKE ? String(value) : ofLanguage().count(value)),
    size: (bytes) => ofLanguage().size(bytes),
    decimal: (value) => {
      const [locale = "en"] = Intl.NumberFormat.supportedLocalesOf([language]);
      digits ??= new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
      return digits.format(value);
    },
  };
  return made;
}
