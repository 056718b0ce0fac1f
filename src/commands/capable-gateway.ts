import * as vscode from "vscode";
import { gatewaysIn, type Sessions } from "../account/session.ts";
import { plain } from "../logs/format.ts";
import { pickOne } from "../platform/pick-one.ts";
import type { CollectionRef } from "../source/log.ts";
import type { LogSource } from "../source/source.ts";
import type { Node } from "../tree/nodes.ts";
import { PlainError } from "../words/explain.ts";

/** Which gateways can be chosen, and how it's asked. `missing`: what to say if there is none. */
export type GatewayChoice = {
  isMeant: (source: LogSource) => boolean;
  title: string;
  placeholder: string;
  missing: string;
};

/**
 * Returns the gateway that a command is for: a row's, else the only one that is meant, else the user is asked. Returns
 * undefined if the user cancels.
 * @throws PlainError if there is none
 */
export async function capableGateway(
  node: Node | undefined,
  sessions: Pick<Sessions, "current">,
  { isMeant, title, placeholder, missing }: GatewayChoice,
): Promise<CollectionRef | undefined> {
  if (node?.kind === "gateway") return node.ref;
  const gateways = await gatewaysIn(await sessions.current());
  const sources = await Promise.all(gateways.map(({ ref, account }) => account.source(ref)));
  const [first, ...others] = gateways.filter((_, index) => {
    const source = sources[index];
    return source && isMeant(source);
  });
  if (!first) throw new PlainError(missing);
  if (others.length === 0) return first.ref;
  const items = [first, ...others].map(({ ref, account }) => ({
    label: plain(ref.collectionId),
    description: plain(account.name),
    ref,
  }));
  return (await pickOne(vscode.window, items, { title, placeholder }))?.ref;
}
