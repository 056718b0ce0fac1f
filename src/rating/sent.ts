import * as vscode from "vscode";
import type { LogChanges } from "../source/source.ts";
import type { Log, LogRef } from "../source/log.ts";
import { isKeyOf, logKey } from "../logs/log-key.ts";
import { sentAfter, sentAsSaid, withSent, type Sent, type Shown } from "../logs/sent.ts";

const KEY = "sentRatings";

/** Limit on logs with remembered changes, the latest. */
const MOST = 3000;

/**
 * Sent feedback, score and metadata by log. Changes show at once, and are reverted if they can't be sent; sent values
 * are kept across windows, because the API may never return them.
 */
export class SentRatings {
  readonly #state: vscode.Memento;
  /** Changes in flight, in order of request. */
  readonly #sending = new Map<string, readonly LogChanges[]>();
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #changed = new vscode.EventEmitter<LogRef>();
  /** Fires when a log should be shown with other values. */
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** Not cached: another window may have added to it. */
  get #kept(): Readonly<Record<string, Sent>> {
    return this.#state.get<Record<string, Sent>>(KEY, {});
  }

  /** Returns a log with its sent changes. */
  shown<L extends Log>(ref: LogRef, log: L): Shown<L> {
    const key = logKey(ref);
    const kept = this.#kept[key] ?? {};
    const sending = this.#sending.get(key) ?? [];
    return withSent(
      log,
      sending.reduce((sent, changes) => sentAfter(sent, changes, Infinity), kept),
    );
  }

  /**
   * Shows a log's changes at once, and sends them after its earlier ones. Rejects like `patch`, once they are reverted.
   */
  async send(ref: LogRef, changes: LogChanges, patch: () => Promise<void>): Promise<void> {
    const key = logKey(ref);
    this.#sending.set(key, [...(this.#sending.get(key) ?? []), changes]);
    this.#changed.fire(ref);
    const sent = (this.#last.get(key) ?? Promise.resolve()).then(patch);
    // The caller gets the failure; the log's next change is still sent.
    const over = sent.catch(() => undefined);
    this.#last.set(key, over);
    try {
      await sent;
      // After a sign-out meanwhile, it's no longer in flight.
      if (this.#sending.get(key)?.includes(changes))
        this.#keep(key, sentAfter(this.#kept[key] ?? {}, changes, Date.now()));
    } finally {
      const others = (this.#sending.get(key) ?? []).filter((one) => one !== changes);
      if (others.length > 0) this.#sending.set(key, others);
      else this.#sending.delete(key);
      if (this.#last.get(key) === over) this.#last.delete(key);
      this.#changed.fire(ref);
    }
  }

  /** Updates sent values from a log that was read afterward. */
  learn(ref: LogRef, log: Log): void {
    const key = logKey(ref);
    this.#keep(key, sentAsSaid(this.#kept[key] ?? {}, log));
    this.#changed.fire(ref);
  }

  /** Forgets an account's sent values. */
  forget(sourceId: string): void {
    const isOfAccount = isKeyOf(sourceId);
    for (const key of this.#sending.keys()) if (isOfAccount(key)) this.#sending.delete(key);
    const others = Object.entries(this.#kept).filter(([key]) => !isOfAccount(key));
    void this.#state.update(KEY, Object.fromEntries(others));
  }

  dispose(): void {
    this.#changed.dispose();
  }

  #keep(key: string, sent: Sent): void {
    const { [key]: _, ...others }: Record<string, Sent> = this.#kept;
    const keys = Object.keys(others);
    for (const oldest of keys.slice(0, Math.max(0, keys.length + 1 - MOST))) delete others[oldest];
    void this.#state.update(KEY, { ...others, [key]: sent });
  }
}
