import { newLogId } from "../ids.ts";
import { eventOf } from "../observability/shapes.ts";
import type { NewLog } from "../log.ts";
import { LogStore } from "../store.ts";
import { SAMPLE_ACCOUNT_ID } from "./account.ts";
import { sampleAudit } from "./audit.ts";
import { everyday, SPECIALS } from "./days.ts";
import { Random } from "./random.ts";
import type { Draft } from "./scenes.ts";

/** The gateway with most of the sample logs. */
export const SAMPLE_GATEWAY_ID = "sample";

const STAGING_ID = "sample-staging";
const QUIET_ID = "sample-quiet";
/** Its logs are in Workers Observability. */
const OBSERVED_ID = "sample-observability";

/** Number of logs today and on each of the eleven days before. */
const LOGS_A_DAY = [31, 44, 12, 0, 36, 73, 0, 0, 22, 37, 9, 26];

/** Every day except today begins with office hours, in local time. */
function timesOf(now: Date, daysBack: number, count: number, random: Random): Date[] {
  const midnight = new Date(now.getFullYear(), now.getMonth(), now.getDate() - daysBack).getTime();
  const first = daysBack === 0 ? Math.max(midnight, now.getTime() - 9 * 3_600_000) : midnight + 7 * 3_600_000;
  const last = daysBack === 0 ? now.getTime() - 5000 : midnight + 21 * 3_600_000;
  const span = Math.max(0, last - first);
  return Array.from({ length: count }, () => new Date(Math.floor(first + random.next() * span))).sort(
    (a, b) => Number(a) - Number(b),
  );
}

function sampleLogs(now: Date): NewLog[] {
  const random = new Random(20_261_120);
  const specials = [...SPECIALS];
  const drafts = LOGS_A_DAY.flatMap((count, daysBack) =>
    timesOf(now, daysBack, count, random).flatMap((at, index): Draft[] => {
      // The newest days get the special logs, a few per day, so that all are recent.
      const special = index % 3 === 1 ? specials.shift() : undefined;
      return special === undefined ? everyday(random, at) : special(random, at);
    }),
  );
  const stage = timesOf(now, 1, 8, random)
    .concat(timesOf(now, 4, 6, random))
    .flatMap((at) => everyday(random, at));
  return [...drafts.map(placed(SAMPLE_GATEWAY_ID, random)), ...stage.map(placed(STAGING_ID, random))];
}

/** Returns what makes a draft a log of a gateway. */
const placed =
  (collectionId: string, random: Random) =>
  (draft: Draft): NewLog => ({
    ...draft,
    sourceId: SAMPLE_ACCOUNT_ID,
    collectionId,
    id: newLogId(draft.createdAt, (count) => random.bytes(count)),
  });

/** Calls of the last five days: events are kept for a week. */
function sampleEvents(now: Date): NewLog[] {
  const random = new Random(20_260_924);
  return [0, 1, 2, 4]
    .flatMap((daysBack) => timesOf(now, daysBack, 9, random))
    .flatMap((at) => everyday(random, at))
    .map(placed(OBSERVED_ID, random));
}

/** A gateway that was made some minutes after the account. */
const gateway = (id: string, now: Date, minutes: number) => ({
  sourceId: SAMPLE_ACCOUNT_ID,
  id,
  createdAt: new Date(now.getTime() - 40 * 86_400_000 + minutes * 60_000),
});

/**
 * Opens the sample gateways' database, and fills a new one with logs dated back from `now`, always the same except for
 * the dates. Filling is one transaction, so the next call fills a file left by a crash.
 * @throws Error if the file isn't a database or another version created it
 */
export function openSampleStore(path: string, now: Date): LogStore {
  const store = new LogStore(path);
  try {
    store.once("samples", () => {
      const createdAt = new Date(now.getTime() - 40 * 86_400_000);
      store.addAccount({ id: SAMPLE_ACCOUNT_ID, name: "Sample account", createdOn: createdAt });
      store.addGateway({
        ...gateway(SAMPLE_GATEWAY_ID, now, 1),
        settings: { authentication: true, is_default: true, cache_ttl: 300 },
      });
      store.addGateway(gateway(STAGING_ID, now, 2));
      store.addGateway({ ...gateway(QUIET_ID, now, 3), collectLogs: false });
      store.insert(sampleLogs(now));
      const gateways = { sample: SAMPLE_GATEWAY_ID, staging: STAGING_ID };
      for (const entry of sampleAudit({ id: SAMPLE_ACCOUNT_ID, name: "Sample account" }, now, gateways))
        store.audit.add(entry);
    });
    // A mark of its own: sample gateways of earlier versions get it, too.
    store.once("sample events", () => {
      store.addGateway(gateway(OBSERVED_ID, now, 4));
      const events = sampleEvents(now).map((log) => eventOf(log, "openTelemetry"));
      store.events.insert(SAMPLE_ACCOUNT_ID, events);
    });
    return store;
  } catch (error) {
    store.close();
    throw error;
  }
}
