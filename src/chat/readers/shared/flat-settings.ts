import { keepSpelling } from "../../json/exact-number.ts";

/** Settings of a request with those of one of its fields beside them; what both levels name stays where it was. */
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
