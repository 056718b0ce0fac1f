import type { Citation, Part } from "../../conversation.ts";
import {
  type JsonRecord,
  idOf,
  isEmpty,
  isRecord,
  listOf,
  numberOf,
  parseJson,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { locate } from "../../media.ts";
import type { CallNames } from "../../reader.ts";
import { contentParts } from "./responses-content.ts";

/** A call's input, in the first of these fields; `arguments` is JSON text, the others stay as they are. */
const GIVEN_KEYS = ["arguments", "input", "action", "actions", "operation"];
/** Built-in tools' calls with several input fields. */
const GIVEN_FIELDS = new Map([
  ["code_interpreter_call", ["code"]],
  ["program", ["code"]],
  ["file_search_call", ["queries"]],
  ["image_generation_call", ["action", "revised_prompt", "size", "quality", "background", "output_format"]],
]);
/** A built-in tool's result, next to its input. */
const FOUND_KEYS = ["output", "outputs", "results", "result", "error"];
const FUNCTION_KEYS = new Set(["type", "name", "call_id", "arguments"]);
const ANSWERED_KEYS = ["call_id", "id", "approval_request_id", "name"];
const RESULT_KEYS = new Set(["type", ...ANSWERED_KEYS, "output", "result", "tools", "approve"]);
const SEARCHED_KEYS = new Set(["text", "url", "title", "filename"]);

/** Whether an item type is a tool call. */
export function isCall(type: string): boolean {
  // OpenRouter's own tools are named "openrouter:web_search".
  return /_call$|^openrouter:|^mcp_approval_request$|^program$/.test(type);
}

/** Whether an item type is the result of another item's call. */
export function isOutput(type: string): boolean {
  return type.endsWith("_output") || type === "mcp_approval_response";
}

/** Returns a tool call, and (for a built-in tool) its result. */
export function callParts(type: string, item: JsonRecord, callNames: CallNames): Part[] {
  const id = idOf(item.call_id) ?? idOf(item.id);
  const name = textOf(item.name) ?? type.replace(/_call$/, "");
  if (id !== undefined) callNames.set(id, name);
  // A result may name its call, or leave that open.
  callNames.set(type, id ?? "");
  const found = foundParts(type, item);
  const isError = !isEmpty(item.error);
  const given = givenOf(type, item);
  const others = restOf(item, usedKeys(item, given.keys, found !== undefined));
  const details = type === "function_call" ? others : { ...others, type };
  const call: Part = { type: "toolCall", name, arguments: given.value };
  if (id !== undefined) call.id = id;
  if (details !== undefined) call.details = details;
  if (found === undefined) return [call];
  return [call, { type: "toolResult", ...present({ id }), name, parts: found, ...(isError ? { isError } : {}) }];
}

// Nearly all calls share one set; building one takes longer than everything else about a call.
function usedKeys(item: JsonRecord, given: string[], isFound: boolean): ReadonlySet<string> {
  const isNamed = typeof item.name === "string";
  const idKey = idOf(item.call_id) === undefined ? "id" : "call_id";
  if (isNamed && idKey === "call_id" && given[0] === "arguments" && given.length === 1 && !isFound)
    return FUNCTION_KEYS;
  return new Set(["type", idKey, ...given, ...(isNamed ? ["name"] : []), ...(isFound ? FOUND_KEYS : [])]);
}

function givenOf(type: string, item: JsonRecord): { value: unknown; keys: string[] } {
  const keys = GIVEN_FIELDS.get(type);
  if (keys !== undefined) {
    const value = Object.fromEntries(keys.filter((key) => !isEmpty(item[key])).map((key) => [key, item[key]]));
    return { value, keys };
  }
  const key = GIVEN_KEYS.find((name) => !isEmpty(item[name])) ?? GIVEN_KEYS.find((name) => name in item);
  if (key === undefined) return { value: undefined, keys: [] };
  const given = item[key];
  const action = type === "web_search_call" ? recordOf(given) : undefined;
  if (action !== undefined) return { value: restOf(action, new Set(["sources"])) ?? {}, keys: [key] };
  const value = key === "arguments" && typeof given === "string" ? (parseJson(given) ?? given) : given;
  return { value, keys: [key] };
}

function foundParts(type: string, item: JsonRecord): Part[] | undefined {
  const sources = type === "web_search_call" ? recordOf(item.action)?.sources : undefined;
  const found = isEmpty(sources) ? [] : [sources];
  for (const key of FOUND_KEYS) if (!isEmpty(item[key])) found.push(item[key]);
  if (found.length === 0) return undefined;
  if (type === "image_generation_call" && typeof item.result === "string") {
    const place = item.result.startsWith("data:") ? locate(item.result) : { data: item.result };
    const mimeType = `image/${textOf(item.output_format) ?? "png"}`;
    const failure: Part[] = isEmpty(item.error) ? [] : [{ type: "data", value: item.error }];
    return [{ type: "media", media: "image", mimeType, ...place }, ...failure];
  }
  return found.flatMap((value) => {
    if (type === "web_search_call" || type === "file_search_call") return listed(value).map(searchedPart);
    if (isRecord(value) && textOf(value.message) === undefined) return [{ type: "data" as const, value }];
    if (!isRecord(value)) return contentParts(value);
    const details = restOf(value, new Set(["message"]));
    return [{ type: "text" as const, text: textOf(value.message) ?? "", ...present({ details }) }];
  });
}

function listed(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [value];
}

// A page or part of a file from a search, with its source.
function searchedPart(value: unknown): Part {
  const raw = recordOf(value);
  const url = textOf(raw?.url);
  const title = textOf(raw?.title) ?? textOf(raw?.filename);
  const text = textOf(raw?.text) ?? title ?? url;
  if (raw === undefined || text === undefined) return { type: "data", value };
  const citation: Citation = { ...restOf(raw, SEARCHED_KEYS), ...present({ url, title }) };
  return { type: "text", text, citations: [citation] };
}

/** Returns the result of a call, paired by ID. */
export function resultParts(type: string, item: JsonRecord, callNames: CallNames): Part[] {
  const callType = type.replace(/_output$/, "");
  const known = callNames.get(callType) ?? callNames.get(`${callType}_call`);
  const own = idOf(item.call_id) ?? idOf(item.approval_request_id);
  // A local shell's output has its call's ID; a tool search on the server pairs only by order.
  const id = own ?? (type === "local_shell_call_output" ? idOf(item.id) : known === "" ? undefined : known);
  const name = textOf(item.name) ?? (id === undefined ? undefined : callNames.get(id)) ?? nameOf(callType);
  const exits = listOf(item.output).map((output) => numberOf(recordOf(recordOf(output)?.outcome)?.exit_code));
  const isError = item.status === "failed" || exits.some((code) => code !== undefined && code !== 0);
  const details = {
    ...restOf(item, RESULT_KEYS),
    ...(isEmpty(item.id) || idOf(item.id) === id ? undefined : { id: item.id }),
    ...(type === "function_call_output" ? undefined : { type }),
  };
  return [
    {
      type: "toolResult",
      parts: contentsOf(item),
      ...present({ id, name, isError: isError ? true : undefined, details: isEmpty(details) ? undefined : details }),
    },
  ];
}

function nameOf(callType: string): string | undefined {
  const name = callType.replace(/_call$/, "");
  return name === "function" || name === "custom_tool" || name === "mcp_approval_response" ? undefined : name;
}

function contentsOf({ output, result, tools, approve }: JsonRecord): Part[] {
  const structured = [isEmpty(approve) ? undefined : { approve }, isEmpty(tools) ? undefined : { tools }];
  return [
    ...structured.filter((value) => value !== undefined).map((value): Part => ({ type: "data", value })),
    ...contentParts(output),
    ...contentParts(result),
  ];
}
