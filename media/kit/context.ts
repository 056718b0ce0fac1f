import type { FromPage, LogView } from "../../src/panel/protocol.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { pageFormat } from "./media-format.ts";
import type { Pairs } from "./pairs.ts";
import type { Place } from "./places.ts";

/** Tells the host what the person did. */
export type Say = (intent: FromPage) => void;

/** What everything on the page is made with. */
export type Context = {
  strings: PageStrings;
  say: Say;
  media: LogView["media"];
  /** Which call belongs to which result, by the parts' ids. */
  pairs: Pairs;
  /** How the person left this log; changed in place, then `kept` is called. */
  place: Place;
  /** Keeps the place for a page that is hidden or restored. */
  keep: () => void;
};

/** `text` with {0}, {1} … replaced. */
export function filled(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (mark, index: string) => String(values[Number(index)] ?? mark));
}

/** A count in the person's language. */
export const counted = (count: number): string => pageFormat().count(count);
