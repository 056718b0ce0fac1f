import { signedIn } from "../account/signed-in.ts";
import type { Session } from "../account/session.ts";
import type { CloudflareClient } from "../sources/cloudflare/client.ts";

/** The client of an account that a tree shows. @throws SourceError, `signedOut`, when the session no longer has it */
export function clientOf(accountId: string, session: Session): Promise<CloudflareClient> {
  return signedIn(session.accounts.find(({ id }) => id === accountId)?.client)();
}
