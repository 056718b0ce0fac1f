// The official client's types against ours: what it can ask for, so can we; what it lists, we list. Most of this test is done by
// the compiler.
import assert from "node:assert/strict";
import { test } from "node:test";
import type { AuditHistoryParams, AuditListParams, AuditListResponse } from "cloudflare/resources/accounts/logs/audit";
import type { LogDeleteParams, LogEditParams, LogListParams } from "cloudflare/resources/ai-gateway/logs";
import {
  AUDIT_FILTERS,
  type AuditFilterName,
  type AuditQuery,
  type AuditWindow,
} from "../../../src/sources/cloudflare/audit/calls.ts";
import type { AuditEntry } from "../../../src/sources/cloudflare/audit/schema.ts";
import { WIRE_KEYS } from "../../../src/sources/cloudflare/wire-keys.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import type { LogChanges } from "../../../src/source/source.ts";
import type { LogQuery } from "../../../src/sources/cloudflare/logs.ts";
import { FILTER_KEYS as LOCAL_KEYS, OPERATORS, ORDER_KEYS } from "../../../src/local/conditions.ts";
import { AUDIT_FIELDS } from "../../../src/local/audit/filters.ts";
import { ALL_SHAPES } from "./openapi.ts";

type Given<T> = NonNullable<T>;
type Names<T> = Record<Extract<T, string>, true>;
/** True if A is assignable to B; otherwise the compiler rejects `true`. */
type Fits<A, B> = [A] extends [B] ? true : false;
/** True if A and B are the same. */
type Same<A, B> = [A, B] extends [B, A] ? true : false;

type Filter = LogListParams.Filter;
type OrderBy = Given<LogListParams["order_by"]> | Given<LogDeleteParams["order_by"]>;
/** The parameters of the audit log that are objects of a `not`. */
type AuditNames = {
  [K in keyof AuditListParams]-?: Given<AuditListParams[K]> extends { not?: unknown } ? K : never;
}[keyof AuditListParams];

// Each of these lists has all names of the type and no other, or does not compile.
const KEYS: Names<Filter["key"]> = {
  id: true,
  created_at: true,
  request_content_type: true,
  response_content_type: true,
  request_type: true,
  success: true,
  cached: true,
  provider: true,
  model: true,
  model_type: true,
  cost: true,
  tokens: true,
  tokens_in: true,
  tokens_out: true,
  duration: true,
  feedback: true,
  event_id: true,
  "metadata.key": true,
  "metadata.value": true,
  authentication: true,
  wholesale: true,
  compatibilityMode: true,
  dlp_action: true,
  user_agent: true,
};
const OPERATOR_NAMES: Names<Filter["operator"]> = { eq: true, neq: true, contains: true, lt: true, gt: true };
const ORDERS: Names<OrderBy> = {
  created_at: true,
  provider: true,
  model: true,
  model_type: true,
  success: true,
  cached: true,
  cost: true,
  tokens_in: true,
  tokens_out: true,
  duration: true,
  feedback: true,
};
const CONTEXTS: Names<NonNullable<AuditListResponse.Actor["context"]>> = {
  api: true,
  api_key: true,
  api_token: true,
  dash: true,
  oauth: true,
  origin_ca_key: true,
};
const ACTORS: Names<NonNullable<AuditListResponse.Actor["type"]>> = {
  account: true,
  cloudflare_admin: true,
  delegated_service: true,
  system: true,
  user: true,
};

// Ours accepts everything that the official client accepts.
const _asked: [
  Fits<Filter, Condition>,
  Fits<LogDeleteParams.Filter, Condition>,
  Same<Filter["operator"], Condition["operator"]>,
  Fits<Filter["value"], Condition["value"]>,
  Fits<OrderBy, Given<LogQuery["orderBy"]>>,
  Same<Given<LogListParams["order_by_direction"]>, Given<LogQuery["direction"]>>,
  Fits<Given<LogListParams["meta_info"]>, Given<LogQuery["metaInfo"]>>,
  Fits<Given<LogListParams["page"]>, Given<LogQuery["page"]>>,
  Fits<Given<LogListParams["search"]>, Given<LogQuery["search"]>>,
  Fits<Given<LogEditParams["metadata"]>, Given<LogChanges["metadata"]>>,
  Fits<Given<LogChanges["feedback"]>, Given<LogEditParams["feedback"]>>,
  Same<Exclude<keyof LogEditParams, "account_id" | "gateway_id">, keyof LogChanges>,
  Same<AuditNames, AuditFilterName>,
  Fits<AuditListParams["since"], AuditQuery["since"]>,
  Same<Given<AuditListParams["direction"]>, Given<AuditWindow["direction"]>>,
  Fits<Given<AuditListParams["product_category"]>, Given<AuditQuery["productCategories"]>>,
  Fits<AuditHistoryParams["before"], AuditWindow["before"]>,
] = [true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true, true];

// Ours returns everything that it returns: the members by name, in our spelling.
type Camel<S> = S extends `${infer A}_${infer B}` ? `${A}${Capitalize<Camel<B>>}` : S;
type Named<T> = Camel<Extract<keyof T, string>>;
const _answered: [
  Same<Named<AuditListResponse.Actor>, keyof AuditEntry["actor"]>,
  Same<Named<AuditListResponse.Resource>, keyof AuditEntry["resource"]>,
  Same<Exclude<Named<AuditListResponse.Action>, "time">, keyof AuditEntry["action"]>,
  Same<Exclude<Named<AuditListResponse.Raw>, "cfRayId">, Exclude<keyof AuditEntry["call"], "rayId">>,
  Same<Named<AuditListResponse.Zone>, keyof AuditEntry["zone"]>,
  Same<Named<AuditListResponse.Account>, keyof AuditEntry["account"]>,
] = [true, true, true, true, true, true];

test("our lists hold the names of the official client's types, and the local gateway's too", () => {
  const names = (record: object) => Object.keys(record).toSorted();
  assert.deepEqual([...WIRE_KEYS.values()].toSorted(), names(KEYS));
  assert.deepEqual([...LOCAL_KEYS].toSorted(), names(KEYS));
  assert.deepEqual([...OPERATORS].toSorted(), names(OPERATOR_NAMES));
  assert.deepEqual([...ORDER_KEYS].toSorted(), names(ORDERS));
  assert.deepEqual([...AUDIT_FILTERS].toSorted(), [...Object.keys(AUDIT_FIELDS), "audit_log_id"].toSorted());
  assert.deepEqual([...AUDIT_FIELDS.actor_context].toSorted(), names(CONTEXTS));
  assert.deepEqual([...AUDIT_FIELDS.actor_type].toSorted(), names(ACTORS));
  assert.equal(_asked.length + _answered.length, 23);
});

test("the audit log is asked for with the parameters it declares", () => {
  const others = ["since", "before", "limit", "direction", "cursor", "product_category"];
  const ours = [...others, ...AUDIT_FILTERS.flatMap((name) => [name, `${name}.not`])];
  for (const shapes of ALL_SHAPES)
    assert.deepEqual(ours.toSorted(), shapes.queryParameters("GET", "/accounts/{account_id}/logs/audit").toSorted());
});
