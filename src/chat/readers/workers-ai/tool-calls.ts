import { isRecord } from "../../json/json.ts";

const NAMED_KEYS = new Set(["name", "arguments"]);

/** A tool call as OpenAI writes it, also where Workers AI gives only `{name, arguments}`. Anything else unchanged. */
export function wrappedCall(value: unknown): unknown {
  if (!isRecord(value) || isRecord(value.function) || isRecord(value.custom)) return value;
  if (typeof value.name !== "string") return value;
  const others = Object.entries(value).filter(([key]) => !NAMED_KEYS.has(key));
  return { ...Object.fromEntries(others), function: { name: value.name, arguments: value.arguments } };
}
