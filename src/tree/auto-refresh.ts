import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { isAborted } from "../source/errors.ts";
import { setContext } from "../platform/contexts.ts";
import { explain } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import { RefreshSchedule } from "../logs/refresh-schedule.ts";
import type { GatewayNode } from "./nodes.ts";
import type { LogTree } from "./provider.ts";
import { thisWindow, type WindowEnvironment } from "./window-environment.ts";
import type { LogTreeView } from "./view.ts";

/** What auto refresh reads and shows. */
export type AutoRefreshNeeds = {
  sessions: Pick<Sessions, "pollIntervalOf">;
  tree: Pick<LogTree, "watched" | "arrivals" | "onDidChangeTreeData">;
  view: Pick<LogTreeView, "visible" | "onDidChangeVisibility">;
  format: Format;
  logger: Logger;
};

/** In ms: a timer of more than 24 days would end at once. */
const LONGEST_TIMER = 3_600_000;

/** From a start to the next stop. */
type Run = {
  abort: AbortController;
  schedule: RefreshSchedule;
  isReading: boolean;
  isAwake: boolean;
  timer?: vscode.Disposable;
};

/** Reads the newer logs of what the tree shows, while somebody can see it: one call a gateway and tick. */
export class AutoRefresh implements vscode.Disposable {
  readonly #needs: AutoRefreshNeeds;
  readonly #around: WindowEnvironment;
  readonly #subscriptions: vscode.Disposable[];
  /** What is said while it runs. */
  readonly item = vscode.window.createStatusBarItem("aiGateway.autoRefresh", vscode.StatusBarAlignment.Right, 100);
  #run: Run | undefined;

  constructor(needs: AutoRefreshNeeds, around: WindowEnvironment = thisWindow) {
    this.#needs = needs;
    this.#around = around;
    const follow = () => this.#follow();
    this.#subscriptions = [
      this.item,
      needs.view.onDidChangeVisibility(follow),
      needs.tree.onDidChangeTreeData(follow),
      needs.tree.arrivals.onDidChange(follow),
      around.onDidChangeFocus(follow),
      around.onDidChangeSeconds(follow),
    ];
    this.item.name = vscode.l10n.t("AI Gateway Logs: auto refresh");
    this.item.command = "aiGateway.showNewLogs";
  }

  get isOn(): boolean {
    return this.#run !== undefined;
  }

  /** Reads at once, and then again and again. */
  start(): void {
    if (this.#run) return;
    const schedule = new RefreshSchedule((id) => {
      const gateway = this.#needs.tree.watched().find((watched) => watched.id === id);
      return Math.max(this.#around.seconds() * 1000, gateway ? this.#leastBetween(gateway) : 0);
    });
    this.#run = { abort: new AbortController(), schedule, isReading: false, isAwake: false };
    setContext("aiGateway.autoRefresh", true);
    this.#follow();
    this.item.show();
  }

  /** The least time between two reads of a gateway, in ms: as of now. */
  #leastBetween({ ref }: GatewayNode): number {
    return this.#needs.sessions.pollIntervalOf(ref);
  }

  /** Reads no more; a call under way is given up. */
  stop(): void {
    const run = this.#run;
    if (!run) return;
    this.#run = undefined;
    run.timer?.dispose();
    run.abort.abort();
    setContext("aiGateway.autoRefresh", false);
    this.item.hide();
  }

  dispose(): void {
    this.stop();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Pauses while the view is hidden, and refreshes at once when it is shown again. */
  #follow(): void {
    const run = this.#run;
    if (!run) return;
    const wasAwake = run.isAwake;
    run.isAwake = this.#needs.view.visible && this.#around.isFocused();
    if (run.isAwake && !wasAwake) void this.#tick(run, true);
    else this.#schedule(run);
    this.#describe(run);
  }

  /** Sets the timer for what is due next. */
  #schedule(run: Run): void {
    run.timer?.dispose();
    delete run.timer;
    if (run !== this.#run || !run.isAwake || run.isReading) return;
    const now = this.#around.now();
    const due = this.#needs.tree.watched().map(({ id }) => run.schedule.dueAt(id, now));
    // With nothing open it is looked again whether something is.
    const next = due.length > 0 ? Math.min(...due) - now : this.#around.seconds() * 1000;
    const wait = Math.max(0, Math.min(next, LONGEST_TIMER));
    run.timer = this.#around.after(wait, () => void this.#tick(run, false));
  }

  /** Reads what is due; `atOnce` also what is not yet, unless something keeps it from being read. */
  async #tick(run: Run, atOnce: boolean): Promise<void> {
    if (run.isReading) return;
    const now = this.#around.now();
    const isWanted = (gateway: GatewayNode): boolean =>
      atOnce &&
      !run.schedule.backoffOf(gateway.id) &&
      run.schedule.sinceRead(gateway.id, now) >= this.#leastBetween(gateway);
    const due = this.#needs.tree
      .watched()
      .filter((gateway) => run.schedule.dueAt(gateway.id, now) <= now || isWanted(gateway));
    run.isReading = true;
    await Promise.all(due.map((gateway) => this.#read(run, gateway)));
    run.isReading = false;
    this.#schedule(run);
    if (run === this.#run) this.#describe(run);
  }

  async #read({ abort, schedule }: Run, gateway: GatewayNode): Promise<void> {
    try {
      await this.#needs.tree.arrivals.look(gateway, abort.signal);
      schedule.read(gateway.id, this.#around.now());
    } catch (error) {
      // The session was replaced, or the person has stopped it.
      if (isAborted(error)) return schedule.read(gateway.id, this.#around.now());
      schedule.failed(gateway.id, error, this.#around.now());
      this.#needs.logger.warn(`${gateway.id}: ${String(error)}`);
    }
  }

  #describe(run: Run): void {
    const t = vscode.l10n.t;
    const { tree, format } = this.#needs;
    const watched = tree.watched();
    const troubles = watched.flatMap((gateway) => {
      const backoff = run.schedule.backoffOf(gateway.id);
      return backoff ? [{ gateway, ...backoff }] : [];
    });
    const seconds = this.#around.seconds();
    const slow = watched.filter((gateway) => this.#leastBetween(gateway) > seconds * 1000);
    const isWaiting = !run.isAwake || (troubles.length > 0 && troubles.length === watched.length);
    const arrived = tree.arrivals.waiting;
    const count = format.count(arrived);
    const words = arrived > 0 ? t("{0} new", count) : isWaiting ? t("AI logs paused") : t("AI logs");
    const lines = [
      ...(arrived > 0
        ? [t("Click to show the new logs: {0}. They wait, so that nothing moves while you read.", count)]
        : []),
      run.isAwake
        ? t("Checking for new logs every {0} seconds.", format.count(seconds))
        : t("Paused while the view is hidden or the window is in the background."),
      ...slow.map((gateway) =>
        t(
          "{0}: at most every {1} seconds.",
          gateway.ref.collectionId,
          format.count(Math.ceil(this.#leastBetween(gateway) / 1000)),
        ),
      ),
      ...troubles.map(({ gateway, error, until }) =>
        t(
          "{0}: {1}. Tried again at {2}.",
          gateway.ref.collectionId,
          explain(error, format).summary,
          format.time(new Date(until)),
        ),
      ),
    ];
    this.item.text = `$(${isWaiting ? "watch" : "sync"}) ${words}`;
    this.item.tooltip = lines.join("\n");
    this.item.accessibilityInformation = { label: [t("AI Gateway Logs: {0}", words), ...lines].join(" ") };
  }
}
