import { numbersFor } from "../../src/logs/format.ts";

type PageFormat = {
  count: (value: number) => string;
  /** Sizes in bytes: `64 KB`. */
  size: (bytes: number) => string;
  /** A number with 4 digits. */
  decimal: (value: number) => string;
};

let made: PageFormat | undefined;

/** How the page writes numbers and sizes, in the language of the document. */
export function pageFormat(): PageFormat {
  if (made) return made;
  const language = document.documentElement.lang || "en";
  const format = numbersFor(language);
  const [locale = "en"] = Intl.NumberFormat.supportedLocalesOf([language]);
  const digits = new Intl.NumberFormat(locale, { maximumSignificantDigits: 4 });
  made = {
    count: (value) => format.count(value),
    size: (bytes) => format.size(bytes),
    decimal: (value) => digits.format(value),
  };
  return made;
}
