import { html, nothing, type TemplateResult } from "lit";
import type { LogView } from "../../src/panel/protocol.ts";
import type { Context } from "./context.ts";
import { visible } from "../../src/panel/visible.ts";

/** SVG path of a thumb, in a 16 × 16 box. */
const THUMB =
  "M2.5 7h2v6.5h-2zM6.5 7 8.3 2.6c.3-.8 1.9-.6 1.8.9L9.8 6.2h3c.9 0 1.4.8 1.2 1.6l-1.1 4.6c-.2.7-.7 1.1-1.4 1.1h-5z";

const thumbTemplate = (of: "up" | "down"): TemplateResult =>
  html`<svg class="thumb ${of}" viewBox="0 0 16 16" width="16" height="16" aria-hidden="true">
    <path d=${THUMB} />
  </svg>`;

/** Renders the two rating toggles; at most one is on. */
export function thumbsTemplate(
  { ref, rating, can }: LogView,
  { strings, say }: Context,
): TemplateResult | typeof nothing {
  if (!rating || !can.includes("canRate")) return nothing;
  const one = (verdict: "up" | "down", words: string): TemplateResult => {
    const isOn = rating.verdict === verdict;
    const rate = () => say({ type: "rate", logId: ref.logId, verdict: isOn ? "none" : verdict });
    return html`<button
      class="go"
      aria-pressed=${isOn}
      aria-label=${words}
      title=${isOn ? strings.clearRating : words}
      @click=${rate}
    >
      ${thumbTemplate(verdict)}
    </button>`;
  };
  return html`<div class="goes thumbs">${one("up", strings.rateUp)} ${one("down", strings.rateDown)}</div>`;
}

/** Renders the rating in words, and the button for a score. */
export function ratingFacts({ rating, can }: LogView, { strings, say }: Context): TemplateResult | typeof nothing {
  if (!rating) return nothing;
  const { words, score } = rating;
  const set = html`<button
    class="link"
    aria-label=${strings.setScore}
    title=${strings.setScore}
    @click=${() => say({ type: "setScore" })}
  >
    ${strings.set}
  </button>`;
  const canScore = can.includes("canScore");
  return html`${
    words
      ? html`<span class="fact"
          ><span class="name">${strings.rating}</span> <bdi class="value">${visible(words)}</bdi></span
        >`
      : nothing
  }
  ${
    score || canScore
      ? html`<span class="fact"
          ><span class="name">${strings.score}</span>
          ${score ? html`<bdi class="value">${visible(score)}</bdi>` : nothing} ${canScore ? set : nothing}</span
        >`
      : nothing
  }`;
}

/** Renders the bar of Rate Logs One by One: progress, and actions with their keys. */
export function roundTemplate({ ref, round }: LogView, { strings, say }: Context): TemplateResult | typeof nothing {
  if (!round) return nothing;
  const { logId } = ref;
  const button = (words: string, key: string, act: () => void): TemplateResult =>
    html`<button class="round-button" aria-keyshortcuts=${key} @click=${act}>
      ${words} <kbd aria-hidden="true">${key === "Escape" ? strings.escape : key}</kbd>
    </button>`;
  return html`<div class="round" role="group" aria-label=${strings.round}>
    <span class="progress" role="status">${visible(round.progress)}</span>
    <div class="round-buttons">
      ${
        round.isOver
          ? nothing
          : [
              button(strings.roundUp, "+", () => say({ type: "rate", logId, verdict: "up" })),
              button(strings.roundDown, "-", () => say({ type: "rate", logId, verdict: "down" })),
              button(strings.skip, "J", () => say({ type: "skipLog", logId })),
            ]
      }
      ${round.canUndo ? button(strings.undo, "U", () => say({ type: "undoRating" })) : nothing}
      ${button(round.isOver ? strings.close : strings.stop, "Escape", () => say({ type: "stopRating" }))}
    </div>
  </div>`;
}
