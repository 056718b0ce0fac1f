import type { Logger } from "../platform/logger.ts";

/** What keeps something of accounts, in memory or in storage: what their logs say, names that only these tell, tokens. */
export type Kept = {
  /** Forgets what is of the account, and of no other. */
  forget(accountId: string): void | Promise<void>;
};

/** Has all that is kept of an account forgotten, one after the other; what fails does not keep the others from it. */
export async function forgetAccount(accountId: string, kept: readonly Kept[], logger: Logger): Promise<void> {
  for (const one of kept) {
    try {
      await one.forget(accountId);
    } catch (error) {
      logger.warn(`signing out: ${String(error)}`);
    }
  }
}
