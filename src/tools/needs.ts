import type { Sessions } from "../account/session.ts";
import type { Debugging } from "../debugging/register.ts";
import type { Bodies } from "../reading/bodies.ts";
import type { Format } from "../logs/format.ts";
import type { Read } from "../reading/core/reader.ts";
import type { Runs } from "../tree/runs.ts";

/** Dependencies of the language model tools. */
export type ToolNeeds = {
  sessions: Pick<Sessions, "sourceOf">;
  runs: Pick<Runs, "shown">;
  debugging: Pick<Debugging, "features">;
  bodies: Bodies;
  read: Read;
  format: Format;
};

/** Redacted from every result: results leave this window. */
export const REDACTED = { keys: true, tokens: true, emails: true, cards: true };

/** Maximum number of characters per log in a result. */
export const MOST_OF_LOG = 12_000;
/** Maximum number of characters per result. */
export const MOST_OF_ANSWER = 24_000;

/** Limits the number of logs that a model requests from a search. */
export const mostLogs = (limit = 20): number => Math.min(Math.max(Math.trunc(limit), 1), 50);
/** Maximum number of debug sessions in a result, and of calls per session: the newest. */
export const MOST_SESSIONS = 5;
export const MOST_CALLS = 50;

/** Truncates a text for a model in the middle, and says by how much: the start and the end matter most. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n\n[${text.length - 2 * half} characters left out]\n\n${text.slice(-half)}`;
}
