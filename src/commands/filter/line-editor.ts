import * as vscode from "vscode";
import type { FilterItem } from "../../filter/items.ts";
import type { ReadLine } from "../../filter/line.ts";
import { FilterPreview, type Later, type Preview } from "../../filter/preview.ts";
import type { Format } from "../../logs/format.ts";
import type { Ui } from "../../platform/pick-one.ts";
import type { Filtered } from "./filtered.ts";
import { saveLine } from "./save-filter.ts";

/** The wait after a keystroke, in ms. */
const SETTLED = 300;

/** How the editor was left, and with which line. */
type Left<Row> = { line: string } & ({ type: "apply" | "save" | "pick" } | { type: "open"; row: Row });

/** A button next to the line: it leaves the editor, or rewrites the line. */
export type LineButton<Query> = vscode.QuickInputButton & {
  does: "save" | "pick" | ((read: ReadLine<Query>) => string);
};

/** What is edited: the line, what it finds, and the buttons and items around it. */
export type Subject<Query, Found, Row> = {
  filtered: Filtered<Query>;
  title: string;
  placeholder: string;
  find(query: Query, signal: AbortSignal): Promise<Found>;
  items(read: ReadLine<Query>, preview: Preview<Found>, line: string): FilterItem<Row>[];
  /** Those before that which saves the line. */
  buttons?: (read: ReadLine<Query>) => LineButton<Query>[];
  /** Opens a row; the editor is left with this line. */
  open(row: Row, line: string): void | Promise<void>;
  /** Adds to a line from lists; undefined when nothing was added. */
  pick?(line: string): Promise<string | undefined>;
};

/** The window and timer to use (a test passes its own), and the report of failures that keep the editor open. */
export type Editing = { format: Format; ui?: Ui; later?: Later; tell: (error: unknown) => void };

/** A query line while it is being edited. */
class LineEditor<Query, Found, Row> {
  readonly #subject: Subject<Query, Found, Row>;
  readonly #read: (line: string) => ReadLine<Query>;
  readonly #pick: vscode.QuickPick<FilterItem<Row>>;
  readonly #asked: FilterPreview<Query, Found>;
  readonly #parts: vscode.Disposable[];
  #line: string;
  /** What the line says: read once for all that is shown of it. */
  #query: ReadLine<Query>;
  #buttons: readonly LineButton<Query>[] = [];
  #leave: (left: Left<Row> | undefined) => void = () => {};

  constructor(subject: Subject<Query, Found, Row>, { format, ui = vscode.window, later }: Editing, line: string) {
    this.#subject = subject;
    this.#read = (text) => subject.filtered.lines.parse(text, new Date(), format.calendar.zone);
    // The next word can follow at once.
    this.#line = line.trim() === "" || /\s$/.test(line) ? line : `${line} `;
    this.#query = this.#read(this.#line);
    this.#asked = new FilterPreview(
      (query, signal) => subject.find(query, signal),
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
    this.#ask(0);
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
    this.#query = this.#read(line);
    this.#ask(SETTLED);
  }

  #ask(wait: number): void {
    const { buttons } = this.#subject;
    const isRight = this.#query.problems.length === 0;
    this.#showButtons([
      ...(buttons?.(this.#query) ?? []),
      ...(isRight && this.#line.trim() !== "" ? [saveButton()] : []),
    ]);
    if (isRight) this.#asked.ask(this.#query, wait);
    else {
      this.#asked.stop();
      this.#show({ state: "asking" });
    }
  }

  /** Draws the buttons where one of them is another: else they would flicker at each keystroke. */
  #showButtons(buttons: readonly LineButton<Query>[]): void {
    const words = (of: readonly LineButton<Query>[]) => of.map(({ tooltip }) => tooltip).join("\n");
    if (words(buttons) === words(this.#buttons)) return;
    this.#buttons = buttons;
    this.#pick.buttons = buttons;
  }

  /** Shows what is known now. What was chosen by the arrow keys stays chosen while the line stays as it is. */
  #show(preview: Preview<Found>): void {
    const active = preview.state === "asking" ? undefined : this.#pick.activeItems[0]?.id;
    const { problems } = this.#query;
    const items = this.#subject.items(this.#query, preview, this.#line);
    this.#pick.items = items;
    // Enter cannot apply a line with something wrong in it: it takes the first way to go on, where there is one.
    const first = (problems.length > 0 && items.find(({ does }) => does.type === "complete")) || items[0];
    const chosen = items.find(({ id }) => id === active) ?? first;
    this.#pick.activeItems = chosen ? [chosen] : [];
    this.#pick.busy = preview.state === "asking" && problems.length === 0;
  }

  #accept(): void {
    const does = (this.#pick.selectedItems[0] ?? this.#pick.activeItems[0])?.does;
    switch (does?.type) {
      case "complete":
        this.#set(does.line);
        return;
      case "apply":
        // The line may have changed since the item was drawn.
        if (this.#query.problems.length === 0) this.#leave({ type: "apply", line: this.#line });
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
    else if (does) this.#set(does(this.#query));
  }
}

const saveButton = (): LineButton<unknown> => ({
  does: "save",
  iconPath: new vscode.ThemeIcon("save"),
  tooltip: vscode.l10n.t("Save with a Name…"),
});

/** Does what the editor was left for; the line to go on with, or undefined when that is all. */
async function follow<Query, Found, Row>(
  subject: Subject<Query, Found, Row>,
  editing: Editing,
  left: Left<Row>,
): Promise<string | undefined> {
  const { line } = left;
  switch (left.type) {
    case "apply":
      subject.filtered.show(line.trim());
      return undefined;
    case "open":
      await subject.open(left.row, line);
      return undefined;
    case "save":
      await saveLine(subject.filtered, editing, line.trim());
      return line;
    case "pick":
      return (await subject.pick?.(line)) ?? line;
  }
}

/**
 * Lets a person write a line, with completion, what is wrong, how much it finds and the newest of it. Nothing is shown otherwise until
 * Enter. A failure is reported and keeps the line. `line`: where to begin.
 */
export async function editLine<Query, Found, Row>(
  subject: Subject<Query, Found, Row>,
  editing: Editing,
  line = subject.filtered.shown(),
): Promise<void> {
  let next: string | undefined = line;
  while (next !== undefined) {
    const left: Left<Row> | undefined = await new LineEditor(subject, editing, next).edit();
    if (!left) return;
    try {
      next = await follow(subject, editing, left);
    } catch (error) {
      editing.tell(error);
      next = left.line;
    }
  }
}
