import * as vscode from "vscode";
import type { CollectionRef } from "../source/log.ts";
import { logCount } from "../filter/items.ts";
import { oneLine, plain, type Format } from "../logs/format.ts";
import { withoutLinks } from "../platform/notify.ts";
import type { Ui } from "../platform/pick-one.ts";
import { isSome } from "./core/request.ts";
import type { NotedDeletion, UnfinishedDeletion } from "./core/unfinished.ts";
import { limitWords, passedOverWords } from "./deletion-words.ts";
import type { PlannedDeletion } from "./plan.ts";
import { isNameTyped } from "./typed-name.ts";

/** UI for confirmations: the window, or a stand-in in tests. */
export type ConfirmUi = Pick<Ui, "showInputBox"> & {
  showWarningMessage(message: string, options: vscode.MessageOptions, ...items: string[]): Thenable<string | undefined>;
};

/** Number of logs above which the user must type the gateway's name. */
const TYPED_ABOVE = 100;

/**
 * A deletion that the user has confirmed. Only this file can create one, so nothing runs without a confirmation from
 * here.
 */
class ConfirmedDeletion implements NotedDeletion {
  readonly gateway: CollectionRef;
  readonly words: string;
  readonly #ids: NotedDeletion["ids"];

  constructor({ gateway, ids, words }: NotedDeletion) {
    this.gateway = gateway;
    this.words = words;
    this.#ids = ids;
  }

  get ids(): NotedDeletion["ids"] {
    return this.#ids;
  }

  /** Returns the deletion without its first `handled` logs, or undefined if none remain. */
  rest(handled: number): ConfirmedDeletion | undefined {
    const { gateway, words } = this;
    const ids = this.#ids.slice(handled);
    return isSome(ids) ? new ConfirmedDeletion({ gateway, ids, words }) : undefined;
  }
}

export type { ConfirmedDeletion };

function isGatewayTyped(ui: ConfirmUi, collectionId: string, counted: string): Promise<boolean> {
  const { t } = vscode.l10n;
  const name = plain(collectionId);
  return isNameTyped(ui, collectionId, {
    title: t("Delete {0} of {1}", counted, name),
    prompt: t("To delete them, type the name of the gateway: {0}", name),
    wrong: t("This is not the name of the gateway: {0}", name),
  });
}

/**
 * Asks for confirmation, with `details` below the question.
 * @throws PlainError if the typed name is wrong
 */
async function confirm(
  ui: ConfirmUi,
  deletion: NotedDeletion,
  details: readonly string[],
  format: Format,
): Promise<ConfirmedDeletion | undefined> {
  const { t } = vscode.l10n;
  const { gateway, ids } = deletion;
  const counted = logCount(ids.length, format);
  const yes = t("Delete {0}", counted);
  const message = t("Delete {0} of the gateway {1}?", counted, oneLine(gateway.collectionId));
  const lines = [...details, t("You can't undo this.")].filter(Boolean);
  const options = { modal: true, detail: withoutLinks(lines.join("\n")) };
  const answer = await ui.showWarningMessage(withoutLinks(message), options, yes);
  if (answer !== yes) return undefined;
  const isSure = ids.length <= TYPED_ABOVE || (await isGatewayTyped(ui, gateway.collectionId, counted));
  return isSure ? new ConfirmedDeletion(deletion) : undefined;
}

/**
 * Asks for confirmation in a dialog with the gateway and the number and description of the logs; above 100 logs, the
 * user must also type the gateway's name. Returns undefined if the user cancels.
 * @throws PlainError if the typed name is wrong
 */
export function confirmDeletion(
  ui: ConfirmUi,
  planned: PlannedDeletion,
  format: Format,
): Promise<ConfirmedDeletion | undefined> {
  const { t } = vscode.l10n;
  const { ids, oldest, newest, words, file } = planned;
  const details = [
    file === undefined ? "" : t("They are in {0}, which was checked: count, IDs and hash.", oneLine(file, 300)),
    oneLine(words, 500),
    t("From {0} to {1}.", format.dateTime(oldest.createdAt), format.dateTime(newest.createdAt)),
    passedOverWords(planned, format),
    limitWords(ids.length, format),
  ];
  return confirm(ui, planned, details, format);
}

/**
 * Asks for confirmation of the rest of an interrupted deletion, without details from rows.
 * @throws PlainError if the typed name is wrong
 */
export function confirmUnfinished(
  ui: ConfirmUi,
  unfinished: UnfinishedDeletion,
  format: Format,
): Promise<ConfirmedDeletion | undefined> {
  const details = [oneLine(unfinished.words, 500), limitWords(unfinished.ids.length, format)];
  return confirm(ui, unfinished, details, format);
}

/** Asks whether to continue or discard an interrupted deletion. Returns undefined if the user cancels. */
export async function askUnfinished(
  ui: ConfirmUi,
  { gateway, ids, count, words }: UnfinishedDeletion,
  format: Format,
): Promise<"continue" | "discard" | undefined> {
  const { t } = vscode.l10n;
  const [goOn, discard] = [t("Continue…"), t("Discard")];
  const message = t(
    "Deleting {0} of the gateway {1} was interrupted. {2} are left.",
    logCount(count, format),
    oneLine(gateway.collectionId),
    format.count(ids.length),
  );
  const detail = withoutLinks(t("They are: {0}. Discarding deletes nothing.", oneLine(words, 500)));
  const answer = await ui.showWarningMessage(withoutLinks(message), { modal: true, detail }, goOn, discard);
  return answer === goOn ? "continue" : answer === discard ? "discard" : undefined;
}
