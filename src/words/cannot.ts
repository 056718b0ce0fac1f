import * as vscode from "vscode";
import type { Capability } from "../source/capabilities.ts";
import { PlainError } from "./explain.ts";

/** Returns why something can't be done with a log: the place that keeps it has no way to. */
function cannotWords(capability: Capability): string {
  const { t } = vscode.l10n;
  switch (capability) {
    case "canAskByTime":
      return t("The logs of this source can't be requested by day. Load more logs to reach earlier days.");
    case "canRate":
    case "canScore":
      return t("The logs of this source can't be rated.");
    case "canTag":
      return t("The metadata of this source's logs can't be changed.");
    case "canDelete":
      return t("The logs of this source can't be deleted from here.");
    case "canPurge":
      return t("This source can't purge its logs.");
    case "canResend":
      return t("The requests of this source's logs can't be sent again from here.");
    case "canOpenPage":
      return t("This source has no web page.");
    case "canDiagnose":
      return t("This source has no diagnostics.");
  }
}

/** Returns a source's capability. @throws PlainError with the reason if it's missing */
export function capable<Member>(member: Member | undefined, capability: Capability): Member {
  if (member === undefined) throw new PlainError(cannotWords(capability));
  return member;
}
