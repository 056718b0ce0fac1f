import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { setContext } from "../platform/contexts.ts";
import { PlainError } from "../words/explain.ts";
import type { Logger } from "../platform/logger.ts";
import { oneLine, plain, type Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbour.ts";
import type { Expanded } from "../tree/expanded.ts";
import { Entries } from "./entries.ts";
import type { AuditFilters } from "./filters.ts";
import type { AccountNode, EntryNode, Node } from "./nodes.ts";
import { EntryPanels } from "./panels.ts";
import type { EntryRef } from "./ref.ts";
import type { AuditTree } from "./tree.ts";

export type AuditNeeds = {
  extensionUri: vscode.Uri;
  sessions: Pick<Sessions, "current" | "clientOf" | "onDidChange">;
  filters: AuditFilters;
  expanded: Pick<Expanded, "has" | "set">;
  workspace: vscode.Memento;
  format: Format;
  logger: Logger;
};

/** The account that a node belongs to; undefined for a state at the root. */
export const accountAbove = (node: Node | undefined): AccountNode | undefined =>
  node === undefined || node.kind === "account" ? node : accountAbove(node.parent);

/** The audit log as it is seen: a view in the side bar, and tabs of its entries. What fills the view is loaded when it is first looked at. */
export class AuditView implements vscode.TreeDataProvider<Node> {
  readonly filters: AuditFilters;
  readonly entries: Entries;
  readonly panels: EntryPanels;
  readonly #needs: AuditNeeds;
  readonly #changed = new vscode.EventEmitter<Node | undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  readonly #view: vscode.TreeView<Node>;
  readonly #subscriptions: vscode.Disposable[];
  #tree: Promise<AuditTree> | undefined;
  /** What is said above the tree, once it is known. */
  #message = Promise.resolve("");

  /** @param view as VS Code has it, of the nodes that this gives; who made it disposes it */
  constructor(view: vscode.TreeView<Node>, needs: AuditNeeds) {
    const { sessions, filters, expanded, format, logger, extensionUri, workspace } = needs;
    const clientOf = (accountId: string) => sessions.clientOf(accountId);
    this.#needs = needs;
    this.filters = filters;
    this.entries = new Entries(clientOf);
    this.panels = new EntryPanels(
      { extensionUri, clientOf, entries: this.entries, around: this, format, logger },
      workspace,
    );
    this.#view = view;
    this.#subscriptions = [
      this.panels,
      this.#changed,
      sessions.onDidChange(() => {
        this.entries.clear();
        void this.refresh();
      }),
      filters.onDidChange((accountId) => {
        void this.refresh(accountId);
        this.#describe();
      }),
      this.#view.onDidExpandElement(({ element }) => expanded.set(element.id, true)),
      this.#view.onDidCollapseElement(({ element }) => expanded.set(element.id, false)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("aiGateway.timeZone")) void this.refresh();
        else if (change.affectsConfiguration("aiGateway.savedAuditFilters")) this.redraw();
      }),
    ];
    this.#describe();
  }

  /** What fills the view; loaded with the first look at it. */
  tree(): Promise<AuditTree> {
    this.#tree ??= this.#load();
    return this.#tree;
  }

  async #load(): Promise<AuditTree> {
    const { AuditTree } = await import("./tree.ts");
    return new AuditTree({ ...this.#needs, changed: (node) => this.#changed.fire(node) });
  }

  /** Forgets what was read of an account, or of all; nothing that nobody has looked at yet. */
  async refresh(accountId?: string): Promise<void> {
    if (this.#tree) (await this.#tree).refresh(accountId);
    else this.#changed.fire(undefined);
  }

  /** Forgets what is shown and kept of an account's audit log. */
  async forget(accountId: string): Promise<void> {
    this.panels.forget(accountId);
    this.filters.forget(accountId);
    this.entries.clear();
    if (this.#tree) (await this.#tree).forget(accountId);
  }

  /** Draws the tree again: its days have other names. */
  redraw(): void {
    this.#changed.fire(undefined);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    return (await this.tree()).getChildren(node);
  }

  async getTreeItem(node: Node): Promise<vscode.TreeItem> {
    return (await this.tree()).item(node);
  }

  getParent(node: Node): Node | undefined {
    return node.parent;
  }

  async resolveTreeItem(item: vscode.TreeItem, node: Node): Promise<vscode.TreeItem> {
    item.tooltip = (await this.tree()).tooltip(node) ?? item.tooltip;
    return item;
  }

  /** The entry that is selected, of several the first. */
  get selectedEntry(): EntryNode | undefined {
    return this.#view.selection.find((node) => node.kind === "entry");
  }

  /** The entry beside another one, in the order of the tree. */
  async neighbour(ref: EntryRef, step: Step): Promise<EntryNode | undefined> {
    return (await this.tree()).neighbour(ref, step);
  }

  /** Selects an entry, where the view is to be seen. */
  reveal(node: EntryNode): void {
    if (this.#view.visible) void this.#reveal(node, { select: true, focus: false });
  }

  /** Opens the view, with only what fits the line of an account. */
  async show(accountId: string, line: string): Promise<void> {
    const tree = await this.tree();
    const node = await tree.account(accountId);
    this.filters.set(accountId, line);
    await vscode.commands.executeCommand("aiGateway.audit.focus");
    await this.#reveal(node, { select: true, focus: true, expand: true });
  }

  /** The account a command is meant for: that of the node, else of what is selected, else the only one, else it asks. @throws PlainError where there is none */
  async accountFor(node?: Node): Promise<AccountNode | undefined> {
    const meant = accountAbove(node) ?? accountAbove(this.#view.selection[0]);
    if (meant) return meant;
    const accounts = await (await this.tree()).accounts();
    if (accounts.length === 0) throw new PlainError(vscode.l10n.t("There is no account. Sign in first."));
    if (accounts.length === 1) return accounts[0];
    const items = accounts.map((one) => ({ label: plain(one.account.name), one }));
    return (await vscode.window.showQuickPick(items, { placeHolder: vscode.l10n.t("Which account?") }))?.one;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  async #reveal(node: Node, options: { select: boolean; focus: boolean; expand?: boolean }): Promise<void> {
    try {
      await this.#view.reveal(node, options);
    } catch {
      // The tree was built anew meanwhile: the node is not there any more.
    }
  }

  /** Says above the tree what is left out of it. */
  #describe(): void {
    const { accounts } = this.filters;
    setContext("aiGateway.auditFiltered", accounts.length > 0);
    this.#message = accounts.length === 0 ? Promise.resolve("") : this.#describeAll(accounts);
    void this.#say(this.#message);
  }

  async #say(message: Promise<string>): Promise<void> {
    const words = await message;
    if (this.#message === message) this.#view.message = oneLine(words, 500);
  }

  async #describeAll(accounts: readonly string[]): Promise<string> {
    const { describeAuditLine } = await import("./filter-words.ts");
    const words = accounts.map((id) => describeAuditLine(this.filters.of(id), this.#needs.format));
    return vscode.l10n.t("Filter: {0}", words.join(" · "));
  }
}
