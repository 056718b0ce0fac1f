import { signedIn } from "../account/signed-in.ts";
import type { SessionAccount, Sessions } from "../account/session.ts";
import type { ProductCategory } from "../cloudflare/audit/schema.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { Logger } from "../platform/logger.ts";

/** An account of the session that there is now. @throws CloudflareError, `signedOut`, when it is none of them any more */
export async function accountIn(sessions: Pick<Sessions, "current">, accountId: string): Promise<SessionAccount> {
  const { accounts } = await sessions.current();
  return signedIn(accounts.find(({ id }) => id === accountId));
}

/** The product categories that the API names for each account: one call an account, when they are first asked for. */
export class Categories {
  readonly #sessions: Pick<Sessions, "current">;
  readonly #logger: Logger;
  readonly #known = new Map<string, Promise<readonly ProductCategory[]>>();

  constructor(sessions: Pick<Sessions, "current">, logger: Logger) {
    this.#sessions = sessions;
    this.#logger = logger;
  }

  /** The categories of an account; none where the API does not say. */
  of(accountId: string): Promise<readonly ProductCategory[]> {
    const known = this.#known.get(accountId) ?? this.#read(accountId);
    this.#known.set(accountId, known);
    return known;
  }

  /** Forgets all: another session may be told others. */
  clear(): void {
    this.#known.clear();
  }

  async #read(accountId: string): Promise<readonly ProductCategory[]> {
    try {
      const { signal } = await this.#sessions.current();
      const client = await (await accountIn(this.#sessions, accountId)).client();
      return await client.listProductCategories(accountId, { signal });
    } catch (error) {
      // They only make filters easier.
      if (!isAborted(error)) this.#logger.info(`product categories of ${accountId}: ${String(error)}`);
      this.#known.delete(accountId);
      return [];
    }
  }
}
