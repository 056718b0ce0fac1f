import * as vscode from "vscode";
import type { Session } from "../account/session.ts";
import type { AuditLine } from "../sources/cloudflare/audit/query-line.ts";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import type { FilterLines } from "../filter/filter-lines.ts";
import { readLine } from "../filter/line.ts";
import { ownFilters, type SavedFilter } from "../filter/saved.ts";
import type { Step } from "../logs/neighbor.ts";
import { same } from "../tree/node-cache.ts";
import { ListTree, type ListTreeNeeds } from "../tree/list-tree.ts";
import { clientOf } from "./client.ts";
import { filterNode, filtersNode } from "../tree/node-kinds.ts";
import { AUDIT_PERMISSION, PlainError } from "../words/explain.ts";
import { Categories } from "./categories.ts";
import { childrenOf } from "./children.ts";
import type { AuditList } from "./core/list.ts";
import { itemOf, tooltipOf } from "./items.ts";
import {
  accountNode,
  accountNodeId,
  dayNode,
  entryNode,
  stateNode,
  type AccountNode,
  type EntryNode,
  type Node,
} from "./nodes.ts";
import type { EntryRef } from "./ref.ts";

/** What the tree is made of. */
export type AuditTreeNeeds = ListTreeNeeds & { filters: Pick<FilterLines, "of" | "onDidChange"> };

const isOnward = ({ kind }: Node): boolean => kind === "more" || kind === "earlier";

/** Maximum number of pages to read for the next entry while they have none. */
const PAGES = 3;

/** The audit logs of all accounts. */
export class AuditTree extends ListTree<Node, AccountNode, AccountNode, AuditList> {
  readonly #needs: AuditTreeNeeds;
  /** The nodes as they were last given out: only these can be fired. */
  readonly #accounts = new Map<string, AccountNode>();
  readonly #subscriptions: vscode.Disposable[];
  /** What the API calls its products. */
  readonly categories: Categories;

  constructor(needs: AuditTreeNeeds) {
    const { sessions, filters, format, logger } = needs;
    super(needs, {
      readRoots: async ({ accounts }) => {
        const having = accounts.filter(({ client }) => client !== undefined);
        return having.map((account) => accountNode(account, filters.of(account.id), having.length === 1));
      },
      readList: async ({ account }, session, signal) => {
        const { AUDIT_LINES } = await import("./filter-words.ts");
        const { AuditList } = await import("./core/list.ts");
        const { calendar } = format;
        const line = readLine(AUDIT_LINES, filters.of(account.id), calendar.zone);
        const client = await clientOf(account.id, session);
        const list = new AuditList({ client, accountId: account.id, line, calendar, now: new Date() });
        await list.load(signal);
        return list;
      },
      rootOf: (node) => node,
      stateNode,
      permission: AUDIT_PERMISSION,
    });
    this.#needs = needs;
    this.categories = new Categories(sessions, logger);
    this.#subscriptions = [
      sessions.onDidChange(() => this.refresh()),
      filters.onDidChange((accountId) => this.refresh(accountId)),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("aiGateway.timeZone")) this.refresh();
        else if (change.affectsConfiguration("aiGateway.savedAuditFilters")) this.redraw();
      }),
    ];
  }

  /** Drops what was read of an account, or of all, and shows it again. */
  refresh(accountId?: string): void {
    const id = accountId === undefined ? undefined : accountNodeId(accountId);
    this.lists.drop(id);
    this.reads.clear();
    if (accountId === undefined) this.categories.clear();
    const node = id === undefined ? undefined : this.#accounts.get(id);
    if (node) node.filter = this.#needs.filters.of(node.account.id);
    this.changed.fire(node);
  }

  /** Drops a signed-out account, even while the tree is hidden. */
  forget(accountId: string): void {
    this.#accounts.delete(accountNodeId(accountId));
    this.roots.forget();
    this.refresh();
  }

  /** Draws all again: days have other names. */
  redraw(): void {
    this.changed.fire(undefined);
  }

  /** The accounts that are shown. */
  async accounts(): Promise<AccountNode[]> {
    if (this.#accounts.size === 0) await this.getChildren();
    return [...this.#accounts.values()];
  }

  /** The node of an account. @throws PlainError when it is not shown */
  async account(accountId: string): Promise<AccountNode> {
    const found = (await this.accounts()).find(({ account }) => account.id === accountId);
    if (!found) throw new PlainError(vscode.l10n.t("You aren't signed in to this account."));
    return found;
  }

  /** The entries of an account that are read; no call. */
  entries(accountId: string): readonly AuditEntry[] {
    return this.lists.known(accountNodeId(accountId))?.entries ?? [];
  }

  /** The newest entries that fit a line, apart from what is shown: one call. */
  async newest(accountId: string, line: AuditLine, limit: number, signal: AbortSignal) {
    const client = await clientOf(accountId, await this.#needs.sessions.current());
    const { newestEntries } = await import("./core/list.ts");
    const { calendar } = this.#needs.format;
    return newestEntries({ client, accountId, line, calendar, now: new Date(), limit }, signal);
  }

  /** The line that finds the changes of AI Gateway, and whether the API names a product for it. */
  async gatewayChanges(accountId: string) {
    const { gatewayChanges } = await import("../sources/cloudflare/audit/query-line.ts");
    return gatewayChanges(await this.categories.of(accountId));
  }

  /** The filters of an account with a name: the ready one, then the person's own. */
  async savedFilters(accountId: string): Promise<SavedFilter[]> {
    const { t } = vscode.l10n;
    const { line, byProduct } = await this.gatewayChanges(accountId);
    const name = byProduct ? t("AI Gateway changes") : t("AI Gateway changes (by URI, checked here)");
    return [{ name, filter: line, ready: true }, ...ownFilters("savedAuditFilters")];
  }

  /** Reads the next page, or what is before the days that were read; tried again where that failed. */
  async loadMore(node: AccountNode): Promise<void> {
    if (!this.lists.known(node.id)) return this.changed.fire(this.#accounts.get(node.id));
    await this.reads.extend(node, "more", (list, signal) =>
      list.hasMore ? list.loadMore(signal) : list.loadEarlier(signal),
    );
  }

  /** Returns the entry next to another one in tree order, reading more at the end. @throws PlainError if the list lacks the given one */
  async neighbor(ref: EntryRef, step: Step): Promise<EntryNode | undefined> {
    const node = await this.account(ref.sourceId);
    const list = await this.lists.of(node, await this.#needs.sessions.current());
    for (let pages = 0; ; pages++) {
      const at = list.entries.findIndex(({ id }) => id === ref.entryId);
      if (at < 0) throw new PlainError(vscode.l10n.t("This entry is no longer in the audit log."));
      const adjacent = list.entries[step === "next" ? at + 1 : at - 1];
      if (adjacent)
        return entryNode(dayNode(node, this.#needs.format.calendar.dayOf(adjacent.time), 0, true), adjacent);
      if (step === "previous" || pages === PAGES || !(list.hasMore || list.hasEarlier)) return undefined;
      await this.loadMore(node);
      const failure = this.reads.failureOf(node);
      if (failure) throw failure.error;
    }
  }

  protected override async childrenOf(node: Node | undefined, session: Session): Promise<Node[]> {
    switch (node?.kind) {
      case undefined:
        return [...(await this.roots.of(session))];
      case "account": {
        const rows = [filtersNode(node), ...childrenOf(node, await this.lists.of(node, session))];
        // The failure replaces the row that reads on: retrying is its action.
        const isWhole = !this.reads.failureOf(node);
        return this.withFailure(node, isWhole ? rows : rows.filter((row) => !isOnward(row)));
      }
      case "filters":
        return (await this.savedFilters(node.parent.account.id)).map((saved) => filterNode(node, saved));
      case "day": {
        const known = this.lists.known(node.parent.id)?.days.find(({ day }) => day === node.day);
        return (known?.entries ?? []).map((entry) => entryNode(node, entry));
      }
      default:
        return [];
    }
  }

  protected override rootsRead(nodes: readonly Node[]): Node[] {
    const before = new Map(this.#accounts);
    this.#accounts.clear();
    return nodes.map((node) => (node.kind === "account" ? same(node, before, this.#accounts) : node));
  }

  protected override draw({ id }: AccountNode): void {
    this.changed.fire(this.#accounts.get(id));
  }

  protected override itemOf(node: Node): vscode.TreeItem {
    return itemOf(node, this.#needs.format);
  }

  protected override tooltipOf(node: Node): vscode.MarkdownString | undefined {
    return tooltipOf(node, this.#needs.format);
  }

  override dispose(): void {
    super.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
