import { escapeControls } from "./control-characters.ts";
import { toMarkdown } from "./markdown.ts";
import { readConversation } from "./read.ts";
import { applyRules } from "./redact/rule.ts";
import { KEY_RULES } from "./redact/rules.ts";
import { callOf, type RecordedCall } from "./snippets/call.ts";
import { snippet, snippetForms, type SnippetForm } from "./snippets/index.ts";
import { toJson } from "./json/to-json.ts";

/** What can be copied of a log's content. */
export type CopyForm = "markdown" | "json" | SnippetForm;

/** `holdsKey`: something in it looks like an API key. It was recorded, and is as it was. */
export type Copied = { text: string; holdsKey: boolean };

/** The forms in which a log can be copied. */
export const copyForms = (recorded: RecordedCall): CopyForm[] => ["markdown", "json", ...snippetForms(recorded)];

function textOf(form: CopyForm, recorded: RecordedCall): string | undefined {
  if (form === "markdown") return toMarkdown(readConversation(recorded));
  if (form === "json") return `${toJson(readConversation(recorded))}\n`;
  return snippet(form, recorded);
}

/** A log in a form; undefined where it has none. */
export function copied(form: CopyForm, recorded: RecordedCall): Copied | undefined {
  const written = textOf(form, recorded);
  if (written === undefined) return undefined;
  const text = escapeControls(written);
  // A shell is given the body encoded or in pieces.
  const sent = form === "curl" || form === "powershell" ? Buffer.from(callOf(recorded)?.body ?? "").toString() : "";
  return { text, holdsKey: [text, sent].some((told) => applyRules(told, KEY_RULES) !== told) };
}
