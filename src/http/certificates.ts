import { getCACertificates } from "node:tls";

/**
 * Returns all trusted certificate authorities as PEM: Node's own with NODE_EXTRA_CA_CERTS, the system's unless `system`
 * is false, and `extra`. The first read of the system's takes up to a few hundred milliseconds.
 */
export function trustedAuthorities(system: boolean, extra: readonly string[]): string[] {
  const kinds = system ? (["default", "system"] as const) : (["default"] as const);
  return [...new Set([...kinds.flatMap((kind) => getCACertificates(kind)), ...extra])];
}
