import type { LogRef } from "../source/log.ts";
import type { FromPage } from "./protocol.ts";

type Fields = Record<string, unknown>;

/** Returns whether a value is an object with fields. */
export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const isOneOf =
  (...allowed: string[]) =>
  (value: unknown): boolean =>
    isText(value) && allowed.includes(value);

/** Returns whether a value is the ref of a log. */
export function isRef(value: unknown): value is LogRef {
  if (!isFields(value)) return false;
  const { sourceId, collectionId, logId } = value;
  return [sourceId, collectionId, logId].every((id) => isText(id) && id !== "");
}

/** Validators for the fields of each intent. */
const FIELDS: IntentFields<FromPage> = {
  ready: {},
  retry: {},
  setView: { view: isOneOf("conversation", "raw", "markdown") },
  openBody: { side: isOneOf("request", "response") },
  copyId: {},
  copy: { text: isText },
  openLink: { url: isText },
  loadMedia: { url: isText },
  openLog: { ref: isRef },
  go: { to: isOneOf("next", "previous") },
  filterBy: { name: isText, value: isText },
  rate: { logId: isText, verdict: isOneOf("up", "down", "none") },
  setScore: {},
  editMetadata: {},
  skipLog: { logId: isText },
  undoRating: {},
  stopRating: {},
};

/** Validators for the fields of each intent of a protocol. */
export type IntentFields<Intent extends { type: string }> = Record<
  Intent["type"],
  Record<string, (value: unknown) => boolean>
>;

/** Parses a page's message, or returns undefined if the protocol of these fields doesn't define it. */
export function intentIn<Intent extends { type: string }>(
  message: unknown,
  fields: IntentFields<Intent>,
): Intent | undefined {
  if (!isFields(message) || !isText(message["type"]) || !Object.hasOwn(fields, message["type"])) return undefined;
  const own = fields[message["type"] as Intent["type"]];
  const fits = Object.entries(own).every(([name, isRight]) => isRight(message[name]));
  return fits ? (message as Intent) : undefined;
}

/** Parses a log page's message, or returns undefined if the protocol doesn't define it. */
export const parseIntent = (message: unknown): FromPage | undefined => intentIn<FromPage>(message, FIELDS);

/** Maximum length of a URL to open or fetch: a longer one couldn't be shown in full. */
const LONGEST_ADDRESS = 4096;

/** Returns a web URL without a password, or undefined: no other URL is opened or fetched. */
export function webAddress(text: string): URL | undefined {
  const url = text.length > LONGEST_ADDRESS ? null : URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  return url.username === "" && url.password === "" && url.hostname !== "" ? url : undefined;
}
