import type { LogRef } from "../cloudflare/schema.ts";

/** A log's name among all. */
export const logKey = ({ accountId, gatewayId, logId }: LogRef): string =>
  JSON.stringify([accountId, gatewayId, logId]);
