import * as vscode from "vscode";
import type { CollectionRef, Log, LogRef } from "../source/log.ts";
import type { Format } from "../logs/format.ts";
import { logKey } from "../logs/log-key.ts";
import type { UnratedLogs } from "../logs/unrated.ts";
import type { Verdict } from "../logs/verdict.ts";
import type { RoundBar } from "./bar.ts";

export type RoundNeeds = {
  bar: RoundBar;
  /** Sends a verdict, or null to remove it; rejects if it couldn't be sent. */
  send: (ref: LogRef, feedback: 1 | -1 | null) => Promise<void>;
  /** Shows a log. */
  open: (ref: LogRef, log: Log) => void;
  /** Reports a failure that doesn't end the round. */
  tell: (error: unknown) => void;
  format: Format;
};

type Turn = { ref: LogRef; log: Log; verdict?: Verdict };

/** Rate Logs One by One: shows unrated logs in turn; rating or skipping one shows the next at once. */
export class Round {
  readonly #gateway: CollectionRef;
  readonly #unrated: UnratedLogs;
  readonly #needs: RoundNeeds;
  readonly #abort = new AbortController();
  /** Finished turns, in order. */
  readonly #past: Turn[] = [];
  /** The current turn; undefined if none is left. */
  #turn: Turn | undefined;
  /** The turn that was shown last. */
  #shown: Turn | undefined;
  #isMoving = false;

  constructor(gateway: CollectionRef, unrated: UnratedLogs, needs: RoundNeeds) {
    this.#gateway = gateway;
    this.#unrated = unrated;
    this.#needs = needs;
  }

  /** Shows the first log, or the current one again; returns false if there is none. */
  async begin(signal: AbortSignal): Promise<boolean> {
    if (this.#turn) this.#show(this.#turn);
    else await this.#next(signal);
    return this.#turn !== undefined;
  }

  /** Whether a log is the current one, so that a verdict on it belongs to this round. */
  isTurnOf(ref: LogRef): boolean {
    return this.#turn !== undefined && logKey(this.#turn.ref) === logKey(ref);
  }

  /** Sends a verdict on the current log, and goes on without waiting. */
  async rate(verdict: Verdict): Promise<void> {
    const turn = this.#turn;
    if (!turn || this.#isMoving) return;
    const rated = { ...turn, verdict };
    void this.#send(rated, verdict === "up" ? 1 : -1);
    await this.#leave(rated);
  }

  /** Goes on without a verdict. */
  async skip(): Promise<void> {
    if (this.#turn && !this.#isMoving) await this.#leave(this.#turn);
  }

  /** Returns to the last log, and removes its verdict. */
  undo(): void {
    const last = this.#past.at(-1);
    if (!last || this.#isMoving) return;
    this.#past.pop();
    if (this.#turn) this.#unrated.putBack(this.#turn.log);
    const { ref, log, verdict } = last;
    if (verdict) this.#needs.send(ref, null).catch(this.#needs.tell);
    this.#show({ ref, log });
  }

  /** Ends the round; sent verdicts stay. */
  stop(): void {
    this.#abort.abort();
    this.#turn = undefined;
    this.#needs.bar.hide();
  }

  /** If a verdict couldn't be sent, its log comes again. */
  async #send(rated: Turn, feedback: 1 | -1): Promise<void> {
    try {
      await this.#needs.send(rated.ref, feedback);
    } catch (error) {
      this.#needs.tell(error);
      const index = this.#past.indexOf(rated);
      // Undone by the user meanwhile.
      if (index < 0) return;
      this.#past.splice(index, 1);
      this.#unrated.putBack(rated.log);
      if (this.#turn || this.#isMoving) this.#tell();
      else this.#next(this.#abort.signal).catch(this.#needs.tell);
    }
  }

  async #leave(turn: Turn): Promise<void> {
    this.#past.push(turn);
    try {
      await this.#next(this.#abort.signal);
    } catch (error) {
      // It stays the current turn, to be retried.
      const index = this.#past.indexOf(turn);
      // Otherwise its verdict couldn't be sent either, and it's already queued again.
      if (index >= 0) this.#past.splice(index, 1);
      this.#turn = turn;
      throw error;
    }
  }

  async #next(signal: AbortSignal): Promise<void> {
    this.#isMoving = true;
    try {
      const log = await this.#unrated.next(signal);
      if (this.#abort.signal.aborted) return;
      if (log) return this.#show({ ref: { ...this.#gateway, logId: log.id }, log });
      this.#turn = undefined;
      this.#tell();
    } finally {
      this.#isMoving = false;
    }
  }

  #show(turn: Turn): void {
    this.#turn = turn;
    this.#shown = turn;
    this.#tell();
    this.#needs.open(turn.ref, turn.log);
  }

  /** Reports the progress next to the current log. */
  #tell(): void {
    if (!this.#shown || this.#abort.signal.aborted) return;
    const t = vscode.l10n.t;
    const { format } = this.#needs;
    const rated = format.count(this.#past.filter(({ verdict }) => verdict).length);
    const { count: others, isMost } = this.#unrated.left;
    const left = format.count(others + (this.#turn ? 1 : 0));
    const progress = !this.#turn
      ? t("{0} rated. No unrated logs are left.", rated)
      : isMost
        ? t("{0} rated, up to {1} left", rated, left)
        : t("{0} rated, {1} left", rated, left);
    this.#needs.bar.show(this.#shown.ref, { progress, canUndo: this.#past.length > 0, isOver: !this.#turn });
  }
}
