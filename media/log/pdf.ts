import { html, nothing, type TemplateResult } from "lit";
import { AsyncDirective, directive } from "lit/async-directive.js";
import { createRef, ref } from "lit/directives/ref.js";
import type { PageStrings } from "../../src/panel/strings.ts";
import { bytesOf } from "./media-bytes.ts";
import type * as PdfPages from "./pdf-pages.ts";
import { visible } from "../../src/panel/visible.ts";

// The PDF bundle is next to this script. An import inherits the nonce of its script.
const running = document.currentScript;
const pdfScript = running instanceof HTMLScriptElement ? new URL("pdf.js", running.src).href : "";

type State = "closed" | "loading" | "open" | { failed: string };

class PdfView extends AsyncDirective {
  readonly #box = createRef<HTMLElement>();
  #data = "";
  #label = "";
  #strings: PageStrings | undefined;
  #state: State = "closed";
  #close: (() => void) | undefined;

  override render(data: string, label: string, strings: PageStrings): unknown {
    this.#data = data;
    this.#label = label;
    this.#strings = strings;
    return this.#template(strings);
  }

  override disconnected(): void {
    this.#close?.();
    this.#close = undefined;
    this.#state = "closed";
  }

  override reconnected(): void {
    this.#show("closed");
  }

  #show(state: State): void {
    this.#state = state;
    if (this.#strings && this.isConnected) this.setValue(this.#template(this.#strings));
  }

  async #open(strings: PageStrings): Promise<void> {
    this.#show("loading");
    try {
      const { showPdf }: typeof PdfPages = await import(pdfScript);
      const box = this.#box.value;
      if (!box) return;
      const close = await showPdf(box, bytesOf(this.#data), {
        name: (page, of) => strings.pdfPage.replace("{0}", String(page)).replace("{1}", String(of)),
        leftOut: (shown, leftOut) => strings.pdfLeftOut.replace("{0}", String(shown)).replace("{1}", String(leftOut)),
        failed: strings.pdfPageFailed,
      });
      // Removed meanwhile.
      if (!this.isConnected || this.#state !== "loading") return close();
      this.#close = close;
      this.#show("open");
    } catch (error) {
      this.#show({ failed: error instanceof Error ? error.message : String(error) });
    }
  }

  #hide(): void {
    this.#close?.();
    this.#close = undefined;
    this.#show("closed");
  }

  #template(strings: PageStrings): TemplateResult {
    const state = this.#state;
    const isOpen = state === "open";
    return html`<vscode-button
        secondary
        aria-expanded=${String(isOpen)}
        ?disabled=${state === "loading"}
        @click=${() => (isOpen ? this.#hide() : void this.#open(strings))}
        >${isOpen ? strings.pdfHide : strings.pdfShow}</vscode-button
      >
      ${state === "loading" ? html`<p class="media-note" role="status">${strings.loading}</p>` : nothing}
      ${
        typeof state === "object"
          ? html`<p class="media-problem" role="alert">
              ${strings.pdfFailed.replace("{0}", () => visible(state.failed))}
            </p>`
          : nothing
      }
      <div
        class="pdf-pages"
        ?hidden=${!isOpen && state !== "loading"}
        tabindex="0"
        role="group"
        aria-label=${this.#label}
        ${ref(this.#box)}
      ></div>`;
  }
}

/** A PDF that is drawn page by page on demand; the renderer is loaded then. */
export const pdfView = directive(PdfView);
