import type { SourceKind } from "../../account/kinds.ts";
import type { Sessions } from "../../account/session.ts";
import type { LocalAccount } from "../../account/local-account.ts";
import type { Tokens } from "../../account/tokens.ts";
import type { Handlers } from "../../platform/commands.ts";
import type { SentRatings } from "../../rating/sent.ts";
import type { Node } from "../../tree/nodes.ts";
import { openSampleGateway } from "./open-sample-gateway.ts";
import { removeSampleGateway } from "./remove-sample-gateway.ts";
import { signIn, type SignInTarget } from "./sign-in.ts";
import { signOut } from "./sign-out.ts";
import { switchAccount } from "./switch-account.ts";

/** Commands for accounts. */
export type AccountCommands = {
  /** From a row that asks for it, or a button that names the kind; else the kind is asked. */
  "aiGateway.signIn": (from?: Node | SourceKind) => void;
  "aiGateway.signOut": () => void;
  "aiGateway.switchAccount": () => void;
  "aiGateway.openSampleGateway": () => void;
  "aiGateway.removeSampleGateway": () => void;
  "aiGateway.showOutput": () => void;
  "aiGateway.copyDiagnostics": (node?: Node) => void;
};

export type AccountNeeds = {
  tokens: Tokens;
  sessions: Sessions;
  sample: LocalAccount;
  ratings: Pick<SentRatings, "forget">;
  logger: { show(): void };
  /** The extension's version. */
  version: string;
};

/** Returns what a row or a button asks to sign in to: a row's own account, Cloudflare's unless it has a server. */
async function targetOf(
  from: Node | SourceKind | undefined,
  tokens: Pick<Tokens, "accounts">,
): Promise<SignInTarget | undefined> {
  if (from === undefined || typeof from === "string") return from && { kind: from };
  let owner: Node | undefined = from;
  while (owner && !("ref" in owner)) owner = owner.parent;
  const id = owner?.ref.sourceId;
  const server = (await tokens.accounts()).find((account) => account.id === id)?.server;
  return server ?? { kind: "cloudflare" };
}

/** Returns the handlers of the account commands. */
export const accountCommands = ({
  tokens,
  sessions,
  sample,
  ratings,
  logger,
  version,
}: AccountNeeds): Handlers<AccountCommands> => ({
  "aiGateway.signIn": async (from) => signIn({ tokens, sessions, sample }, await targetOf(from, tokens)),
  "aiGateway.signOut": () => signOut(tokens),
  "aiGateway.switchAccount": () => switchAccount(tokens, sessions, () => signIn({ tokens, sessions, sample })),
  "aiGateway.openSampleGateway": () => openSampleGateway(sample),
  "aiGateway.removeSampleGateway": () => removeSampleGateway(sample, ratings),
  "aiGateway.showOutput": () => logger.show(),
  "aiGateway.copyDiagnostics": async (node) =>
    (await import("./copy-diagnostics.ts")).copyDiagnostics(node, sessions, version),
});
