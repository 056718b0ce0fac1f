import { CloudflareError } from "../cloudflare/errors.ts";

/** What there is for an account that is signed in to, as its client. @throws CloudflareError, `signedOut`, when there is nothing (any more) */
export function signedIn<Given>(given: Given | undefined): Given {
  if (given === undefined) throw new CloudflareError("signedOut", "This account is not signed in to any more.");
  return given;
}
