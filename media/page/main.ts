import "@vscode-elements/elements/dist/vscode-badge/index.js";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import { render } from "lit";
import type { FromPage, ToPage } from "../../src/panel/protocol.ts";
import { logTemplate } from "./log.ts";

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void; setState(state: unknown): void };

const host = acquireVsCodeApi();
const root = document.querySelector<HTMLElement>("#log");

// State comes down whole, intents go up: the page keeps nothing of its own but which log it shows, for a restored window.
window.addEventListener("message", ({ data }: MessageEvent<ToPage>) => {
  if (!root || data.type !== "show") return;
  host.setState({ ref: data.view.ref });
  render(
    logTemplate(data.view, data.strings, (intent) => host.postMessage(intent)),
    root,
  );
});

host.postMessage({ type: "ready" });
