import type { Part } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";
import { usageOf } from "../openai/usage.ts";

/** Query fields: Parallel's, Perplexity's, and those of OpenAI's vector store search. */
const ASKED = ["objective", "search_queries", "query", "queries", "urls"];
const REQUEST_KEYS = new Set(ASKED);
/** Text fields of a result; the first non-empty one is shown. */
const TEXT_KEYS = ["full_content", "excerpts", "content", "snippet", "text"];
const PLACE_KEYS = ["url", "title", "filename"];
const LIST_KEYS = new Set(["results", "data", "object"]);

/** Searches with lists of results: of the web, of pages (Parallel's extracts), of a vector store. */
export const webSearch: Reader = {
  format: "search",

  serves(provider, path) {
    const isSearcher = /^(?:custom-)?(?:parallel|perplexity)/.test(provider);
    return (
      /(?:^|\/)vector_stores\/[^/]+\/search\/?$/.test(path) ||
      (isSearcher && /(?:^|\/)(?:search|extract)\/?$/.test(path))
    );
  },

  fitsRequest(body, expected) {
    if (expected) return ASKED.some((key) => !isEmpty(body[key]));
    return Array.isArray(body.search_queries) && body.search_queries.every((query) => typeof query === "string");
  },

  readRequest(body) {
    const asked = ASKED.flatMap((key) => (Array.isArray(body[key]) ? body[key] : [body[key]]) as unknown[]);
    const parts = asked
      .filter((one) => !isEmpty(one))
      .map((one): Part => (typeof one === "string" ? { type: "text", text: one } : { type: "data", value: one }));
    return { messages: [{ role: "user", parts }], tools: [], settings: settingsOf(body, REQUEST_KEYS) };
  },

  fitsResponse({ value }, expected) {
    const body = recordOf(value);
    const list = foundIn(value);
    if (list === undefined) return false;
    if (expected || body?.object === "vector_store.search_results.page") return true;
    return typeof (body?.search_id ?? body?.extract_id) === "string" && list.every(isRecord);
  },

  readResponse({ value, cut }) {
    const body = recordOf(value) ?? {};
    return {
      answers: [{ role: "assistant", parts: (foundIn(body) ?? []).flat().map(resultPart) }],
      complete: !cut,
      ...present({ usage: usageOf(body.usage), envelope: restOf(body, LIST_KEYS) }),
    };
  },
};

function foundIn(value: unknown): unknown[] | undefined {
  const { results, data } = recordOf(value) ?? {};
  return [results, data].find(Array.isArray);
}

/** A search result, with its location as its source. */
function resultPart(value: unknown): Part {
  const result = recordOf(value);
  const source = result && present({ url: textOf(result.url), title: textOf(result.title) ?? textOf(result.filename) });
  if (result === undefined || source === undefined) return { type: "data", value };
  const key = TEXT_KEYS.find((one) => textsIn(result[one]) !== "");
  const text = key === undefined ? (source.title ?? source.url) : textsIn(result[key]);
  if (text === undefined) return { type: "data", value };
  const details = restOf(result, new Set([...PLACE_KEYS, ...(key === undefined ? [] : [key])]));
  return { type: "text", text, ...(isEmpty(source) ? {} : { citations: [source] }), ...present({ details }) };
}

function textsIn(value: unknown): string {
  if (typeof value === "string") return value;
  const texts = listOf(value).map((one) => (isRecord(one) ? textOf((one satisfies JsonRecord).text) : textOf(one)));
  return texts.filter((text) => text !== undefined).join("\n\n");
}
