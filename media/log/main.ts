import type { Capability } from "../../src/source/capabilities.ts";
import "@vscode-elements/elements/dist/vscode-button/index.js";
import "@vscode-elements/elements/dist/vscode-progress-ring/index.js";
import { render } from "lit";
import { unpackView } from "../../src/panel/updates.ts";
import type { FromPage, LogView, ToPage } from "../../src/panel/protocol.ts";
import type { PageStrings } from "../../src/panel/strings.ts";
import { logKey } from "../../src/logs/log-key.ts";
import { updated } from "../../src/panel/updates.ts";
import type { Context } from "../kit/context.ts";
import { findInPage } from "../kit/find.ts";
import { isForElement, logAfter, ratingKey, type RatingKey } from "../kit/keys.ts";
import { logTemplate, type Shown } from "./log.ts";
import { MOVED } from "../kit/nearness.ts";
import { pairsOf } from "../kit/pairs.ts";
import { Places, type SavedState } from "../kit/places.ts";
import { anchorNow, Return } from "../kit/scroll.ts";
import type { Start } from "../kit/start.ts";

declare const start: Start<FromPage, ToPage, SavedState>;

const { host } = start;
const places = new Places(host.getState());
const say = (intent: FromPage): void => host.postMessage(intent);

/** The newest snapshot, and the last log with content. */
let shown: Shown | undefined;
let ready: Shown | undefined;

/** Restores the scroll position of the current log, and the log and view it's for. */
let back: Return | undefined;
let backFor = "";

function contextOf(view: LogView, strings: PageStrings): Context {
  const { ref, media, state } = view;
  const { messages, answers } = state.type === "ready" ? state.content.conversation : { messages: [], answers: [] };
  const pairs = pairsOf([
    ...messages.map((message, index) => ({ id: `m${index}`, message })),
    ...answers.map((message, index) => ({ id: `a${index}`, message })),
  ]);
  return { strings, say, media, pairs, place: places.of(ref), keep: () => host.setState(places.state(ref)) };
}

const root = document.querySelector<HTMLElement>("#log");

function paint(): void {
  if (!root || !shown) return;
  // Content that was shown before the script loaded.
  if (root.inert) {
    root.replaceChildren();
    root.inert = false;
  }
  render(logTemplate(shown, ready, paint), root);
}

/** Takes a snapshot. */
function learn(message: ToPage): void {
  if (message.type === "show") {
    const view = unpackView(message.view);
    shown = { view, context: contextOf(view, message.strings) };
  } else if (message.type === "update" && shown) {
    const view = updated(shown.view, message.update);
    shown = { view, context: { ...shown.context, media: view.media } };
  }
}

/** Renders the newest snapshot. */
function show(): void {
  if (!shown) return;
  const { view } = shown;
  if (view.state.type === "failed") ready = undefined;
  if (view.state.type === "ready") ready = shown;
  paint();
  shown.context.keep();
  if (view.state.type !== "ready") return;
  const now = `${logKey(view.ref)} ${view.view}`;
  if (now === backFor) {
    if (!back?.isOver) back?.again();
    return;
  }
  backFor = now;
  back?.end();
  back = view.view === "conversation" ? new Return(shown.context.place) : undefined;
  if (!back) scrollTo(0, 0);
}

/** Saves the scroll position, once the named log is the visible one. */
function keepAnchor(): void {
  // A hidden page has no height, so its position is always the top.
  if (!shown || shown !== ready || !back?.isOver || innerHeight === 0 || document.hidden) return;
  const { place, keep } = shown.context;
  const anchor = anchorNow();
  if (anchor) place.anchor = anchor;
  else delete place.anchor;
  keep();
}
document.addEventListener("scrollend", keepAnchor);

/** Debounce for saving the scroll position, in ms: saving in every frame would cost part of the frame. */
const RESTED = 100;
let rest = 0;
document.addEventListener(MOVED, () => {
  clearTimeout(rest);
  rest = setTimeout(keepAnchor, RESTED);
});

function intentOf(does: RatingKey, logId: string): FromPage {
  switch (does) {
    case "up":
    case "down":
    case "none":
      return { type: "rate", logId, verdict: does };
    case "score":
      return { type: "setScore" };
    case "metadata":
      return { type: "editMetadata" };
    case "skip":
      return { type: "skipLog", logId };
    case "undo":
      return { type: "undoRating" };
    case "stop":
      return { type: "stopRating" };
  }
}

/** Whether a log can be rated as a key says; a round's own keys always work. */
function canDo(does: RatingKey, can: readonly Capability[]): boolean {
  switch (does) {
    case "up":
    case "down":
    case "none":
      return can.includes("canRate");
    case "score":
      return can.includes("canScore");
    case "metadata":
      return can.includes("canTag");
    default:
      return true;
  }
}

window.addEventListener("keydown", (event) => {
  if (!shown || isForElement(event, event.composedPath())) return;
  const { ref, round, can } = shown.view;
  const key = ratingKey(event, round !== undefined);
  const does = key && canDo(key, can) ? key : undefined;
  const to = logAfter(event);
  // During Rate Logs One by One, only its own order applies.
  if (!does && (!to || round)) return;
  event.preventDefault();
  say(does ? intentOf(does, ref.logId) : { type: "go", to: to ?? "next" });
});

// The editor's find widget calls `window.find` of a page in a browser; the browser's own search opens no folds.
Object.assign(window, { find: findInPage });

// The host sends whole state, except for content that the page has, and the page sends intents: the newest snapshot is
// the page. The page itself keeps only how a log was left.
for (const message of start.messages.splice(0)) learn(message);
show();
start.take = (message) => {
  learn(message);
  show();
};
