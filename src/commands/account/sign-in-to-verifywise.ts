import * as vscode from "vscode";
import type { Sessions } from "../../account/session.ts";
import type { Tokens } from "../../account/tokens.ts";
import { SourceError } from "../../source/errors.ts";
import { oneLine, plain } from "../../logs/format.ts";
import { PlainError } from "../../words/explain.ts";
import { pickOne, type Ui } from "../../platform/pick-one.ts";
import { waiting } from "../../platform/progress.ts";
import { isSecure } from "../../platform/settings.ts";
import { askToken } from "./ask-token.ts";

export type VerifyWiseNeeds = {
  tokens: Pick<Tokens, "store">;
  sessions: Pick<Sessions, "fetch" | "shownAccount" | "show">;
};

/** Paths of the server's own pages and API: what is before them is the server's address. */
const PAGES = /\/(?:api|ai-gateway|login)(?:\/.*)?$/;

/** Returns the server's base URL from an address, also that of one of its pages; undefined if tokens can't be sent there. */
export function baseUrlIn(address: string): string | undefined {
  const url = URL.parse(address.trim());
  if (!url || !isSecure(url) || url.username !== "" || url.password !== "") return undefined;
  return url.origin + url.pathname.replace(PAGES, "").replace(/\/+$/, "");
}

async function askBaseUrl(ui: Ui): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const given = await ui.showInputBox({
    title: t("Sign in to VerifyWise"),
    prompt: t("The address of your VerifyWise server. Your token will be sent there only."),
    placeHolder: "https://verifywise.example.com",
    ignoreFocusOut: true,
    validateInput: (value) =>
      value.trim() === "" || baseUrlIn(value) !== undefined
        ? undefined
        : t("Enter an https address, or one on this machine, without a user name or a password."),
  });
  return given === undefined ? undefined : baseUrlIn(given);
}

/** Asks for one line, which isn't shown if it's a password; returns undefined if the user cancels. */
async function askLine(ui: Ui, prompt: string, password = false): Promise<string | undefined> {
  const title = vscode.l10n.t("Sign in to VerifyWise");
  return (await ui.showInputBox({ title, prompt, password, ignoreFocusOut: true })) || undefined;
}

/** Asks for an email address and a password, and exchanges them for a token; the password is kept nowhere. */
async function tokenOfLogin(baseUrl: string, { sessions }: VerifyWiseNeeds, ui: Ui): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const email = (await askLine(ui, t("Your email address on the server {0}", baseUrl)))?.trim();
  const password = email && (await askLine(ui, t("Your password. It's exchanged for a token and kept nowhere."), true));
  if (!password) return undefined;
  const { logIn } = await import("../../sources/verifywise/server.ts");
  const fetch = await sessions.fetch();
  try {
    return await waiting(t("Signing in…"), (signal) => logIn({ baseUrl, fetch }, { email, password }, { signal }));
  } catch (error) {
    if (error instanceof SourceError && error.reason === "unauthorized")
      throw new PlainError(t("VerifyWise doesn't know this email address with this password. Nothing was stored."));
    throw error;
  }
}

/** Asks how to sign in, and returns a token; undefined if the user cancels. */
async function askSecret(baseUrl: string, needs: VerifyWiseNeeds, ui: Ui): Promise<string | undefined> {
  const { t } = vscode.l10n;
  const ways = [
    {
      label: t("API token"),
      detail: t("Valid as long as the server says. An Admin can create one under Settings, API keys."),
      go: () =>
        askToken(
          t("Sign in to VerifyWise"),
          t("A token of the server {0}. A virtual key can't read logs.", baseUrl),
          ui,
        ),
    },
    {
      label: t("Email and password"),
      detail: t("Valid for an hour. Then you'll be asked again."),
      go: () => tokenOfLogin(baseUrl, needs, ui),
    },
  ];
  const way = await pickOne(ui, ways, { title: baseUrl, placeholder: t("Select how to sign in") });
  return way?.go();
}

/**
 * Reads a log, which shows whether the token may, also if the gateway behind the server can't be reached. Returns the
 * server's name, and its version if it tells.
 * @throws SourceError
 */
async function assertReads(baseUrl: string, token: string, { sessions }: VerifyWiseNeeds) {
  const [{ collectionOf, verifywiseSource }, { versionOf }, fetch] = await Promise.all([
    import("../../sources/verifywise/source.ts"),
    import("../../sources/verifywise/server.ts"),
    sessions.fetch(),
  ]);
  const name = collectionOf(baseUrl);
  const source = verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch });
  return waiting(vscode.l10n.t("Checking the token…"), async (signal) => {
    // First, without the token: whether there is a server.
    const version = await versionOf({ baseUrl, fetch }, { signal });
    try {
      await source.list({ sourceId: "", collectionId: name }, { size: 1 }, undefined, { signal });
    } catch (error) {
      if (!(error instanceof SourceError && error.status === 200 && error.reason === "serverError")) throw error;
    }
    return { name, version };
  });
}

/**
 * Asks for a server and for a token, or an email address and a password; stores the token once it has read the logs.
 * Stores nothing if a step is canceled or fails. `known`: the server, when its account needs a new token.
 */
export async function signInToVerifyWise(
  needs: VerifyWiseNeeds,
  known?: string,
  ui: Ui = vscode.window,
): Promise<void> {
  const baseUrl = known ?? (await askBaseUrl(ui));
  const token = baseUrl && (await askSecret(baseUrl, needs, ui));
  if (!token) return;
  const { name, version = "" } = await assertReads(baseUrl, token, needs);
  const { protocol } = new URL(baseUrl);
  const account = { id: `verifywise:${protocol}${name}`, name, server: { kind: "verifywise" as const, baseUrl } };
  await needs.tokens.store(account, token);
  if (needs.sessions.shownAccount) await needs.sessions.show(account.id);
  const service = ["VerifyWise", oneLine(version, 20)].filter(Boolean).join(" ");
  vscode.window.setStatusBarMessage(vscode.l10n.t("Signed in to {0} ({1}).", plain(name), plain(service)), 5000);
  await vscode.commands.executeCommand("aiGateway.logs.focus");
}
