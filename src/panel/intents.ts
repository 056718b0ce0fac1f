import type { LogRef } from "../cloudflare/schema.ts";
import type { FromPage } from "./protocol.ts";

type Fields = Record<string, unknown>;

/** Whether a value has fields to be looked at. */
export const isFields = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isText = (value: unknown): value is string => typeof value === "string";
const isOneOf =
  (...allowed: string[]) =>
  (value: unknown): boolean =>
    isText(value) && allowed.includes(value);

/** Whether a value names a log. */
export function isRef(value: unknown): value is LogRef {
  if (!isFields(value)) return false;
  const { accountId, gatewayId, logId } = value;
  return [accountId, gatewayId, logId].every((id) => isText(id) && id !== "");
}

/** What each intent says besides its type. */
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

/** What each intent of a protocol says besides its type. */
export type IntentFields<Intent extends { type: string }> = Record<
  Intent["type"],
  Record<string, (value: unknown) => boolean>
>;

/** What a page says, or undefined when that is nothing that the protocol of these fields knows. */
export function intentIn<Intent extends { type: string }>(
  message: unknown,
  fields: IntentFields<Intent>,
): Intent | undefined {
  if (!isFields(message) || !isText(message["type"]) || !Object.hasOwn(fields, message["type"])) return undefined;
  const own = fields[message["type"] as Intent["type"]];
  const fits = Object.entries(own).every(([name, isRight]) => isRight(message[name]));
  return fits ? (message as Intent) : undefined;
}

/** What a log's page says, or undefined when that is nothing the protocol knows. */
export const parseIntent = (message: unknown): FromPage | undefined => intentIn<FromPage>(message, FIELDS);

/** The longest address that is opened or fetched: a longer one could not be shown in full. */
const LONGEST_ADDRESS = 4096;

/** An address of the web without a password in it, or undefined: the only ones that are opened or fetched. */
export function webAddress(text: string): URL | undefined {
  const url = text.length > LONGEST_ADDRESS ? null : URL.parse(text);
  if (!url || (url.protocol !== "https:" && url.protocol !== "http:")) return undefined;
  return url.username === "" && url.password === "" && url.hostname !== "" ? url : undefined;
}
