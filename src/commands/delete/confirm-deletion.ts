import * as vscode from "vscode";
import type { GatewayRef } from "../../cloudflare/schema.ts";
import { PlainError } from "../../words/explain.ts";
import { logCount } from "../../filter/items.ts";
import { oneLine, plain, type Format } from "../../logs/format.ts";
import { withoutLinks } from "../../platform/notify.ts";
import type { Ui } from "../pick-one.ts";

/** Where a person is asked for a yes: the window, unless a test answers. */
export type ConfirmUi = Pick<Ui, "showInputBox"> & {
  showWarningMessage(message: string, options: vscode.MessageOptions, ...items: string[]): Thenable<string | undefined>;
};

/** Above so many logs, the name of the gateway is typed. */
const TYPED_ABOVE = 100;

async function isNameTyped(ui: ConfirmUi, gatewayId: string, counted: string): Promise<boolean> {
  const { t } = vscode.l10n;
  const name = plain(gatewayId);
  const wrong = t("This is not the name of the gateway: {0}", name);
  const typed = await ui.showInputBox({
    title: t("Delete {0} of {1}", counted, name),
    prompt: t("To delete them, type the name of the gateway: {0}", name),
    ignoreFocusOut: true,
    validateInput: (text) => (text === "" || text === gatewayId ? undefined : wrong),
  });
  if (typed === undefined) return false;
  if (typed !== gatewayId) throw new PlainError(t("Nothing was deleted. {0}", wrong));
  return true;
}

/**
 * Asks for a yes, in a dialog that names the gateway and how many logs go; above 100 of them, for the gateway's name too. `details` are the
 * lines below the question.
 * @throws PlainError when another name is typed
 */
export async function confirmDeletion(
  ui: ConfirmUi,
  { gateway, count, details }: { gateway: GatewayRef; count: number; details: readonly string[] },
  format: Format,
): Promise<boolean> {
  const { t } = vscode.l10n;
  const counted = logCount(count, format);
  const yes = t("Delete {0}", counted);
  const message = t("Delete {0} of the gateway {1}?", counted, oneLine(gateway.gatewayId));
  const lines = [...details, t("You can't undo this.")].filter(Boolean);
  const options = { modal: true, detail: withoutLinks(lines.join("\n")) };
  const answer = await ui.showWarningMessage(withoutLinks(message), options, yes);
  if (answer !== yes) return false;
  return count <= TYPED_ABOVE || isNameTyped(ui, gateway.gatewayId, counted);
}
