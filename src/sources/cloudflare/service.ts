/** The name of the service in errors. */
export const SERVICE = "Cloudflare";
