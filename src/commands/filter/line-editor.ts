import * as vscode from "vscode";
import type { FilterItem } from "../../filter/items.ts";
import { FilterPreview, type Later, type Preview } from "../../filter/preview.ts";
import type { Ui } from "../pick-one.ts";

/** The wait after a keystroke, in ms. */
const SETTLED = 300;

/** How the editor was left, and with which line. */
export type Left<Row> = { line: string } & ({ type: "apply" | "save" | "pick" } | { type: "open"; row: Row });

/** A button beside the line: it leaves the editor, or writes the line in another way. */
export type LineButton = vscode.QuickInputButton & { does: "save" | "pick" | ((line: string) => string) };

/** What is edited: how a line is read, what it finds, and what stands beside and below it. */
export type Subject<Filter extends { problems: readonly unknown[] }, Found, Row> = {
  title: string;
  placeholder: string;
  read(line: string): Filter;
  find(filter: Filter, signal: AbortSignal): Promise<Found>;
  items(line: string, filter: Filter, preview: Preview<Found>): FilterItem<Row>[];
  /** `canSave`: there is a line that can be read. */
  buttons(line: string, canSave: boolean): LineButton[];
};

/** Where it is edited: the window and a timer, unless a test drives them. */
export type Editing = { ui?: Ui; later?: Later };

/** A query line while it is being edited. */
class LineEditor<Filter extends { problems: readonly unknown[] }, Found, Row> {
  readonly #subject: Subject<Filter, Found, Row>;
  readonly #pick: vscode.QuickPick<FilterItem<Row>>;
  readonly #asked: FilterPreview<Filter, Found>;
  readonly #parts: vscode.Disposable[];
  #line: string;
  #buttons: readonly LineButton[] = [];
  #leave: (left: Left<Row> | undefined) => void = () => {};

  constructor(subject: Subject<Filter, Found, Row>, { ui = vscode.window, later }: Editing, line: string) {
    this.#subject = subject;
    // The next word can follow at once.
    this.#line = line.trim() === "" || /\s$/.test(line) ? line : `${line} `;
    this.#asked = new FilterPreview(
      (filter, signal) => subject.find(filter, signal),
      (preview) => this.#show(preview),
      later,
    );
    this.#pick = ui.createQuickPick<FilterItem<Row>>();
    this.#pick.title = subject.title;
    this.#pick.placeholder = subject.placeholder;
    // A value can be copied from elsewhere meanwhile.
    this.#pick.ignoreFocusOut = true;
    this.#parts = [
      this.#pick.onDidChangeValue((value) => this.#set(value)),
      this.#pick.onDidAccept(() => this.#accept()),
      this.#pick.onDidTriggerButton((button) => this.#press(button)),
      this.#pick.onDidHide(() => this.#leave(undefined)),
      this.#pick,
    ];
  }

  /** Shows the line until it is left. */
  async edit(): Promise<Left<Row> | undefined> {
    const left = new Promise<Left<Row> | undefined>((resolve) => (this.#leave = resolve));
    this.#pick.show();
    // A value that is there when it opens is selected whole, and the next keystroke would replace it.
    // It comes a little later, and must not take away what is typed meanwhile.
    if (this.#line !== "") this.#pick.value = this.#line;
    this.#read(0);
    try {
      return await left;
    } finally {
      this.#asked.stop();
      for (const part of this.#parts) part.dispose();
    }
  }

  /** The line is typed, or written by a completion or a button; VS Code tells of all of them. */
  #set(line: string): void {
    if (line === this.#line) return;
    this.#line = line;
    if (this.#pick.value !== line) this.#pick.value = line;
    this.#read(SETTLED);
  }

  #read(wait: number): void {
    const filter = this.#subject.read(this.#line);
    const isRight = filter.problems.length === 0;
    this.#showButtons(this.#subject.buttons(this.#line, isRight && this.#line.trim() !== ""));
    if (isRight) this.#asked.ask(filter, wait);
    else {
      this.#asked.stop();
      this.#show({ state: "asking" });
    }
  }

  /** Draws the buttons where one of them is another: else they would flicker at each keystroke. */
  #showButtons(buttons: readonly LineButton[]): void {
    const words = (of: readonly LineButton[]) => of.map(({ tooltip }) => tooltip).join("\n");
    if (words(buttons) === words(this.#buttons)) return;
    this.#buttons = buttons;
    this.#pick.buttons = buttons;
  }

  /** Shows what is known now. What was chosen by the arrow keys stays chosen while the line stays as it is. */
  #show(preview: Preview<Found>): void {
    const active = preview.state === "asking" ? undefined : this.#pick.activeItems[0]?.id;
    const filter = this.#subject.read(this.#line);
    const items = this.#subject.items(this.#line, filter, preview);
    this.#pick.items = items;
    // Enter cannot apply a line with something wrong in it: it takes the first way to go on, where there is one.
    const first = (filter.problems.length > 0 && items.find(({ does }) => does.type === "complete")) || items[0];
    const chosen = items.find(({ id }) => id === active) ?? first;
    this.#pick.activeItems = chosen ? [chosen] : [];
    this.#pick.busy = preview.state === "asking" && filter.problems.length === 0;
  }

  #accept(): void {
    const does = (this.#pick.selectedItems[0] ?? this.#pick.activeItems[0])?.does;
    switch (does?.type) {
      case "complete":
        this.#set(does.line);
        return;
      case "apply":
        // The line may have changed since the item was drawn.
        if (this.#subject.read(this.#line).problems.length === 0) this.#leave({ type: "apply", line: this.#line });
        return;
      case "open":
        this.#leave({ type: "open", line: this.#line, row: does.row });
        return;
      case "stay":
      case undefined:
    }
  }

  #press(button: vscode.QuickInputButton): void {
    const does = this.#buttons.find((one) => one === button)?.does;
    if (does === "save" || does === "pick") this.#leave({ type: does, line: this.#line });
    else if (does) this.#set(does(this.#line));
  }
}

/** The button that saves the line, where it can be saved. */
export function saveButtons(canSave: boolean): LineButton[] {
  const tooltip = vscode.l10n.t("Save with a Name…");
  return canSave ? [{ does: "save", iconPath: new vscode.ThemeIcon("save"), tooltip }] : [];
}

/**
 * Lets a person write a line, with completion, what is wrong, how much it finds and the newest of it; `follow` does what the editor was
 * left for, and gives the line to go on with, or undefined when that is all. What fails is told, and the line is still there.
 */
export async function editLine<Filter extends { problems: readonly unknown[] }, Found, Row>(
  subject: Subject<Filter, Found, Row>,
  editing: Editing & { tell: (error: unknown) => void },
  line: string,
  follow: (left: Left<Row>) => Promise<string | undefined>,
): Promise<void> {
  let next: string | undefined = line;
  while (next !== undefined) {
    const left: Left<Row> | undefined = await new LineEditor(subject, editing, next).edit();
    if (!left) return;
    try {
      next = await follow(left);
    } catch (error) {
      editing.tell(error);
      next = left.line;
    }
  }
}
