import * as vscode from "vscode";
import type { LogRef } from "../../source/log.ts";
import { PlainError } from "../../words/explain.ts";
import { type Format, oneLine } from "../../logs/format.ts";
import { estimatedCost } from "../../resend/cost.ts";
import type { Resendable } from "./resend-log.ts";

/** Returns the part of a body that its cost depends on, without insignificant white space. */
function sizedOf(text: string): { text: string; model: string | undefined; isJson: boolean } {
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    return { text, model: undefined, isJson: false };
  }
  const named = typeof body === "object" && body !== null && "model" in body ? body.model : undefined;
  return { text: JSON.stringify(body), model: typeof named === "string" ? named : undefined, isJson: true };
}

/**
 * Asks for confirmation to send a request, with the model and the estimated cost.
 * @throws PlainError if the request is invalid
 */
export async function isConfirmed(
  { ref, log, recorded, address, text }: Resendable & { ref: LogRef; text: string },
  isSample: boolean,
  format: Format,
  window: Pick<typeof vscode.window, "showWarningMessage">,
): Promise<boolean> {
  const { t } = vscode.l10n;
  const [before, now] = [sizedOf(recorded.text), sizedOf(text)];
  if (before.isJson && !now.isJson)
    throw new PlainError(t("It was not sent, because it is no longer valid JSON. See what the editor has underlined."));
  const { model } = now;
  const cost = estimatedCost(log, before, now);
  const estimate = cost === undefined ? t("unknown") : t("about {0}, judged by the recorded call", format.cost(cost));
  const named = oneLine(model ?? log.model ?? t("an unnamed model"), 80);
  const detail = [
    t("Model: {0}", named),
    t("Gateway: {0}", ref.collectionId),
    t("Address: {0}", oneLine(`${address.provider}/${address.path}`)),
    t("Estimated cost: {0}", estimate),
    "",
    isSample
      ? t("The sample gateway answers with what is recorded: nothing leaves this machine, and nothing is charged.")
      : t(
          "The provider is asked again, with the key stored in the gateway or by unified billing, and it charges for it.",
        ),
  ];
  const yes = t("Send");
  const question = t("Send this request to {0}?", named);
  return (await window.showWarningMessage(question, { modal: true, detail: detail.join("\n") }, yes)) === yes;
}
