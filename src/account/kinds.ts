/** Kinds of connections, by where their logs are. */
export type SourceKind = "cloudflare" | "verifywise" | "sample" | "recordings";

/** A kind's codicon, and whether its logs are on this machine: nothing is sent anywhere else for them. */
export const KINDS: Readonly<Record<SourceKind, { icon: string; isLocal: boolean }>> = {
  cloudflare: { icon: "cloud", isLocal: false },
  verifywise: { icon: "server", isLocal: false },
  sample: { icon: "beaker", isLocal: true },
  recordings: { icon: "record", isLocal: true },
};
