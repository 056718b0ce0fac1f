import { NOT_FOUND, success } from "./answers.ts";
import { type Handler, pageInfo, scopeOf } from "./call.ts";
import type { GatewayRow } from "./directory.ts";
import { invalidInput, newGateway, updatedSettings } from "./gateway-settings.ts";
import { paging } from "./parameters.ts";
import type { LogStore } from "./store.ts";

function find(store: LogStore, sourceId: string, id: string): GatewayRow | undefined {
  return store.gateways(sourceId).find((gateway) => gateway.id === id);
}

/** `GET …/gateways`. */
export const listGateways: Handler = ({ store }, { parameters }, sourceId = "") => {
  const { page, perPage } = paging(parameters, { least: 1, most: 100 });
  const search = parameters.get("search") ?? "";
  const found = store.gateways(sourceId).filter((gateway) => gateway.id.includes(search));
  const result = found.slice((page - 1) * perPage, page * perPage);
  return success(result, pageInfo(result.length, page, perPage, found.length));
};

/** `GET …/gateways/{id}`. */
export const getGateway: Handler = ({ store }, _call, sourceId = "", id = "") => {
  const found = find(store, sourceId, id);
  return found === undefined ? NOT_FOUND : success(found);
};

/** `POST …/gateways`; rejects an existing ID. */
export const createGateway: Handler = ({ store, now }, { body }, sourceId = "") => {
  const { id, settings } = newGateway(body);
  if (find(store, sourceId, id) !== undefined) throw invalidInput("A gateway with this id already exists", "id");
  store.addGateway({ sourceId, id, createdAt: new Date(now()), settings });
  return success(find(store, sourceId, id));
};

/** `PUT …/gateways/{id}`. */
export const updateGateway: Handler = ({ store, now }, { body }, sourceId = "", id = "") => {
  const found = find(store, sourceId, id);
  if (found === undefined) return NOT_FOUND;
  const changedAt = new Date(now());
  const settings = { ...updatedSettings(body), modified_at: changedAt.toISOString() };
  store.addGateway({ sourceId, id, createdAt: changedAt, settings });
  return success(find(store, sourceId, id));
};

/** `DELETE …/gateways/{id}`, with its logs; returns the deleted gateway. */
export const deleteGateway: Handler = ({ store, deletions, totals }, _call, sourceId = "", id = "") => {
  const found = find(store, sourceId, id);
  if (found === undefined) return NOT_FOUND;
  // Pending row numbers could otherwise be reused by other logs.
  deletions.finish();
  const gateway = { sourceId, collectionId: id };
  store.removeGateway(gateway);
  totals.keepUntil(scopeOf(gateway), 0);
  return success(found);
};
