import { keepSpelling } from "../../json/exact-number.ts";

/** Merges one field's settings with the request's; names on both levels stay where they were. */
export function flatSettings(settings: Record<string, unknown>, field: string): Record<string, unknown> {
  const { [field]: inner, ...others } = settings;
  if (typeof inner !== "object" || inner === null || Array.isArray(inner)) return settings;
  const entries = Object.entries(inner);
  const doubled = entries.filter(([key]) => Object.hasOwn(others, key));
  const flat: Record<string, unknown> = {
    ...others,
    ...Object.fromEntries(entries.filter(([key]) => !Object.hasOwn(others, key))),
  };
  if (doubled.length > 0) flat[field] = keepSpelling(inner, Object.fromEntries(doubled));
  return keepSpelling(inner, keepSpelling(settings, flat));
}
