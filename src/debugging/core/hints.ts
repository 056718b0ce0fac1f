/** Names of ids, addresses of gateways and the bindings of a Worker, and the shapes of ids: UUIDs, ULIDs, 64 hexadecimal digits. */
const HINT =
  /gateway|\/v1\/|cf-aig-|(?:log|event)_?id|[0-9a-f]{8}-[0-9a-f]{4}-|[0-7][0-9a-hjkmnp-tv-z]{25}|[0-9a-f]{64}/i;

/**
 * Whether a text may name a log or address a gateway: true for every text in which `placedIds` or `callSitesIn` find something. Most texts
 * do not, and are not worth loading what looks closer.
 */
export const mayNameLogs = (text: string): boolean => HINT.test(text);
