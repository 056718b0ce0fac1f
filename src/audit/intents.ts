import { intentIn, isFields, type IntentFields } from "../panel/intents.ts";
import type { EntryRef } from "./ref.ts";
import type { FromEntryPage } from "./protocol.ts";

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Whether a value names an entry. */
export function isEntryRef(value: unknown): value is EntryRef {
  if (!isFields(value)) return false;
  const { accountId, entryId, time } = value;
  return isText(accountId) && isText(entryId) && isText(time) && !Number.isNaN(Date.parse(time));
}

/** What each intent says besides its type. */
const FIELDS: IntentFields<FromEntryPage> = {
  ready: {},
  retry: {},
  go: { to: (value) => value === "next" || value === "previous" },
  copy: { text: (value) => typeof value === "string" },
  copyJson: {},
  copyMarkdown: {},
  openDocument: {},
  showGateway: {},
  showHistory: {},
  openEntry: { id: isText },
};

/** What the page says, or undefined when that is nothing the protocol knows. */
export const parseEntryIntent = (message: unknown): FromEntryPage | undefined =>
  intentIn<FromEntryPage>(message, FIELDS);
