import type { GatewayRef, LogRef } from "../cloudflare/schema.ts";

/** Returns a log's globally unique key. */
export const logKey = ({ accountId, gatewayId, logId }: LogRef): string =>
  JSON.stringify([accountId, gatewayId, logId]);

/** Returns a test for keys of an account's logs and audit log entries, by their prefix. */
export const isKeyOf =
  (accountId: string) =>
  (key: string): boolean =>
    key.startsWith(`${JSON.stringify([accountId]).slice(0, -1)},`);

/** Returns a test for keys of a gateway itself, its groups and its logs. */
export const isOfGateway =
  (gateway: GatewayRef) =>
  ({ accountId, gatewayId }: GatewayRef): boolean =>
    gateway.accountId === accountId && gateway.gatewayId === gatewayId;
