import type { LogUpdate, LogView, RemoteMedia, SentView, ToPage } from "./protocol.ts";
import type { RawBody } from "../reading/core/body-state.ts";
import { conversationOf } from "../reading/core/bounded.ts";
import { unpack, type Packed } from "../reading/core/packed.ts";
import type { PageStrings } from "./strings.ts";

/**
 * What a page was sent last. The content of a log, up to 2 MB, is sent once a reading, and each loaded medium once; a rating, a round or
 * another view sends the head alone.
 */
export class SentToPage {
  #last: SentView | undefined;

  /** Forgets it: the page is gone, and the next one knows nothing. */
  clear(): void {
    this.#last = undefined;
  }

  /** The message that makes the page show `view`. Content and media are told apart by their identity. */
  message(view: SentView, strings: PageStrings): Exclude<ToPage, { type: "opening" }> {
    const before = this.#last;
    this.#last = view;
    if (before?.state !== view.state) return { type: "show", view, strings };
    const { state: _, media, ...head } = view;
    const changed: [url: string, medium: RemoteMedia][] = Object.entries(media).filter(
      ([url, medium]) => before.media[url] !== medium,
    );
    return { type: "update", update: { ...head, media: Object.fromEntries(changed) } };
  }
}

/** A page's view after an update: the content stays, and so do the media that the update does not name. */
export function updated(view: LogView, update: LogUpdate): LogView {
  // What the head no longer has is not in the message at all: nothing else of the old view may stay.
  return { ...update, state: view.state, media: { ...view.media, ...update.media } };
}

const textIn = (body: Packed<RawBody> | undefined): RawBody | undefined => body && unpack(body);

/** A view as it was before it was sent to a page. */
export function unpackView({ state, ...head }: SentView): LogView {
  if (state.type !== "ready") return { ...head, state };
  const { conversation: packed, raw, markdown, ...states } = state.content;
  const { shortened, omitted, ...bounded } = unpack(packed);
  const content = {
    conversation: conversationOf(bounded),
    shortened,
    omitted,
    ...states,
    ...(raw && { raw: { request: textIn(raw.request), response: textIn(raw.response) } }),
    ...(markdown && { markdown: unpack(markdown) }),
  };
  return { ...head, state: { ...state, content } };
}
