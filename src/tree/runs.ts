import * as vscode from "vscode";
import type { Run } from "../debugging/core/run.ts";

/** Debug sessions whose calls are kept. */
const KEPT = 5;
/** Delay in ms that collects changes of a run into one event: a program may make 500 calls a second. */
const TOGETHER = 100;

/** The last debug sessions and the calls that were made in them: what src/debugging finds and the tree shows. */
export class Runs {
  readonly #changed = new vscode.EventEmitter<Run | undefined>();
  /** Of a run there is more to show; undefined: there are other runs. */
  readonly onDidChange = this.#changed.event;
  #runs: readonly Run[] = [];
  readonly #told = new Map<Run, NodeJS.Timeout>();

  /** Newest first. */
  get all(): readonly Run[] {
    return this.#runs;
  }

  /** Those that there is something to say of: that run, or that made calls. */
  get shown(): readonly Run[] {
    return this.#runs.filter(({ endedAt, calls }) => !endedAt || calls.length > 0);
  }

  /** Adds a run that has begun. One that is over without calls is kept only as long as some may still become known. */
  add(run: Run): void {
    const kept = this.#runs.filter(({ endedAt, calls, unknown }) => !endedAt || calls.length + unknown.length > 0);
    this.#runs = [run, ...kept].slice(0, KEPT);
    this.#changed.fire(undefined);
  }

  /** Says that something about a run has changed. */
  touch(run: Run): void {
    if (this.#told.has(run)) return;
    const tell = () => {
      this.#told.delete(run);
      this.#changed.fire(run);
    };
    this.#told.set(run, setTimeout(tell, TOGETHER));
  }

  /** Says that a run has ended. */
  end(run: Run): void {
    run.endedAt = new Date();
    this.#changed.fire(undefined);
  }

  /** Forgets what has ended, and the calls of what still runs. */
  clear(): void {
    for (const run of this.#runs) run.clear();
    this.#runs = this.#runs.filter(({ endedAt }) => !endedAt);
    this.#changed.fire(undefined);
  }

  /** Forgets the calls whose logs are of an account. */
  forget(sourceId: string): void {
    for (const run of this.#runs) run.forget(sourceId);
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const timer of this.#told.values()) clearTimeout(timer);
    this.#changed.dispose();
  }
}
