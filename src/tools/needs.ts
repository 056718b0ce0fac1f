import type { Sessions } from "../account/session.ts";
import type { Debugging } from "../debugging/register.ts";
import type { Bodies } from "../reading/bodies.ts";
import type { Format } from "../logs/format.ts";
import type { Read } from "../reading/core/reader.ts";
import type { Runs } from "../tree/runs.ts";

/** What the tools of language models work on. */
export type ToolNeeds = {
  sessions: Pick<Sessions, "clientOf">;
  runs: Pick<Runs, "shown">;
  debugging: Pick<Debugging, "features">;
  bodies: Bodies;
  read: Read;
  format: Format;
};

/** What is never given to a model: it leaves this window with what the model is told. */
export const REDACTED = { keys: true, tokens: true, emails: true, cards: true };

/** Characters that a model is given of one log at the most. */
export const MOST_OF_LOG = 12_000;
/** Characters that a model is given in one answer at the most. */
export const MOST_OF_ANSWER = 24_000;

/** How many logs a search gives at the most, of what a model has asked for. */
export const mostLogs = (limit = 20): number => Math.min(Math.max(Math.trunc(limit), 1), 50);
/** Debug sessions that a model is told of, and calls of each: the newest. */
export const MOST_SESSIONS = 5;
export const MOST_CALLS = 50;

/** A text that may be too long for a model: its beginning and its end, which say the most, and how much is left out. */
export function bounded(text: string, most: number): string {
  if (text.length <= most) return text;
  const half = Math.floor(most / 2);
  return `${text.slice(0, half)}\n\n[${text.length - 2 * half} characters left out]\n\n${text.slice(-half)}`;
}
