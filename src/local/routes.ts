import type { Answer } from "./answers.ts";
import { failure, NOT_FOUND, Refusal, success, v4Success } from "./answers.ts";
import { listAuditHistory, listAuditLogs, listProductCategories } from "./audit/handlers.ts";
import { type Change, entryOf } from "./audit/record.ts";
import { type Call, type Handler, pageInfo, type Place, scopeOf } from "./call.ts";
import { createGateway, deleteGateway, getGateway, listGateways, updateGateway } from "./gateways.ts";
import type { Account } from "./log.ts";
import { askAnalytics } from "./observability/analytics.ts";
import { listKeys, listValues, queryEvents } from "./observability/handlers.ts";
import { deleteQuery, listQuery, paging, patchOf, wholeNumber } from "./parameters.ts";
import { authorize, type Credential, idOf, type Permission } from "./tokens.ts";

const listAccounts: Handler = ({ store }, { credential, parameters }) => {
  authorize(credential, ["accounts:read"]);
  const { page, perPage } = paging(parameters, { least: 5, most: 50 });
  const name = parameters.get("name");
  const found = store
    .accounts()
    .filter(
      (account) => (credential.accounts?.includes(account.id) ?? true) && (name === null || account.name === name),
    );
  if (parameters.get("direction") === "desc") found.reverse();
  const result = found.slice((page - 1) * perPage, page * perPage).map((account) => ({
    id: account.id,
    name: account.name,
    type: "standard",
    settings: { enforce_twofactor: false },
    created_on: account.createdOn.toISOString(),
  }));
  const info = pageInfo(result.length, page, perPage, found.length);
  return v4Success(result, { result_info: info });
};

function verify(credential: Credential): Answer {
  const status = credential.status ?? "active";
  const messages = status === "active" ? [{ code: 10_000, message: "This API Token is valid and active" }] : [];
  return v4Success({ id: idOf(credential.value), status }, { messages });
}

const WRONG_KIND = failure(401, 1000, "Invalid API Token");

const verifyUserToken: Handler = (_place, { credential }) =>
  credential.kind === "user" ? verify(credential) : WRONG_KIND;

const verifyAccountToken: Handler = (_place, { credential }, sourceId = "") =>
  credential.kind === "account" && (credential.accounts?.includes(sourceId) ?? true) ? verify(credential) : WRONG_KIND;

const listLogs: Handler = ({ store, totals }, { parameters }, sourceId = "", collectionId = "") => {
  const gateway = { sourceId, collectionId };
  const query = listQuery(parameters);
  const { page, perPage } = paging(parameters, { least: 1, most: 50 });
  const result = store.list(gateway, query, perPage, (page - 1) * perPage);
  const asked = JSON.stringify([query.conditions, query.search ?? ""]);
  const total = totals.tell(scopeOf(gateway), asked, () => store.count(gateway, query));
  const info = pageInfo(result.length, page, perPage, total);
  return success(result, parameters.get("meta_info") === "true" ? { ...info, ...store.bounds(gateway, query) } : info);
};

const deleteLogs: Handler = (place, { parameters }, sourceId = "", collectionId = "") => {
  const { store, deletions, totals } = place;
  const gateway = { sourceId, collectionId };
  const query = deleteQuery(parameters);
  const limit = wholeNumber(parameters, "limit", 10_000, 1, 10_000);
  const scope = scopeOf(gateway);
  // Counts now, so that the lag also shows to a caller that asks for the first time afterward.
  totals.tell(scope, JSON.stringify([[], ""]), () => store.count(gateway, { ...query, conditions: [] }));
  totals.tell(scope, JSON.stringify([query.conditions, ""]), () => store.count(gateway, query));
  totals.keepUntil(scope, place.now() + place.keepTotalsMs);
  deletions.add(store.select(gateway, query, limit));
  return { status: 200, json: { success: true } };
};

const getLog: Handler = ({ store }, _call, sourceId = "", collectionId = "", id = "") => {
  const found = store.detail({ sourceId, collectionId }, id);
  return found === undefined ? NOT_FOUND : success(found);
};

const patchLog: Handler = ({ store }, { body }, sourceId = "", collectionId = "", id = "") =>
  store.patch({ sourceId, collectionId }, id, patchOf(body)) ? success({}) : NOT_FOUND;

const getBody: Handler = ({ store }, _call, sourceId = "", collectionId = "", id = "", which = "") => {
  const found = store.body({ sourceId, collectionId }, id, which === "request" ? "request" : "response");
  return found === undefined ? NOT_FOUND : { status: 200, bytes: found.bytes, contentType: found.contentType };
};

const GATEWAYS = String.raw`/accounts/([^/]+)/ai-gateway/gateways`;
const LOGS = String.raw`${GATEWAYS}/([^/]+)/logs`;

type Route = {
  method: string;
  pattern: RegExp;
  /** Any of these permissions, in an existing account. */
  anyOf?: Permission[];
  handle: Handler;
  /** Describes the change for the audit log, from the IDs in its path and its result. */
  change?: (ids: string[], result: unknown) => Change;
};

const READ: Permission[] = ["ai-gateway:read", "ai-gateway:write"];
const WRITE: Permission[] = ["ai-gateway:write"];
const OBSERVE: Permission[] = ["workers-observability:read"];
const AUDIT: Permission[] = ["account-settings:read"];

function gatewayChange(type: Change["type"], description: string): Pick<Route, "change"> {
  return {
    change: ([, id], result) => ({
      type,
      description,
      resourceType: "ai_gateway.gateway",
      resourceId: id ?? (result as { id: string }).id,
    }),
  };
}

function logChange(type: Change["type"], description: string): Pick<Route, "change"> {
  return {
    change: ([, collectionId = "", id]) => ({
      type,
      description,
      resourceType: id === undefined ? "ai_gateway.logs" : "ai_gateway.log",
      resourceId: id ?? collectionId,
    }),
  };
}

const whole = (pattern: string) => new RegExp(`^${pattern}$`);
const TELEMETRY = String.raw`/accounts/([^/]+)/workers/observability/telemetry`;
const AUDIT_LOGS = String.raw`/accounts/([^/]+)/logs/audit`;
const GATEWAY = `${GATEWAYS}/([^/]+)`;
const LOG = `${LOGS}/([^/]+)`;

const ROUTES: Route[] = [
  { method: "GET", pattern: /^\/accounts$/, handle: listAccounts },
  { method: "GET", pattern: /^\/user\/tokens\/verify$/, handle: verifyUserToken },
  { method: "GET", pattern: /^\/accounts\/([^/]+)\/tokens\/verify$/, handle: verifyAccountToken },
  { method: "GET", pattern: whole(GATEWAYS), anyOf: READ, handle: listGateways },
  {
    method: "POST",
    pattern: whole(GATEWAYS),
    anyOf: WRITE,
    handle: createGateway,
    ...gatewayChange("create", "Create gateway"),
  },
  { method: "GET", pattern: whole(GATEWAY), anyOf: READ, handle: getGateway },
  {
    method: "PUT",
    pattern: whole(GATEWAY),
    anyOf: WRITE,
    handle: updateGateway,
    ...gatewayChange("update", "Update gateway"),
  },
  {
    method: "DELETE",
    pattern: whole(GATEWAY),
    anyOf: WRITE,
    handle: deleteGateway,
    ...gatewayChange("delete", "Delete gateway"),
  },
  { method: "GET", pattern: whole(LOGS), anyOf: READ, handle: listLogs },
  { method: "DELETE", pattern: whole(LOGS), anyOf: WRITE, handle: deleteLogs, ...logChange("delete", "Delete logs") },
  { method: "GET", pattern: whole(LOG), anyOf: READ, handle: getLog },
  { method: "PATCH", pattern: whole(LOG), anyOf: WRITE, handle: patchLog, ...logChange("update", "Update log") },
  { method: "GET", pattern: whole(`${LOG}/(request|response)`), anyOf: READ, handle: getBody },
  { method: "POST", pattern: whole(`${TELEMETRY}/query`), anyOf: OBSERVE, handle: queryEvents },
  { method: "POST", pattern: whole(`${TELEMETRY}/keys`), anyOf: OBSERVE, handle: listKeys },
  { method: "POST", pattern: whole(`${TELEMETRY}/values`), anyOf: OBSERVE, handle: listValues },
  { method: "POST", pattern: /^\/graphql$/, handle: askAnalytics },
  { method: "GET", pattern: whole(AUDIT_LOGS), anyOf: AUDIT, handle: listAuditLogs },
  { method: "GET", pattern: whole(`${AUDIT_LOGS}/product_categories`), anyOf: AUDIT, handle: listProductCategories },
  { method: "GET", pattern: whole(`${AUDIT_LOGS}/([^/]+)/history`), anyOf: AUDIT, handle: listAuditHistory },
];

/** An unknown account gets the same refusal as one that the credential can't access. */
function accountOf(place: Place, call: Call, anyOf: Permission[], sourceId: string): Account {
  authorize(call.credential, anyOf, sourceId);
  const account = place.store.accounts().find(({ id }) => id === sourceId);
  if (account === undefined) throw new Refusal(failure(403, 10_000, "Authentication error"));
  return account;
}

/** Makes the change and records it in the audit log, or neither. */
function changeAndKeep(place: Place, call: Call, { handle, change }: Route, account: Account, ids: string[]): Answer {
  return place.store.atomically(() => {
    const answer = handle(place, call, ...ids);
    if (change === undefined || answer.status !== 200 || !("json" in answer)) return answer;
    const { result } = answer.json as { result?: unknown };
    place.store.audit.add(entryOf(call, account, change(ids, result), new Date(place.now()), result));
    return answer;
  });
}

/**
 * Answers a call. `path`: the part after the base URL, percent-encoded.
 * @throws Refusal for forbidden or invalid calls
 */
export function route(place: Place, path: string, call: Call): Answer {
  const fitting = ROUTES.filter(({ pattern }) => pattern.test(path));
  if (fitting.length === 0) {
    throw new Refusal(failure(404, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`));
  }
  const found = fitting.find((one) => one.method === call.method);
  if (found === undefined) throw new Refusal(failure(405, 10_405, "Method not allowed for this authentication scheme"));
  let ids: string[];
  try {
    ids = (found.pattern.exec(path) ?? []).slice(1).map(decodeURIComponent);
  } catch {
    throw new Refusal(failure(400, 7003, `Could not route to ${path}, perhaps your object identifier is invalid?`));
  }
  if (found.anyOf === undefined) return found.handle(place, call, ...ids);
  const account = accountOf(place, call, found.anyOf, ids[0] ?? "");
  return found.change === undefined
    ? found.handle(place, call, ...ids)
    : changeAndKeep(place, call, found, account, ids);
}
