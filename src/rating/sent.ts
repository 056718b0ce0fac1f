import * as vscode from "vscode";
import type { LogChanges } from "../cloudflare/logs.ts";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import { isKeyOf, logKey } from "../logs/log-key.ts";
import { sentAfter, sentAsSaid, withSent, type Sent, type Shown } from "../logs/sent.ts";

const KEY = "sentRatings";

/** Of so many logs it is remembered what was sent, the last ones. */
const MOST = 3000;

/**
 * What was sent of each log: its feedback, score and metadata. It is shown at once and taken back when it cannot be sent; what
 * has arrived is remembered in all windows, since the API may never say it.
 */
export class SentRatings {
  readonly #state: vscode.Memento;
  /** What is on its way, in the order in which it was asked for. */
  readonly #sending = new Map<string, readonly LogChanges[]>();
  readonly #last = new Map<string, Promise<unknown>>();
  readonly #changed = new vscode.EventEmitter<LogRef>();
  /** A log is to be shown with other values now. */
  readonly onDidChange = this.#changed.event;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** Not kept here: another window may have added to it. */
  get #kept(): Readonly<Record<string, Sent>> {
    return this.#state.get<Record<string, Sent>>(KEY, {});
  }

  /** A log as it is shown, with what was sent of it. */
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
   * Shows changes of a log at once and sends them, one after the other for the same log. Rejects as `patch` does, once they are
   * taken back.
   */
  async send(ref: LogRef, changes: LogChanges, patch: () => Promise<void>): Promise<void> {
    const key = logKey(ref);
    this.#sending.set(key, [...(this.#sending.get(key) ?? []), changes]);
    this.#changed.fire(ref);
    const sent = (this.#last.get(key) ?? Promise.resolve()).then(patch);
    // Whoever asked is told of its failure; the next change of the log is sent after it all the same.
    const over = sent.catch(() => undefined);
    this.#last.set(key, over);
    try {
      await sent;
      // Where the account was signed out of meanwhile, it is not on its way any more.
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

  /** Takes account of what the API says of a log that was read after something was sent. */
  learn(ref: LogRef, log: Log): void {
    const key = logKey(ref);
    this.#keep(key, sentAsSaid(this.#kept[key] ?? {}, log));
    this.#changed.fire(ref);
  }

  /** Forgets what was sent of an account's logs. */
  forget(accountId: string): void {
    const isOfAccount = isKeyOf(accountId);
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
