import * as vscode from "vscode";
import { readError } from "../../chat/errors.ts";
import type { SourceError } from "../../source/errors.ts";
import { textOf } from "../../chat/body/utf8.ts";
import { oneLine } from "../../logs/format.ts";
import { failureOf } from "../../panel/failure.ts";
import { meaningOf } from "../../panel/meaning.ts";
import type { Answer } from "../../resend/send.ts";

/** An error response in words. `isToken`: the gateway itself refused the token, so no provider was called. */
export type Refused = { words: string; isToken: boolean };

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Describes the error of a response; returns undefined if it is none. */
export function failureIn({ status, bytes }: Pick<Answer, "status" | "bytes">): Refused | undefined {
  const { t } = vscode.l10n;
  if (status < 300) return undefined;
  const error = readError(parsed(textOf(bytes) ?? ""), true);
  const failure = failureOf(error, status);
  if (failure === "gatewayToken" || failure === "cloudflareToken") {
    const words = t(
      "The gateway refused the token. It must be one with the permission AI Gateway Run, for this account.",
    );
    return { words, isToken: true };
  }
  const said = oneLine(error?.message ?? "");
  const key = t(
    "The original program's key isn't recorded. Store one in the gateway (Provider Keys), or use unified billing.",
  );
  const sentences = [
    said
      ? t("The answer is an error, with status {0}: {1}", String(status), said)
      : t("The answer has status {0}.", String(status)),
    ...(failure ? [meaningOf(failure)] : []),
    ...(failure === "providerKey" ? [key] : []),
  ];
  return { words: sentences.join(" "), isToken: false };
}

/** Explains a missing response, and what may have happened anyway. */
export function wordsOf({ reason, message }: SourceError): string {
  const { t } = vscode.l10n;
  return reason === "timeout"
    ? t(
        "There was no complete answer in time. The request may have been carried out and charged all the same: look at the newest logs before you send it again.",
      )
    : t(
        "The gateway can't be reached, or broke off ({0}). Check the network, the proxy settings and aiGateway.gatewayUrl; the newest logs tell whether the request arrived.",
        message,
      );
}
