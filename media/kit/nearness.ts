import { html, noChange } from "lit";
import { AsyncDirective } from "lit/async-directive.js";
import { directive, PartType, type ChildPart, type PartInfo } from "lit/directive.js";
import type { Message } from "../../src/chat/conversation.ts";
import { estimatedHeight, plainText } from "../../src/reading/core/plain-text.ts";
import { visible } from "../../src/panel/visible.ts";

/** Margin around the window that is shown in full; larger than the browser's own margin for `content-visibility`. */
const AROUND = "200% 0px";

/** Document event: messages were expanded or collapsed, so positions may have changed. */
export const MOVED = "messages-moved";

const bodies = new WeakMap<Element, MessageBody>();

/** Elements that came near or went far but aren't updated yet, with their height. */
const waiting = new Map<Element, { near: boolean; height: number }>();

/** Milliseconds per frame for rendering messages in full; the rest is for scrolling. */
const SHARE = 6;

/** Milliseconds per window height: faster scrolling is unreadable, and messages stay plain text until it slows down. */
const FLYING = 150;

/** Milliseconds without fast scrolling until it counts as finished. */
const LANDING = 120;

/** Scroll position and time in ms at the last check for waiting elements. */
let seen = { y: 0, at: 0 };

/** Time of the last fast scrolling, in ms. */
let flownAt = -Infinity;

/**
 * Whether the page scrolls too fast to read. A pause of a frame or two may only be a gap between wheel events.
 * Meanwhile CSS shows lines instead of distant text: layout in letters that the font lacks can take a browser a
 * millisecond per message.
 */
function isFlying(now: number): boolean {
  const { y, at } = seen;
  seen = { y: scrollY, at: now };
  if (Math.abs(scrollY - y) * FLYING > innerHeight * (now - at)) flownAt = now;
  const isFlown = now - flownAt < LANDING;
  document.documentElement.classList.toggle("flying", isFlown);
  return isFlown;
}

// The page is in a cross-origin frame, where a margin applies only to an explicit root.
const observer = new IntersectionObserver(
  (entries) => {
    if (waiting.size === 0) requestAnimationFrame(showWaiting);
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      waiting.set(target, { near: isIntersecting, height: boundingClientRect.height });
    }
  },
  { root: document, rootMargin: AROUND },
);

/**
 * Updates as many waiting elements as a frame has time for; none during fast scrolling, because most leave again at
 * once.
 */
function showWaiting(now: number): void {
  if (isFlying(now)) {
    requestAnimationFrame(showWaiting);
    return;
  }
  const inUse = usedArticles();
  const { scrollHeight } = document.documentElement;
  const isAtEnd = scrollY > 0 && scrollY + innerHeight >= scrollHeight - 2;
  const until = performance.now() + SHARE;
  for (const [target, { near, height }] of waiting) {
    if (performance.now() > until) break;
    waiting.delete(target);
    if (near) bodies.get(target)?.come();
    else if (!inUse.has(target)) bodies.get(target)?.go(height);
  }
  // Stay at the end, whatever height new content gets.
  if (isAtEnd) scrollTo(scrollX, document.documentElement.scrollHeight);
  document.dispatchEvent(new Event(MOVED));
  if (waiting.size > 0) requestAnimationFrame(showWaiting);
}

/** Shows a distant message in full at once, to search in it. */
export function bringNear(article: Element): void {
  bodies.get(article)?.come();
}

/**
 * A message's body in a long list: in full near the viewport, otherwise a single element with its plain text and the
 * height of the full body, so that nothing jumps and the text can be found.
 */
class MessageBody extends AsyncDirective {
  #article: HTMLElement | undefined;
  #message: Message | undefined;
  #full: () => unknown = () => noChange;
  #near = false;
  #height = 0;

  constructor(info: PartInfo) {
    super(info);
    if (info.type !== PartType.CHILD) throw new Error("a message's body is a child");
  }

  override render(_message: Message, _near: boolean, _full: () => unknown): unknown {
    return noChange;
  }

  override update(part: ChildPart, [message, near, full]: [Message, boolean, () => unknown]): unknown {
    this.#full = full;
    if (!this.#article && part.parentNode instanceof HTMLElement) {
      this.#article = part.parentNode;
      this.#near = near;
      bodies.set(this.#article, this);
      observer.observe(this.#article);
    }
    if (!this.#near && this.#message && plainText(this.#message) === plainText(message)) return noChange;
    this.#message = message;
    if (!this.#near) this.#hold(this.#height || estimatedHeight(message));
    return this.#content();
  }

  /** Called when it comes near. */
  come(): void {
    if (this.#near) return;
    this.#near = true;
    this.#hold(undefined);
    this.setValue(this.#content());
  }

  /** Called when it goes far. `height`: in pixels. */
  go(height: number): void {
    if (!this.#near) return;
    this.#near = false;
    this.#height = height;
    this.#hold(height);
    this.setValue(this.#content());
  }

  /** Fixes the article's height, whatever its content. */
  #hold(height: number | undefined): void {
    if (!this.#article) return;
    this.#article.classList.toggle("far", height !== undefined);
    this.#article.style.height = height === undefined ? "" : `${height}px`;
  }

  #content(): unknown {
    if (this.#near || !this.#message) return this.#full();
    return html`<div class="parts text">${visible(plainText(this.#message))}</div>`;
  }

  protected override disconnected(): void {
    if (!this.#article) return;
    observer.unobserve(this.#article);
    waiting.delete(this.#article);
  }

  protected override reconnected(): void {
    if (this.#article) observer.observe(this.#article);
  }
}

/** Returns messages that the user is interacting with; they stay as they are. */
function usedArticles(): Set<Element | null | undefined> {
  const selection = getSelection();
  const nodes = [document.activeElement, selection?.anchorNode, selection?.focusNode];
  for (const player of document.querySelectorAll<HTMLMediaElement>("audio, video"))
    if (!player.paused) nodes.push(player);
  return new Set(nodes.map((node) => (node instanceof Element ? node : node?.parentElement)?.closest("article")));
}

/** `near`: initially in full; `full`: the full content. The part's parent is the message's article. */
export const messageBody = directive(MessageBody);
