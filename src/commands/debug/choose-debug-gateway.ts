import * as vscode from "vscode";
import type { CalledGateways } from "../../debugging/gateways.ts";
import { plain } from "../../logs/format.ts";
import { isOfGateway } from "../../logs/log-key.ts";
import { noGateway } from "../../tree/view.ts";

/** Asks which gateway to search first for the calls of debugged programs; stored for this workspace. */
export async function chooseDebugGateway(gateways: CalledGateways): Promise<void> {
  const { t } = vscode.l10n;
  const all = await gateways.all();
  if (all.length === 0) throw noGateway();
  const { chosen } = gateways;
  const isChosen = chosen ? isOfGateway(chosen) : () => false;
  const items = [
    {
      label: t("Automatic"),
      description: t("the gateways with the program's calls, or named in source and settings"),
      ref: undefined,
    },
    ...all.map(({ ref, account }) => ({
      label: plain(ref.collectionId),
      description: [plain(account.name), isChosen(ref) ? t("chosen") : undefined].filter(Boolean).join(" · "),
      ref,
    })),
  ];
  const placeHolder = t("Select the gateway your program calls");
  const picked = await vscode.window.showQuickPick(items, { placeHolder, matchOnDescription: true });
  if (picked) gateways.choose(picked.ref);
}
