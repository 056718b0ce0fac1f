import type { CollectionRef, LogRef } from "../source/log.ts";

/** Returns a log's globally unique key. */
export const logKey = ({ sourceId, collectionId, logId }: LogRef): string =>
  JSON.stringify([sourceId, collectionId, logId]);

/** Returns a test for keys of an account's logs and audit log entries, by their prefix. */
export const isKeyOf =
  (sourceId: string) =>
  (key: string): boolean =>
    key.startsWith(`${JSON.stringify([sourceId]).slice(0, -1)},`);

/** Returns a test for keys of a gateway itself, its groups and its logs. */
export const isOfGateway =
  (gateway: CollectionRef) =>
  ({ sourceId, collectionId }: CollectionRef): boolean =>
    gateway.sourceId === sourceId && gateway.collectionId === collectionId;
