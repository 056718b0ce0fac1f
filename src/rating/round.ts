import * as vscode from "vscode";
import type { GatewayRef, Log, LogRef } from "../cloudflare/schema.ts";
import type { Format } from "../logs/format.ts";
import { logKey } from "../logs/log-key.ts";
import type { UnratedLogs } from "../logs/unrated.ts";
import type { Verdict } from "../logs/verdict.ts";
import type { RoundBar } from "./bar.ts";

export type RoundNeeds = {
  bar: RoundBar;
  /** Sends a verdict, or (null) takes it back; rejects when it could not be sent. */
  send: (ref: LogRef, feedback: 1 | -1 | null) => Promise<void>;
  /** Brings a log into sight. */
  open: (ref: LogRef, log: Log) => void;
  /** Tells the person of a failure after which the round goes on. */
  tell: (error: unknown) => void;
  format: Format;
};

type Turn = { ref: LogRef; log: Log; verdict?: Verdict };

/** Logs without a verdict are shown one after the other: a verdict, or a skip, goes on to the next one at once. */
export class Round {
  readonly #gateway: GatewayRef;
  readonly #unrated: UnratedLogs;
  readonly #needs: RoundNeeds;
  readonly #abort = new AbortController();
  /** The turns that are over, the last one last. */
  readonly #past: Turn[] = [];
  /** Whose turn it is; undefined when none is left. */
  #turn: Turn | undefined;
  /** The last one that was shown. */
  #shown: Turn | undefined;
  #isMoving = false;

  constructor(gateway: GatewayRef, unrated: UnratedLogs, needs: RoundNeeds) {
    this.#gateway = gateway;
    this.#unrated = unrated;
    this.#needs = needs;
  }

  /** Shows the first log, or again the one whose turn it is; false when there is none. */
  async begin(signal: AbortSignal): Promise<boolean> {
    if (this.#turn) this.#show(this.#turn);
    else await this.#next(signal);
    return this.#turn !== undefined;
  }

  /** Whether a log's turn it is: a verdict on it is one of this round. */
  isTurnOf(ref: LogRef): boolean {
    return this.#turn !== undefined && logKey(this.#turn.ref) === logKey(ref);
  }

  /** Sends a verdict on the log whose turn it is, and goes on meanwhile. */
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

  /** Goes back to the last log, and takes its verdict back. */
  undo(): void {
    const last = this.#past.at(-1);
    if (!last || this.#isMoving) return;
    this.#past.pop();
    if (this.#turn) this.#unrated.putBack(this.#turn.log);
    const { ref, log, verdict } = last;
    if (verdict) this.#needs.send(ref, null).catch(this.#needs.tell);
    this.#show({ ref, log });
  }

  /** Ends it; what was sent stays. */
  stop(): void {
    this.#abort.abort();
    this.#turn = undefined;
    this.#needs.bar.hide();
  }

  /** A verdict that could not be sent is none: its log comes again. */
  async #send(rated: Turn, feedback: 1 | -1): Promise<void> {
    try {
      await this.#needs.send(rated.ref, feedback);
    } catch (error) {
      this.#needs.tell(error);
      const index = this.#past.indexOf(rated);
      // Taken back by the person meanwhile.
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
      // It stays its turn: asked again, it goes on.
      const index = this.#past.indexOf(turn);
      // Else its verdict could not be sent either, and it is to come again already.
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

  /** Says beside the log shown how far it has come. */
  #tell(): void {
    if (!this.#shown || this.#abort.signal.aborted) return;
    const t = vscode.l10n.t;
    const { format } = this.#needs;
    const rated = format.count(this.#past.filter(({ verdict }) => verdict).length);
    const { count: others, isMost } = this.#unrated.left;
    const left = format.count(others + (this.#turn ? 1 : 0));
    const progress = !this.#turn
      ? t("{0} rated. No other log without a verdict is left.", rated)
      : isMost
        ? t("{0} rated, up to {1} left", rated, left)
        : t("{0} rated, {1} left", rated, left);
    this.#needs.bar.show(this.#shown.ref, { progress, canUndo: this.#past.length > 0, isOver: !this.#turn });
  }
}
