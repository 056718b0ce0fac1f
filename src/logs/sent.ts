import type { LogChanges } from "../cloudflare/logs.ts";
import type { Log } from "../cloudflare/schema.ts";

/*
 * What was sent of a log, and what it looks like with that. The API need not tell feedback and score (API notes: Changing a log), so what was sent
 * is all that may be known of them.
 */

/** What can be changed of a log. */
export type Field = keyof LogChanges;

const FIELDS: readonly Field[] = ["feedback", "score", "metadata"];

/**
 * What was last sent of a log, each with the time by which it had arrived, in ms since 1970; null took it away. `said`: so the API
 * said afterwards.
 */
export type Sent = { [F in Field]?: { value: NonNullable<LogChanges[F]> | null; at: number; said?: true } };

/** A log as it is shown, and which of it was sent from here and is not said by the API. */
export type Shown<L extends Log = Log> = { log: L; ours: ReadonlySet<Field> };

/** Whether a row tells a value that can be newer than `at`. Null may be all that an API ever says of it, so it tells nothing. */
const tells = (log: Log, field: Field, at: number): boolean =>
  (log.readAt ?? 0) >= at && log.raw[field] !== undefined && log.raw[field] !== null;

/** A log with what was sent of it: what the API has said since then counts, else what was sent. */
export function withSent<L extends Log>(log: L, sent: Sent): Shown<L> {
  // As most are: of thousands of rows, only these are copied.
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

/** What was sent, with changes that had arrived at `at` (ms since 1970; Infinity: that are on their way). */
export function sentAfter(sent: Sent, changes: LogChanges, at: number): Sent {
  const after = { ...sent };
  for (const field of FIELDS)
    if (changes[field] !== undefined) Object.assign(after, { [field]: { value: changes[field], at } });
  return after;
}

/** What was sent, corrected by a log that was read afterwards. */
export function sentAsSaid(sent: Sent, log: Log): Sent {
  const after = { ...sent };
  for (const field of FIELDS) {
    const at = sent[field]?.at;
    if (at !== undefined && tells(log, field, at))
      Object.assign(after, { [field]: { value: log[field], at, said: true } });
  }
  return after;
}
