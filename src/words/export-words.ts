import * as vscode from "vscode";
import type { ExportProgress, ExportResult } from "../export/export.ts";
import type { ExportError } from "../export/failure.ts";
import type { FormatName } from "../export/formats.ts";
import { oneLine, type Format } from "../logs/format.ts";

const MINUTE = 60_000;

/** About how long something still takes. */
export function timeLeft(ms: number, format: Format): string {
  const t = vscode.l10n.t;
  if (ms < MINUTE) return t("less than a minute left");
  const minutes = Math.round(ms / MINUTE);
  return minutes < 100
    ? t("about {0} min left", format.count(minutes))
    : t("about {0} h left", format.count(Math.round(minutes / 60)));
}

/** How many logs an export has handled: "1,240 of 58,000", or "1,240 logs" of an unknown total. */
export function handledWords(
  { count, skipped, total }: Pick<ExportProgress, "count" | "skipped" | "total">,
  format: Format,
): string {
  const t = vscode.l10n.t;
  const handled = count + skipped;
  if (total !== undefined) return t("{0} of {1}", format.count(handled), format.count(total));
  return handled === 1 ? t("1 log") : t("{0} logs", format.count(handled));
}

/** How far an export is: "1,240 of 58,000 · about 3 min left". */
export function progressWords({ leftMs, waitingUntil, ...progress }: ExportProgress, format: Format): string {
  const t = vscode.l10n.t;
  const done = handledWords(progress, format);
  if (waitingUntil) return `${done} · ${t("waiting for the call limit until {0}", format.time(waitingUntil))}`;
  return leftMs === undefined ? done : `${done} · ${timeLeft(leftMs, format)}`;
}

/** What was exported. `name`: of the file. */
export function resultWords({ count, skipped, bytes }: ExportResult, name: string, format: Format): string {
  const t = vscode.l10n.t;
  const written =
    count === 1
      ? t("1 log exported to {0} ({1}).", name, format.size(bytes))
      : t("{0} logs exported to {1} ({2}).", format.count(count), name, format.size(bytes));
  if (skipped === 0) return written;
  return `${written} ${t("Skipped {0}: deleted, unreadable, or not supported by this format.", format.count(skipped))}`;
}

/** What went wrong with a file, and what helps. */
export function troubleWords({ trouble, file, partial, cause }: ExportError): string {
  const t = vscode.l10n.t;
  const name = oneLine(file, 400);
  const told = (): string => {
    switch (trouble) {
      case "noFolder":
        return t("The folder of {0} doesn't exist.", name);
      case "notAllowed":
        return t("You can't write to {0}. Choose another place, or change its permissions.", name);
      case "readOnly":
        return t("{0} is on a read-only disk. Choose another place.", name);
      case "full":
        return t("Couldn't finish writing {0}: the disk is full.", name);
      case "isFolder":
        return t("{0} is a folder. Choose a name for the file.", name);
      case "noFile":
        return t("{0} is a pipe or a device, not a file. Choose another name.", name);
      case "occupied":
        return t(
          "{0} is there already: another export is writing it, or was interrupted. Choose another name, or delete it and try again.",
          name,
        );
      case "inUse":
        return t("Another export is writing {0}. Wait for it to finish, or choose another name.", name);
      case "changed":
        return t("{0} was changed by another program.", name);
      case "other":
        return t("{0} could not be written: {1}", name, oneLine(cause instanceof Error ? cause.message : ""));
    }
  };
  if (partial === undefined) return told();
  return `${told()} ${t("What was exported so far is in {0}; Export can resume from there.", oneLine(partial, 400))}`;
}

/** What a format is called. */
export function formatWords(format: FormatName): string {
  switch (format) {
    case "jsonLines":
      return vscode.l10n.t("JSON Lines");
    case "csv":
      return "CSV";
    case "markdown":
      return "Markdown";
    case "har":
      return vscode.l10n.t("HTTP Archive (HAR)");
    case "chatJsonLines":
      return vscode.l10n.t("JSON Lines of Chats");
  }
}
