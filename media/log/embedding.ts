import { html, svg, type TemplateResult } from "lit";
import type { Part } from "../../src/chat/conversation.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { embeddingFacts, PLOT_HEIGHT } from "./embedding-plot.ts";
import { pageFormat } from "../kit/media-format.ts";

/** Number of values listed below the plot. */
const FIRST = 6;

/** Renders an embedding: dimension, norm and range, a plot, and its first values. */
export function embeddingTemplate(
  { values }: Extract<Part, { type: "embedding" }>,
  strings: PageStrings,
): TemplateResult {
  const { norm, min, max, path, width, zero } = embeddingFacts(values);
  const { count, decimal } = pageFormat();
  const dimensions = strings.embeddingDimensions.replace("{0}", count(values.length));
  const range = strings.embeddingRange.replace("{0}", decimal(min)).replace("{1}", decimal(max));
  const first = values.slice(0, FIRST).map(decimal).join("  ");
  return html`<figure class="embedding">
    <figcaption>
      <b>${dimensions}</b> <span>${strings.embeddingNorm.replace("{0}", decimal(norm))}</span> <span>${range}</span>
    </figcaption>
    <svg
      class="plot"
      role="img"
      aria-label="${strings.embeddingPlot}: ${dimensions}, ${range}"
      viewBox="0 0 ${Math.max(1, width)} ${PLOT_HEIGHT}"
      preserveAspectRatio="none"
    >
      ${svg`<path class="bars" d=${path}></path><line class="zero" x1="0" x2="100%" y1=${zero} y2=${zero}></line>`}
    </svg>
    <div class="first-values">${first}${values.length > FIRST ? "  …" : ""}</div>
  </figure>`;
}
