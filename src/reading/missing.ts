import * as vscode from "vscode";
import { GATEWAY_NAMES } from "../account/gateway-names.ts";
import { SourceError } from "../source/errors.ts";
import type { BodyLack, Side } from "../source/log.ts";
import { explain } from "../words/explain.ts";
import type { Format } from "../logs/format.ts";
import type { Missing } from "./core/body-state.ts";

/** Why a side's body is missing or incomplete. Sizes in bytes. */
export type Lack =
  | { type: "loadingRest"; shown: number; size: number | undefined }
  /** `why`: the reason for the missing rest, if known. */
  | { type: "truncated"; shown: number; size: number | undefined; why?: string }
  | { type: "empty" }
  /** Shown, except for invalid bytes. */
  | { type: "replaced" }
  | { type: "notCollected" }
  /** The source has no body. */
  | { type: "notKept"; why: BodyLack | undefined }
  /** Shown: the source recorded no more. */
  | { type: "excerpt" }
  /** The log is of a guardrail. */
  | { type: "check" }
  | { type: "tooLarge"; size: number | undefined }
  | { type: "writing" }
  | { type: "notWritten" }
  /** The token can list logs (AI Gateway Metadata Read) but not read bodies. */
  | { type: "notPermitted" }
  | { type: "failed"; why: string };

function partShown(shown: number, size: number | undefined, format: Format): string {
  return size === undefined || size <= shown
    ? vscode.l10n.t("Only the first {0} are shown", format.size(shown))
    : vscode.l10n.t("{0} of {1} are shown", format.size(shown), format.size(size));
}

function notStored(side: Side): string {
  return side === "request"
    ? vscode.l10n.t("The gateway has stored no request body.")
    : vscode.l10n.t("The gateway has stored no response body.");
}

function notKept(side: Side, why: BodyLack | undefined): string {
  const { t } = vscode.l10n;
  switch (why) {
    case undefined:
      return t("Bodies aren't kept where this log is.");
    case "recordingOff":
      return side === "request"
        ? t(
            "No request was recorded. Recording of requests is off in the organization's settings, or was when the call was made. Requests for embeddings are never recorded.",
          )
        : t(
            "No response was recorded. Recording of responses is off in the organization's settings, or was when the call was made.",
          );
    case "streamed":
      return t(
        "No response was recorded. Streamed calls are recorded without it, and so are all calls while recording of responses is off in the organization's settings.",
      );
    case "notListed":
      return t("This version of the server gives out the bodies of agents' runs only, and none of this log.");
  }
}

/** Returns what is missing and why, in words for each case. */
export function missingOf(side: Side, lack: Lack, format: Format): Missing {
  const t = vscode.l10n.t;
  const { headers } = GATEWAY_NAMES;
  switch (lack.type) {
    case "loadingRest":
      return { text: t("{0}; loading the rest…", partShown(lack.shown, lack.size, format)), retry: false };
    case "truncated": {
      const part = partShown(lack.shown, lack.size, format);
      const text = lack.why ? t("{0}. {1}", part, lack.why) : t("{0}.", part);
      return { text, retry: true, isPart: true, openDocument: true };
    }
    case "empty": {
      const text =
        side === "request" ? t("The call was recorded without a body.") : t("The answer was recorded without a body.");
      return { text, retry: false };
    }
    case "replaced":
      return { text: t("Some bytes of this body aren't valid UTF-8. The mark � replaces them."), retry: false };
    case "notCollected": {
      const why = t(
        "A call with the header {0}: false is logged without its bodies. The header {1} and the gateway's setting Collect logs decide whether it's logged at all.",
        headers.collectBodies,
        headers.collectLog,
      );
      return { text: `${notStored(side)} ${why}`, retry: true };
    }
    case "notKept":
      return { text: notKept(side, lack.why), retry: false };
    case "excerpt": {
      const text =
        side === "request"
          ? t("Only parts were recorded: at most the last 3 messages, and of a long text its beginning and its end.")
          : t("Only parts were recorded: the beginning and the end.");
      return { text, retry: false };
    }
    case "check":
      return { text: t("A guardrail's log has only the text that matched: see the metadata."), retry: false };
    case "tooLarge": {
      const why =
        lack.size === undefined
          ? t("It's larger than 10 MB, the most that the gateway stores of a log.")
          : t("It has {0}, and the gateway doesn't store logs of more than 10 MB.", format.size(lack.size));
      return { text: `${notStored(side)} ${why}`, retry: false };
    }
    case "writing":
      return {
        text: t("The gateway is still writing this log. The body appears here when it's ready."),
        retry: false,
      };
    case "notWritten":
      return {
        text: `${notStored(side)} ${t("It didn't appear within 30 seconds. It may still come, or the call was made with {0}: false.", headers.collectBodies)}`,
        retry: true,
      };
    case "notPermitted":
      return { text: notPermittedWords(), retry: true };
    case "failed":
      return { text: lack.why, retry: true };
  }
}

/** Returns why a log is listed but its bodies can't be read, and what to do. */
export const notPermittedWords = (): string =>
  vscode.l10n.t(
    "The token can list logs but can't read their bodies. Give it the permission {0} for the account, or sign in with a token that has it.",
    "AI Gateway Read",
  );

/** Returns that a listed log no longer exists. */
export const deletedWords = (): string => vscode.l10n.t("This log no longer exists. It was deleted.");

/** Returns why a log can't be shown. `wasListed`: the tree listed it, so it existed. */
export function unreadable(error: unknown, wasListed: boolean, format: Format): string {
  if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return vscode.l10n.t("There isn't enough memory to show this log. Open its bodies as documents.");
  if (!(error instanceof SourceError && error.reason === "notFound")) {
    const { summary, detail } = explain(error, format);
    return detail || summary;
  }
  return wasListed ? deletedWords() : vscode.l10n.t("There is no log with this ID. It may have been deleted.");
}
