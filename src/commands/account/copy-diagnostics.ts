import * as vscode from "vscode";
import type { Sessions } from "../../account/session.ts";
import { copyText } from "../../platform/clipboard.ts";
import { waiting } from "../../platform/progress.ts";
import type { Node } from "../../tree/nodes.ts";
import { capable } from "../../words/cannot.ts";
import { capableGateway } from "../capable-gateway.ts";

/** Returns what a report about any source begins with. `version`: the extension's. */
function headOf(version: string, service: string): string[] {
  const place = vscode.env.remoteName === undefined ? "" : `, remote: ${vscode.env.remoteName}`;
  const system = `${process.platform} ${process.arch}${place}`;
  return [`AI Gateway Logs ${version}, VS Code ${vscode.version}, ${system}`, `Source: ${service}`];
}

/**
 * Copies how a gateway's logs are recorded, for a bug report: names of keys, types, counts, never a value. From a row, or
 * for the gateway that the user selects.
 * @throws PlainError if there is none; SourceError
 */
export async function copyDiagnostics(
  node: Node | undefined,
  sessions: Pick<Sessions, "current" | "sourceOf">,
  version: string,
): Promise<void> {
  const { t } = vscode.l10n;
  const of = await capableGateway(node, sessions, {
    isMeant: ({ diagnostics }) => diagnostics !== undefined,
    title: t("Copy Diagnostics"),
    placeholder: t("Select a gateway. No values of its logs are copied."),
    missing: t("There are no diagnostics of the accounts that are shown. Sign in to Cloudflare first."),
  });
  const source = of && (await sessions.sourceOf(of));
  if (!source) return;
  const diagnostics = capable(source.diagnostics, "canDiagnose");
  const lines = await waiting(t("Reading how logs are recorded…"), (signal) => diagnostics(of, { signal }));
  await copyText([...headOf(version, source.service), ...lines].join("\n"));
  void vscode.window.showInformationMessage(
    t(
      "Copied {0} lines. They have names of data sets and keys, types, counts and messages of the service, but no values. Read them before you share them.",
      lines.length,
    ),
  );
}
