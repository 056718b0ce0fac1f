/** The properties of a key press that decide its meaning. */
export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "defaultPrevented">;

/** Returns which log a key navigates to; undefined for other keys. */
export function logAfter(press: Press): "next" | "previous" | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.shiftKey || press.defaultPrevented) return undefined;
  switch (press.key) {
    case "j":
    case "J":
    case "ArrowRight":
      return "next";
    case "k":
    case "K":
    case "ArrowLeft":
      return "previous";
    default:
      return undefined;
  }
}

/** What a key does to the rating of the current log. */
export type RatingKey = "up" | "down" | "none" | "score" | "metadata" | "skip" | "undo" | "stop";

/**
 * Returns what a key does to a rating; undefined for other keys. A held key counts once. `inRound`: during Rate Logs
 * One by One.
 */
export function ratingKey(press: Press & Pick<KeyboardEvent, "repeat">, inRound: boolean): RatingKey | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.defaultPrevented || press.repeat) return undefined;
  // Many keyboards need Shift for it.
  if (press.key === "+") return "up";
  if (press.shiftKey) return undefined;
  switch (press.key) {
    case "=":
      return "up";
    case "-":
      return "down";
    case "0":
      return "none";
    case "s":
      return "score";
    case "m":
      return "metadata";
    case "u":
      return inRound ? "undo" : undefined;
    case "Escape":
      return inRound ? "stop" : undefined;
    default:
      return inRound && logAfter(press) === "next" ? "skip" : undefined;
  }
}

/** Elements that take text or arrow keys. */
const TYPED = "input, textarea, select, [contenteditable]";
const SIDEWAYS = "audio, video, [role=tab], [role=slider]";

const scrollsSideways = (element: Element): boolean =>
  element !== document.documentElement &&
  element !== document.body &&
  element.scrollWidth > element.clientWidth &&
  /auto|scroll/.test(getComputedStyle(element).overflowX);

/** Whether the focused element itself handles the key: by taking text, or scrolling sideways. */
export function isForElement(press: Press, path: readonly EventTarget[]): boolean {
  const sideways = press.key === "ArrowLeft" || press.key === "ArrowRight";
  return path.some(
    (target) =>
      target instanceof Element &&
      (target.matches(TYPED) || (sideways && (target.matches(SIDEWAYS) || scrollsSideways(target)))),
  );
}
