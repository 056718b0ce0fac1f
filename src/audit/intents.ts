import { intentIn, isFields, type IntentFields } from "../panel/intents.ts";
import type { EntryRef } from "./ref.ts";
import type { FromEntryPage } from "./protocol.ts";

const isText = (value: unknown): value is string => typeof value === "string" && value !== "";

/** Returns whether a value is the ref of an entry. */
export function isEntryRef(value: unknown): value is EntryRef {
  if (!isFields(value)) return false;
  const { sourceId, entryId, time } = value;
  return isText(sourceId) && isText(entryId) && isText(time) && !Number.isNaN(Date.parse(time));
}

/** Validators for the fields of each intent. */
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

/** Parses a page's message, or returns undefined if the protocol doesn't define it. */
export const parseEntryIntent = (message: unknown): FromEntryPage | undefined =>
  intentIn<FromEntryPage>(message, FIELDS);
