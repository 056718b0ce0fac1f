import type { LogRef } from "../../src/cloudflare/schema.ts";
import { logKey } from "../../src/logs/log-key.ts";

/** What stood at the top of the page, by its element's id, and how far above the top it began, in pixels. */
export type Anchor = { id: string; offset: number };

/** How a log was left. */
export type Place = {
  anchor?: Anchor;
  /** The folds that are open, by their ids. */
  open: string[];
  /** The choice shown, from 0. */
  choice: number;
};

/** What a page leaves behind for the one that is restored in its place; the host reads the ref. */
export type SavedState = { ref: LogRef; places: [key: string, place: Place][] };

/** Logs whose places are kept, the latest. */
const KEPT = 20;

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null;

function placeOf(saved: unknown): Place {
  const place: Place = { open: [], choice: 0 };
  if (!isObject(saved)) return place;
  const { anchor, open, choice } = saved;
  if (isObject(anchor) && typeof anchor["id"] === "string" && typeof anchor["offset"] === "number")
    place.anchor = { id: anchor["id"], offset: anchor["offset"] };
  if (Array.isArray(open)) place.open = open.filter((id) => typeof id === "string");
  if (typeof choice === "number" && Number.isInteger(choice) && choice >= 0) place.choice = choice;
  return place;
}

/** The places of the logs that a page has shown. */
export class Places {
  readonly #places = new Map<string, Place>();

  /** Takes what was saved, whatever an older version may have left there. */
  constructor(saved: unknown) {
    if (!isObject(saved) || !Array.isArray(saved["places"])) return;
    for (const entry of saved["places"] as unknown[]) {
      if (Array.isArray(entry) && typeof entry[0] === "string") this.#places.set(entry[0], placeOf(entry[1]));
    }
  }

  /** The log's place, to be changed in place. */
  of(ref: LogRef): Place {
    const key = logKey(ref);
    const place = this.#places.get(key) ?? placeOf(undefined);
    // The latest is the last.
    this.#places.delete(key);
    this.#places.set(key, place);
    return place;
  }

  /** What to save while this log is shown. */
  state(ref: LogRef): SavedState {
    return { ref, places: [...this.#places].slice(-KEPT) };
  }
}
