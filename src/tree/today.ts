import type * as vscode from "vscode";
import type { Calendar, Day } from "../logs/days.ts";
import { thisWindow, type WindowEnvironment } from "./window-environment.ts";

/** The name of the zone where the person is now. V8 asks the operating system once, and again only when TZ is written. */
function zoneName(): string {
  const { TZ } = process.env;
  if (TZ === undefined) delete process.env["TZ"];
  else process.env["TZ"] = TZ;
  return new Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A tree with days: it is drawn again with other names for them, or read again. */
export type Dated = { redraw(): void; refresh(): void | Promise<void> };

/**
 * Keeps the tree's days those of the calendar: at midnight "Today" becomes "Yesterday", and in another zone logs are of other
 * days. It looks at midnight and when the window is used again: the machine may have slept, or travelled.
 */
export class Today implements vscode.Disposable {
  readonly #tree: Dated;
  readonly #calendar: Calendar;
  readonly #around: Pick<WindowEnvironment, "onDidChangeFocus" | "now" | "after">;
  readonly #subscription: vscode.Disposable;
  #day: Day;
  #zone = zoneName();
  #timer: vscode.Disposable | undefined;

  constructor(
    tree: Dated,
    calendar: Calendar,
    around: Pick<WindowEnvironment, "onDidChangeFocus" | "now" | "after"> = thisWindow,
  ) {
    this.#tree = tree;
    this.#calendar = calendar;
    this.#around = around;
    this.#day = calendar.dayOf(new Date(around.now()));
    this.#subscription = around.onDidChangeFocus(() => this.#look());
    this.#waitForMidnight();
  }

  #look(): void {
    const [day, zone] = [this.#day, this.#zone];
    this.#zone = zoneName();
    this.#day = this.#calendar.dayOf(new Date(this.#around.now()));
    if (this.#zone !== zone && this.#calendar.zone === "local") void this.#tree.refresh();
    else if (this.#day !== day) this.#tree.redraw();
    this.#waitForMidnight();
  }

  #waitForMidnight(): void {
    this.#timer?.dispose();
    const midnight = this.#calendar.rangeOf(this.#day).end.getTime();
    this.#timer = this.#around.after(Math.max(0, midnight - this.#around.now()), () => this.#look());
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#subscription.dispose();
  }
}
