import { escapeControls } from "./control-characters.ts";
import { toMarkdown } from "./markdown.ts";
import { readConversation } from "./read.ts";
import { applyRules } from "./redact/rule.ts";
import { KEY_RULES } from "./redact/rules.ts";
import { callOf, type RecordedCall } from "./snippets/call.ts";
import { snippet, snippetForms, type SnippetForm } from "./snippets/index.ts";
import { toJson } from "./json/to-json.ts";

/** Forms that a log's content can be copied in. */
export type CopyForm = "markdown" | "json" | SnippetForm;

/** `holdsKey`: the text contains something like an API key, exactly as recorded. */
export type Copied = { text: string; holdsKey: boolean };

/** Returns the forms available for a log. */
export const copyForms = (recorded: RecordedCall): CopyForm[] => ["markdown", "json", ...snippetForms(recorded)];

function textOf(form: CopyForm, recorded: RecordedCall): string | undefined {
  if (form === "markdown") return toMarkdown(readConversation(recorded));
  if (form === "json") return `${toJson(readConversation(recorded))}\n`;
  return snippet(form, recorded);
}

/** Returns a log in a form; undefined if it has none. */
export function copied(form: CopyForm, recorded: RecordedCall): Copied | undefined {
  const written = textOf(form, recorded);
  if (written === undefined) return undefined;
  const text = escapeControls(written);
  // Shell forms encode or split the body, so check the body itself.
  const sent = form === "curl" || form === "powershell" ? Buffer.from(callOf(recorded)?.body ?? "").toString() : "";
  return { text, holdsKey: [text, sent].some((told) => applyRules(told, KEY_RULES) !== told) };
}
