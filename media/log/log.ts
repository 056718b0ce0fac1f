import { html, nothing, type TemplateResult } from "lit";

import { logKey } from "../../src/logs/log-key.ts";
import type { LogContent, LogView } from "../../src/panel/protocol.ts";
import { keyedContent } from "../kit/keyed-content.ts";
import type { Context } from "../kit/context.ts";
import { failedTemplate, loadingTemplate } from "../kit/reading-state.ts";
import { barTemplate, factTemplate, headTemplate, metadataTemplate, PANEL } from "../kit/head.ts";
import { errorTemplate, requestTemplate, responseTemplate } from "./sections.ts";
import { markdownViewTemplate, rawTemplate } from "./text-views.ts";

function contentTemplate(view: LogView, content: LogContent, context: Context, changed: () => void): TemplateResult {
  switch (view.view) {
    case "raw":
      return rawTemplate(content, context) ?? loadingTemplate(context.strings);
    case "markdown":
      return markdownViewTemplate(content, context) ?? loadingTemplate(context.strings);
    case "conversation":
      return html`${requestTemplate(content, context)} ${responseTemplate(content, context, changed)}
      ${errorTemplate(view.error, context)}`;
  }
}

function stateTemplate(view: LogView, context: Context, changed: () => void): unknown {
  const { strings, say } = context;
  switch (view.state.type) {
    case "loading":
      return [loadingTemplate(context.strings), errorTemplate(view.error, context)];
    case "failed":
      return [
        failedTemplate(view.state.message, strings, () => say({ type: "retry" })),
        errorTemplate(view.error, context),
      ];
    case "ready":
      return contentTemplate(view, view.state.content, context, changed);
  }
}

/** A loaded log and its rendering context. */
export type Shown = { view: LogView; context: Context };

/**
 * Renders the whole page for one log. While it loads, the previous log (`before`) stays, dimmed. `changed`: asks for
 * another render.
 */
export function logTemplate({ view, context }: Shown, before: Shown | undefined, changed: () => void): TemplateResult {
  const old = view.state.type === "loading" ? before : undefined;
  const content = old ?? { view, context };
  return html`${barTemplate(view, context)}
    ${view.isDeleting ? html`<p class="note" role="status">${context.strings.deleting}</p>` : nothing}
    ${headTemplate(view, context)}
    <div
      id=${PANEL}
      role="tabpanel"
      aria-labelledby="${PANEL}-tab-${view.view}"
      class=${old ? "old" : nothing}
      aria-busy=${view.state.type === "loading"}
      ?inert=${old !== undefined}
    >
      ${keyedContent(`${logKey(content.view.ref)} ${content.view.view}`, stateTemplate(content.view, content.context, changed))}
    </div>
    ${old ? html`<p class="outside" role="status">${context.strings.loading}</p>` : nothing}
    ${metadataTemplate(view, context)}
    <footer id="bottom">${view.foot.map(factTemplate)}</footer>`;
}
