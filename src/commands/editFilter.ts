import * as vscode from "vscode";
import { valuesSeen, type Seen } from "../cloudflare/filter-completion.ts";
import { parseFilter } from "../cloudflare/filter-text.ts";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import { itemsFor, type FilterItem } from "../filter/items.ts";
import { FilterPreview, type Later, type Preview } from "../filter/preview.ts";
import { choiceIn, nextChoice, withChoice, type Toggle } from "../filter/toggles.ts";
import type { Format } from "../logs/format.ts";
import type { Ui } from "./pickOne.ts";
import type { GatewayNode } from "../tree/nodes.ts";
import type { LogTree } from "../tree/provider.ts";
import { pickCondition } from "./pickFilter.ts";
import { saveFilter } from "./saveFilter.ts";

export type EditNeeds = {
  tree: Pick<LogTree, "listLogs" | "known" | "arrangements">;
  format: Format;
  openLog: (ref: LogRef, log: Log) => void | Promise<void>;
  /** Tells the person of a failure after which the editor goes on. */
  tell: (error: unknown) => void;
  /** The lines from which a log was opened, by the id of their gateway's node, until they are taken up or given up. */
  drafts: Map<string, Draft>;
  /** The window, unless a test drives the inputs. */
  ui?: Ui;
  /** A timer, unless a test says when. */
  later?: Later;
};

/** A line that is not applied yet, and the one that was so when it was written. */
export type Draft = { line: string; over: string };

/** The wait after a keystroke, in ms. */
const SETTLED = 300;

/** How the editor was left, and with which line; undefined: without an outcome. */
type Left = { line: string } & ({ type: "apply" | "save" | "pick" } | { type: "open"; log: Log });

type Button = vscode.QuickInputButton & { does: Toggle | "save" | "pick" };

const icon = (id: string) => new vscode.ThemeIcon(id);

function toggleButton(line: string, toggle: Toggle): Button {
  const t = vscode.l10n.t;
  const choice = choiceIn(line, toggle);
  switch (toggle) {
    case "status":
      return choice === "status:error"
        ? { does: toggle, iconPath: icon("error"), tooltip: t("Status: error. Show success only") }
        : choice === "status:success"
          ? { does: toggle, iconPath: icon("pass"), tooltip: t("Status: success. Show all") }
          : { does: toggle, iconPath: icon("circle-large-outline"), tooltip: t("Status: all. Show errors only") };
    case "cache":
      return choice === "cached"
        ? { does: toggle, iconPath: icon("zap"), tooltip: t("Cache: hits. Show the others only") }
        : choice === "-cached"
          ? { does: toggle, iconPath: icon("circle-slash"), tooltip: t("Cache: no hits. Show all") }
          : { does: toggle, iconPath: icon("database"), tooltip: t("Cache: all. Show hits only") };
    case "source":
      return choice === "source:playground"
        ? { does: toggle, iconPath: icon("beaker"), tooltip: t("Source: playground. Show those with a key only") }
        : choice === "source:key"
          ? { does: toggle, iconPath: icon("key"), tooltip: t("Source: key. Show all") }
          : { does: toggle, iconPath: icon("globe"), tooltip: t("Source: all. Show the playground's only") };
  }
}

function buttonsFor(line: string, canSave: boolean): Button[] {
  const t = vscode.l10n.t;
  const save: Button = { does: "save", iconPath: icon("save"), tooltip: t("Save with a Name…") };
  return [
    toggleButton(line, "status"),
    toggleButton(line, "cache"),
    toggleButton(line, "source"),
    { does: "pick", iconPath: icon("list-filter"), tooltip: t("Add from Lists…") },
    ...(canSave ? [save] : []),
  ];
}

/** The query line of a gateway while it is being edited. */
class LineEditor {
  readonly #format: Format;
  readonly #seen: Seen;
  readonly #pick: vscode.QuickPick<FilterItem>;
  readonly #asked: FilterPreview;
  readonly #parts: vscode.Disposable[];
  #line: string;
  #buttons: readonly Button[] = [];
  #leave: (left: Left | undefined) => void = () => {};

  constructor({ tree, format, ui = vscode.window, later }: EditNeeds, gateway: GatewayNode, line: string) {
    this.#format = format;
    this.#seen = valuesSeen(tree.known(gateway.ref));
    // The next word can follow at once.
    this.#line = line.trim() === "" || /\s$/.test(line) ? line : `${line} `;
    const list = tree.listLogs.bind(tree, gateway.ref);
    this.#asked = new FilterPreview(list, (preview) => this.#show(preview), later);
    this.#pick = ui.createQuickPick<FilterItem>();
    this.#pick.title = vscode.l10n.t("Filter {0}", gateway.ref.gatewayId);
    this.#pick.placeholder = vscode.l10n.t("model:gpt-4o status:error cost:>0.01 since:2h or any text");
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
  async edit(): Promise<Left | undefined> {
    const left = new Promise<Left | undefined>((resolve) => (this.#leave = resolve));
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

  #parsed() {
    return parseFilter(this.#line, new Date(), this.#format.calendar.zone);
  }

  #read(wait: number): void {
    const filter = this.#parsed();
    this.#showButtons(buttonsFor(this.#line, filter.problems.length === 0 && this.#line.trim() !== ""));
    if (filter.problems.length === 0) this.#asked.ask(filter, wait);
    else {
      this.#asked.stop();
      this.#show({ state: "asking" });
    }
  }

  /** Draws the buttons where one of them is another: else they would flicker at each keystroke. */
  #showButtons(buttons: readonly Button[]): void {
    const words = (of: readonly Button[]) => of.map(({ tooltip }) => tooltip).join("\n");
    if (words(buttons) === words(this.#buttons)) return;
    this.#buttons = buttons;
    this.#pick.buttons = buttons;
  }

  /** Shows what is known now. What was chosen by the arrow keys stays chosen while the line stays as it is. */
  #show(preview: Preview): void {
    const active = preview.state === "asking" ? undefined : this.#pick.activeItems[0]?.id;
    const filter = this.#parsed();
    const items = itemsFor({ line: this.#line, filter, preview, seen: this.#seen }, this.#format);
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
        if (this.#parsed().problems.length === 0) this.#leave({ type: "apply", line: this.#line });
        return;
      case "open":
        this.#leave({ type: "open", line: this.#line, log: does.log });
        return;
      case "stay":
      case undefined:
    }
  }

  #press(button: vscode.QuickInputButton): void {
    const does = this.#buttons.find((one) => one === button)?.does;
    if (does === "save" || does === "pick") this.#leave({ type: does, line: this.#line });
    else if (does) this.#set(withChoice(this.#line, does, nextChoice(this.#line, does)));
  }
}

/** Does what the editor was left for; the line to go on with, or undefined when that is all. */
async function follow(needs: EditNeeds, gateway: GatewayNode, left: Left): Promise<string | undefined> {
  const { arrangements } = needs.tree;
  const { line } = left;
  switch (left.type) {
    case "apply":
      arrangements.setFilter(gateway.ref, line.trim());
      return undefined;
    case "open":
      await needs.openLog({ ...gateway.ref, logId: left.log.id }, left.log);
      needs.drafts.set(gateway.id, { line, over: arrangements.filterOf(gateway.ref) });
      return undefined;
    case "save":
      await saveFilter(needs, gateway, line.trim());
      return line;
    case "pick":
      return (await pickCondition(needs, gateway, line)) ?? line;
  }
}

/**
 * Lets a person write which logs of a gateway are shown, with completion, what is wrong, how many there are and the newest of them. Nothing
 * is shown otherwise until Enter; `line` is where to begin, if not with the one from which a log was opened, or the gateway's own. What
 * fails is told, and the line is still there.
 */
export async function editFilter(needs: EditNeeds, gateway: GatewayNode, line?: string): Promise<void> {
  const shown = needs.tree.arrangements.filterOf(gateway.ref);
  const draft = needs.drafts.get(gateway.id);
  needs.drafts.delete(gateway.id);
  let next = line ?? (draft?.over === shown ? draft.line : shown);
  for (;;) {
    const left = await new LineEditor(needs, gateway, next).edit();
    if (!left) return;
    try {
      const after = await follow(needs, gateway, left);
      if (after === undefined) return;
      next = after;
    } catch (error) {
      needs.tell(error);
      next = left.line;
    }
  }
}
