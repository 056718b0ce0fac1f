import type { LogRef } from "../cloudflare/schema.ts";

/** What a link to a log says, each once and nothing else; whoever wrote it, it holds no more than three ids. */
const IDS = {
  account: /^[0-9a-f]{32}$/,
  gateway: /^[a-z0-9_-]{1,64}$/,
  log: /^(?!\.+$)[\w.:~-]{1,128}$/,
} as const;

const PATH = "/log";

/** The path and query of the link to a log; undefined where one of its ids has no place in a link. */
export function linkTo({ accountId, gatewayId, logId }: LogRef): { path: string; query: string } | undefined {
  const query = `account=${accountId}&gateway=${gatewayId}&log=${logId}`;
  return refOf(PATH, query) && { path: PATH, query };
}

/** The log that a link leads to; undefined for anything that `linkTo` does not make. */
export function refOf(path: string, query: string): LogRef | undefined {
  if (path !== PATH || query.length > 400) return undefined;
  const pairs = query.split("&").map((pair) => pair.split("="));
  const ids = new Map(pairs.map(([name = "", value = "", ...more]) => [name, more.length > 0 ? "" : value]));
  if (pairs.length !== 3) return undefined;
  const idOf = (name: keyof typeof IDS): string | undefined => IDS[name].exec(ids.get(name) ?? "")?.[0];
  const [accountId, gatewayId, logId] = [idOf("account"), idOf("gateway"), idOf("log")];
  return accountId && gatewayId && logId ? { accountId, gatewayId, logId } : undefined;
}
