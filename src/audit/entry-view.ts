import * as vscode from "vscode";
import type { AuditHistoryPage } from "../sources/cloudflare/audit/calls.ts";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import { gatewayIdOf } from "../sources/cloudflare/audit/keys.ts";
import { oneLine, type Format } from "../logs/format.ts";
import { boundedValue } from "../reading/core/bounded.ts";
import { entryMarkdown } from "./core/copy.ts";
import { actorOf, auditOutcome, resourceName } from "./core/names.ts";
import { entryFacts } from "./facts.ts";
import type { EntryRef } from "./ref.ts";
import type { EntryContent, EntryView, HistoryRow, HistoryView } from "./protocol.ts";
import { actionWord, entryLabel, outcomeWord } from "./row.ts";

/** A tab's state of its entry. */
export type ShownEntry = {
  ref: EntryRef;
  entry: AuditEntry | undefined;
  state: EntryView["state"];
  history: HistoryView;
};

/** Returns a title such as "gateway shop · deleted". */
const titleOf = (entry: AuditEntry): string => [resourceName(entry), actionWord(entry)].filter(Boolean).join(" · ");

function statusOf(entry: AuditEntry): EntryView["status"] {
  const [outcome, text] = [auditOutcome(entry), outcomeWord(entry)];
  if (outcome === undefined || text === undefined) return undefined;
  return { text, outcome: outcome === "success" ? "success" : "error" };
}

/** Returns the page's content below the head. */
export function contentOf(entry: AuditEntry, format: Format): EntryContent {
  const { request, response } = entry.resource;
  return {
    groups: entryFacts(entry, format),
    ...(request === undefined ? {} : { request: boundedValue(request) }),
    ...(response === undefined ? {} : { response: boundedValue(response) }),
  };
}

/** Returns the page's snapshot of an entry. */
export function entryView({ ref, entry, state, history }: ShownEntry): EntryView {
  return {
    ref,
    title: entry ? titleOf(entry) : ref.entryId,
    status: entry && statusOf(entry),
    gatewayId: entry && gatewayIdOf(entry),
    history,
    state,
  };
}

function historyRow(entry: AuditEntry, shown: EntryRef, format: Format): HistoryRow {
  const actor = actorOf(entry);
  const t = vscode.l10n.t;
  const facts = [
    { name: t("time"), value: format.dateTime(entry.time), title: format.utc(entry.time) },
    ...(actor ? [{ name: t("by"), value: actor.name }] : []),
  ];
  const title = [actionWord(entry), auditOutcome(entry) === "failure" ? outcomeWord(entry) : ""].filter(Boolean);
  return { id: entry.id, title: title.join(" · "), facts, isShown: entry.id === shown.entryId };
}

/** Returns the page's history of a resource. */
export function historyView(page: AuditHistoryPage, shown: EntryRef, format: Format): HistoryView {
  const t = vscode.l10n.t;
  const notes: string[] = [];
  if (page.status === "approximate")
    notes.push(t("Cloudflare found these by the name of the resource, so some may be of another one."));
  if (page.status === "unavailable") notes.push(t("Cloudflare can't tell which entries are about this resource."));
  else if (page.entries.length === 0) notes.push(t("There is no other entry about this resource."));
  if (page.cursor !== undefined) notes.push(t("Only the newest {0} are shown.", format.count(page.entries.length)));
  return { type: "ready", rows: page.entries.map((entry) => historyRow(entry, shown, format)), notes };
}

/** Returns the tab's title. */
export function entryTitle(ref: EntryRef, entry: AuditEntry | undefined, format: Format): string {
  if (!entry) return vscode.l10n.t("Entry {0}", oneLine(ref.entryId, 12));
  return `${oneLine(entryLabel(entry), 40)} · ${format.time(entry.time)}`;
}

/** Returns an entry as Markdown in the user's language. */
export function markdownOf(entry: AuditEntry, format: Format): string {
  const { request, response } = entry.resource;
  const bodies = [
    { name: vscode.l10n.t("Request"), value: request },
    { name: vscode.l10n.t("Response"), value: response },
  ].filter(({ value }) => value !== undefined);
  return entryMarkdown({ title: titleOf(entry), groups: entryFacts(entry, format), bodies });
}
