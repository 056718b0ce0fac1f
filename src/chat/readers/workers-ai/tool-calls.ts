import { isRecord } from "../../json/json.ts";

const NAMED_KEYS = new Set(["name", "arguments"]);

/** Returns a tool call in OpenAI's form, also for Workers AI's bare `{name, arguments}`; anything else unchanged. */
export function wrappedCall(value: unknown): unknown {
  if (!isRecord(value) || isRecord(value.function) || isRecord(value.custom)) return value;
  if (typeof value.name !== "string") return value;
  const others = Object.entries(value).filter(([key]) => !NAMED_KEYS.has(key));
  return { ...Object.fromEntries(others), function: { name: value.name, arguments: value.arguments } };
}
