import type { Logger } from "../platform/logger.ts";

/** A store of account data, in memory or persistent: log content, names, tokens. */
export type Kept = {
  /** Removes the account's data, and no other's. */
  forget(sourceId: string): void | Promise<void>;
};

/** Removes an account's data from all stores in turn; one failure doesn't stop the others. */
export async function forgetAccount(sourceId: string, kept: readonly Kept[], logger: Logger): Promise<void> {
  for (const one of kept) {
    try {
      await one.forget(sourceId);
    } catch (error) {
      logger.warn(`signing out: ${String(error)}`);
    }
  }
}
