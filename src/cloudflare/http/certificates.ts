import { getCACertificates } from "node:tls";

/**
 * All certificate authorities to trust, as PEM: Node's own with those of NODE_EXTRA_CA_CERTS, the system's unless
 * `system` is false, and `extra`. Reading the system's takes up to some hundred milliseconds the first time.
 */
export function trustedAuthorities(system: boolean, extra: readonly string[]): string[] {
  const kinds = system ? (["default", "system"] as const) : (["default"] as const);
  return [...new Set([...kinds.flatMap((kind) => getCACertificates(kind)), ...extra])];
}
