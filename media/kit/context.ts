import type { FromPage, LogView } from "../../src/panel/protocol.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { pageFormat } from "./media-format.ts";
import type { Pairs } from "./pairs.ts";
import type { Place } from "./places.ts";

/** Sends a user's intent to the host. */
export type Say = (intent: FromPage) => void;

/** What all templates of the page need. */
export type Context = {
  strings: PageStrings;
  say: Say;
  media: LogView["media"];
  /** Tool calls and results that belong together, by part ID. */
  pairs: Pairs;
  /** How the user left this log; changed in place, then `keep` is called. */
  place: Place;
  /** Saves the place for a page that is hidden or restored. */
  keep: () => void;
};

/** Returns `text` with {0}, {1} … replaced. */
export function filled(text: string, ...values: (string | number)[]): string {
  return text.replace(/\{(\d)\}/g, (mark, index: string) => String(values[Number(index)] ?? mark));
}

/** Formats a count in the user's language. */
export const counted = (count: number): string => pageFormat().count(count);
