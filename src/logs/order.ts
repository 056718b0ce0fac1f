import type { Log } from "../cloudflare/schema.ts";
import { tokensTotal } from "./format.ts";

/** Sort orders. Logs sorted by time are grouped by day; the others are one list. */
export type OrderName = "newest" | "oldest" | "cost" | "duration" | "tokens" | "model";

/** All orders, as offered. */
export const ORDER_NAMES: readonly OrderName[] = ["newest", "oldest", "cost", "duration", "tokens", "model"];

type Order = {
  /** The API's sort key. */
  orderBy: "created_at" | "cost" | "duration" | "model";
  direction: "asc" | "desc";
  /** Whether the API sorts by this order; otherwise loaded rows are sorted locally. */
  sortedByApi: boolean;
  compare: (a: Log, b: Log) => number;
};

const byId = (a: Log, b: Log): number => (b.id < a.id ? -1 : b.id > a.id ? 1 : 0);
const newest = (a: Log, b: Log): number => b.createdAt.getTime() - a.createdAt.getTime() || byId(a, b);

/** Greatest first, missing values last: absent isn't 0. */
const greatest =
  (valueOf: (log: Log) => number | undefined) =>
  (a: Log, b: Log): number =>
    (valueOf(b) ?? -Infinity) - (valueOf(a) ?? -Infinity) || newest(a, b);

const models = (a: Log, b: Log): number => {
  const [one, other] = [a.model ?? "\uffff", b.model ?? "\uffff"];
  return one < other ? -1 : one > other ? 1 : newest(a, b);
};

/**
 * How to request each order. The published schema names created_at and model; Cloudflare's own tools also send cost and
 * duration (API notes: Listing logs). No source names the sum of tokens.
 */
export const ORDERS: Readonly<Record<OrderName, Order>> = {
  newest: { orderBy: "created_at", direction: "desc", sortedByApi: true, compare: newest },
  oldest: { orderBy: "created_at", direction: "asc", sortedByApi: true, compare: (a, b) => -newest(a, b) },
  cost: { orderBy: "cost", direction: "desc", sortedByApi: true, compare: greatest((log) => log.costUsd) },
  duration: { orderBy: "duration", direction: "desc", sortedByApi: true, compare: greatest((log) => log.durationMs) },
  tokens: { orderBy: "created_at", direction: "desc", sortedByApi: false, compare: greatest(tokensTotal) },
  model: { orderBy: "model", direction: "asc", sortedByApi: true, compare: models },
};

/** Compares an event's steps, in any order of the list. */
export const byStep = (a: Log, b: Log): number => (a.step ?? 0) - (b.step ?? 0) || -newest(a, b);

/** Whether an order is by time. */
export const isByTime = (order: OrderName): boolean => order === "newest" || order === "oldest";
