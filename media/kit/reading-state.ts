import { html, type TemplateResult } from "lit";
import type { PageStrings } from "../../src/panel/strings.ts";
import { visible } from "../../src/panel/visible.ts";

/** Says that something is being read. */
export const loadingTemplate = ({ loading }: Pick<PageStrings, "loading">): TemplateResult =>
  html`<p class="loading" role="status"><vscode-progress-ring></vscode-progress-ring> ${loading}</p>`;

/** Says why something could not be read, with a way to try again. */
export const failedTemplate = (message: string, words: Pick<PageStrings, "retry">, retry: () => void): TemplateResult =>
  html`<div class="failed" role="alert">
    <p>${visible(message)}</p>
    <vscode-button @click=${retry}>${words.retry}</vscode-button>
  </div>`;
