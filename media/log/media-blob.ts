import { noChange, nothing } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";
import { bytesOf, type Samples, wavHeader } from "./media-bytes.ts";

/** Base64 characters to decode synchronously, in under a millisecond. More is scheduled, so that nothing stalls. */
const AT_ONCE = 200_000;

class BlobUrl extends AsyncDirective {
  #data = "";
  #mimeType = "";
  #samples: Samples | undefined;
  #url: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  override render(data: string, mimeType: string, samples?: Samples): unknown {
    if (data === this.#data && mimeType === this.#mimeType) return noChange;
    this.#revoke();
    this.#data = data;
    this.#mimeType = mimeType;
    this.#samples = samples;
    if (data.length <= AT_ONCE) return this.#make();
    this.#later();
    return nothing;
  }

  override disconnected(): void {
    this.#revoke();
  }

  override reconnected(): void {
    this.#later();
  }

  #later(): void {
    this.#timer = setTimeout(() => this.setValue(this.#make()));
  }

  #make(): string {
    const bytes = bytesOf(this.#data);
    const parts = this.#samples ? [wavHeader(this.#samples, bytes.length), bytes] : [bytes];
    this.#url = URL.createObjectURL(new Blob(parts, { type: this.#mimeType }));
    return this.#url;
  }

  #revoke(): void {
    clearTimeout(this.#timer);
    if (this.#url !== undefined) URL.revokeObjectURL(this.#url);
    this.#url = undefined;
  }
}

/**
 * The URL of a medium's bytes, for `src`: an object URL, revoked when the element is removed. Raw samples are wrapped
 * in a WAV file.
 */
export const blobUrl = directive(BlobUrl);
