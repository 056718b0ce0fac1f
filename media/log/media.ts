import { html, nothing, type TemplateResult } from "lit";
import type { MediaKind, Part } from "../../src/chat/conversation.ts";
import { locate } from "../../src/chat/media.ts";
import type { FromPage, RemoteMedia } from "../../src/panel/protocol.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { MAX_BYTES, textOfDataUrl } from "./media-bytes.ts";
import { pageFormat } from "../kit/media-format.ts";
import { heldTemplate } from "./media-held.ts";
import { visible } from "../../src/panel/visible.ts";

type Media = Extract<Part, { type: "media" }>;

const kindName = (media: MediaKind, strings: PageStrings): string =>
  ({ image: strings.mediaImage, audio: strings.mediaAudio, video: strings.mediaVideo, file: strings.mediaFile })[media];

/** Renders a medium's facts on one line, without its bytes. */
function factsTemplate({ media, name, mimeType }: Media, strings: PageStrings): TemplateResult {
  return html`<span class="media-facts"
    ><b>${kindName(media, strings)}</b>
    ${[name, mimeType].map((fact) => (fact ? html` <bdi>${visible(fact)}</bdi>` : nothing))}</span
  >`;
}

/** Renders a medium with a URL. Requests nothing until the user presses Load. */
function remoteTemplate(
  part: Media,
  url: string,
  remote: RemoteMedia | undefined,
  strings: PageStrings,
  say: (intent: FromPage) => void,
): TemplateResult {
  if (remote?.state === "loaded") {
    const { data, mimeType } = remote;
    return html`${heldTemplate({ ...part, mimeType }, data, kindName(part.media, strings), strings)}
      <bdi class="media-url">${visible(url)}</bdi>`;
  }
  const onWeb = /^https?:/i.test(url);
  return html`<div class="media-card">
    ${factsTemplate(part, strings)} <bdi class="media-url">${visible(url)}</bdi>
    ${remote?.state === "failed" ? html`<p class="media-problem" role="alert">${visible(remote.message)}</p>` : nothing}
    ${
      remote?.state === "loading"
        ? html`<p class="media-note" role="status">${strings.loading}</p>`
        : html`<p class="media-note">${onWeb ? strings.mediaRemote : strings.mediaElsewhere}</p>`
    }
    ${
      onWeb && remote?.state !== "loading"
        ? html`<vscode-button
            secondary
            aria-label="${strings.mediaLoad}: ${visible(url)}"
            @click=${() => say({ type: "loadMedia", url })}
            >${strings.mediaLoad}</vscode-button
          >`
        : nothing
    }
  </div>`;
}

/** Renders a medium that is too large for the page. */
function leftOutTemplate(part: Media, bytes: number, strings: PageStrings): TemplateResult {
  const { size } = pageFormat();
  return html`<div class="media-card">
    ${factsTemplate(part, strings)}
    <p class="media-note">
      ${size(bytes)}. ${strings.mediaLarge.replace("{0}", size(MAX_BYTES))} ${strings.mediaInDocument}
    </p>
  </div>`;
}

/** Renders a medium without bytes or URL, such as the ID of an uploaded file. */
function absentTemplate(part: Media, strings: PageStrings): TemplateResult {
  const bytes = part.details?.leftOutBytes;
  if (typeof bytes === "number") return leftOutTemplate(part, bytes, strings);
  const facts = Object.entries(part.details ?? {}).filter(([, value]) => typeof value === "string" && value !== "");
  return html`<div class="media-card">
    ${factsTemplate(part, strings)}
    ${facts.map(
      ([name, value]) =>
        html`<span class="media-url"><bdi>${visible(name)}</bdi>: <bdi>${visible(String(value))}</bdi></span>`,
    )}
    <p class="media-note">${strings.mediaAbsent}</p>
  </div>`;
}

/** Renders a message's image, audio, video or file: from the log's own bytes, else its location. */
export function mediaTemplate(
  part: Media,
  remote: Record<string, RemoteMedia>,
  strings: PageStrings,
  say: (intent: FromPage) => void,
): TemplateResult {
  const { data, url } = part;
  if (data) return heldTemplate(part, data, kindName(part.media, strings), strings);
  if (!url) return absentTemplate(part, strings);
  const { data: inside, ...place } = locate(url);
  if (inside) return heldTemplate({ ...part, ...place }, inside, kindName(part.media, strings), strings);
  const text = textOfDataUrl(url);
  if (text !== undefined) {
    return html`<div class="media-card">
      ${factsTemplate(part, strings)}
      <pre class="media-text" dir="auto" tabindex="0">${visible(text)}</pre>
    </div>`;
  }
  // The URL may equal the name of an inherited property.
  return remoteTemplate(part, url, Object.hasOwn(remote, url) ? remote[url] : undefined, strings, say);
}
