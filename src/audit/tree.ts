import * as vscode from "vscode";
import type { Session, Sessions } from "../account/session.ts";
import { gatewayChanges, parseAuditLine, type AuditLine } from "../cloudflare/audit/query-line.ts";
import type { AuditEntry } from "../cloudflare/audit/schema.ts";
import { isAborted } from "../cloudflare/errors.ts";
import { AUDIT_PERMISSION, explain, PlainError } from "../words/explain.ts";
import { explainAuditProblem } from "./filter-words.ts";
import { ownFilters, type SavedFilter } from "../filter/saved.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import type { Step } from "../logs/neighbour.ts";
import { AuditList, newestEntries } from "./core/list.ts";
import type { Expanded } from "../tree/expanded.ts";
import { tellSession } from "../tree/roots.ts";
import { accountIn, Categories } from "./categories.ts";
import { childrenOf } from "./children.ts";
import type { AuditFilters } from "./filters.ts";
import { itemOf, tooltipOf } from "./items.ts";
import {
  accountNode,
  dayNode,
  entryNode,
  filterNode,
  filtersNode,
  stateNode,
  type AccountNode,
  type EntryNode,
  type Node,
} from "./nodes.ts";
import type { EntryRef } from "./ref.ts";

/** What the tree is made of; `changed` tells VS Code which node is to be shown anew. */
export type AuditTreeNeeds = {
  sessions: Pick<Sessions, "current">;
  filters: Pick<AuditFilters, "of">;
  expanded: Pick<Expanded, "has">;
  format: Format;
  logger: Logger;
  changed: (node: Node | undefined) => void;
};

/** The entries of an account: the list, when it is read at first, and what failed since. */
type Known = {
  list: AuditList;
  line: AuditLine;
  loaded: Promise<void>;
  abort: AbortController;
  /** What is being read besides. */
  reading: Promise<void> | undefined;
  failure: unknown;
};

/** A line kept for an account could not be read. */
class BadLine extends PlainError {}

const isOnward = ({ kind }: Node): boolean => kind === "more" || kind === "earlier";

/** Pages that are read for the entry beside another one, while they bring none. */
const PAGES = 3;

/** The content of the audit log's view: asks for what is looked at, once, and keeps it until it is refreshed. */
export class AuditTree {
  readonly #needs: AuditTreeNeeds;
  /** The nodes as they were last given out: only these can be fired. */
  readonly #accounts = new Map<string, AccountNode>();
  readonly #known = new Map<string, Known>();
  /** What the API calls its products. */
  readonly categories: Categories;

  constructor(needs: AuditTreeNeeds) {
    this.#needs = needs;
    this.categories = new Categories(needs.sessions, needs.logger);
  }

  /** Forgets what was read of an account, or of all, and shows it anew. */
  refresh(accountId?: string): void {
    for (const [id, { abort }] of this.#known) {
      if (accountId !== undefined && id !== accountId) continue;
      abort.abort();
      this.#known.delete(id);
    }
    if (accountId === undefined) this.categories.clear();
    const node = accountId === undefined ? undefined : this.#accounts.get(accountId);
    if (node) node.line = this.#needs.filters.of(node.account.id);
    this.#needs.changed(node);
  }

  /** Forgets an account that was signed out of; also while nobody sees the tree. */
  forget(accountId: string): void {
    this.#accounts.delete(accountId);
    this.refresh();
  }

  /** The accounts that are shown. */
  async accounts(): Promise<AccountNode[]> {
    if (this.#accounts.size === 0) await this.getChildren();
    return [...this.#accounts.values()];
  }

  /** The node of an account. @throws PlainError when it is not shown */
  async account(accountId: string): Promise<AccountNode> {
    const found = (await this.accounts()).find(({ account }) => account.id === accountId);
    if (!found)
      throw new PlainError(vscode.l10n.t("The audit log of this account is not shown: it is not signed in to."));
    return found;
  }

  /** The entries of an account that are read; no call. */
  entries(accountId: string): readonly AuditEntry[] {
    return this.#known.get(accountId)?.list.entries ?? [];
  }

  /** The newest entries that fit a line, apart from what is shown: one call. */
  async newest(accountId: string, line: AuditLine, limit: number, signal: AbortSignal) {
    const client = await (await accountIn(this.#needs.sessions, accountId)).client();
    const { calendar } = this.#needs.format;
    return newestEntries({ client, accountId, line, calendar, now: new Date(), limit }, signal);
  }

  /** The line that finds the changes of AI Gateway, and whether the API names a product for it. */
  async gatewayChanges(accountId: string): Promise<ReturnType<typeof gatewayChanges>> {
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
    const known = this.#known.get(node.account.id);
    if (!known) return this.#needs.changed(this.#accounts.get(node.account.id));
    known.reading ??= this.#extend(node, known).finally(() => (known.reading = undefined));
    await known.reading;
  }

  async #extend(node: AccountNode, known: Known): Promise<void> {
    const { list, abort } = known;
    const { signal } = await this.#needs.sessions.current();
    try {
      const either = AbortSignal.any([signal, abort.signal]);
      await (list.hasMore ? list.loadMore(either) : list.loadEarlier(either));
      known.failure = undefined;
    } catch (error) {
      if (isAborted(error) || abort.signal.aborted) return;
      known.failure = error;
      this.#needs.logger.warn(`${node.id}: ${String(error)}`);
    }
    if (this.#known.get(node.account.id) === known) this.#needs.changed(this.#accounts.get(node.account.id));
  }

  /** The entry beside another one, as the tree shows them; at its end more is read first. @throws PlainError where the list does not have the one. */
  async neighbour(ref: EntryRef, step: Step): Promise<EntryNode | undefined> {
    const node = await this.account(ref.accountId);
    const { list } = await this.#read(node, await this.#needs.sessions.current());
    for (let pages = 0; ; pages++) {
      const at = list.entries.findIndex(({ id }) => id === ref.entryId);
      if (at < 0) throw new PlainError(vscode.l10n.t("The audit log does not list this entry now."));
      const beside = list.entries[step === "next" ? at + 1 : at - 1];
      if (beside) return this.#entryNode(node, beside);
      if (step === "previous" || pages === PAGES || !(list.hasMore || list.hasEarlier)) return undefined;
      await this.loadMore(node);
      const failure = this.#known.get(ref.accountId)?.failure;
      if (failure !== undefined) throw failure;
    }
  }

  #entryNode(parent: AccountNode, entry: AuditEntry): EntryNode {
    return entryNode(dayNode(parent, this.#needs.format.calendar.dayOf(entry.time), 0, true), entry);
  }

  async getChildren(node?: Node): Promise<Node[]> {
    try {
      const session = await this.#needs.sessions.current();
      switch (node?.kind) {
        case undefined:
          return this.#roots(session);
        case "account":
          return await this.#ofAccount(node, session);
        case "filters":
          return (await this.savedFilters(node.parent.account.id)).map((saved) => filterNode(node, saved));
        case "day":
          return this.#ofDay(node.parent, node.day).map((entry) => entryNode(node, entry));
        default:
          return [];
      }
    } catch (error) {
      if (isAborted(error)) return [];
      const parent = node?.kind === "account" ? node : undefined;
      if (error instanceof BadLine) return [stateNode(parent, { type: "badFilter", problem: error.message })];
      return [this.#failed(parent, error)];
    }
  }

  #failed(parent: AccountNode | undefined, error: unknown): Node {
    this.#needs.logger.warn(`${parent?.id ?? "audit log"}: ${String(error)}`);
    return stateNode(parent, { type: "failed", explanation: explain(error, this.#needs.format, AUDIT_PERMISSION) });
  }

  #roots(session: Session): Node[] {
    tellSession(session);
    const before = new Map(this.#accounts);
    this.#accounts.clear();
    return session.accounts.map((account) => {
      const node = accountNode(account, this.#needs.filters.of(account.id), session.accounts.length === 1);
      // The object that VS Code knows, so that it can be fired.
      const known = before.get(account.id);
      const same = known ? Object.assign(known, node) : node;
      this.#accounts.set(account.id, same);
      return same;
    });
  }

  async #ofAccount(node: AccountNode, session: Session): Promise<Node[]> {
    const known = await this.#read(node, session);
    const rows = [filtersNode(node), ...childrenOf(node, known.list, known.line)];
    if (known.failure === undefined) return rows;
    // In place of the way on, which the action of the failure is.
    return [...rows.filter((row) => !isOnward(row)), this.#failed(node, known.failure)];
  }

  #ofDay({ account }: AccountNode, day: string): readonly AuditEntry[] {
    return this.#known.get(account.id)?.list.days.find((known) => known.day === day)?.entries ?? [];
  }

  /** What is known of an account; its first page is read when nothing is. @throws BadLine, CloudflareError */
  async #read(node: AccountNode, session: Session): Promise<Known> {
    const { id } = node.account;
    const known = this.#known.get(id) ?? (await this.#begin(node, session));
    try {
      await known.loaded;
    } catch (error) {
      if (this.#known.get(id) === known) this.#known.delete(id);
      // Another list is wanted meanwhile.
      if (known.abort.signal.aborted && !session.signal.aborted) return this.#read(node, session);
      throw error;
    }
    return known;
  }

  async #begin(node: AccountNode, session: Session): Promise<Known> {
    const { filters, format } = this.#needs;
    const { id } = node.account;
    const text = filters.of(id);
    const now = new Date();
    const { problems, ...line } = parseAuditLine(text, now, format.calendar.zone);
    const [problem] = problems;
    if (problem) throw new BadLine(explainAuditProblem(problem, text));
    const client = await (await accountIn(this.#needs.sessions, id)).client();
    const other = this.#known.get(id);
    if (other) return other;
    const list = new AuditList({ client, accountId: id, line, calendar: format.calendar, now });
    const abort = new AbortController();
    const loaded = list.load(AbortSignal.any([session.signal, abort.signal]));
    const known: Known = { list, line, loaded, abort, reading: undefined, failure: undefined };
    this.#known.set(id, known);
    return known;
  }

  /** The item of a node; what was open is open again. */
  item(node: Node): vscode.TreeItem {
    const item = itemOf(node, this.#needs.format);
    const { Collapsed, Expanded } = vscode.TreeItemCollapsibleState;
    if (item.collapsibleState === Collapsed && this.#needs.expanded.has(node.id)) item.collapsibleState = Expanded;
    return item;
  }

  /** All that a row tells. */
  tooltip(node: Node): vscode.MarkdownString | undefined {
    return tooltipOf(node, this.#needs.format);
  }
}
