import type * as vscode from "vscode";

/** A signed-in account. Only `tokenOf` returns its token. */
export type SignedInAccount = { id: string; name: string; createdAt?: Date };

const PREFIX = "account:";

type Stored = { name: string; token: string; createdAt?: string };

function parse(text: string | undefined): Stored | undefined {
  try {
    const value: unknown = JSON.parse(text ?? "");
    if (typeof value !== "object" || value === null) return undefined;
    const { name, token, createdAt } = value as Record<string, unknown>;
    if (typeof name !== "string" || typeof token !== "string") return undefined;
    return { name, token, ...(typeof createdAt === "string" ? { createdAt } : {}) };
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
        const createdAt = stored.createdAt ? { createdAt: new Date(stored.createdAt) } : {};
        return [{ id, name: stored.name, ...createdAt }];
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
    const { id, name, createdAt } = account;
    const stored: Stored = { name, token, ...(createdAt ? { createdAt: createdAt.toISOString() } : {}) };
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
