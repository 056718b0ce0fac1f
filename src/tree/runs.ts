import * as vscode from "vscode";
import type { Run } from "../calls/run.ts";

/** Debug sessions whose calls are kept. */
const KEPT = 5;
/** Changes of a run are told together, so many ms after the first: a program may make 500 calls in a second. */
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

  /** Adds a run that has begun. Of those that are over only those that made calls are kept. */
  add(run: Run): void {
    this.#runs = [run, ...this.#runs.filter(({ endedAt, calls }) => !endedAt || calls.length > 0)].slice(0, KEPT);
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

  /** Says that a run has ended; one without calls is not kept. */
  end(run: Run): void {
    run.endedAt = new Date();
    if (run.calls.length > 0) this.touch(run);
    else this.#drop((other) => other === run);
  }

  /** Forgets what has ended, and the calls of what still runs. */
  clear(): void {
    for (const run of this.#runs) run.clear();
    this.#drop(({ endedAt }) => endedAt !== undefined);
  }

  #drop(isDropped: (run: Run) => boolean): void {
    this.#runs = this.#runs.filter((run) => !isDropped(run));
    this.#changed.fire(undefined);
  }

  dispose(): void {
    for (const timer of this.#told.values()) clearTimeout(timer);
    this.#changed.dispose();
  }
}
