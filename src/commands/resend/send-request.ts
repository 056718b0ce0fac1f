import * as vscode from "vscode";
import type { GatewayTokens } from "../../account/gateway-tokens.ts";
import type { Sessions } from "../../account/session.ts";
import { SourceError } from "../../source/errors.ts";
import type { StoredBody } from "../../source/source.ts";
import type { LogRef } from "../../source/log.ts";
import type { LogDocuments } from "../../documents/documents.ts";
import type { RequestDrafts } from "../../documents/drafts.ts";
import { textOf } from "../../chat/body/utf8.ts";
import { isEvents } from "../../reading/core/layout.ts";
import { PlainError } from "../../words/explain.ts";
import { type Format, plain } from "../../logs/format.ts";
import { signalOf, withoutLinks } from "../../platform/notify.ts";
import type { LogPanels } from "../../panel/panels.ts";
import { resendUrl } from "../../resend/address.ts";
import { type Answer, ANSWER_TIMEOUTS, resentMetadata, send, type Sending } from "../../resend/send.ts";
import { whenWritten } from "../../resend/written.ts";
import { askToken } from "../account/ask-token.ts";
import { isConfirmed } from "./confirm-send.ts";
import { readResendable, type Resendable, type ResendNeeds } from "./resend-log.ts";
import { failureIn, type Refused, wordsOf } from "./send-words.ts";

export type SendNeeds = ResendNeeds & {
  sessions: Pick<Sessions, "sourceOf" | "openTransport">;
  gatewayTokens: Pick<GatewayTokens, "tokenOf" | "store" | "remove">;
  documents: Pick<LogDocuments, "uriOf">;
  drafts: Pick<RequestDrafts, "uriOf" | "refOf" | "putAnswer">;
  panels: Pick<LogPanels, "open">;
  format: Format;
};

/** UI for questions and messages. */
type Asking = Pick<
  typeof vscode.window,
  "showWarningMessage" | "showInformationMessage" | "showInputBox" | "withProgress"
>;

type Request = Resendable & { ref: LogRef; text: string };

/** Returns the document to send: the given one, or else the active one. */
async function documentOf(drafts: SendNeeds["drafts"], uri: vscode.Uri | undefined) {
  const wanted = uri ?? vscode.window.activeTextEditor?.document.uri;
  const ref = wanted && drafts.refOf(wanted);
  if (!ref) throw new PlainError(vscode.l10n.t("Open a log's request first: run Resend Request from any log."));
  return { document: await vscode.workspace.openTextDocument(wanted), ref };
}

const askGatewayToken = (collectionId: string, window: Asking): Promise<string | undefined> =>
  askToken(
    vscode.l10n.t("Token for the gateway {0}", plain(collectionId)),
    vscode.l10n.t(
      "An API token with the permission AI Gateway Run. It is kept in this editor's secret storage and sent to this gateway only. The provider is asked with the key stored in the gateway, or by unified billing.",
    ),
    window,
  );

/** Returns the response in the form of the recorded one: the gateway joins streams (API notes: Stored responses). */
async function likeRecorded({ bytes, contentType }: Answer, recorded: StoredBody | undefined): Promise<StoredBody> {
  const text = textOf(bytes);
  const stored = { body: text ?? bytes, ...(contentType === undefined ? {} : { contentType }) };
  if (text === undefined || !isEvents(text) || (recorded && isEvents(textOf(recorded.body) ?? ""))) return stored;
  const { assembleStream } = await import("../../local/assemble.ts");
  return { ...stored, body: assembleStream(text) ?? text };
}

/**
 * Returns the recorded response, or undefined even if it can't be read: the new response has been paid for and must
 * still be shown.
 */
async function recordedResponse({ bodies }: SendNeeds, ref: LogRef): Promise<StoredBody | undefined> {
  try {
    return await bodies.get(ref, "response");
  } catch {
    return undefined;
  }
}

/** Opens the response next to the recorded one, or alone if that is missing. */
async function showAnswer(needs: SendNeeds, { ref }: Request, answer: Answer): Promise<void> {
  const { documents, drafts } = needs;
  const recorded = await recordedResponse(needs, ref);
  const uri = await drafts.putAnswer(ref, await likeRecorded(answer, recorded));
  if (!recorded) {
    await vscode.commands.executeCommand("vscode.open", uri);
    return;
  }
  const before = documents.uriOf(ref, "response", recorded);
  await vscode.commands.executeCommand("vscode.diff", before, uri, vscode.l10n.t("Recorded response ↔ answer"));
}

/** Sends the request with a cancelable progress notification. */
async function sendShown(needs: SendNeeds, request: Request, sending: Sending, window: Asking): Promise<Answer> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t("Waiting for the answer of {0}…", plain(request.address.provider));
  return window.withProgress({ location, title, cancellable: true }, async (_, token) => {
    const transport = await needs.sessions.openTransport({ timeouts: ANSWER_TIMEOUTS });
    try {
      return await send(transport.fetch, sending, signalOf(token));
    } catch (error) {
      throw error instanceof SourceError && error.reason !== "aborted" ? new PlainError(wordsOf(error)) : error;
    } finally {
      await transport.close();
    }
  });
}

/** Opens the gateway's log of a response, once it is available. */
async function openLog({ panels }: SendNeeds, { source }: Request, ref: LogRef, window: Asking): Promise<void> {
  const location = vscode.ProgressLocation.Notification;
  const title = vscode.l10n.t("Waiting until the gateway has written the log…");
  const log = await window.withProgress({ location, title, cancellable: true }, (_, token) =>
    whenWritten(source, ref, signalOf(token)),
  );
  // If it isn't available yet, the panel says so.
  await panels.open(ref, log);
}

/** Reports the outcome, and offers to open the gateway's log of it. */
async function tell(
  needs: SendNeeds,
  request: Request,
  answer: Answer,
  refused: Refused | undefined,
  window: Asking,
): Promise<void> {
  const { t } = vscode.l10n;
  const { format } = needs;
  const open = t("Open Log");
  const actions = answer.logId === undefined ? [] : [open];
  const cut = answer.cut ? ` ${t("Only its first {0} are shown.", format.size(answer.bytes.length))}` : "";
  const chosen = refused
    ? await window.showWarningMessage(withoutLinks(refused.words) + cut, ...actions)
    : await window.showInformationMessage(t("Answered in {0}.", format.duration(answer.durationMs)) + cut, ...actions);
  if (chosen === open && answer.logId !== undefined)
    await openLog(needs, request, { ...request.ref, logId: answer.logId }, window);
}

/**
 * Sends an edited request through its gateway after confirmation of the cost, and shows the response next to the
 * recorded one. Asks for the token if none is stored. Sends only once: failures aren't retried.
 */
export async function sendRequest(needs: SendNeeds, uri?: vscode.Uri, window: Asking = vscode.window): Promise<void> {
  const { document, ref } = await documentOf(needs.drafts, uri);
  const request: Request = { ...(await readResendable(needs, ref)), ref, text: document.getText() };
  const { endpoint } = request;
  if (!(await isConfirmed(request, endpoint.token !== undefined, needs.format, window))) return;
  const kept = endpoint.token ?? (await needs.gatewayTokens.tokenOf(ref));
  const token = kept ?? (await askGatewayToken(ref.collectionId, window));
  if (token === undefined) return;
  if (kept === undefined) await needs.gatewayTokens.store(ref, token);
  await document.save();
  const { log, recorded, address, text } = request;
  const answer = await sendShown(
    needs,
    request,
    {
      url: resendUrl(endpoint.url, ref, address),
      token,
      contentType: recorded.contentType ?? "application/json",
      headers: address.headers,
      names: request.names,
      metadata: resentMetadata(ref.logId, log.metadata),
      body: text,
    },
    window,
  );
  const refused = failureIn(answer);
  if (refused?.isToken) {
    const other = vscode.l10n.t("Use Another Token");
    if ((await window.showWarningMessage(refused.words, other)) !== other) return;
    await needs.gatewayTokens.remove(ref);
    await sendRequest(needs, request.uri, window);
    return;
  }
  await showAnswer(needs, request, answer);
  await tell(needs, request, answer, refused, window);
}
