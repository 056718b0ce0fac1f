import { numbersFor } from "../../src/logs/format.ts";

type PageFormat = {
  count: (value: number) => string;
  /** Sizes in bytes: `64 KB`. */
  size: (bytes: number) => string;
  /** A number with 4 significant digits. */
  decimal: (value: number) => string;
};

/** Below it, numbers look the same in all of VS Code's languages. */
const ALIKE = 1000;

let made: PageFormat | undefined;

/**
 * Formats the page's numbers and sizes in the document's language. The first use of Intl takes longer than showing a
 * short conversation, so it waits until a number needs it.
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
