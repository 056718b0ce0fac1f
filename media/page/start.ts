/** What a page begins with, before its script is there: what it was told, and the way to the host, which can be had once. */
export type Start<Up, Down, State> = {
  host: { postMessage(message: Up): void; getState(): unknown; setState(state: State): void };
  messages: Down[];
  /** Takes each message; until the script puts its own here, they are kept. */
  take: (message: Down) => void;
};

type Ready = { type: "ready" };

declare function acquireVsCodeApi(): Start<Ready, unknown, unknown>["host"];

const start: Start<Ready, unknown, unknown> = {
  host: acquireVsCodeApi(),
  messages: [],
  take: (message) => void start.messages.push(message),
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
