import type { OrderName } from "../source/query.ts";

/** Details next to a row's name; `meta.user` is the metadata entry "user". */
export type RowPart = (typeof NAMED_PARTS)[number] | `meta.${string}`;

const NAMED_PARTS = [
  "rating",
  "status",
  "endpoint",
  "caller",
  "time",
  "model",
  "provider",
  "path",
  "tokens",
  "cost",
  "duration",
  "step",
  "user_agent",
] as const;

/** Default details of a row. */
export const DEFAULT_PARTS: readonly RowPart[] = ["rating", "status", "endpoint", "caller", "time", "tokens", "cost"];

/** Whether a text names a detail of a row. */
export function isRowPart(text: unknown): text is RowPart {
  return typeof text === "string" && (NAMED_PARTS.some((name) => name === text) || /^meta\../s.test(text));
}

/** Returns the parts with one first, where a narrow row doesn't cut it off. */
export const withFirst = (first: RowPart, parts: readonly RowPart[]): readonly RowPart[] => [
  first,
  ...parts.filter((part) => part !== first),
];

/** Returns a row's parts in order: the value it's sorted by comes first, even if not selected. */
export function partsInOrder(parts: readonly RowPart[], order: OrderName): readonly RowPart[] {
  return order === "cost" || order === "duration" || order === "tokens" ? withFirst(order, parts) : parts;
}
