import * as vscode from "vscode";
import type { Filter, FilterProblem } from "../cloudflare/filter-text.ts";
import { completionsOf, type Completion, type Seen } from "../cloudflare/filter-completion.ts";
import type { Log } from "../cloudflare/schema.ts";
import { explain } from "../explain.ts";
import { keyWords, signWords } from "./keys.ts";
import { newestOf, type Preview } from "./preview.ts";
import { describeFilter, explainProblem } from "./words.ts";
import { outcomeOf, plain, type Format } from "../logs/format.ts";
import { rowParts } from "../settings.ts";
import { OUTCOME_ICONS, rowDescription, rowLabel } from "../tree/row.ts";

/** An item below the query line, and what accepting it does. `id` is the same while it means the same. */
export type FilterItem = vscode.QuickPickItem & {
  id: string;
  does: { type: "apply" } | { type: "stay" } | { type: "complete"; line: string } | { type: "open"; log: Log };
};

/** The line, what it was read as, and what is known besides. */
export type LineState = {
  line: string;
  filter: Filter & { problems: readonly FilterProblem[] };
  preview: Preview;
  seen: Seen;
};

/** Completions that leave room for the logs below them. */
const COMPLETIONS = 8;

const ICONS: Readonly<Record<Completion["kind"], string>> = {
  key: "$(symbol-key)",
  operator: "$(symbol-operator)",
  value: "$(symbol-constant)",
};

/** "1,234 logs". */
export const logCount = (count: number, format: Format): string =>
  count === 1 ? vscode.l10n.t("1 log") : vscode.l10n.t("{0} logs", format.count(count));

function previewWords(preview: Preview, format: Format): string {
  switch (preview.state) {
    case "asking":
      return "…";
    case "failed":
      return explain(preview.error, format).summary;
    case "told": {
      const { exact, logs, read, total } = preview;
      if (exact || read === 0) return logCount(total, format);
      return vscode.l10n.t(
        "{0} of the newest {1} fit, {2} to look through",
        format.count(logs.length),
        format.count(read),
        logCount(total, format),
      );
    }
  }
}

function applyItem({ line, preview }: LineState, format: Format): FilterItem {
  const words = describeFilter(line, format);
  return {
    id: "apply",
    label: words === "" ? `$(list-unordered) ${vscode.l10n.t("Show all logs")}` : `$(filter) ${vscode.l10n.t("Show")}`,
    description: previewWords(preview, format),
    ...(words === "" ? {} : { detail: plain(words) }),
    alwaysShow: true,
    does: { type: "apply" },
  };
}

/*
 * VS Code puts the items first whose label has the typed line in it, and there is no stable way to turn that off. Where the order counts,
 * the words therefore stand in the description, which is not looked at.
 */

function completionItem({ line, word, kind, key, count }: Completion, format: Format): FilterItem {
  const name = kind === "operator" ? signWords(word) : key !== undefined && kind === "key" ? keyWords(key) : "";
  const words = [
    plain(word, 80),
    name === word.replace(/:$/, "") ? "" : plain(name, 80),
    count === undefined ? "" : logCount(count, format),
  ];
  return {
    id: `complete ${line}`,
    label: ICONS[kind],
    description: words.filter(Boolean).join("  ·  "),
    alwaysShow: true,
    does: { type: "complete", line },
  };
}

function logItem(log: Log, format: Format): FilterItem {
  const today = format.calendar.dayOf(new Date());
  return {
    id: `open ${log.id}`,
    label: `$(${OUTCOME_ICONS[outcomeOf(log)].id})`,
    description: plain(
      [rowLabel(log), rowDescription(log, rowParts(), format, today)].filter(Boolean).join(" · "),
      400,
    ),
    alwaysShow: true,
    does: { type: "open", log },
  };
}

function problemItem(problem: FilterProblem, line: string): FilterItem {
  const words = explainProblem(problem, line);
  return { id: `problem ${words}`, label: `$(error) ${plain(words, 400)}`, alwaysShow: true, does: { type: "stay" } };
}

const separator = (label: string): FilterItem => ({
  id: `separator ${label}`,
  label,
  kind: vscode.QuickPickItemKind.Separator,
  does: { type: "stay" },
});

/**
 * What stands below a line: what is wrong with it, or the item that applies it; how its last word could go on; and the newest logs that
 * fit it.
 */
export function itemsFor(state: LineState, format: Format): FilterItem[] {
  const { line, filter, preview, seen } = state;
  const completions = completionsOf(line, seen).slice(0, COMPLETIONS);
  const logs = filter.problems.length === 0 && preview.state === "told" ? newestOf(preview.logs) : [];
  return [
    ...(filter.problems.length > 0
      ? filter.problems.map((problem) => problemItem(problem, line))
      : [applyItem(state, format)]),
    ...completions.map((completion) => completionItem(completion, format)),
    ...(logs.length > 0 ? [separator(vscode.l10n.t("Newest that fit"))] : []),
    ...logs.map((log) => logItem(log, format)),
  ];
}
