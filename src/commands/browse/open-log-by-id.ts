import * as vscode from "vscode";
import { gatewaysIn, type Sessions } from "../../account/session.ts";
import { listLogsOf } from "../../account/signed-in.ts";
import { GATEWAY_NAMES } from "../../account/gateway-names.ts";
import { explain, PlainError } from "../../words/explain.ts";
import { findLog, type Search } from "../../logs/find.ts";
import { oneLine, type Format } from "../../logs/format.ts";
import { LogIds, type LogIdCandidate } from "../../logs/log-ids.ts";
import type { LogPanels } from "../../panel/panels.ts";
import { noGateway } from "../../tree/view.ts";
import { waiting } from "../../platform/progress.ts";
import type { Ask } from "./go-to-date.ts";
import { logItem, type LogItem } from "../../words/log-item.ts";

export type OpenLogByIdNeeds = {
  sessions: Pick<Sessions, "current" | "sourceOf">;
  panels: Pick<LogPanels, "open">;
  format: Format;
};

/** UI for questions, and the clipboard. */
export type Asking = {
  clipboard: () => Thenable<string>;
  ask: Ask;
  pick(items: readonly LogItem[], options: vscode.QuickPickOptions): Thenable<LogItem | undefined>;
};

const asking: Asking = {
  clipboard: () => vscode.env.clipboard.readText(),
  ask: (options) => vscode.window.showInputBox(options),
  pick: (items, options) => vscode.window.showQuickPick(items, options),
};

const { headers, logIds } = GATEWAY_NAMES;
const ids = new LogIds(logIds);

/** Returns the IDs in a typed text. A number alone is one, although it's too short to be one in other texts. */
const typedIds = (text: string): LogIdCandidate[] =>
  /^\d{1,19}$/.test(text.trim()) ? [{ logId: text.trim() }] : ids.find(text);

/** Asks for a log's ID. Suggests the clipboard's content only if it certainly is an ID, because it may be anything. */
async function askWanted({ clipboard, ask }: Asking): Promise<LogIdCandidate[]> {
  const { t } = vscode.l10n;
  const copied = ids.find(await clipboard(), false);
  const value = copied[0]?.logId ?? "";
  const given = await ask({
    title: t("Open Log by ID"),
    prompt: t("The ID of a log or an event, a {0} header, or an address of the dashboard.", headers.logId),
    placeHolder: `${headers.logId}: …`,
    value,
    validateInput: (text) =>
      text.trim() === "" || typedIds(text).length > 0 ? undefined : t("The text has no log or event ID."),
  });
  if (given === undefined) return [];
  // The copied text may also contain the ID's gateway.
  return given.trim() === value ? copied : typedIds(given);
}

/** Describes where the search took place, and why not everywhere. */
function notFound(
  [wanted]: readonly LogIdCandidate[],
  { lookedIn, failed }: Search & { type: "none" },
  format: Format,
): PlainError {
  const { t } = vscode.l10n;
  const sentences = [
    t("There is no log or event with the ID {0}.", oneLine(wanted?.logId ?? "", 80)),
    ...(lookedIn.length > 0 ? [t("Searched: {0}.", lookedIn.map(({ collectionId }) => collectionId).join(", "))] : []),
    ...failed.map(({ gateway, error }) =>
      t("Couldn't search {0}: {1}.", gateway.collectionId, explain(error, format).summary),
    ),
  ];
  return new PlainError(sentences.join(" "));
}

/** Finds a log in any gateway of the tree and opens it; for an event with several steps, the selected one. */
export async function openLogById({ sessions, panels, format }: OpenLogByIdNeeds, person = asking): Promise<void> {
  const { t } = vscode.l10n;
  const wanted = await askWanted(person);
  if (wanted.length === 0) return;
  const search = await waiting(t("Finding the log…"), async (signal) => {
    const gateways = (await gatewaysIn(await sessions.current())).map(({ ref }) => ref);
    if (gateways.length === 0) throw noGateway();
    return findLog(gateways, wanted, listLogsOf(sessions), signal);
  });
  if (search.type === "none") throw notFound(wanted, search, format);
  const { gateway, logs } = search;
  const placeHolder = t("Select a step of the event");
  const log =
    logs.length > 1
      ? (
          await person.pick(
            logs.map((step) => logItem(step, ["step", "status", "time", "duration", "tokens", "cost"], format)),
            { placeHolder, matchOnDescription: true },
          )
        )?.log
      : logs[0];
  if (log) await panels.open({ ...gateway, logId: log.id }, log);
}
