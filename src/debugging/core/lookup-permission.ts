import type { Run } from "./run.ts";

/** Evidence that programs of this workspace call a gateway. */
export type Evidence = {
  isTrusted: boolean;
  /** Whether the workspace is known or declared to call a gateway other than a sample. */
  isCalled: boolean;
  runs: readonly Run[];
};

/**
 * Returns a test for possible IDs that may be sent to any gateway: in a trusted workspace that calls one, or shown by a
 * debug session that does. Elsewhere, such a word is more likely something else, and may be a secret.
 */
export function mayGuess({ isTrusted, isCalled, runs }: Evidence): (id: string) => boolean {
  if (!isTrusted) return () => false;
  if (isCalled) return () => true;
  const calling = runs.filter((run) => run.callsGateway);
  return (id) => calling.some((run) => run.hasSeen(id));
}
