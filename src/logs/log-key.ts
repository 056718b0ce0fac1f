import type { GatewayRef, LogRef } from "../cloudflare/schema.ts";

/** A log's name among all. */
export const logKey = ({ accountId, gatewayId, logId }: LogRef): string =>
  JSON.stringify([accountId, gatewayId, logId]);

/** Tells the names of what is of an account, logs and entries of its audit log: they begin with it. */
export const isKeyOf =
  (accountId: string) =>
  (key: string): boolean =>
    key.startsWith(`${JSON.stringify([accountId]).slice(0, -1)},`);

/** Tells what is of the same gateway: the gateway itself, its groups and logs. */
export const isOfGateway =
  (gateway: GatewayRef) =>
  ({ accountId, gatewayId }: GatewayRef): boolean =>
    gateway.accountId === accountId && gateway.gatewayId === gatewayId;
