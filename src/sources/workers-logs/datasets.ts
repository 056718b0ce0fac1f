import { SourceError } from "../../source/errors.ts";
import type { CallOptions } from "../../source/query.ts";
import type { EventPage, Telemetry, Timeframe } from "./telemetry.ts";
import { isObject, textOf } from "../../source/parsing.ts";

/** Where an account's AI Gateway events are: `datasets` to ask for, and, if that is all of them, the name in events. */
export type Scope = { datasets: readonly string[]; name?: string };

/** The names that the data set may have, the documented one first (docs/workers-observability-api.md: Queries). */
export const DATASET_NAMES = ["ai-gateway", "cloudflare-ai-gateway"];

/** Returns the scope that is asked for as long as no events were found. */
export const scopeNamed = (name = "ai-gateway"): Scope => ({ datasets: [name] });

/** Number of events that are looked at to find the data set. */
const SAMPLE = 50;

/** Returns the data set of an event. */
export const datasetOf = (event: unknown): string | undefined =>
  isObject(event) ? textOf(event["dataset"]) : undefined;

/** Lists events; none if the API doesn't know the data set. */
async function sampleOf(
  telemetry: Pick<Telemetry, "events">,
  timeframe: Timeframe,
  datasets: readonly string[],
  options: CallOptions | undefined,
): Promise<EventPage> {
  try {
    return await telemetry.events({ timeframe, datasets, limit: SAMPLE }, options);
  } catch (error) {
    if (datasets.length > 0 && error instanceof SourceError && error.reason === "rejected")
      return { events: [], received: 0, isSampled: false };
    throw error;
  }
}

/**
 * Returns where an account's AI Gateway events are, with some of them; undefined if the timeframe has none. `chosen`: the
 * name by the user's setting. One call if the data set has the first name.
 * @throws SourceError
 */
export async function findScope(
  telemetry: Pick<Telemetry, "events">,
  timeframe: Timeframe,
  chosen: string | undefined,
  options?: CallOptions,
): Promise<{ scope: Scope; events: readonly unknown[] } | undefined> {
  for (const name of chosen === undefined ? DATASET_NAMES : [chosen]) {
    const { events } = await sampleOf(telemetry, timeframe, [name], options);
    if (events.length > 0) return { scope: scopeNamed(name), events };
  }
  // The API's name may differ from the one in its events.
  const { events } = await sampleOf(telemetry, timeframe, [], options);
  const isMeant = (name: string | undefined): boolean =>
    name !== undefined && (chosen === undefined ? /ai[-_ ]?gateway/i.test(name) : name === chosen);
  const name = events.map(datasetOf).find(isMeant);
  if (name === undefined) return undefined;
  return { scope: { datasets: [], name }, events: events.filter((event) => datasetOf(event) === name) };
}
