import * as vscode from "vscode";
import { SourceError, type ErrorReason } from "../source/errors.ts";
import type { Purged } from "../source/source.ts";
import { logCount } from "../filter/items.ts";
import type { Format } from "../logs/format.ts";
import { explain, inSentences } from "../words/explain.ts";

function ageWords(days: number | undefined, format: Format): string {
  const { t } = vscode.l10n;
  if (days === undefined) return t("its retention");
  return days === 1 ? t("1 day") : t("{0} days", format.count(days));
}

/** How it's asked whose logs to purge, and what is said if there are none. */
export function purgeChoiceWords(): { title: string; placeholder: string; missing: string } {
  const { t } = vscode.l10n;
  return {
    title: t("Purge Logs Older Than Retention"),
    placeholder: t("Select a server. Nothing is deleted yet."),
    missing: t("No account that is shown has a server that can purge its logs. Sign in to a VerifyWise server first."),
  };
}

/** Describes what the server says it deleted. */
export function purgedWords({ deleted, retentionDays, hasMore }: Purged, format: Format): string {
  const { t } = vscode.l10n;
  const age = ageWords(retentionDays, format);
  if (deleted === 0) return t("The server has no logs older than {0}. Nothing was deleted.", age);
  const gone = t("The server deleted {0} older than {1}.", logCount(deleted, format), age);
  return hasMore ? `${gone} ${t("It deletes a limited number at a time, so more may remain.")}` : gone;
}

/** Reasons for which a purge isn't sent, if there was no answer. */
const NOT_SENT: ReadonlySet<ErrorReason> = new Set(["unauthorized", "signedOut", "notFound", "invalid"]);

/** Whether logs may be deleted although the purge failed: it was sent, and the answer isn't a refusal. */
function mayHaveDeleted({ reason, status }: SourceError): boolean {
  if (status === undefined) return !NOT_SENT.has(reason);
  return status < 300 || status === 408 || status >= 500;
}

function causeWords(error: SourceError, format: Format): string {
  const { t } = vscode.l10n;
  const { reason, status = 0 } = error;
  const service = error.service ?? t("The server");
  if (reason === "aborted") return t("Canceled.");
  if (reason === "forbidden")
    return t("Only an Admin of the organization can purge logs. Ask one to do it, or sign in with an Admin's token.");
  if (status === 404) return t("This version of {0} can't purge logs. Update the server.", service);
  if (status >= 502 && status <= 504)
    return t(
      "{0} couldn't reach its AI gateway (status {1}). Check that the gateway is running, then try again.",
      service,
      String(status),
    );
  if (reason === "serverError")
    return t(
      "{0} failed to purge logs (status {1}). Some of its versions can't: update the server, or look into its log.",
      service,
      String(status),
    );
  if (reason === "badAnswer")
    return t(
      "{0} didn't say how many logs it deleted. A proxy, a login page, or a wrong address may be the cause.",
      service,
    );
  return inSentences(explain(error, format));
}

/** Describes why a purge failed, whether logs may be deleted all the same, and what to do now. */
export function purgeFailureWords(error: unknown, format: Format): string {
  const { t } = vscode.l10n;
  const isKnown = error instanceof SourceError;
  const cause = isKnown ? causeWords(error, format) : inSentences(explain(error, format));
  if (isKnown && !mayHaveDeleted(error)) return `${cause} ${t("Nothing was deleted.")}`;
  return `${cause} ${t("The server may have deleted logs, and may still be deleting them. Refresh in a minute to see.")}`;
}
