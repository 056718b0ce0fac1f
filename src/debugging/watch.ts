import * as vscode from "vscode";
import { signedIn } from "../account/signed-in.ts";
import type { Sessions } from "../account/session.ts";
import { Lookup, type CallState } from "./core/lookup.ts";
import { mayGuess } from "./core/lookup-permission.ts";
import { Run, type SourceLine } from "./core/run.ts";
import type { SeenId } from "./core/scanner.ts";
import { Tracker } from "./core/tracker.ts";
import type { LogIds } from "../logs/log-ids.ts";
import type { CollectionRef, Log, LogRef } from "../source/log.ts";
import { setContext } from "../platform/contexts.ts";
import type { Runs } from "../tree/runs.ts";
import type { CalledGateways } from "./gateways.ts";

export type WatchNeeds = {
  ids: LogIds;
  sessions: Pick<Sessions, "sourceOf" | "onDidChange">;
  gateways: CalledGateways;
  runs: Runs;
  isTrusted: () => boolean;
};

/** Returns the root session: child sessions (a process, a page) belong to it. */
function rootOf(session: vscode.DebugSession): vscode.DebugSession {
  let root = session;
  while (root.parentSession) root = root.parentSession;
  return root;
}

/** Watches debug sessions and finds the logs of the programs' calls. */
export class CallWatch implements vscode.DebugAdapterTrackerFactory {
  readonly #needs: WatchNeeds;
  readonly #runs = new Map<string, Run>();
  readonly #stopped = new Set<vscode.DebugSession>();
  readonly #changed = new vscode.EventEmitter<void>();
  /** Fires with IDs of changed state. */
  readonly onDidChange = this.#changed.event;
  readonly #found = new vscode.EventEmitter<{ ref: LogRef; log: Log }>();
  /** Fires when the log of a debug session's call becomes known. */
  readonly onDidFind = this.#found.event;
  readonly #moved = new vscode.EventEmitter<void>();
  /** Fires when a program stops, continues or ends. */
  readonly onDidMove = this.#moved.event;
  readonly #subscriptions: vscode.Disposable[];
  #hasSeen = false;
  readonly lookup: Lookup;

  constructor(needs: WatchNeeds) {
    const { sessions, gateways } = needs;
    this.#needs = needs;
    this.lookup = new Lookup({
      list: async (gateway, query, signal) => {
        const source = signedIn(await sessions.sourceOf(gateway));
        return source.list(gateway, query, undefined, { signal, priority: "background" });
      },
      gateways: () => gateways.places(),
      samples: () => gateways.samples(),
      guesses: async () =>
        mayGuess({ isTrusted: needs.isTrusted(), isCalled: await gateways.areCalledOnline(), runs: needs.runs.all }),
      found: (gateway) => gateways.found(gateway),
      changed: (ids) => this.#update(ids),
      now: Date.now,
      after: (ms, run) => {
        const timer = setTimeout(run, ms);
        return { dispose: () => clearTimeout(timer) };
      },
    });
    this.#subscriptions = [
      sessions.onDidChange(() => this.#askAnew()),
      vscode.debug.onDidTerminateDebugSession((session) => this.#end(session)),
      this.#changed,
      this.#found,
      this.#moved,
    ];
  }

  /** Returns whether a program is stopped, so that a user may be reading its source. */
  get isStopped(): boolean {
    return this.#stopped.size > 0;
  }

  createDebugAdapterTracker(session: vscode.DebugSession): vscode.DebugAdapterTracker {
    const run = this.#runOf(session);
    return new Tracker(this.#needs.ids, {
      ids: (ids, printedAt) => this.#see(run, ids, printedAt),
      stopped: (isStopped) => this.#move(session, isStopped),
    });
  }

  /**
   * Returns the state of an ID shown by a session, and starts the lookup of a new one. Returns undefined if the session
   * isn't watched.
   */
  state(session: vscode.DebugSession, seen: SeenId): CallState | undefined {
    const run = this.#runs.get(rootOf(session).id);
    if (run) this.#see(run, [seen]);
    return run && this.lookup.state(seen.id);
  }

  /** Returns whether a program calls a gateway, according to its calls, its configuration or its workspace. */
  async callsGateway(session: vscode.DebugSession): Promise<boolean> {
    const run = this.#runs.get(rootOf(session).id);
    if (!run) return false;
    return run.calls.length > 0 || (await this.#needs.gateways.called()).length > 0;
  }

  /** Adds logs found by time instead of ID. */
  add(run: Run, gateway: CollectionRef, logs: readonly Log[]): void {
    const unseen = logs.filter((log) => !run.has(log));
    this.#see(
      run,
      unseen.map(({ id }) => ({ id, sure: true })),
    );
    this.lookup.know(gateway, unseen);
  }

  dispose(): void {
    this.lookup.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #runOf(session: vscode.DebugSession): Run {
    const root = rootOf(session);
    const known = this.#runs.get(root.id);
    if (known) return known;
    const run = new Run(root.id, root.name, new Date());
    this.#runs.set(root.id, run);
    this.#needs.gateways.guess(root.configuration);
    this.#needs.runs.add(run);
    return run;
  }

  #see(run: Run, ids: readonly SeenId[], printedAt?: SourceLine): void {
    let isNew = false;
    for (const seen of ids) {
      this.lookup.want(seen);
      const state = this.lookup.state(seen.id);
      // Possible IDs beyond the limit are dropped.
      if (state && run.see(seen, state, printedAt)) isNew = true;
    }
    if (!isNew) return;
    if (!this.#hasSeen) setContext("aiGateway.callsSeen", (this.#hasSeen = true));
    this.#needs.runs.touch(run);
  }

  /** Other accounts may be available now: missing logs may be found there. */
  #askAnew(): void {
    this.lookup.clear();
    for (const run of this.#needs.runs.all) {
      for (const call of run.unknown) {
        run.update(call.id, { type: "waiting" });
        this.lookup.want(call);
      }
      this.#needs.runs.touch(run);
    }
  }

  #update(ids: readonly string[]): void {
    for (const run of this.#needs.runs.all) {
      for (const id of ids) {
        // IDs that were never sent are removed there.
        const state: CallState = this.lookup.state(id) ?? { type: "missing" };
        if (!run.update(id, state)) continue;
        this.#needs.runs.touch(run);
        if (state.type === "known")
          this.#found.fire({ ref: { ...state.gateway, logId: state.log.id }, log: state.log });
      }
    }
    this.#changed.fire();
  }

  #move(session: vscode.DebugSession, isStopped: boolean): void {
    if (isStopped) this.#stopped.add(session);
    else if (!this.#stopped.delete(session)) return;
    this.#moved.fire();
  }

  #end(session: vscode.DebugSession): void {
    this.#stopped.delete(session);
    const run = this.#runs.get(session.id);
    this.#runs.delete(session.id);
    if (run) this.#needs.runs.end(run);
    this.#moved.fire();
  }
}
