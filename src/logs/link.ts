import type { LogRef } from "../source/log.ts";

/** Parameters of a log's link, each once and nothing else; even a forged link holds no more than three IDs. */
const IDS = {
  account: /^[0-9a-f]{32}$/,
  gateway: /^[a-z0-9_-]{1,64}$/,
  log: /^(?!\.+$)[\w.:~-]{1,128}$/,
} as const;

const PATH = "/log";

/** Returns path and query of a log's link; undefined if an ID can't be part of one. */
export function linkTo({ sourceId, collectionId, logId }: LogRef): { path: string; query: string } | undefined {
  const query = `account=${sourceId}&gateway=${collectionId}&log=${logId}`;
  return refOf(PATH, query) && { path: PATH, query };
}

/** Parses a link to a log; undefined for anything that `linkTo` doesn't create. */
export function refOf(path: string, query: string): LogRef | undefined {
  if (path !== PATH || query.length > 400) return undefined;
  const pairs = query.split("&").map((pair) => pair.split("="));
  const ids = new Map(pairs.map(([name = "", value = "", ...more]) => [name, more.length > 0 ? "" : value]));
  if (pairs.length !== 3) return undefined;
  const idOf = (name: keyof typeof IDS): string | undefined => IDS[name].exec(ids.get(name) ?? "")?.[0];
  const [sourceId, collectionId, logId] = [idOf("account"), idOf("gateway"), idOf("log")];
  return sourceId && collectionId && logId ? { sourceId, collectionId, logId } : undefined;
}
