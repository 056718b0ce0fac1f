import * as vscode from "vscode";
import { SourceError } from "../source/errors.ts";
import { oneLine, type Format } from "../logs/format.ts";

/** A failure in words for users: a short summary, the details, and a remedy. */
export type Explanation = { summary: string; detail: string; remedy: "signIn" | "retry" | "showOutput" };

const REMEDIES: Record<SourceError["reason"], Explanation["remedy"]> = {
  unauthorized: "signIn",
  signedOut: "signIn",
  forbidden: "signIn",
  notFound: "retry",
  rateLimited: "retry",
  rejected: "showOutput",
  offline: "retry",
  timeout: "retry",
  filterIgnored: "showOutput",
  serverError: "retry",
  badAnswer: "showOutput",
  invalid: "showOutput",
  notSaved: "showOutput",
  aborted: "retry",
};

const mayNotChange = (): Omit<Explanation, "remedy"> => ({
  summary: vscode.l10n.t("The permission AI Gateway Edit is missing"),
  detail: vscode.l10n.t(
    "The token can read logs but not change them. Give it the permission AI Gateway Edit for the account, or sign in with a token that has it.",
  ),
});

function words(error: SourceError, format: Format, permission: string): Omit<Explanation, "remedy"> {
  const t = vscode.l10n.t;
  const service = error.service ?? t("The server");
  const isCloudflare = error.service === "Cloudflare";
  switch (error.reason) {
    case "unauthorized":
      return {
        summary: t("The token was refused"),
        detail: t(
          "{0} does not accept this account's token. It may have expired or been deleted. Sign in with a new one.",
          service,
        ),
      };
    case "signedOut":
      return {
        summary: t("Not signed in"),
        detail: t("This account is no longer signed in. Sign in to it again."),
      };
    case "forbidden":
      if (!isCloudflare)
        return {
          summary: t("Not permitted"),
          detail: t("{0} doesn't permit this. Sign in with a key that has the permission.", service),
        };
      if (!error.permission && error.method !== undefined && error.method !== "GET") return mayNotChange();
      return {
        summary: t("The permission {0} is missing", error.permission ?? permission),
        detail: t(
          "The token can't read this. Give it the permission {0} for the account, or sign in with a token that has it.",
          error.permission ?? permission,
        ),
      };
    case "notFound":
      return { summary: t("Not found"), detail: t("It doesn't exist. It may have been deleted.") };
    case "rateLimited":
      return {
        summary: error.retryAt ? t("Too many calls, until {0}", format.time(error.retryAt)) : t("Too many calls"),
        detail: isCloudflare
          ? t(
              "Cloudflare allows each user 1,200 calls in 5 minutes, in all their tokens and the dashboard together. Try again later.",
            )
          : t("{0} accepts no more calls for now. Try again later.", service),
      };
    case "offline":
      return {
        summary: t("Can't be reached"),
        detail: t("Couldn't connect to the API. Check the network and the proxy settings. {0}", error.message),
      };
    case "timeout":
      return { summary: t("No answer in time"), detail: t("The API took too long to answer.") };
    case "filterIgnored":
      return {
        summary: t("The filter was ignored"),
        detail: t("The API's response doesn't match the filter, so it wasn't used."),
      };
    case "serverError":
      return {
        summary: t("The API has a problem"),
        detail: t("{0} answered with status {1}: {2}", service, String(error.status), oneLine(error.message)),
      };
    case "rejected":
      return { summary: t("The API refused the call"), detail: t("The API answered: {0}", oneLine(error.message)) };
    case "badAnswer":
      return {
        summary: t("Unexpected response"),
        detail: isCloudflare
          ? t(
              "The response isn't from the Cloudflare API. A proxy, a login page, or a wrong address in aiGateway.apiBaseUrl may be the cause. {0}",
              oneLine(error.message),
            )
          : t(
              "{0} sent something else than logs. A proxy, a login page, or a wrong address may be the cause. {1}",
              service,
              oneLine(error.message),
            ),
      };
    case "invalid":
      return { summary: t("Invalid request"), detail: oneLine(error.message) };
    case "notSaved":
      return { summary: t("Couldn't write the data"), detail: oneLine(error.message) };
    case "aborted":
      return { summary: t("Canceled"), detail: t("The call was canceled.") };
  }
}

/** An error with a message for users, shown verbatim. */
export class PlainError extends Error {}

/** Cloudflare's name of the permission for reading the audit log. */
export const AUDIT_PERMISSION = "Account Settings Read";

/** Explains any error; never with a stack trace. `permission`: Cloudflare's name of the missing permission. */
export function explain(error: unknown, format: Format, permission = "AI Gateway Read"): Explanation {
  if (error instanceof PlainError) return { summary: error.message, detail: "", remedy: "showOutput" };
  if (!(error instanceof SourceError)) {
    const detail = oneLine(error instanceof Error ? error.message : String(error));
    return { summary: vscode.l10n.t("Something went wrong"), detail, remedy: "showOutput" };
  }
  const told = words(error, format, permission);
  const id = error.requestId ? ` (${oneLine(error.requestId)})` : "";
  return { summary: told.summary, detail: told.detail + id, remedy: REMEDIES[error.reason] };
}

/** Returns an explanation as one text; a PlainError's message is already complete. */
export const inSentences = ({ summary, detail }: Explanation): string => (detail ? `${summary}. ${detail}` : summary);
