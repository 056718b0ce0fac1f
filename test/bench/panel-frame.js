// Runs in every frame of the window, including the pages of panels. Logs to the console when the mouse button goes up, and
// what is first painted of which log: {"panelBench":"facts","id":"…","at":ms since 1970}.
(() => {
  const isWindow = window === window.top;
  const seen = new Set();
  const hasText = (element) => /\S/.test(element?.textContent ?? "");
  const tell = (panelBench, id, at) => console.debug(JSON.stringify({ panelBench, id, at }));

  /** Documents with text. */
  function documents() {
    const editors = [...document.querySelectorAll('.monaco-editor[data-uri^="ai-gateway-log:"]')];
    return editors
      .filter((editor) => [...editor.querySelectorAll(".view-line")].some(hasText))
      .map((editor) => ["text", editor.getAttribute("data-uri").split("/").at(-2)]);
  }

  /** What is painted of this page's log, or of the page without one. */
  function log() {
    const empty = document.querySelector("[data-empty]");
    if (hasText(empty) && window.frameElement?.style.visibility !== "hidden") return [["empty", empty.dataset.empty]];
    const id = document.querySelector("[data-log]")?.getAttribute("data-log");
    if (!id || window.frameElement?.style.visibility === "hidden") return [];
    const found = hasText(document.querySelector(".facts .fact")) ? [["facts", id]] : [];
    const view = document.querySelector('#view:not(.old)[aria-busy="false"]');
    if (!hasText(view?.querySelector("article .parts"))) return found;
    found.push(["conversation", id]);
    const isPart =
      document.querySelector("main[inert]") !== null ||
      [...view.querySelectorAll(".note")].some((note) => note.textContent.includes("loading the rest"));
    return isPart ? found : [...found, ["whole", id]];
  }

  function told(states) {
    const at = performance.timeOrigin + performance.now();
    for (const [what, id] of states) {
      if (seen.has(`${what} ${id}`)) continue;
      seen.add(`${what} ${id}`);
      tell(what, id, at);
    }
  }

  // The page renders before a frame, the editor during it: one is checked before the frame is painted, the other after, and both
  // report the time after.
  let next = 0;
  // Nothing is checked while frames are counted: scanning a long page takes part of each frame.
  let isNoting = false;
  function look() {
    next = requestAnimationFrame(look);
    if (isNoting) return;
    const before = isWindow ? [] : log();
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => told(isWindow ? documents() : before);
    port2.postMessage(undefined);
  }

  if (isWindow) {
    const wentUp = ({ button, timeStamp }) => {
      if (button === 0) tell("click", "", performance.timeOrigin + timeStamp);
    };
    addEventListener("mouseup", wentUp, true);
  }
  // A reopened document, such as a page's, drops callbacks for its next frame.
  let root;
  setInterval(() => {
    if (document.documentElement === root) return;
    root = document.documentElement;
    cancelAnimationFrame(next);
    next = requestAnimationFrame(look);
  }, 5);

  let times = [];
  const note = (at) => {
    times.push(at);
    if (isNoting) requestAnimationFrame(note);
  };
  window.panelBench = {
    /** Starts recording paint times of frames. */
    begin() {
      times = [];
      isNoting = true;
      requestAnimationFrame(note);
    },
    /** Those times, in ms. */
    end() {
      isNoting = false;
      return times;
    },
  };
})();
