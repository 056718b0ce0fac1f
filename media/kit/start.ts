import { answerAnchor, goTo } from "./scroll.ts";

/** State of a page before its script loads: received messages, and the host API, which can be acquired only once. */
export type Start<Up, Down, State> = {
  host: { postMessage(message: Up): void; getState(): unknown; setState(state: State): void };
  messages: Down[];
  /** Takes each message; buffers until the script replaces it. */
  take: (message: Down) => void;
};

type Ready = { type: "ready" };

declare function acquireVsCodeApi(): Start<Ready, unknown, unknown>["host"];

/** Content to show until the script loads. */
type Opening = { type: "opening"; html: string };

const isOpening = (message: unknown): message is Opening =>
  typeof message === "object" && message !== null && "type" in message && message.type === "opening";

function open({ html }: Opening): void {
  const loading = document.querySelector("main > .loading");
  // A restored page returns to where its log was left, which only its script knows.
  if (!loading || start.host.getState() !== undefined) return;
  // The host escapes recorded content, and the page's content security policy blocks scripts in it.
  loading.outerHTML = html;
  const anchor = answerAnchor();
  if (anchor) goTo(anchor);
}

const start: Start<Ready, unknown, unknown> = {
  host: acquireVsCodeApi(),
  messages: [],
  take: (message) => void (isOpening(message) ? open(message) : start.messages.push(message)),
};
Object.assign(globalThis, { start });
addEventListener("message", ({ data }: MessageEvent<unknown>) => start.take(data));
// The answer arrives while the script loads.
start.host.postMessage({ type: "ready" });

// VS Code shows a page once it has loaded, so its HTML doesn't wait for the script, which is fetched meanwhile.
const nonce = document.currentScript?.nonce ?? "";
addEventListener("load", () => {
  const script = document.createElement("script");
  script.nonce = nonce;
  script.src = document.querySelector<HTMLLinkElement>("link[rel=preload]")?.href ?? "";
  document.head.append(script);
});
