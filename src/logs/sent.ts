import type { LogChanges } from "../source/source.ts";
import type { Log } from "../source/log.ts";

/*
 * Merges sent changes into a log. The API may not return feedback and score (API notes: Changing a log), so sent values
 * may be all that is known.
 */

/** Changeable fields of a log. */
export type Field = keyof LogChanges;

const FIELDS: readonly Field[] = ["feedback", "score", "metadata"];

/**
 * Last sent values of a log, each with its arrival time in ms since 1970; null removes the value. `said`: the API
 * confirmed it afterward.
 */
export type Sent = { [F in Field]?: { value: NonNullable<LogChanges[F]> | null; at: number; said?: true } };

/** A log as shown, and the fields with values sent from here that the API hasn't confirmed. */
export type Shown<L extends Log = Log> = { log: L; ours: ReadonlySet<Field> };

/**
 * Whether a row has a value that may be newer than `at`. Null may be all that the API ever returns, so it doesn't
 * count.
 */
const tells = (log: Log, field: Field, at: number): boolean =>
  (log.readAt ?? 0) >= at && log.raw[field] !== undefined && log.raw[field] !== null;

/** Returns a log with its sent values, except where the API has returned newer ones. */
export function withSent<L extends Log>(log: L, sent: Sent): Shown<L> {
  // The usual case: among thousands of rows, only the others are copied.
  if (FIELDS.every((field) => sent[field] === undefined)) return { log, ours: new Set() };
  const shown = { ...log };
  const ours = new Set<Field>();
  for (const field of FIELDS) {
    const { value, at, said } = sent[field] ?? {};
    if (value === undefined || at === undefined || tells(log, field, at)) continue;
    if (value !== null) Object.assign(shown, { [field]: value });
    else if (field === "metadata") shown.metadata = {};
    else delete shown[field];
    if (value !== null && !said) ours.add(field);
  }
  return { log: shown, ours };
}

/** Returns the sent values after changes that arrived at `at` (ms since 1970; Infinity while in flight). */
export function sentAfter(sent: Sent, changes: LogChanges, at: number): Sent {
  const after = { ...sent };
  for (const field of FIELDS)
    if (changes[field] !== undefined) Object.assign(after, { [field]: { value: changes[field], at } });
  return after;
}

/** Returns the sent values, corrected by a log read afterward. */
export function sentAsSaid(sent: Sent, log: Log): Sent {
  const after = { ...sent };
  for (const field of FIELDS) {
    const at = sent[field]?.at;
    if (at !== undefined && tells(log, field, at))
      Object.assign(after, { [field]: { value: log[field], at, said: true } });
  }
  return after;
}
