import { SourceError } from "./errors.ts";

/** Where a list goes on. Only the source that made it reads it; each is used once, and none is stored. */
export type Cursor = { readonly type: "cursor" };

/** The cursors of one kind of list, and the places that they stand for. */
export class Cursors<Place> {
  readonly #places = new WeakMap<Cursor, Place>();

  /** Returns a cursor for a place. */
  to(place: Place): Cursor {
    const cursor: Cursor = { type: "cursor" };
    this.#places.set(cursor, place);
    return cursor;
  }

  /** Returns a cursor's place. @throws SourceError `invalid` for one of another kind of list */
  placeOf(cursor: Cursor): Place {
    const place = this.#places.get(cursor);
    if (place === undefined) throw new SourceError("invalid", "The cursor is of another list.");
    return place;
  }
}
