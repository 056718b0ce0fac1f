import type { LogUpdate, LogView, RemoteMedia, SentView, ToPage } from "./protocol.ts";
import type { RawBody } from "../reading/core/body-state.ts";
import { conversationOf } from "../reading/core/bounded.ts";
import { unpack, type Packed } from "../reading/core/packed.ts";
import type { PageStrings } from "./strings.ts";

/**
 * The state last sent to a page. A log's content, up to 2 MB, is sent once per reading, and each loaded medium once; a
 * rating, a round or another view sends only the head.
 */
export class SentToPage {
  #last: SentView | undefined;

  /** Clears the state: the page is gone, and the next one starts empty. */
  clear(): void {
    this.#last = undefined;
  }

  /** Returns the message that makes the page show `view`. Compares content and media by identity. */
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

/** Returns a page's view after an update: keeps the content, and the media not in the update. */
export function updated(view: LogView, update: LogUpdate): LogView {
  // Fields missing in the new head aren't in the message, so no other field of the old view may be kept.
  return { ...update, state: view.state, media: { ...view.media, ...update.media } };
}

const textIn = (body: Packed<RawBody> | undefined): RawBody | undefined => body && unpack(body);

/** Restores a view from its form for messages. */
export function unpackView({ state, ...head }: SentView): LogView {
  if (state.type !== "ready") return { ...head, state };
  const { conversation: packed, raw, markdown, ...states } = state.content;
  const { shortened, omitted, ...bounded } = unpack(packed);
  const content = {
    conversation: conversationOf(bounded),
    shortened,
    omitted,
    ...states,
    ...(raw && { raw: { request: textIn(raw.request), response: textIn(raw.response), fields: textIn(raw.fields) } }),
    ...(markdown && { markdown: unpack(markdown) }),
  };
  return { ...head, state: { ...state, content } };
}
