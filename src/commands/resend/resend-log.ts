import { capable } from "../../words/cannot.ts";
import * as vscode from "vscode";
import { signedIn } from "../../account/signed-in.ts";
import type { Sessions } from "../../account/session.ts";
import { readDetail } from "../../source/rows.ts";
import type { InferenceEndpoint, LogSource } from "../../source/source.ts";
import type { CallHeaders } from "../../source/names.ts";
import { asRecorded, type LogDetail, type LogRef } from "../../source/log.ts";
import type { Bodies } from "../../reading/bodies.ts";
import type { RequestDrafts } from "../../documents/drafts.ts";
import { textOf } from "../../chat/body/utf8.ts";
import { PlainError } from "../../words/explain.ts";
import { type Obstacle, resendAddress, type ResendAddress } from "../../resend/address.ts";

export type ResendNeeds = {
  sessions: Pick<Sessions, "sourceOf">;
  bodies: Pick<Bodies, "get">;
  drafts: Pick<RequestDrafts, "uriOf">;
};

/** A log with its recorded request, which can be sent again. */
export type Resendable = {
  log: LogDetail;
  source: LogSource;
  endpoint: InferenceEndpoint;
  names: CallHeaders;
  recorded: { text: string; contentType: string | undefined };
  address: ResendAddress;
  uri: vscode.Uri;
};

function refusal(obstacle: Obstacle): string {
  const { t } = vscode.l10n;
  switch (obstacle) {
    case "universal":
      return t(
        "This was a call of the universal endpoint, with several requests in one: it can't be sent again from here.",
      );
    case "webSocket":
      return t("This was sent over a WebSocket: only requests over HTTP can be sent again.");
    case "notText":
      return t("Only text requests can be sent again. This one is binary or a form with files.");
    case "noPath":
      return t("The log doesn't include the address that the request was sent to.");
    case "noProvider":
      return t("The log doesn't include the provider that the request was for.");
    case "noRegion":
      return t("The log doesn't include the Amazon Bedrock region that the request was sent to.");
    case "noResource":
      return t("The log doesn't include the Azure resource and deployment that the request was sent to.");
  }
}

/**
 * Reads what sending a log's request again needs.
 * @throws PlainError with the reason if it can't be sent
 */
export async function readResendable({ sessions, bodies, drafts }: ResendNeeds, ref: LogRef): Promise<Resendable> {
  const source = signedIn(await sessions.sourceOf(ref));
  const { endpoint, headers: names } = capable(source.resend, "canResend");
  const [log, stored] = await Promise.all([readDetail(source, ref), bodies.get(ref, "request")]);
  if (!stored) throw new PlainError(vscode.l10n.t("The gateway has stored no request for this log."));
  const text = textOf(stored.body);
  const address = resendAddress(log, text ?? stored.body);
  if (typeof address === "string") throw new PlainError(refusal(address));
  const contentType = asRecorded(log).requestContentType ?? stored.contentType;
  const recorded = { text: text ?? "", contentType };
  return { log, source, endpoint: await endpoint(), names, recorded, address, uri: drafts.uriOf(ref, stored) };
}

/** Opens a log's request as a document to edit and send. */
export async function resendLog(needs: ResendNeeds, ref: LogRef): Promise<void> {
  const { uri } = await readResendable(needs, ref);
  // Not as a preview: the next document must not replace one that is being edited.
  await vscode.commands.executeCommand("vscode.open", uri, { preview: false });
}
