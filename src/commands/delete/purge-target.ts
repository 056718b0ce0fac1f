import * as vscode from "vscode";
import { gatewaysIn, type Sessions } from "../../account/session.ts";
import { plain } from "../../logs/format.ts";
import { pickOne } from "../../platform/pick-one.ts";
import type { CollectionRef } from "../../source/log.ts";
import type { Node } from "../../tree/nodes.ts";
import { PlainError } from "../../words/explain.ts";

/**
 * Returns the collection to purge: a row's, else that of the only account that can be purged, else the user is asked.
 * Returns undefined if the user cancels.
 * @throws PlainError if there is none
 */
export async function purgeTarget(
  node: Node | undefined,
  sessions: Pick<Sessions, "current">,
): Promise<CollectionRef | undefined> {
  const { t } = vscode.l10n;
  if (node?.kind === "gateway") return node.ref;
  const gateways = await gatewaysIn(await sessions.current());
  const sources = await Promise.all(gateways.map(({ ref, account }) => account.source(ref)));
  const [first, ...others] = gateways.filter((_, index) => sources[index]?.purge);
  if (!first)
    throw new PlainError(
      t("No account that is shown has a server that can purge its logs. Sign in to a VerifyWise server first."),
    );
  if (others.length === 0) return first.ref;
  const items = [first, ...others].map(({ ref, account }) => ({
    label: plain(ref.collectionId),
    description: plain(account.name),
    ref,
  }));
  const chosen = await pickOne(vscode.window, items, {
    title: t("Purge Logs Older Than Retention"),
    placeholder: t("Select a server. Nothing is deleted yet."),
  });
  return chosen?.ref;
}
