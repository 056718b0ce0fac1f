import type { Filter } from "../query/query-line.ts";
import { matchesRow } from "../source/match.ts";
import type { CollectionRef, Log } from "../source/log.ts";
import type { LogSource } from "../source/source.ts";
import { walk, type Reached } from "../source/walk.ts";

/** Pages that are read at once: as many calls as the budget lets the background make. */
const AT_ONCE = 5;

/** A batch of logs; undefined for a log that is unreadable or deleted. `left`: number of rows from this batch on, if known. */
export type Batch = { logs: readonly (Log | undefined)[]; left: number | undefined };

/** The logs of a gateway that fit and are older than `bound`, newest first, each once, at constant memory, while logs come and go. */
export async function* fittingLogs(
  source: Pick<LogSource, "list" | "walk">,
  { gateway, filter }: { gateway: CollectionRef; filter: Filter },
  bound: Date,
  reached: Reached | undefined,
  signal: AbortSignal,
): AsyncGenerator<Batch, void, undefined> {
  const { conditions, search, clientSide } = filter;
  const query = { conditions, narrowing: clientSide, search };
  const options = { ahead: AT_ONCE, bound, reached, signal, priority: "background" as const };
  for await (const { logs, unreadable, left } of walk(source, gateway, query, options)) {
    const fitting = logs.filter((log) => matchesRow(log, clientSide));
    const lacking = Array.from({ length: unreadable }, () => undefined);
    yield { logs: [...fitting, ...lacking], left: left === undefined ? undefined : left + logs.length };
  }
}
