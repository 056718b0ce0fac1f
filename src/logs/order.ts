import type { Log } from "../source/log.ts";
import type { OrderName } from "../source/query.ts";
import { tokensTotal } from "./format.ts";

type Compare = (a: Log, b: Log) => number;

const byId: Compare = (a, b) => (b.id < a.id ? -1 : b.id > a.id ? 1 : 0);
const newest: Compare = (a, b) => b.createdAt.getTime() - a.createdAt.getTime() || byId(a, b);

/** Greatest first, missing values last: absent isn't 0. */
const greatest =
  (valueOf: (log: Log) => number | undefined): Compare =>
  (a, b) =>
    (valueOf(b) ?? -Infinity) - (valueOf(a) ?? -Infinity) || newest(a, b);

const models: Compare = (a, b) => {
  const [one, other] = [a.model ?? "\uffff", b.model ?? "\uffff"];
  return one < other ? -1 : one > other ? 1 : newest(a, b);
};

/** Compares logs by each order, for rows that the source didn't sort. */
export const COMPARE: Readonly<Record<OrderName, Compare>> = {
  newest,
  oldest: (a, b) => -newest(a, b),
  cost: greatest((log) => log.costUsd),
  duration: greatest((log) => log.durationMs),
  tokens: greatest(tokensTotal),
  model: models,
};

/** Compares an event's steps, in any order of the list. Of one that was inferred, the row listed first may have no step. */
export const byStep: Compare = (a, b) =>
  (a.isEventInferred || b.isEventInferred ? 0 : (a.step ?? 0) - (b.step ?? 0)) || -newest(a, b);

/** Whether an order is by time. */
export const isByTime = (order: OrderName): boolean => order === "newest" || order === "oldest";
