import * as vscode from "vscode";
import type { AuditEntry } from "../sources/cloudflare/audit/schema.ts";
import type { Day } from "../logs/days.ts";
import { oneLine, type Format } from "../logs/format.ts";
import { actorOf, auditOutcome, resourceName } from "./core/names.ts";

/** Maximum lengths of the parts of a row, in characters. */
const [NAME, ACTOR] = [80, 48];

/** Icons of actions, like in the editor's source control. */
const ICONS: Readonly<Record<string, string>> = {
  create: "add",
  update: "edit",
  delete: "trash",
  view: "eye",
  login: "sign-in",
};

/** Returns an entry's icon: its action, in the error color if it failed. */
export function entryIcon(entry: AuditEntry): vscode.ThemeIcon {
  const type = entry.action.type?.toLowerCase() ?? "";
  const id = Object.hasOwn(ICONS, type) ? ICONS[type] : undefined;
  const colour = auditOutcome(entry) === "failure" ? new vscode.ThemeColor("list.errorForeground") : undefined;
  return new vscode.ThemeIcon(id ?? "circle-outline", colour);
}

/** Returns the action in one word. */
export function actionWord({ action }: Pick<AuditEntry, "action">): string {
  const t = vscode.l10n.t;
  switch (action.type?.toLowerCase()) {
    case "create":
      return t("created");
    case "update":
      return t("updated");
    case "delete":
      return t("deleted");
    case "view":
      return t("viewed");
    case "login":
      return t("logged in");
    default:
      return action.type ? oneLine(action.type, 40) : t("action");
  }
}

/** Returns the outcome in one word, or undefined if the entry doesn't have one. */
export function outcomeWord(entry: Pick<AuditEntry, "action">): string | undefined {
  const outcome = auditOutcome(entry);
  if (outcome === undefined) return entry.action.result && oneLine(entry.action.result, 40);
  return outcome === "success" ? vscode.l10n.t("succeeded") : vscode.l10n.t("failed");
}

/** Returns a row's label. */
export const entryLabel = (entry: AuditEntry): string => oneLine(resourceName(entry), NAME);

/** Returns the actor; a key before the name marks a token. */
function actorWord(entry: AuditEntry): string | undefined {
  const actor = actorOf(entry);
  return actor && (actor.by === "token" ? `⚷ ${oneLine(actor.name, ACTOR)}` : oneLine(actor.name, ACTOR));
}

/** Returns the time, with the date if it differs from the day above it. */
function timeWord({ time }: AuditEntry, format: Format, day: Day | undefined): string {
  if (day !== undefined && format.calendar.dayOf(time) === day) return format.time(time);
  return `${format.date(time, new Date())} ${format.time(time)}`;
}

/** Returns a row's description: failure, time and actor; a narrow row cuts it. `day`: the day above it. */
export function entryDescription(entry: AuditEntry, format: Format, day?: Day): string {
  const failed = auditOutcome(entry) === "failure" ? vscode.l10n.t("failed") : undefined;
  return [failed, timeWord(entry, format, day), actorWord(entry)].filter(Boolean).join(" · ");
}

/** Returns a row's label for screen readers, including the meaning of its icon. */
export function spokenEntry(entry: AuditEntry, format: Format, day?: Day): string {
  const actor = actorOf(entry);
  const by = actor && (actor.by === "token" ? vscode.l10n.t("token {0}", oneLine(actor.name)) : oneLine(actor.name));
  const parts = [oneLine(resourceName(entry)), actionWord(entry), outcomeWord(entry), by, timeWord(entry, format, day)];
  return parts.filter(Boolean).join(", ");
}
