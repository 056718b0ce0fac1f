import type { LogSource } from "./source.ts";

/** What can be done with a source's logs beyond listing them. Menus look for these words. */
export const CAPABILITIES = [
  /** Its lists take time ranges. */
  "canAskByTime",
  "canRate",
  "canScore",
  "canTag",
  "canDelete",
  /** Deletes logs by its own retention. */
  "canPurge",
  "canResend",
  /** Its collections have web pages. */
  "canOpenPage",
  /** Tells how its logs are recorded, for a bug report. */
  "canDiagnose",
] as const;

export type Capability = (typeof CAPABILITIES)[number];

const HAS: Readonly<Record<Capability, (source: LogSource) => boolean>> = {
  canAskByTime: ({ lists }) => lists.byTime,
  canRate: ({ changes }) => changes?.fields.has("feedback") === true,
  canScore: ({ changes }) => changes?.fields.has("score") === true,
  canTag: ({ changes }) => changes?.fields.has("metadata") === true,
  canDelete: ({ deletion }) => deletion !== undefined,
  canPurge: ({ purge }) => purge !== undefined,
  canResend: ({ resend }) => resend !== undefined,
  canOpenPage: ({ webPage }) => webPage !== undefined,
  canDiagnose: ({ diagnostics }) => diagnostics !== undefined,
};

/** Returns a source's capabilities: its optional members. */
export const capabilitiesOf = (source: LogSource): readonly Capability[] =>
  CAPABILITIES.filter((one) => HAS[one](source));
