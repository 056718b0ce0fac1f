import type { Sessions } from "../account/session.ts";
import type { ProductCategory } from "../sources/cloudflare/audit/schema.ts";
import { isAborted } from "../source/errors.ts";
import type { Logger } from "../platform/logger.ts";
import { clientOf } from "./client.ts";

/** The API's product categories of each account: one call per account, on first use. */
export class Categories {
  readonly #sessions: Pick<Sessions, "current">;
  readonly #logger: Logger;
  readonly #known = new Map<string, Promise<readonly ProductCategory[]>>();

  constructor(sessions: Pick<Sessions, "current">, logger: Logger) {
    this.#sessions = sessions;
    this.#logger = logger;
  }

  /** Returns an account's categories, or none if the API doesn't list them. */
  of(accountId: string): Promise<readonly ProductCategory[]> {
    const known = this.#known.get(accountId) ?? this.#read(accountId);
    this.#known.set(accountId, known);
    return known;
  }

  /** Clears the cache: another session may have other categories. */
  clear(): void {
    this.#known.clear();
  }

  async #read(accountId: string): Promise<readonly ProductCategory[]> {
    try {
      const session = await this.#sessions.current();
      const client = await clientOf(accountId, session);
      return await client.listProductCategories(accountId, { signal: session.signal });
    } catch (error) {
      // Optional: categories only make filters easier.
      if (!isAborted(error)) this.#logger.info(`product categories of ${accountId}: ${String(error)}`);
      this.#known.delete(accountId);
      return [];
    }
  }
}
