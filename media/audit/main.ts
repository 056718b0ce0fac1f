import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import { render } from "lit";
import type { EntryRef } from "../../src/audit/ref.ts";
import type { FromEntryPage, ToEntryPage } from "../../src/audit/protocol.ts";
import { entryTemplate } from "./parts.ts";
import { findInPage } from "../kit/find.ts";
import { isForElement, logAfter } from "../kit/keys.ts";
import type { Start } from "../kit/start.ts";

declare const start: Start<FromEntryPage, ToEntryPage, { ref: EntryRef }>;

const { host } = start;
const say = (intent: FromEntryPage): void => host.postMessage(intent);

let shown = "";

const root = document.querySelector<HTMLElement>("#log");

function show({ view, strings }: ToEntryPage): void {
  if (!root) return;
  root.inert = false;
  render(entryTemplate(view, strings, say), root);
  host.setState({ ref: view.ref });
  if (view.ref.entryId === shown) return;
  shown = view.ref.entryId;
  scrollTo(0, 0);
}

window.addEventListener("keydown", (event) => {
  const to = logAfter(event);
  if (!to || isForElement(event, event.composedPath())) return;
  event.preventDefault();
  say({ type: "go", to });
});

// The editor's find widget calls `window.find` of a page in a browser; the browser's own search opens no folds.
Object.assign(window, { find: findInPage });

// The host sends whole state and the page sends intents: the newest snapshot is the page.
start.take = show;
start.messages.splice(0).forEach(show);
