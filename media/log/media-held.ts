import { html, nothing, type TemplateResult } from "lit";

import type { Part } from "../../src/chat/conversation.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { keyedContent } from "../kit/keyed-content.ts";
import { blobUrl } from "./media-blob.ts";
import { MAX_BYTES, type Showing, showingOf, sizeOf } from "./media-bytes.ts";
import { pageFormat } from "../kit/media-format.ts";
import { pdfView } from "./pdf.ts";
import { visible } from "../../src/panel/visible.ts";

/** Replaces an element that can't show its bytes with a sentence. */
function markBroken({ currentTarget }: Event): void {
  if (currentTarget instanceof HTMLElement) currentTarget.closest("figure")?.classList.add("broken");
}

function toggleSize({ currentTarget }: Event): void {
  if (!(currentTarget instanceof HTMLElement)) return;
  const isFull = currentTarget.classList.toggle("full");
  currentTarget.setAttribute("aria-pressed", String(isFull));
}

function showDimensions({ currentTarget }: Event): void {
  if (!(currentTarget instanceof HTMLImageElement)) return;
  const place = currentTarget.closest("figure")?.querySelector(".dimensions");
  const { naturalWidth, naturalHeight } = currentTarget;
  if (place) place.textContent = `${naturalWidth} × ${naturalHeight}`;
}

function whyNotShown(showing: Extract<Showing, { as: "file" }>, strings: PageStrings): string {
  switch (showing.because) {
    case "svg":
      return strings.mediaSvg;
    case "large":
      return strings.mediaLarge.replace("{0}", pageFormat().size(MAX_BYTES));
    case "picture":
      return strings.mediaOtherPicture;
    default:
      return strings.mediaNotShown;
  }
}

function bodyTemplate(
  showing: Showing,
  data: string,
  label: string,
  isInLog: boolean,
  strings: PageStrings,
): TemplateResult {
  switch (showing.as) {
    case "picture":
      return html`<button
        class="media-picture"
        type="button"
        aria-pressed="false"
        title=${strings.mediaFullSize}
        @click=${toggleSize}
      >
        <img alt=${label} src=${blobUrl(data, showing.mimeType)} @load=${showDimensions} @error=${markBroken} />
      </button>`;
    case "audio":
      return html`<audio
        controls
        preload="metadata"
        aria-label=${label}
        src=${blobUrl(data, showing.mimeType, showing.samples)}
        @error=${markBroken}
      ></audio>`;
    case "video":
      return html`<video
        controls
        preload="metadata"
        aria-label=${label}
        src=${blobUrl(data, showing.mimeType)}
        @error=${markBroken}
      ></video>`;
    case "pdf":
      return html`${pdfView(data, label, strings)}`;
    case "file":
      return html`<p class="media-note">
        ${whyNotShown(showing, strings)} ${isInLog ? strings.mediaInDocument : nothing}
      </p>`;
  }
}

/** Renders a medium from its base64 bytes, with its facts below. `kind`: its label if it has no name. */
export function heldTemplate(
  part: Extract<Part, { type: "media" }>,
  data: string,
  kind: string,
  strings: PageStrings,
): TemplateResult {
  const showing = showingOf(part, data);
  const { name } = part;
  // Media loaded from their address aren't in any document.
  const isInLog = Boolean(part.data) || !/^https?:/i.test(part.url ?? "");
  const label = visible(name ? `${kind} ${name}` : kind);
  const mimeType = showing.as === "audio" && showing.samples ? part.mimeType : showing.mimeType;
  const broken = showing.as === "picture" ? strings.mediaDamaged : strings.mediaUnplayable;
  return html`${keyedContent(
    data,
    html`<figure class="media ${showing.as}">
      ${bodyTemplate(showing, data, label, isInLog, strings)}
      <p class="media-problem when-broken">${broken}</p>
      <figcaption>
        <bdi>${visible(name ?? kind)}</bdi> ${mimeType ? html`<bdi>${visible(mimeType)}</bdi>` : nothing}
        <span>${pageFormat().size(sizeOf(data))}</span> <span class="dimensions"></span>
      </figcaption>
    </figure>`,
  )}`;
}
