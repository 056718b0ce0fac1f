import type { Sessions } from "../account/session.ts";
import type { ProductCategory } from "../cloudflare/audit/schema.ts";
import { isAborted } from "../cloudflare/errors.ts";
import type { Logger } from "../platform/logger.ts";
import { clientOf } from "../tree/listings.ts";

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
      const session = await this.#sessions.current();
      const client = await clientOf(accountId, session);
      return await client.listProductCategories(accountId, { signal: session.signal });
    } catch (error) {
      // They only make filters easier.
      if (!isAborted(error)) this.#logger.info(`product categories of ${accountId}: ${String(error)}`);
      this.#known.delete(accountId);
      return [];
    }
  }
}
