import assert from "node:assert/strict";
import * as vscode from "vscode";
import type { Ui } from "../../src/platform/pick-one.ts";

type Item = vscode.QuickPickItem;

/** A quick pick without a window: the test fires VS Code's events. */
export class DrivenPick<T extends Item> implements vscode.QuickPick<T> {
  readonly #changed = new vscode.EventEmitter<string>();
  readonly #accepted = new vscode.EventEmitter<void>();
  readonly #pressed = new vscode.EventEmitter<vscode.QuickInputButton>();
  readonly #hidden = new vscode.EventEmitter<void>();
  readonly #never = new vscode.EventEmitter<never>();
  readonly onDidChangeValue = this.#changed.event;
  readonly onDidAccept = this.#accepted.event;
  readonly onDidTriggerButton = this.#pressed.event;
  readonly onDidHide = this.#hidden.event;
  readonly onDidTriggerItemButton = this.#never.event;
  readonly onDidChangeActive = this.#never.event;
  readonly onDidChangeSelection = this.#never.event;
  readonly #shown: () => void;
  readonly #waiting = new Set<() => void>();
  #value = "";
  #items: readonly T[] = [];
  title: string | undefined;
  step: number | undefined;
  totalSteps: number | undefined;
  placeholder: string | undefined;
  buttons: readonly vscode.QuickInputButton[] = [];
  activeItems: readonly T[] = [];
  selectedItems: readonly T[] = [];
  enabled = true;
  ignoreFocusOut = false;
  canSelectMany = false;
  matchOnDescription = false;
  matchOnDetail = false;
  #busy = false;
  isDisposed = false;

  constructor(shown: () => void) {
    this.#shown = shown;
  }

  get value(): string {
    return this.#value;
  }

  /** VS Code also fires the event for the extension's own changes. */
  set value(value: string) {
    if (value === this.#value) return;
    this.#value = value;
    this.#changed.fire(value);
  }

  get items(): readonly T[] {
    return this.#items;
  }

  set items(items: readonly T[]) {
    this.#items = items;
    this.activeItems = this.rows.slice(0, 1);
  }

  get busy(): boolean {
    return this.#busy;
  }

  set busy(busy: boolean) {
    this.#busy = busy;
    if (!busy) for (const go of this.#waiting) go();
  }

  /** The items that can be chosen. */
  get rows(): readonly T[] {
    return this.#items.filter(({ kind }) => kind !== vscode.QuickPickItemKind.Separator);
  }

  /** The items' texts. */
  get words(): string[] {
    return this.rows.map(({ label, description }) => `${label} ${description ?? ""}`.trim());
  }

  /** Resolves when nothing is pending. */
  async settled(): Promise<void> {
    if (this.#busy) await new Promise<void>((resolve) => this.#waiting.add(resolve));
    this.#waiting.clear();
  }

  /** Chooses the item with a text, or the active one. */
  choose(words?: RegExp): void {
    const chosen = words
      ? this.rows.find((item) => words.test(`${item.label} ${item.description ?? ""}`))
      : this.activeItems[0];
    assert.ok(chosen, `an item ${words} among ${this.words.join(" | ")}`);
    this.activeItems = [chosen];
    this.selectedItems = [chosen];
    this.#accepted.fire();
  }

  /** Clicks the button with a tooltip. */
  press(words: RegExp): void {
    const button = this.buttons.find(({ tooltip }) => words.test(tooltip ?? ""));
    assert.ok(button, `a button ${words} among ${this.buttons.map(({ tooltip }) => tooltip).join(" | ")}`);
    this.#pressed.fire(button);
  }

  show(): void {
    this.#shown();
  }

  hide(): void {
    this.#hidden.fire();
  }

  dispose(): void {
    if (this.isDisposed) return;
    this.isDisposed = true;
    this.hide();
    const emitters = [this.#changed, this.#accepted, this.#pressed, this.#hidden, this.#never];
    for (const emitter of emitters) emitter.dispose();
  }
}

/** A simulated user: what is shown to them, and their answers. */
export class Person {
  readonly #shown: DrivenPick<Item>[] = [];
  readonly #waiting: ((pick: DrivenPick<Item>) => void)[] = [];
  /** Texts for the next input boxes; undefined cancels one. */
  readonly texts: (string | undefined)[] = [];
  /** Validation messages about them. */
  readonly complaints: unknown[] = [];
  readonly picks: DrivenPick<Item>[] = [];

  readonly ui: Ui = {
    createQuickPick: <T extends Item>() => {
      const pick: DrivenPick<T> = new DrivenPick<T>(() => this.#show(pick));
      this.picks.push(pick);
      return pick;
    },
    showInputBox: async (options) => {
      assert.ok(this.texts.length > 0, `a text for ${options?.title}`);
      const text = this.texts.shift();
      const complaint = text === undefined ? undefined : await options?.validateInput?.(text);
      if (complaint) this.complaints.push(complaint);
      return text;
    },
  };

  #show(pick: DrivenPick<Item>): void {
    const next = this.#waiting.shift();
    if (next) next(pick);
    else this.#shown.push(pick);
  }

  /** The next list that is shown. */
  sees(): Promise<DrivenPick<Item>> {
    const pick = this.#shown.shift();
    return pick ? Promise.resolve(pick) : new Promise((resolve) => this.#waiting.push(resolve));
  }
}

/** A clock that the test advances. */
export class StoppedClock {
  readonly #due = new Map<() => void, number>();

  readonly later = (run: () => void, ms: number): (() => void) => {
    this.#due.set(run, ms);
    return () => void this.#due.delete(run);
  };

  /** Remaining time until the next timer, in ms. */
  get waits(): number[] {
    return [...this.#due.values()];
  }

  /** Lets what waits happen. */
  strike(): void {
    const due = [...this.#due.keys()];
    this.#due.clear();
    for (const run of due) run();
  }
}
