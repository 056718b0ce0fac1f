/** What of a key press decides where it goes. */
export type Press = Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey" | "defaultPrevented">;

/** To which log of the tree a key goes; undefined: to none. */
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

/** What a key does to the rating of the log that is shown. */
export type RatingKey = "up" | "down" | "none" | "score" | "metadata" | "skip" | "undo" | "stop";

/** What a key does to a rating; `inRound`: logs are rated one after the other. Undefined: nothing. A key that is held counts once. */
export function ratingKey(press: Press & Pick<KeyboardEvent, "repeat">, inRound: boolean): RatingKey | undefined {
  if (press.ctrlKey || press.metaKey || press.altKey || press.defaultPrevented || press.repeat) return undefined;
  // On many keyboards only with Shift.
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

/** What is typed into, and what the arrow keys go through. */
const TYPED = "input, textarea, select, [contenteditable]";
const SIDEWAYS = "audio, video, [role=tab], [role=slider]";

const scrollsSideways = (element: Element): boolean =>
  element !== document.documentElement &&
  element !== document.body &&
  element.scrollWidth > element.clientWidth &&
  /auto|scroll/.test(getComputedStyle(element).overflowX);

/** Whether a key pressed there is for the element itself: what is typed into, or scrolls sideways. */
export function isForElement(press: Press, path: readonly EventTarget[]): boolean {
  const sideways = press.key === "ArrowLeft" || press.key === "ArrowRight";
  return path.some(
    (target) =>
      target instanceof Element &&
      (target.matches(TYPED) || (sideways && (target.matches(SIDEWAYS) || scrollsSideways(target)))),
  );
}
