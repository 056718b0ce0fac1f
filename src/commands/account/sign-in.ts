import * as vscode from "vscode";
import { KINDS, type SourceKind } from "../../account/kinds.ts";
import type { LocalAccount } from "../../account/local-account.ts";
import type { Sessions } from "../../account/session.ts";
import type { Tokens } from "../../account/tokens.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import { openSampleGateway } from "./open-sample-gateway.ts";
import { signInToCloudflare } from "./sign-in-to-cloudflare.ts";
import { signInToVerifyWise } from "./sign-in-to-verifywise.ts";

export type SignInNeeds = {
  tokens: Tokens;
  sessions: Pick<Sessions, "clientWith" | "fetch" | "shownAccount" | "show">;
  sample: Pick<LocalAccount, "isOpen" | "open">;
};

/** A kind of source, and where it's signed in to again, the server. */
export type SignInTarget = { kind: SourceKind; baseUrl?: string };

type Way = vscode.QuickPickItem & { source: SourceKind; go: () => Promise<void> };

/** Returns how to connect to each kind of source that isn't connected already. */
async function waysIn({ tokens, sessions, sample }: SignInNeeds, baseUrl: string | undefined, ui: Ui): Promise<Way[]> {
  const { t } = vscode.l10n;
  const cloudflare: Way = {
    source: "cloudflare",
    label: `$(${KINDS.cloudflare.icon}) ${t("Cloudflare AI Gateway")}`,
    detail: t("With an API token that has the permission AI Gateway Read."),
    go: () => signInToCloudflare(tokens, sessions),
  };
  const verifywise: Way = {
    source: "verifywise",
    label: `$(${KINDS.verifywise.icon}) ${t("VerifyWise")}`,
    detail: t("The AI gateway of your own server, with an API token or a password."),
    go: () => signInToVerifyWise({ tokens, sessions }, baseUrl, ui),
  };
  const samples: Way = {
    source: "sample",
    label: `$(${KINDS.sample.icon}) ${t("Sample gateway")}`,
    detail: t("Without an account: sample logs, kept on this machine."),
    go: () => openSampleGateway(sample),
  };
  return (await sample.isOpen()) ? [cloudflare, verifywise] : [cloudflare, verifywise, samples];
}

/** Connects to a source of logs; asks which kind, unless it's given. */
export async function signIn(needs: SignInNeeds, target?: SignInTarget, ui: Ui = vscode.window): Promise<void> {
  const ways = await waysIn(needs, target?.baseUrl, ui);
  const given = ways.find(({ source }) => source === target?.kind);
  const options = { title: vscode.l10n.t("Sign In"), placeholder: vscode.l10n.t("Select where your logs are") };
  await (given ?? (await pickOne(ui, ways, options)))?.go();
}
