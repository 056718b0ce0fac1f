import type { AuditFilter } from "./calls.ts";
import { AUDIT_KEYS } from "./keys.ts";
import type { AuditEntry } from "./schema.ts";

/**
 * A case-insensitive search in entries that were read: a key (of `AUDIT_KEYS`; "" for anywhere in the entry) that
 * equals one of the values or, with `part`, contains one; with `not`, none of them.
 */
export type AuditSearch = { key: string; not: boolean; part: boolean; values: readonly string[] };

const lower = (text: string): string => text.toLowerCase();

/** Returns all texts in a value, one per line. */
function textsIn(value: unknown): string {
  const texts: string[] = [];
  const left: unknown[] = [value];
  for (let item = left.pop(); item !== undefined; item = left.pop()) {
    if (typeof item === "string") texts.push(item);
    else if (typeof item !== "object") texts.push(JSON.stringify(item));
    else for (const inner of Object.values(item ?? {})) left.push(inner);
  }
  return texts.join("\n");
}

/** Whether an entry matches all searches. A missing value matches only `not`. */
export function matchesAudit(entry: AuditEntry, clientSide: readonly AuditSearch[]): boolean {
  return clientSide.every(({ key, not, part, values }) => {
    const held = key === "" ? textsIn(entry.raw) : AUDIT_KEYS.get(key)?.of(entry);
    const isOne = (value: string) =>
      held !== undefined && (part ? lower(held).includes(lower(value)) : lower(held) === lower(value));
    return values.some(isOne) !== not;
  });
}

const BY_NAME = new Map([...AUDIT_KEYS.values()].map((key) => [key.filter, key]));

/**
 * Whether the API could have returned this entry. Its comparison is undocumented (API notes: Audit log), so anything
 * plausible passes: any case, part of the value, another form of an address, the products of a category. False means
 * that a filter was ignored.
 */
export function answersAudit(
  entry: AuditEntry,
  filters: readonly AuditFilter[],
  { byCategory = false }: { byCategory?: boolean } = {},
): boolean {
  return filters.every(({ name, not, values }) => {
    const held = BY_NAME.get(name)?.of(entry);
    if (held === undefined || (name === "actor_ip_address" && held.includes(":"))) return true;
    if (not) return !values.includes(held);
    if (name === "resource_product" && byCategory) return true;
    return values.some((value) => lower(held).includes(lower(value)));
  });
}
