/** The name of the service, for people. */
export const SERVICE = "Cloudflare";
