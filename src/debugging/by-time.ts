import type * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import type { Run } from "./core/run.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import { matchesRow } from "../source/match.ts";
import { debugFilter, debugFindByTime } from "../platform/settings.ts";
import { readFilter } from "../filter/line.ts";
import type { Runs } from "../tree/runs.ts";
import type { CalledGateways } from "./gateways.ts";
import type { CallWatch } from "./watch.ts";

export type ByTimeNeeds = {
  sessions: Pick<Sessions, "sourceOf">;
  gateways: CalledGateways;
  watch: Pick<CallWatch, "add">;
  runs: Runs;
  format: Format;
  logger: Logger;
};

/**
 * Delay before the first check, between checks, and after the end of a session, in milliseconds: a log becomes
 * available some seconds after its call.
 */
const FIRST = 1000;
const EVERY = 5000;
const AFTER_END = 30_000;

/**
 * Finds the calls of a debug session by time, if the setting is on: every log of the gateway since the start of the
 * session that matches the setting's filter. One call per check, after calls made for a user.
 */
export class ByTime {
  readonly #needs: ByTimeNeeds;
  readonly #abort = new AbortController();
  readonly #subscription: vscode.Disposable;
  readonly #looks = new Map<Run, NodeJS.Timeout>();

  constructor(needs: ByTimeNeeds) {
    this.#needs = needs;
    this.#subscription = needs.runs.onDidChange(() => this.#follow());
  }

  dispose(): void {
    this.#abort.abort();
    this.#subscription.dispose();
    for (const timer of this.#looks.values()) clearTimeout(timer);
  }

  #follow(): void {
    if (!debugFindByTime()) return;
    for (const run of this.#needs.runs.all) if (!run.endedAt && !this.#looks.has(run)) this.#schedule(run);
  }

  #schedule(run: Run): void {
    const isPast = run.endedAt !== undefined && Date.now() > run.endedAt.getTime() + AFTER_END;
    if (isPast || this.#abort.signal.aborted || !debugFindByTime()) this.#looks.delete(run);
    else
      this.#looks.set(
        run,
        setTimeout(() => void this.#look(run), this.#looks.has(run) ? EVERY : FIRST),
      );
  }

  async #look(run: Run): Promise<void> {
    try {
      await this.#read(run);
    } catch (error) {
      this.#needs.logger.warn(`calls of ${run.name}: ${String(error)}`);
    }
    this.#schedule(run);
  }

  async #read(run: Run): Promise<void> {
    const gateway = await this.#needs.gateways.likeliest();
    const source = gateway && (await this.#needs.sessions.sourceOf(gateway));
    if (!gateway || !source) return;
    const { conditions, clientSide } = await readFilter(debugFilter(), this.#needs.format.calendar);
    const newest = run.known.reduce(
      (time, { state }) => Math.max(time, state.log.createdAt.getTime()),
      run.startedAt.getTime(),
    );
    const query = { conditions, range: { start: new Date(newest) }, order: "oldest" as const };
    const options = { signal: this.#abort.signal, priority: "background" as const };
    const { logs } = await source.list(gateway, query, undefined, options);
    // Signed out in the meantime.
    if (!(await this.#needs.sessions.sourceOf(gateway))) return;
    this.#needs.watch.add(
      run,
      gateway,
      logs.filter((log) => matchesRow(log, clientSide)),
    );
  }
}
