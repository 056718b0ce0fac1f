import * as vscode from "vscode";
import type { Log } from "../source/log.ts";
import { oneLine, outcomeOf, type Format } from "../logs/format.ts";
import { metadataOf, valueIn } from "../logs/grouping.ts";
import type { GroupNode } from "./nodes.ts";
import { OUTCOME_ICONS, outcomeWord, rowDescription, rowLabel, spokenRow } from "../words/log-row.ts";
import type { RowPart } from "../logs/row-parts.ts";

/** A day in words: "Today", "Mar 14". */
export function dayLabel(day: string, format: Format, now: Date): string {
  const { calendar } = format;
  const today = calendar.dayOf(now);
  if (day === today) return vscode.l10n.t("Today");
  if (day === calendar.dayBefore(today)) return vscode.l10n.t("Yesterday");
  return format.date(calendar.rangeOf(day).start, now);
}

function valueLabel({ group, known }: GroupNode): string {
  const { t } = vscode.l10n;
  const value = valueIn(known.key);
  if (group === "status") return value === true ? t("Succeeded") : t("Failed");
  if (group === "source" && value !== null) return value === "key" ? t("Key") : t("Playground");
  if (value !== null && value !== "") return oneLine(String(value), 80);
  const name = metadataOf(group);
  if (name !== undefined) return value === "" ? '""' : t("No {0}", oneLine(name, 60));
  switch (group) {
    case "model":
      return t("No model");
    case "endpoint":
      return t("No endpoint");
    case "user":
      return t("No user");
    case "key":
      return t("No key");
    case "source":
      return t("Unknown source");
    default:
      return t("No provider");
  }
}

/** The value unshortened; a metadata entry as JSON. */
function valueTooltip({ group, known }: GroupNode, label: string): string {
  const name = metadataOf(group);
  if (group === "day") return known.key;
  return name === undefined || valueIn(known.key) === null ? label : oneLine(`${name}: ${known.key}`, 400);
}

/** "12 of 50 loaded" where rows that are loaded do not fit; else how many logs the group has, as far as that is known. */
function countOf({ known }: GroupNode, format: Format): string {
  const { logs, loaded, total, hasMore } = known;
  if (loaded > logs.length) return vscode.l10n.t("{0} of {1} loaded", format.count(logs.length), format.count(loaded));
  if (total !== undefined || !hasMore) return format.count(total ?? logs.length);
  return logs.length === 0 ? "" : `${format.count(logs.length)}+`;
}

function countTooltip({ known }: GroupNode, format: Format): string | undefined {
  if (known.loaded <= known.logs.length) return undefined;
  const why = vscode.l10n.t("Some conditions are checked in the loaded logs.");
  if (known.total === undefined) return why;
  return `${why}\n${vscode.l10n.t("The other conditions match {0} logs.", format.count(known.total))}`;
}

function spokenCount(node: GroupNode, count: string): string {
  const { loaded, logs } = node.known;
  if (loaded > logs.length) return count;
  return count === "1" ? vscode.l10n.t("1 log") : vscode.l10n.t("{0} logs", count);
}

const stepOf = (log: Log): number => log.step ?? Infinity;

/** The call with which an event began, and that with which it ended. */
function endsOf(logs: readonly Log[]): { first: Log; last: Log } | undefined {
  const inOrder = logs.toSorted((a, b) => {
    const byTime = a.createdAt.getTime() - b.createdAt.getTime();
    return stepOf(a) === stepOf(b) ? byTime : stepOf(a) - stepOf(b);
  });
  const [first, last] = [inOrder[0], inOrder.at(-1)];
  return first && last && { first, last };
}

/** "3 steps", and how the last of them ended where the first ended otherwise. */
function stepsWord(count: string, { first, last }: { first: Log; last: Log }): string | undefined {
  const { t } = vscode.l10n;
  if (count === "1") return undefined;
  const end = outcomeOf(last);
  const steps = end === outcomeOf(first) ? t("{0} steps", count) : t("{0} steps, then {1}", count, outcomeWord(end));
  return first.isEventInferred ? t("{0} (inferred)", steps) : steps;
}

/** An event is the row of its first call, which the others are folded under. */
function eventItem(node: GroupNode, format: Format, parts: readonly RowPart[]): vscode.TreeItem {
  const ends = endsOf(node.known.logs);
  const id = oneLine(String(valueIn(node.known.key)));
  const item = new vscode.TreeItem(ends ? rowLabel(ends.first) : id, vscode.TreeItemCollapsibleState.Collapsed);
  const count = countOf(node, format);
  if (!ends) {
    item.description = count;
    return item;
  }
  const day = format.calendar.dayOf(new Date());
  const steps = stepsWord(count, ends);
  item.iconPath = OUTCOME_ICONS[outcomeOf(ends.first)];
  item.description = [steps, rowDescription(ends.first, parts, format, day)].filter(Boolean).join(" · ");
  item.tooltip = ends.first.isEventInferred
    ? vscode.l10n.t("A call and its fallback, as inferred: the same messages went to another endpoint at once.")
    : vscode.l10n.t("Event {0}", id);
  const spoken = [spokenRow(ends.first, parts, format, day), steps];
  item.accessibilityInformation = { label: spoken.filter(Boolean).join(", ") };
  return item;
}

function valueItem(node: GroupNode, format: Format): vscode.TreeItem {
  const label = node.group === "day" ? dayLabel(node.known.key, format, new Date()) : valueLabel(node);
  const item = new vscode.TreeItem(label, vscode.TreeItemCollapsibleState.Collapsed);
  const count = countOf(node, format);
  item.description = count;
  item.tooltip = [valueTooltip(node, label), countTooltip(node, format)].filter(Boolean).join("\n");
  if (node.group === "status") item.iconPath = OUTCOME_ICONS[valueIn(node.known.key) === true ? "success" : "error"];
  item.accessibilityInformation = { label: `${label}, ${spokenCount(node, count)}` };
  return item;
}

/** The item of a group: its day or value, and how many logs it has; `parts` are those of an event's row. */
export function groupItem(node: GroupNode, format: Format, parts: readonly RowPart[]): vscode.TreeItem {
  const item = node.group === "event" ? eventItem(node, format, parts) : valueItem(node, format);
  item.contextValue = `group ${metadataOf(node.group) === undefined ? node.group : "metadata"}`;
  return item;
}
