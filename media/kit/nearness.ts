import { html, noChange } from "lit";
import { AsyncDirective } from "lit/async-directive.js";
import { directive, PartType, type ChildPart, type PartInfo } from "lit/directive.js";
import type { Message } from "../../src/chat/conversation.ts";
import { estimatedHeight, plainText } from "../../src/reading/core/plain-text.ts";
import { visible } from "../../src/panel/visible.ts";

/** Around the window, what is shown in full: more than the browser itself prepares of `content-visibility: auto` (150 %). */
const AROUND = "200% 0px";

/** The event on the document that says that messages have come near or gone, so that others may stand elsewhere. */
export const MOVED = "messages-moved";

const bodies = new WeakMap<Element, MessageBody>();

/** What has come near or gone far and is not shown so yet, with the height it had. */
const waiting = new Map<Element, { near: boolean; height: number }>();

/** Milliseconds of a frame that showing messages in full may take: the rest is for scrolling. */
const SHARE = 6;

/** Milliseconds in which a window's height passes by when nobody can read: until it is slower, what comes near stays plain text. */
const FLYING = 150;

/** Milliseconds without such a frame after which it has come to where it goes. */
const LANDING = 120;

/** Where the page was scrolled to when it was last looked at whether something waits, and when, in ms. */
let seen = { y: 0, at: 0 };

/** When it was last scrolled too fast to be read, in ms. */
let flownAt = -Infinity;

/**
 * Whether the page is scrolled too fast to be read. One that rests for a frame or two may only be waiting for its wheel.
 * Meanwhile the style shows lines in place of the words of what is far: to lay out words in letters that the font does not have can take a
 * browser a millisecond a message.
 */
function isFlying(now: number): boolean {
  const { y, at } = seen;
  seen = { y: scrollY, at: now };
  if (Math.abs(scrollY - y) * FLYING > innerHeight * (now - at)) flownAt = now;
  const isFlown = now - flownAt < LANDING;
  document.documentElement.classList.toggle("flying", isFlown);
  return isFlown;
}

// The page is in a frame of another origin than the window's: there a margin counts only for a root that is named.
const observer = new IntersectionObserver(
  (entries) => {
    if (waiting.size === 0) requestAnimationFrame(showWaiting);
    for (const { target, isIntersecting, boundingClientRect } of entries) {
      waiting.set(target, { near: isIntersecting, height: boundingClientRect.height });
    }
  },
  { root: document, rootMargin: AROUND },
);

/** As many of those that wait as a frame has time for; while a person scrolls fast none, since most have gone again by then. */
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
  // Who has gone to the end stays there, however high what has come turns out to be.
  if (isAtEnd) scrollTo(scrollX, document.documentElement.scrollHeight);
  document.dispatchEvent(new Event(MOVED));
  if (waiting.size > 0) requestAnimationFrame(showWaiting);
}

/** Shows a message that may be far away in full at once, for what is to be looked for in it. */
export function bringNear(article: Element): void {
  bodies.get(article)?.come();
}

/**
 * The body of a message in a long list: in full while it is near what is seen, else one element with its plain text, as
 * high as the full one was, so that nothing jumps and the text can still be found.
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

  /** It is near now. */
  come(): void {
    if (this.#near) return;
    this.#near = true;
    this.#hold(undefined);
    this.setValue(this.#content());
  }

  /** It is far now, and was that many pixels high. */
  go(height: number): void {
    if (!this.#near) return;
    this.#near = false;
    this.#height = height;
    this.#hold(height);
    this.setValue(this.#content());
  }

  /** Keeps the article at a height, whatever is in it. */
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

/** The messages that the person is in the middle of: they stay as they are. */
function usedArticles(): Set<Element | null | undefined> {
  const selection = getSelection();
  const nodes = [document.activeElement, selection?.anchorNode, selection?.focusNode];
  for (const player of document.querySelectorAll<HTMLMediaElement>("audio, video"))
    if (!player.paused) nodes.push(player);
  return new Set(nodes.map((node) => (node instanceof Element ? node : node?.parentElement)?.closest("article")));
}

/** `near`: shown in full from the beginning; `full`: what that is. The part's parent is the message's article. */
export const messageBody = directive(MessageBody);
