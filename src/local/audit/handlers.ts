import type { Answer } from "../answers.ts";
import type { Call, Handler } from "../call.ts";
import { auditLimit, auditQuery, auditRefusal, auditWindow, cursorOf, positionOf, requiredTime } from "./parameters.ts";
import { PRODUCT_CATEGORIES } from "./products.ts";
import type { AuditPosition, StoredAuditEntry } from "./trail.ts";

/** The API narrows its search for the source of a history by the time of the action (API notes: Audit log); how far is unknown. Ours: a day. */
const SOURCE_WITHIN_MS = 86_400_000;

/** One page: reads one entry more than asked for, to know whether the walk goes on. */
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
  // "Absent or empty" ends a walk (API notes: Audit log): absent when it was one page, empty when it was several.
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

/** `GET /accounts/{id}/logs/audit/{entry}/history`: the entries about what that entry was about. */
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
