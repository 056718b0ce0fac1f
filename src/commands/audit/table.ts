import * as vscode from "vscode";
import type { EarlierNode, AccountNode, EntryNode, MoreNode, Node, StateNode } from "../../audit/nodes.ts";
import type { EntryRef } from "../../audit/ref.ts";
import { accountAbove, type AuditView } from "../../audit/view.ts";
import { copyText } from "../../platform/clipboard.ts";
import type { CollectionRef } from "../../source/log.ts";
import { PlainError } from "../../words/explain.ts";
import { showError } from "../../platform/notify.ts";
import { inView } from "../../platform/progress.ts";
import type { FilterNode } from "../../tree/node-kinds.ts";
import type { Node as LogsNode } from "../../tree/nodes.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { LogDocuments } from "../../documents/documents.ts";
import type { Format } from "../../logs/format.ts";
import type { Logger } from "../../platform/logger.ts";
import type { LogTreeView } from "../../tree/view.ts";
import type { ExportAuditNeeds } from "./export-audit.ts";

/** The target of an entry command: from the tree, a key pressed there, a tab, or (undefined) the active tab. */
type EntryTarget = EntryNode | EntryRef | "selection";

/** Commands for the account's audit log and its entries. */
export type AuditCommands = {
  "aiGateway.refreshAudit": () => void;
  "aiGateway.retryAudit": (node: StateNode) => void;
  "aiGateway.loadMoreAudit": (node: MoreNode | EarlierNode) => void;
  "aiGateway.editAuditFilter": (node?: Node) => void;
  "aiGateway.clearAuditFilter": (node?: Node) => void;
  "aiGateway.saveAuditFilter": (node?: Node) => void;
  "aiGateway.applyAuditFilter": (node?: FilterNode<AccountNode>) => void;
  "aiGateway.deleteSavedAuditFilter": (node?: FilterNode<AccountNode>) => void;
  /** Shows a gateway's entries. */
  "aiGateway.showAuditLog": (node?: LogsNode) => void;
  /** Shows a gateway's deletions since then. */
  "aiGateway.showInAuditLog": (deleted: CollectionRef & { since: Date | string }) => void;
  "aiGateway.exportAudit": (node?: Node) => void;
  "aiGateway.openAuditEntry": (node: EntryNode) => void;
  /** Runs before Enter opens an entry in the tree. */
  "aiGateway.focusNextAuditEntry": () => void;
  "aiGateway.nextAuditEntry": () => void;
  "aiGateway.previousAuditEntry": () => void;
  "aiGateway.showAuditHistory": (target?: EntryTarget) => void;
  "aiGateway.copyAuditJson": (target?: EntryTarget) => void;
  "aiGateway.copyAuditMarkdown": (target?: EntryTarget) => void;
  "aiGateway.openAuditDocument": (target?: EntryTarget) => void;
  /** Shows an entry's gateway in the view of the logs. */
  "aiGateway.showGateway": (target?: EntryTarget) => void;
};

export type AuditNeeds = Pick<ExportAuditNeeds, "sessions"> & {
  audit: AuditView;
  view: Pick<LogTreeView, "gatewayFor" | "showGateway">;
  documents: Pick<LogDocuments, "openEntry">;
  format: Format;
  logger: Logger;
};

/** Returns the handlers of the audit log commands. */
export function auditCommands(needs: AuditNeeds): Handlers<AuditCommands> {
  const { audit, view, documents, format, logger } = needs;
  const editing = { audit, format, tell: (error: unknown) => showError(error, format, logger) };
  /** Runs with the account that the command targets. */
  const atAccount = async (node: Node | undefined, run: (account: AccountNode) => Promise<void>) => {
    const account = await audit.accountFor(node);
    if (account) await run(account);
  };
  const refIn = (target: EntryTarget | undefined): EntryRef => {
    const meant = target === "selection" ? undefined : target;
    const ref =
      meant === undefined
        ? ((target === undefined ? audit.panels.active : undefined) ?? audit.selectedEntry?.ref)
        : "kind" in meant
          ? meant.ref
          : meant;
    if (!ref) throw new PlainError(vscode.l10n.t("Open an entry of the audit log first, or select one in the view."));
    return ref;
  };
  const entryOf = (target: EntryTarget | undefined) => audit.entries.get(refIn(target));
  const more = (node: Node) =>
    atAccount(node, (account) => inView("aiGateway.audit", () => audit.tree.loadMore(account)));
  return {
    "aiGateway.refreshAudit": () => audit.tree.refresh(),
    "aiGateway.retryAudit": (node) => (node.parent ? more(node) : audit.tree.refresh()),
    "aiGateway.loadMoreAudit": more,
    "aiGateway.editAuditFilter": (node) =>
      atAccount(node, async (account) => (await import("./audit-filter.ts")).editAuditFilter(editing, account)),
    "aiGateway.clearAuditFilter": (node) => {
      const only = accountAbove(node);
      const ids = only ? [only.account.id] : audit.filters.all.map(([id]) => id);
      for (const id of ids) audit.filters.set(id, "");
    },
    "aiGateway.saveAuditFilter": (node) =>
      atAccount(node, async (account) => (await import("./audit-filter.ts")).saveAuditFilter(editing, account)),
    "aiGateway.applyAuditFilter": (node) =>
      atAccount(node, async (account) =>
        (await import("./audit-filter.ts")).applyAuditFilter(editing, account, node?.saved),
      ),
    "aiGateway.deleteSavedAuditFilter": async (node) => {
      const [{ deleteSavedFilter }, { ownFilters }, { describeAuditLine }] = await Promise.all([
        import("../filter/delete-saved-filter.ts"),
        import("../../filter/saved.ts"),
        import("../../audit/filter-words.ts"),
      ]);
      const setting = "savedAuditFilters";
      const describe = (line: string) => describeAuditLine(line, format);
      await deleteSavedFilter({ setting, all: ownFilters(setting), describe }, node?.saved);
    },
    "aiGateway.showAuditLog": async (node) => {
      const gateway = await view.gatewayFor(node);
      if (gateway) await (await import("./show-audit-log.ts")).showAuditLog(audit, gateway.ref);
    },
    "aiGateway.showInAuditLog": async ({ since, ...gateway }) =>
      (await import("./show-audit-log.ts")).showAuditLog(audit, gateway, new Date(since)),
    "aiGateway.exportAudit": (node) =>
      atAccount(node, async (account) =>
        (await import("./export-audit.ts")).exportAudit({ sessions: needs.sessions, format }, account),
      ),
    "aiGateway.openAuditEntry": (node) => audit.panels.openFromTree(node.ref, node.entry),
    "aiGateway.focusNextAuditEntry": () => audit.panels.focusNext(),
    "aiGateway.nextAuditEntry": () => audit.panels.activePanel?.go("next"),
    "aiGateway.previousAuditEntry": () => audit.panels.activePanel?.go("previous"),
    "aiGateway.showAuditHistory": async (target) => {
      const ref = refIn(target);
      await audit.panels.open(ref, await audit.entries.get(ref));
      await audit.panels.find(ref)?.showHistory();
    },
    "aiGateway.copyAuditJson": async (target) => {
      const { entryJson } = await import("../../audit/core/copy.ts");
      await copyText(entryJson(await entryOf(target)));
    },
    "aiGateway.copyAuditMarkdown": async (target) => {
      const { markdownOf } = await import("../../audit/entry-view.ts");
      await copyText(markdownOf(await entryOf(target), format));
    },
    "aiGateway.openAuditDocument": (target) => documents.openEntry(refIn(target)),
    "aiGateway.showGateway": async (target) => {
      const [{ gatewayIdOf }, ref] = [await import("../../sources/cloudflare/audit/keys.ts"), refIn(target)];
      const gatewayId = gatewayIdOf(await audit.entries.get(ref));
      if (gatewayId === undefined) throw new PlainError(vscode.l10n.t("This entry is about no gateway."));
      await view.showGateway({ sourceId: ref.sourceId, collectionId: gatewayId });
    },
  };
}
