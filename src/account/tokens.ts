import type * as vscode from "vscode";

/** A server of one's own, without a trailing slash; the token next to it is sent there only. */
type Server = { kind: "verifywise"; baseUrl: string };

/** A signed-in account, of Cloudflare's unless it has a server. Only `tokenOf` returns its token. */
export type SignedInAccount = { id: string; name: string; createdAt?: Date; server?: Server };

const PREFIX = "account:";

type Stored = { name: string; token: string; createdAt?: string; server?: Server };

/** Returns a stored server; undefined if it's of a kind that this version doesn't know. */
function serverIn(value: unknown): Server | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { kind, baseUrl } = value as Record<string, unknown>;
  return kind === "verifywise" && typeof baseUrl === "string" ? { kind, baseUrl } : undefined;
}

function parse(text: string | undefined): Stored | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value !== "object" || value === null) return undefined;
    const { name, token, createdAt, server: stored } = value as Record<string, unknown>;
    const server = serverIn(stored);
    // A token of an unknown server must not be sent to Cloudflare.
    if (typeof name !== "string" || typeof token !== "string" || (stored !== undefined && !server)) return undefined;
    return { name, token, ...(typeof createdAt === "string" ? { createdAt } : {}), ...(server ? { server } : {}) };
  } catch {
    return undefined;
  }
}

/** API tokens, one per account, only in SecretStorage. The list of accounts is the list of its keys. */
export class Tokens {
  readonly #secrets: vscode.SecretStorage;

  constructor(secrets: vscode.SecretStorage) {
    this.#secrets = secrets;
  }

  /** Returns the signed-in accounts, by name. */
  async accounts(): Promise<SignedInAccount[]> {
    const accounts = await Promise.all(
      (await this.ids()).map(async (id): Promise<SignedInAccount[]> => {
        const stored = parse(await this.#secrets.get(PREFIX + id));
        if (!stored) return [];
        const { name, createdAt, server } = stored;
        const known = { ...(createdAt ? { createdAt: new Date(createdAt) } : {}), ...(server ? { server } : {}) };
        return [{ id, name, ...known }];
      }),
    );
    return accounts.flat().sort((a, b) => a.name.localeCompare(b.name) || a.id.localeCompare(b.id));
  }

  /** Returns the IDs of the signed-in accounts. */
  async ids(): Promise<string[]> {
    const keys = (await this.#secrets.keys()).filter((key) => key.startsWith(PREFIX));
    return keys.map((key) => key.slice(PREFIX.length)).sort();
  }

  /** Returns an account's stored token. */
  async tokenOf(accountId: string): Promise<string | undefined> {
    return parse(await this.#secrets.get(PREFIX + accountId))?.token;
  }

  /** Stores an account's token, replacing the previous one. */
  async store(account: SignedInAccount, token: string): Promise<void> {
    const { id, name, createdAt, server } = account;
    const known = { ...(createdAt ? { createdAt: createdAt.toISOString() } : {}), ...(server ? { server } : {}) };
    const stored: Stored = { name, token, ...known };
    await this.#secrets.store(PREFIX + id, JSON.stringify(stored));
  }

  /** Removes an account's token. */
  async forget(accountId: string): Promise<void> {
    await this.#secrets.delete(PREFIX + accountId);
  }

  /** Reports every change, also from other windows. */
  onDidChange(listener: () => void): vscode.Disposable {
    return this.#secrets.onDidChange(({ key }) => {
      if (key.startsWith(PREFIX)) listener();
    });
  }
}
