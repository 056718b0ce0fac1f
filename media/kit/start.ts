import { answerAnchor, goTo } from "./scroll.ts";

/** What a page begins with, before its script is there: what it was told, and the way to the host, which can be had once. */
export type Start<Up, Down, State> = {
  host: { postMessage(message: Up): void; getState(): unknown; setState(state: State): void };
  messages: Down[];
  /** Takes each message; until the script puts its own here, they are kept. */
  take: (message: Down) => void;
};

type Ready = { type: "ready" };

declare function acquireVsCodeApi(): Start<Ready, unknown, unknown>["host"];

/** What is shown until the script is there. */
type Opening = { type: "opening"; html: string };

const isOpening = (message: unknown): message is Opening =>
  typeof message === "object" && message !== null && "type" in message && message.type === "opening";

function open({ html }: Opening): void {
  const loading = document.querySelector("main > .loading");
  // A page that is restored goes to where its log was left, which its script knows.
  if (!loading || start.host.getState() !== undefined) return;
  // The host escapes what is recorded, and the page's policy runs nothing that comes so.
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
// The answer is on its way while the script is loaded.
start.host.postMessage({ type: "ready" });

// VS Code shows a page when it has loaded: what is in its HTML does not wait for the script, which is fetched meanwhile.
const nonce = document.currentScript?.nonce ?? "";
addEventListener("load", () => {
  const script = document.createElement("script");
  script.nonce = nonce;
  script.src = document.querySelector<HTMLLinkElement>("link[rel=preload]")?.href ?? "";
  document.head.append(script);
});
