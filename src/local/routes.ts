import type { Answer } from "./answers.ts";
import { failure, NOT_FOUND, Refusal, success, v4Success } from "./answers.ts";
import type { Deletions } from "./deletions.ts";
import type { GatewayRef } from "./log.ts";
import { deleteQuery, listQuery, paging, patchOf, wholeNumber } from "./parameters.ts";
import type { LogStore } from "./store.ts";
import { authorize, type LocalToken, tokenId } from "./tokens.ts";
import type { Totals } from "./totals.ts";

/** One call, past the door: who, what, and the rest of the path taken apart. */
export type Call = {
  token: LocalToken;
  parameters: URLSearchParams;
  body: string;
};

/** What the routes work on. */
export type Place = { store: LogStore; deletions: Deletions; totals: Totals; keepTotalsMs: number; now: () => number };

type Handler = (place: Place, call: Call, ...ids: string[]) => Answer;

function pageInfo(count: number, page: number, perPage: number, total: number): Record<string, number> {
  return { count, page, per_page: perPage, total_count: total };
}

const listAccounts: Handler = ({ store }, { token, parameters }) => {
  authorize(token, ["accounts:read"]);
  const { page, perPage } = paging(parameters, { least: 5, most: 50 });
  const name = parameters.get("name");
  const found = store
    .accounts()
    .filter((account) => (token.accounts?.includes(account.id) ?? true) && (name === null || account.name === name));
  if (parameters.get("direction") === "desc") found.reverse();
  const result = found.slice((page - 1) * perPage, page * perPage).map((account) => ({
    id: account.id,
    name: account.name,
    type: "standard",
    settings: { enforce_twofactor: false },
    created_on: account.createdOn.toISOString(),
  }));
  const info = {
    ...pageInfo(result.length, page, perPage, found.length),
    total_pages: Math.ceil(found.length / perPage),
  };
  return v4Success(result, { result_info: info });
};

function verify(token: LocalToken): Answer {
  const status = token.status ?? "active";
  const messages =
    status === "active" ? [{ code: 10_000, message: "This API Token is valid and active", type: null }] : [];
  return v4Success({ id: tokenId(token), status }, { messages });
}

const WRONG_KIND = failure(401, 1000, "Invalid API Token");

const verifyUserToken: Handler = (_place, { token }) => (token.kind === "user" ? verify(token) : WRONG_KIND);

const verifyAccountToken: Handler = (_place, { token }, accountId = "") =>
  token.kind === "account" && (token.accounts?.includes(accountId) ?? true) ? verify(token) : WRONG_KIND;

const listGateways: Handler = ({ store }, { parameters }, accountId = "") => {
  const { page, perPage } = paging(parameters, { least: 1, most: 100 });
  const search = parameters.get("search") ?? "";
  const found = store.gateways(accountId).filter((gateway) => gateway.id.includes(search));
  const result = found.slice((page - 1) * perPage, page * perPage);
  return success(result, pageInfo(result.length, page, perPage, found.length));
};

const getGateway: Handler = ({ store }, _call, accountId = "", id = "") => {
  const found = store.gateways(accountId).find((gateway) => gateway.id === id);
  return found === undefined ? NOT_FOUND : success(found);
};

const scopeOf = ({ accountId, gatewayId }: GatewayRef) => `${accountId}/${gatewayId}`;

const listLogs: Handler = ({ store, totals }, { parameters }, accountId = "", gatewayId = "") => {
  const gateway = { accountId, gatewayId };
  const query = listQuery(parameters);
  const { page, perPage } = paging(parameters, { least: 1, most: 50 });
  const result = store.list(gateway, query, perPage, (page - 1) * perPage);
  const asked = JSON.stringify([query.conditions, query.search ?? ""]);
  const total = totals.tell(scopeOf(gateway), asked, () => store.count(gateway, query));
  const info = pageInfo(result.length, page, perPage, total);
  return success(result, parameters.get("meta_info") === "true" ? { ...info, ...store.bounds(gateway, query) } : info);
};

const deleteLogs: Handler = (place, { parameters }, accountId = "", gatewayId = "") => {
  const { store, deletions, totals } = place;
  const gateway = { accountId, gatewayId };
  const query = deleteQuery(parameters);
  const limit = wholeNumber(parameters, "limit", 10_000, 1, 10_000);
  const scope = scopeOf(gateway);
  // Asked now so that the lag shows even to who asks for the first time afterwards.
  totals.tell(scope, JSON.stringify([[], ""]), () => store.count(gateway, { ...query, conditions: [] }));
  totals.tell(scope, JSON.stringify([query.conditions, ""]), () => store.count(gateway, query));
  totals.keepUntil(scope, place.now() + place.keepTotalsMs);
  deletions.add(store.select(gateway, query, limit));
  return { status: 200, json: { success: true } };
};

const getLog: Handler = ({ store }, _call, accountId = "", gatewayId = "", id = "") => {
  const found = store.detail({ accountId, gatewayId }, id);
  return found === undefined ? NOT_FOUND : success(found);
};

const patchLog: Handler = ({ store }, { body }, accountId = "", gatewayId = "", id = "") =>
  store.patch({ accountId, gatewayId }, id, patchOf(body)) ? success({}) : NOT_FOUND;

const getBody: Handler = ({ store }, _call, accountId = "", gatewayId = "", id = "", which = "") => {
  const found = store.body({ accountId, gatewayId }, id, which === "request" ? "request" : "response");
  return found === undefined ? NOT_FOUND : { status: 200, bytes: found.bytes, contentType: found.contentType };
};

const GATEWAYS = String.raw`/accounts/([^/]+)/ai-gateway/gateways`;
const LOGS = String.raw`${GATEWAYS}/([^/]+)/logs`;

type Route = { method: string; pattern: RegExp; access?: "read" | "write"; handle: Handler };

const ROUTES: Route[] = [
  { method: "GET", pattern: /^\/accounts$/, handle: listAccounts },
  { method: "GET", pattern: /^\/user\/tokens\/verify$/, handle: verifyUserToken },
  { method: "GET", pattern: /^\/accounts\/([^/]+)\/tokens\/verify$/, handle: verifyAccountToken },
  { method: "GET", pattern: new RegExp(`^${GATEWAYS}$`), access: "read", handle: listGateways },
  { method: "GET", pattern: new RegExp(`^${GATEWAYS}/([^/]+)$`), access: "read", handle: getGateway },
  { method: "GET", pattern: new RegExp(`^${LOGS}$`), access: "read", handle: listLogs },
  { method: "DELETE", pattern: new RegExp(`^${LOGS}$`), access: "write", handle: deleteLogs },
  { method: "GET", pattern: new RegExp(`^${LOGS}/([^/]+)$`), access: "read", handle: getLog },
  { method: "PATCH", pattern: new RegExp(`^${LOGS}/([^/]+)$`), access: "write", handle: patchLog },
  { method: "GET", pattern: new RegExp(`^${LOGS}/([^/]+)/(request|response)$`), access: "read", handle: getBody },
];

/**
 * Answers one call. `path` is what follows the base URL, still percent-encoded.
 * @throws Refusal for what may not be done or makes no sense
 */
export function route(place: Place, method: string, path: string, call: Call): Answer {
  const fitting = ROUTES.filter(({ pattern }) => pattern.test(path));
  if (fitting.length === 0) {
    throw new Refusal(failure(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`));
  }
  const found = fitting.find((one) => one.method === method);
  if (found === undefined) throw new Refusal(failure(405, 10_405, "Method not allowed for this authentication scheme"));
  let ids: string[];
  try {
    ids = (found.pattern.exec(path) ?? []).slice(1).map(decodeURIComponent);
  } catch {
    throw new Refusal(failure(400, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`));
  }
  if (found.access !== undefined) {
    const [accountId = ""] = ids;
    authorize(
      call.token,
      found.access === "read" ? ["ai-gateway:read", "ai-gateway:write"] : ["ai-gateway:write"],
      accountId,
    );
    // An account nobody here has is as closed as one the token may not see.
    if (!place.store.accounts().some((account) => account.id === accountId)) {
      throw new Refusal(failure(403, 10_000, "Authentication error"));
    }
  }
  return found.handle(place, call, ...ids);
}
