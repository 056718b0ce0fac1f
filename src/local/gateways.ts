import { NOT_FOUND, success } from "./answers.ts";
import { type Handler, pageInfo, scopeOf } from "./call.ts";
import type { GatewayRow } from "./directory.ts";
import { invalidInput, newGateway, updatedSettings } from "./gateway-settings.ts";
import { paging } from "./parameters.ts";
import type { LogStore } from "./store.ts";

function find(store: LogStore, accountId: string, id: string): GatewayRow | undefined {
  return store.gateways(accountId).find((gateway) => gateway.id === id);
}

/** `GET …/gateways`. */
export const listGateways: Handler = ({ store }, { parameters }, accountId = "") => {
  const { page, perPage } = paging(parameters, { least: 1, most: 100 });
  const search = parameters.get("search") ?? "";
  const found = store.gateways(accountId).filter((gateway) => gateway.id.includes(search));
  const result = found.slice((page - 1) * perPage, page * perPage);
  return success(result, pageInfo(result.length, page, perPage, found.length));
};

/** `GET …/gateways/{id}`. */
export const getGateway: Handler = ({ store }, _call, accountId = "", id = "") => {
  const found = find(store, accountId, id);
  return found === undefined ? NOT_FOUND : success(found);
};

/** `POST …/gateways`; rejects an existing ID. */
export const createGateway: Handler = ({ store, now }, { body }, accountId = "") => {
  const { id, settings } = newGateway(body);
  if (find(store, accountId, id) !== undefined) throw invalidInput("A gateway with this id already exists", "id");
  store.addGateway({ accountId, id, createdAt: new Date(now()), settings });
  return success(find(store, accountId, id));
};

/** `PUT …/gateways/{id}`. */
export const updateGateway: Handler = ({ store, now }, { body }, accountId = "", id = "") => {
  const found = find(store, accountId, id);
  if (found === undefined) return NOT_FOUND;
  const changedAt = new Date(now());
  const settings = { ...updatedSettings(body), modified_at: changedAt.toISOString() };
  store.addGateway({ accountId, id, createdAt: changedAt, settings });
  return success(find(store, accountId, id));
};

/** `DELETE …/gateways/{id}`, with its logs; returns the deleted gateway. */
export const deleteGateway: Handler = ({ store, deletions, totals }, _call, accountId = "", id = "") => {
  const found = find(store, accountId, id);
  if (found === undefined) return NOT_FOUND;
  // Pending row numbers could otherwise be reused by other logs.
  deletions.finish();
  const gateway = { accountId, gatewayId: id };
  store.removeGateway(gateway);
  totals.keepUntil(scopeOf(gateway), 0);
  return success(found);
};
