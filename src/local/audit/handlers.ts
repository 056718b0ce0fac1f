import type { Answer } from "../answers.ts";
import type { Call, Handler } from "../call.ts";
import { auditLimit, auditQuery, auditRefusal, auditWindow, cursorOf, positionOf, requiredTime } from "./parameters.ts";
import { PRODUCT_CATEGORIES } from "./products.ts";
import type { AuditPosition, StoredAuditEntry } from "./trail.ts";

/**
 * The API narrows its search for a history's source entry by the action's time (API notes: Audit log); the range is
 * unknown. Ours is a day.
 */
const SOURCE_WITHIN_MS = 86_400_000;

/** Returns one page. Reads one more entry than requested, to know whether there is another page. */
function pageOf(
  { parameters }: Call,
  read: (limit: number, after: AuditPosition | undefined) => StoredAuditEntry[],
  info: Record<string, string> = {},
): Answer {
  const limit = auditLimit(parameters);
  const after = positionOf(parameters);
  const found = read(limit + 1, after);
  const entries = found.slice(0, limit);
  const last = found.length > limit ? entries.at(-1) : undefined;
  // The last page has an "absent or empty" cursor (API notes: Audit log): absent on a single page, empty after several.
  const cursor = last === undefined ? (after === undefined ? {} : { cursor: "" }) : { cursor: cursorOf(last.position) };
  const result_info = { count: String(entries.length), ...cursor, ...info };
  return { status: 200, json: { errors: [], result: entries.map(({ wire }) => wire), result_info, success: true } };
}

/** `GET /accounts/{id}/logs/audit`. */
export const listAuditLogs: Handler = ({ store }, call, accountId = "") => {
  const query = auditQuery(call.parameters);
  return pageOf(call, (limit, after) => store.audit.page(accountId, query, limit, after));
};

/** `GET /accounts/{id}/logs/audit/product_categories`. */
export const listProductCategories: Handler = () => ({
  status: 200,
  json: { result: PRODUCT_CATEGORIES, success: true },
});

/** `GET /accounts/{id}/logs/audit/{entry}/history`: entries about the same resource. */
export const listAuditHistory: Handler = ({ store }, call, accountId = "", id = "") => {
  const query = auditWindow(call.parameters);
  const actionTime = requiredTime(call.parameters, "action_time", false);
  const source = store.audit.find(accountId, id);
  if (source === undefined || Math.abs(source.position.time - actionTime) > SOURCE_WITHIN_MS) {
    throw auditRefusal(404, "audit log not found");
  }
  const status = source.resourceUri !== undefined ? "exact" : source.hasResource ? "approximate" : "unavailable";
  return pageOf(
    call,
    (limit, after) => (status === "unavailable" ? [] : store.audit.history(accountId, query, limit, source, after)),
    { history_status: status },
  );
};
