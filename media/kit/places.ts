import type { LogRef } from "../../src/source/log.ts";
import { logKey } from "../../src/logs/log-key.ts";

/** The element at the top of the page by ID, and its distance above the top in pixels. */
export type Anchor = { id: string; offset: number };

/** How the user left a log. */
export type Place = {
  anchor?: Anchor;
  /** IDs of the open folds. */
  open: string[];
  /** Index of the current choice. */
  choice: number;
};

/** State for the page that replaces this one; the host reads the ref. */
export type SavedState = { ref: LogRef; places: [key: string, place: Place][] };

/** Number of logs to keep places of. */
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

/** Places of the logs that a page has shown. */
export class Places {
  readonly #places = new Map<string, Place>();

  /** Accepts any saved state, including an older version's. */
  constructor(saved: unknown) {
    if (!isObject(saved) || !Array.isArray(saved["places"])) return;
    for (const entry of saved["places"] as unknown[]) {
      if (Array.isArray(entry) && typeof entry[0] === "string") this.#places.set(entry[0], placeOf(entry[1]));
    }
  }

  /** Returns the log's place, to be changed in place. */
  of(ref: LogRef): Place {
    const key = logKey(ref);
    const place = this.#places.get(key) ?? placeOf(undefined);
    // Moves it to the end: insertion order is recency.
    this.#places.delete(key);
    this.#places.set(key, place);
    return place;
  }

  /** Returns the state to save while this log is shown. */
  state(ref: LogRef): SavedState {
    return { ref, places: [...this.#places].slice(-KEPT) };
  }
}
