import type { CallOptions } from "../../source/query.ts";
import type { Caller } from "./http/call.ts";
import { SourceError } from "../../source/errors.ts";
import { listAll } from "./pages.ts";
import { parseAccount, parseTokenState, whyNot, type Account, type TokenState } from "./schema.ts";

/** `GET /accounts`, all pages. */
export function listAccounts(caller: Caller, options?: CallOptions): Promise<Account[]> {
  return listAll(caller, "/accounts", 50, parseAccount, options);
}

/** `GET /user/tokens/verify` or `GET /accounts/{id}/tokens/verify` (API notes: Accounts and token check). */
export async function verifyToken(caller: Caller, accountId?: string, options?: CallOptions): Promise<TokenState> {
  const path = accountId ? `/accounts/${encodeURIComponent(accountId)}/tokens/verify` : "/user/tokens/verify";
  const envelope = await caller.get(path, undefined, options);
  const state = parseTokenState(envelope.result);
  if (!state)
    throw new SourceError("badAnswer", `The answer is no token (${whyNot("token", envelope.result)}).`, envelope.facts);
  // A status other than "active" is shown to the user.
  return { ...state, status: envelope.hide(state.status) };
}
