import * as vscode from "vscode";
import type { LogRef } from "../../source/log.ts";
import { differenceOf } from "../../documents/difference.ts";
import type { Recording, Recordings } from "../../reading/recordings.ts";
import { documentAt, uriOf, type DocumentName } from "../../documents/uris.ts";
import { PlainError } from "../../words/explain.ts";
import { oneLine, shortModel, type Format } from "../../logs/format.ts";
import { logKey } from "../../logs/log-key.ts";
import { waiting } from "../../platform/progress.ts";

/** The compared part of two logs. */
export type Compared = "conversation" | "request" | "response";

export type CompareNeeds = {
  recordings: Pick<Recordings, "get">;
  /** Storage for the part compared last. */
  memory: Pick<vscode.Memento, "get" | "update">;
  format: Format;
};

/** UI to ask a question and show two documents. */
export type CompareUi = {
  pick<T extends vscode.QuickPickItem>(items: readonly T[], options: vscode.QuickPickOptions): Thenable<T | undefined>;
  diff(left: vscode.Uri, right: vscode.Uri, title: string): Thenable<unknown>;
};

/** The window's UI. */
export const compareUi: CompareUi = {
  pick: (items, options) => vscode.window.showQuickPick(items, options),
  diff: (left, right, title) => vscode.commands.executeCommand("vscode.diff", left, right, title),
};

const REMEMBERED = "compared";

const DOCUMENTS: Record<Compared, DocumentName> = {
  conversation: "conversation",
  request: "request.compare",
  response: "response.compare",
};

const isCompared = (value: unknown): value is Compared => typeof value === "string" && Object.hasOwn(DOCUMENTS, value);

/** Asks what to compare. */
async function askWhat(ui: CompareUi, current?: Compared): Promise<Compared | undefined> {
  const { t } = vscode.l10n;
  const item = (what: Compared, label: string, detail: string) => ({
    what,
    label,
    detail,
    ...(what === current ? { description: t("shown now") } : {}),
  });
  const items = [
    item("conversation", t("Conversations"), t("As Markdown: messages, tool calls and answers.")),
    item("request", t("Requests"), t("As JSON: keys sorted, without IDs, times and fingerprints.")),
    item("response", t("Responses"), t("As JSON, in the same way. Streams are joined.")),
  ];
  const options = { title: t("Compare Logs"), placeHolder: t("Select what to compare") };
  return (await ui.pick(items, options))?.what;
}

/** Returns a log's name for the title: the model, the time and, if it differs from the other's, the date. */
function nameOf({ log }: Recording, other: Recording, format: Format): string {
  const [at, otherAt] = [log.createdAt, other.log.createdAt];
  const isSameDay = format.calendar.dayOf(at) === format.calendar.dayOf(otherAt);
  return `${oneLine(shortModel(log), 40)} ${isSameDay ? format.time(at) : format.dateTime(at)}`;
}

function assertStored({ log, exchange }: Recording, what: Compared, format: Format): void {
  if (what === "conversation" || exchange[what] !== null) return;
  const at = format.time(log.createdAt);
  throw new PlainError(
    what === "request"
      ? vscode.l10n.t("The gateway has stored no request for the log of {0}.", at)
      : vscode.l10n.t("The gateway has stored no response for the log of {0}.", at),
  );
}

/** Shows two logs side by side, the older one on the left, and how much more or less the newer one took. */
async function show(one: Recording, other: Recording, what: Compared, needs: CompareNeeds, ui: CompareUi) {
  const { format } = needs;
  const isInOrder = one.log.createdAt <= other.log.createdAt;
  const [older, newer] = isInOrder ? [one, other] : [other, one];
  for (const recording of [older, newer]) assertStored(recording, what, format);
  const name = DOCUMENTS[what];
  const left = uriOf({ ref: older.ref, name });
  const right = uriOf({ ref: newer.ref, name, ...(what === "conversation" ? { against: older.ref } : {}) });
  const names = `${nameOf(older, newer, format)} ↔ ${nameOf(newer, older, format)}`;
  await ui.diff(left, right, [names, differenceOf(older.log, newer.log, format)].filter(Boolean).join(", "));
  await needs.memory.update(REMEMBERED, what);
}

/**
 * Compares two logs in the editor's diff. Asks for the part the first time, then uses the last one; `what` sets it for
 * now and later.
 * @throws PlainError if both are the same log, or nothing is stored
 */
export async function compare(
  one: LogRef,
  other: LogRef,
  needs: CompareNeeds,
  ui: CompareUi,
  what?: Compared,
): Promise<void> {
  if (logKey(one) === logKey(other)) throw new PlainError(vscode.l10n.t("Both are the same log. Select another one."));
  const remembered = needs.memory.get<unknown>(REMEMBERED);
  const wanted = what ?? (isCompared(remembered) ? remembered : await askWhat(ui));
  if (!wanted) return;
  const recordings = await waiting(vscode.l10n.t("Reading the two logs…"), (signal) =>
    Promise.all([needs.recordings.get(one, signal), needs.recordings.get(other, signal)]),
  );
  await show(...recordings, wanted, needs, ui);
}

/** Returns the two logs in the active diff and the compared part, or undefined if it is another diff. */
function comparedNow(): { left: LogRef; right: LogRef; what: Compared | undefined } | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputTextDiff)) return undefined;
  const [left, right] = [documentAt(input.original), documentAt(input.modified)];
  if (!left || !right) return undefined;
  const what = Object.keys(DOCUMENTS)
    .filter(isCompared)
    .find((one) => DOCUMENTS[one] === right.name);
  return { left: left.ref, right: right.ref, what };
}

/** Asks for another part of the two logs in the active diff, and compares it. */
export async function compareAnother(needs: CompareNeeds, ui: CompareUi): Promise<void> {
  const now = comparedNow();
  if (!now) throw new PlainError(vscode.l10n.t("Compare two logs first."));
  const what = await askWhat(ui, now.what);
  if (what) await compare(now.left, now.right, needs, ui, what);
}
