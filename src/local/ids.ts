import { randomFillSync } from "node:crypto";

/** Log IDs are lowercase UUIDv7s from this moment on, ULIDs before (API notes: Log IDs). */
const UUID_SINCE = Date.parse("2026-10-08T00:00:00Z");

const CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** Returns `count` random bytes. */
export type RandomBytes = (count: number) => Uint8Array;

const pool = Buffer.alloc(8192);
let used = pool.length;

function cryptoBytes(count: number): Uint8Array {
  if (used + count > pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  used += count;
  return pool.subarray(used - count, used);
}

function ulid(time: number, random: Uint8Array): string {
  let text = "";
  for (let rest = time, i = 0; i < 10; i++, rest = Math.floor(rest / 32)) text = CROCKFORD.charAt(rest % 32) + text;
  for (const byte of random) text += CROCKFORD.charAt(byte % 32);
  return text;
}

function uuid7(time: number, random: Uint8Array): string {
  const bytes = Buffer.from(random);
  bytes.writeUIntBE(time, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

/**
 * Returns the kind of ID that the gateway gives a log of that time: a ULID before 2026-10-08, a lowercase UUIDv7 since
 * (API notes: Log IDs).
 */
export function newLogId(createdAt: Date, random: RandomBytes = cryptoBytes): string {
  const time = Math.max(0, createdAt.getTime());
  return time < UUID_SINCE ? ulid(time, random(16)) : uuid7(time, random(16));
}
