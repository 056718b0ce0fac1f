import { isObject, type Row } from "../../source/parsing.ts";
import { objectOf } from "./values.ts";

/** An event's values by the keys that the API indexes them under (docs/workers-observability-api.md: Keys and values). */
export type Facts = ReadonlyMap<string, unknown>;

/** Limits on an event's facts, so that none takes long. The length of keys also limits their depth. */
const MOST_FACTS = 5000;
const LONGEST_KEY = 1024;

/** Adds the members of an object, those of the outer levels first: a large body keeps no other field out. */
function addFacts(facts: Map<string, unknown>, of: Row): void {
  const queue: [prefix: string, object: Row][] = [["", of]];
  for (const [prefix, object] of queue)
    for (const [name, value] of Object.entries(object)) {
      if (facts.size >= MOST_FACTS) return;
      const key = prefix + name;
      if (key.length > LONGEST_KEY) continue;
      if (!facts.has(key)) facts.set(key, value);
      if (isObject(value)) queue.push([`${key}.`, value]);
    }
}

/**
 * Returns an event's facts: the members of its `source` under their own paths, all others under theirs, and these win.
 * Objects are flattened and values, too; arrays are values. `opened`: the event with a `source` that is an object, also
 * if it came as JSON text, which the API doesn't index: then `isIndexed` is false.
 */
export function factsOf(event: Row): { facts: Facts; isIndexed: boolean; opened: Row } {
  const { source, ...others } = event;
  const own = objectOf(source);
  const facts = new Map<string, unknown>();
  addFacts(facts, own || source === undefined ? others : event);
  addFacts(facts, own ?? {});
  return { facts, isIndexed: typeof source !== "string", opened: own ? { ...event, source: own } : event };
}
