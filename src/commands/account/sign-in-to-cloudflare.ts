import * as vscode from "vscode";
import type { Sessions } from "../../account/session.ts";
import type { SignedInAccount, Tokens } from "../../account/tokens.ts";
import type { CloudflareClient } from "../../sources/cloudflare/client.ts";
import { DASHBOARD } from "../../sources/cloudflare/names.ts";
import { SourceError } from "../../source/errors.ts";
import { PlainError } from "../../words/explain.ts";
import { plain } from "../../logs/format.ts";
import { waiting } from "../../platform/progress.ts";
import { askToken } from "./ask-token.ts";

const ACCOUNT_ID = /^[0-9a-f]{32}$/i;

function askAccountId(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: vscode.l10n.t("Select an account"),
    prompt: vscode.l10n.t(
      "This token can't list accounts. Enter the account ID from the dashboard URL (32 characters after {0}/).",
      DASHBOARD,
    ),
    placeHolder: "0123456789abcdef0123456789abcdef",
    ignoreFocusOut: true,
    validateInput: (value) =>
      ACCOUNT_ID.test(value.trim()) ? undefined : vscode.l10n.t("Enter 32 characters: digits and letters a–f."),
  });
}

/**
 * Reports that a token isn't known as a user's, which is true for a mistyped token and for one owned by an account, and
 * asks how to continue; returns undefined if the user cancels.
 */
async function askHowToGoOn(): Promise<"anotherToken" | "accountId" | undefined> {
  const { t } = vscode.l10n;
  const ways = [
    {
      way: "anotherToken" as const,
      label: t("Enter Another Token"),
      detail: t("If this one was mistyped, has expired or was deleted."),
    },
    {
      way: "accountId" as const,
      label: t("Enter the Account ID"),
      detail: t("If the token is owned by an account. Cloudflare then checks it with that account."),
    },
  ];
  const title = t("Cloudflare doesn't know this token as a user's token");
  const placeHolder = t("Select how to continue");
  return (await vscode.window.showQuickPick(ways, { title, placeHolder, ignoreFocusOut: true }))?.way;
}

/** Returns undefined instead of a refusal; rethrows other failures. */
async function unlessRefused<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (error) {
    const refusals = ["unauthorized", "forbidden", "rejected", "notFound"];
    if (error instanceof SourceError && refusals.includes(error.reason)) return undefined;
    throw error;
  }
}

async function chooseAccount(listed: readonly SignedInAccount[]): Promise<SignedInAccount | undefined> {
  if (listed.length === 1) return listed[0];
  if (listed.length > 1) {
    const items = listed.map((account) => ({ label: plain(account.name), description: account.id, account }));
    const options = { placeHolder: vscode.l10n.t("Select an account"), matchOnDescription: true, ignoreFocusOut: true };
    return (await vscode.window.showQuickPick(items, options))?.account;
  }
  const id = (await askAccountId())?.trim().toLowerCase();
  return id ? { id, name: id } : undefined;
}

function assertActive(status: string): void {
  if (status === "active") return;
  throw new PlainError(vscode.l10n.t("The token isn't active: its status is {0}.", status));
}

/**
 * Asks for a token and stores it for an account after verification: a user's token is verified as such, one owned by an
 * account by that account (API notes: Accounts and token check). Also makes a test call, because verification doesn't
 * show the permission AI Gateway Read. Stores nothing if a step is canceled or fails.
 */
export async function signInToCloudflare(
  tokens: Tokens,
  sessions: Pick<Sessions, "clientWith" | "shownAccount" | "show">,
): Promise<void> {
  const token = await askToken(
    vscode.l10n.t("Sign in to Cloudflare AI Gateway"),
    vscode.l10n.t(
      "An API token with the permission AI Gateway Read. It is kept in this editor's secret storage and sent to Cloudflare only.",
    ),
  );
  if (!token) return;
  const client = await sessions.clientWith(token);
  const { state, listed } = await waiting(vscode.l10n.t("Checking the token…"), async (signal) => ({
    state: await unlessRefused(client.verifyToken(undefined, { signal })),
    listed: (await unlessRefused(client.listAccounts({ signal }))) ?? [],
  }));
  if (state) assertActive(state.status);
  else if (listed.length === 0) {
    const way = await askHowToGoOn();
    if (way === "anotherToken") return signInToCloudflare(tokens, sessions);
    if (way === undefined) return;
  }
  const account = await chooseAccount(listed);
  if (!account) return;
  await waiting(vscode.l10n.t("Checking the account…"), async (signal) => {
    if (!state) assertActive((await client.verifyToken(account.id, { signal })).status);
    await assertReads(client, account.id, signal);
  });
  await tokens.store(account, token);
  if (sessions.shownAccount) await sessions.show(account.id);
  vscode.window.setStatusBarMessage(vscode.l10n.t("Signed in to {0}.", plain(account.name)), 5000);
  await vscode.commands.executeCommand("aiGateway.logs.focus");
}

/**
 * Checks the permission AI Gateway Read.
 * @throws SourceError `forbidden`, which names it, if the token doesn't have it
 */
async function assertReads(
  client: Pick<CloudflareClient, "listGateways">,
  accountId: string,
  signal: AbortSignal,
): Promise<void> {
  await client.listGateways(accountId, { signal });
}
