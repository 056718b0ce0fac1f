import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { FilterLines } from "../filter/filter-lines.ts";
import type { Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbor.ts";
import { setContext } from "../platform/contexts.ts";
import type { Logger } from "../platform/logger.ts";
import type { Expanded } from "../tree/expanded.ts";
import { SideBarView } from "../tree/side-bar-view.ts";
import { PlainError } from "../words/explain.ts";
import { Entries } from "./entries.ts";
import type { AccountNode, EntryNode, Node } from "./nodes.ts";
import { EntryPanels } from "./panels.ts";
import type { EntryRef } from "./ref.ts";
import { AuditTree } from "./tree.ts";

export type AuditNeeds = {
  extensionUri: vscode.Uri;
  sessions: Pick<Sessions, "current" | "clientOf" | "onDidChange">;
  expanded: Pick<Expanded, "has" | "set">;
  workspace: vscode.Memento;
  format: Format;
  logger: Logger;
};

/** Returns a node's account; undefined for a state at the root. */
export const accountAbove = (node: Node | undefined): AccountNode | undefined =>
  node === undefined || node.kind === "account" ? node : accountAbove(node.parent);

/** The audit log's UI: a view in the side bar, and tabs for its entries. */
export class AuditView extends SideBarView<Node> {
  /** The filter of each account. */
  readonly filters: FilterLines;
  readonly entries: Entries;
  readonly panels: EntryPanels;
  readonly tree: AuditTree;
  readonly #format: Format;

  /** @param view VS Code's view of the tree's nodes; its creator disposes it */
  constructor(view: vscode.TreeView<Node>, needs: AuditNeeds) {
    super(view, needs.expanded);
    const { sessions, format, logger, extensionUri, workspace } = needs;
    const clientOf = (accountId: string) => sessions.clientOf(accountId);
    this.filters = new FilterLines(workspace, "auditFilters");
    this.tree = new AuditTree({ ...needs, filters: this.filters });
    this.entries = new Entries(clientOf);
    this.panels = new EntryPanels(
      { extensionUri, clientOf, entries: this.entries, around: this, format, logger },
      workspace,
    );
    this.#format = format;
    this.subscriptions.push(
      this.panels,
      this.tree,
      this.filters,
      sessions.onDidChange(() => this.entries.clear()),
      this.filters.onDidChange(() => this.#describe()),
    );
    this.#describe();
  }

  /** Clears the shown and cached data of an account. */
  forget(accountId: string): void {
    this.panels.forget(accountId);
    this.filters.forget(accountId);
    this.entries.clear();
    this.tree.forget(accountId);
  }

  /** Returns the selected entry; of several, the first. */
  get selectedEntry(): EntryNode | undefined {
    return this.selection.find((node) => node.kind === "entry");
  }

  /** Returns the entry next to another one, in the order of the tree. */
  neighbor(ref: EntryRef, step: Step): Promise<EntryNode | undefined> {
    return this.tree.neighbor(ref, step);
  }

  /** Opens the view with an account filtered. */
  async showFiltered(accountId: string, line: string): Promise<void> {
    const node = await this.tree.account(accountId);
    this.filters.set(accountId, line);
    await vscode.commands.executeCommand("aiGateway.audit.focus");
    await this.goTo(node);
  }

  /**
   * Returns the account that a command targets: the node's, or else the selected one, the only one, or the user's
   * choice.
   * @throws PlainError if there is none
   */
  async accountFor(node?: Node): Promise<AccountNode | undefined> {
    const meant = accountAbove(node) ?? accountAbove(this.selectedNode);
    if (meant) return meant;
    const accounts = await this.tree.accounts();
    if (accounts.length === 0) throw new PlainError(vscode.l10n.t("There is no account. Sign in first."));
    if (accounts.length === 1) return accounts[0];
    return this.pick(accounts, vscode.l10n.t("Select an account"), ({ account }) => ({ label: account.name }));
  }

  /** Shows above the tree what the filter leaves out. */
  #describe(): void {
    setContext("aiGateway.auditFiltered", this.filters.all.length > 0);
    void this.sayFilters(this.#describeAll());
  }

  async #describeAll(): Promise<string[]> {
    const { all } = this.filters;
    if (all.length === 0) return [];
    const { describeAuditLine } = await import("./filter-words.ts");
    return all.map(([, line]) => describeAuditLine(line, this.#format));
  }
}
