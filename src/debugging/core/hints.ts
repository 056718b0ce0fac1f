/** Words of the names of IDs, gateway URLs and Worker bindings, and the formats of IDs: UUIDs, ULIDs, 64 hexadecimal digits. */
const HINT =
  /gateway|\/v1\/|(?:log|event)[-_]?id|request[-_]id|[0-9a-f]{8}-[0-9a-f]{4}-|[0-7][0-9a-hjkmnp-tv-z]{25}|[0-9a-f]{64}/i;

/**
 * Returns whether a text may contain an ID or a gateway address: true for every text in which `LogIds` or
 * `callSitesIn` find something. Most texts don't, which saves loading the exact search.
 */
export const mayNameLogs = (text: string): boolean => HINT.test(text);
