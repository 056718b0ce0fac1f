import { CloudflareError } from "../cloudflare/errors.ts";

/** Returns a signed-in account's value, such as its client. @throws CloudflareError, `signedOut`, if it's undefined */
export function signedIn<Given>(given: Given | undefined): Given {
  if (given === undefined) throw new CloudflareError("signedOut", "This account is not signed in to any more.");
  return given;
}
