import type { OrderName } from "./order.ts";

/** What can stand in a row beside its name; `meta.user` is the metadata entry "user". */
export type RowPart = (typeof NAMED_PARTS)[number] | `meta.${string}`;

const NAMED_PARTS = [
  "rating",
  "status",
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

/** What stands in a row unless the person chose otherwise. */
export const DEFAULT_PARTS: readonly RowPart[] = ["rating", "status", "time", "tokens", "cost"];

/** Whether a text names a part of a row. */
export function isRowPart(text: unknown): text is RowPart {
  return typeof text === "string" && (NAMED_PARTS.some((name) => name === text) || /^meta\../s.test(text));
}

/** The parts with this one in front, where a narrow row does not cut it off. */
export const withFirst = (first: RowPart, parts: readonly RowPart[]): readonly RowPart[] => [
  first,
  ...parts.filter((part) => part !== first),
];

/** The parts of rows in that order: the amount that they are sorted by comes first, chosen or not. */
export function partsInOrder(parts: readonly RowPart[], order: OrderName): readonly RowPart[] {
  return order === "cost" || order === "duration" || order === "tokens" ? withFirst(order, parts) : parts;
}
