import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { signedIn } from "../account/signed-in.ts";
import { isAborted } from "../source/errors.ts";
import type { CollectionRef } from "../source/log.ts";
import type { LogSource, Purged } from "../source/source.ts";
import { oneLine, plain, type Format } from "../logs/format.ts";
import type { Logger } from "../platform/logger.ts";
import { withoutLinks } from "../platform/notify.ts";
import { waiting } from "../platform/progress.ts";
import { capable } from "../words/cannot.ts";
import { purgedWords, purgeFailureWords } from "./purge-words.ts";
import { isNameTyped } from "./typed-name.ts";

export type PurgeNeeds = {
  sessions: Pick<Sessions, "sourceOf">;
  /** Rereads the rows of a collection that are shown. */
  refresh: (of: CollectionRef) => void;
  format: Format;
  logger: Logger;
};

type Purge = NonNullable<LogSource["purge"]>;

/**
 * Asks in a dialog, then for the server's name: nothing can be previewed.
 * @throws PlainError if the typed name is wrong
 */
async function isConfirmed({ collectionId }: CollectionRef): Promise<boolean> {
  const { t } = vscode.l10n;
  const yes = t("Purge…");
  const details = [
    t("The server deletes all logs older than the retention in its organization's settings, for everyone."),
    t("Their number can't be known before: the server offers no preview."),
    t("You can't undo this."),
  ];
  const message = t("Purge logs of {0} that are older than its retention?", oneLine(collectionId));
  const options = { modal: true, detail: details.join("\n") };
  if ((await vscode.window.showWarningMessage(withoutLinks(message), options, yes)) !== yes) return false;
  const name = plain(collectionId);
  return isNameTyped(vscode.window, collectionId, {
    title: t("Purge logs of {0}", name),
    prompt: t("To purge them, type the name of the server: {0}", name),
    wrong: t("This is not the name of the server: {0}", name),
  });
}

/** Sends one purge, and shows the rows that are left; says why if it failed. */
async function send(
  { refresh, format, logger }: PurgeNeeds,
  purge: Purge,
  of: CollectionRef,
): Promise<Purged | undefined> {
  const { showErrorMessage, showWarningMessage } = vscode.window;
  try {
    const title = vscode.l10n.t("Purging logs of {0}", oneLine(of.collectionId));
    return await waiting(title, (signal) => purge(of, { signal }));
  } catch (error) {
    logger.error(`purge in ${of.collectionId}: ${String(error)}`);
    const show = isAborted(error) ? showWarningMessage : showErrorMessage;
    void show(withoutLinks(purgeFailureWords(error, format)));
    return undefined;
  } finally {
    refresh(of);
  }
}

/** Sends a confirmed purge and reports it, without waiting for the user to answer the message. */
async function carryOut(needs: PurgeNeeds, purge: Purge, of: CollectionRef): Promise<void> {
  const purged = await send(needs, purge, of);
  if (!purged) return;
  const again = vscode.l10n.t("Purge Again");
  const words = withoutLinks(purgedWords(purged, needs.format));
  void vscode.window
    .showInformationMessage(words, ...(purged.hasMore ? [again] : []))
    .then((chosen) => (chosen === again ? carryOut(needs, purge, of) : undefined));
}

/**
 * Lets a server delete its logs older than its own retention, after a confirmation; each confirmation or click sends one
 * call.
 * @throws PlainError, SourceError; failures after sending are shown instead
 */
export async function purgeLogs(needs: PurgeNeeds, of: CollectionRef): Promise<void> {
  const { purge } = signedIn(await needs.sessions.sourceOf(of));
  const able = capable(purge, "canPurge");
  if (await isConfirmed(of)) await carryOut(needs, able, of);
}
