import { escapeControls } from "../control-characters.ts";
import { callOf, type Call, type RecordedCall } from "./call.ts";
import { curl } from "./curl.ts";
import { powershell } from "./powershell.ts";
import { python } from "./python.ts";
import { anthropicCall, openaiCall, type SdkCall } from "./sdk.ts";
import { typescript } from "./typescript.ts";

/** Forms in which a recorded call can be copied for repetition. */
export type SnippetForm =
  "curl" | "powershell" | "openaiTypescript" | "openaiPython" | "anthropicTypescript" | "anthropicPython";

const sdk =
  (sdkCall: (call: Call) => SdkCall | undefined, write: (call: SdkCall) => string) =>
  (call: Call): (() => string) | undefined => {
    const made = sdkCall(call);
    return made && (() => escapeControls(write(made)));
  };

/** `sends`: the header in which the SDK sends its key. */
const OPENAI = { name: "OpenAI", sends: "Authorization" };
const ANTHROPIC = { name: "Anthropic", sends: "x-api-key" };

/** Writers by form; undefined if a call has no such form. */
const WRITERS: Record<SnippetForm, (call: Call) => (() => string) | undefined> = {
  curl: (call) => () => curl(call),
  powershell: (call) => () => powershell(call),
  openaiTypescript: sdk(openaiCall, (call) => typescript(call, { ...OPENAI, from: "openai" })),
  openaiPython: sdk(openaiCall, (call) => python(call, { ...OPENAI, from: "openai" })),
  anthropicTypescript: sdk(anthropicCall, (call) => typescript(call, { ...ANTHROPIC, from: "@anthropic-ai/sdk" })),
  anthropicPython: sdk(anthropicCall, (call) => python(call, { ...ANTHROPIC, from: "anthropic" })),
};

/** Returns the forms for a recorded call; none if it can't be repeated. PowerShell is offered on Windows. */
export function snippetForms(recorded: RecordedCall, platform = process.platform): SnippetForm[] {
  const call = callOf(recorded);
  if (!call) return [];
  const forms = Object.keys(WRITERS) as SnippetForm[];
  return forms.filter((form) => (form !== "powershell" || platform === "win32") && WRITERS[form](call) !== undefined);
}

/**
 * Writes a recorded call in a form, through its gateway, with placeholders for the gateway's token and the provider's
 * key. The body is unchanged, but control characters other than newline and tab are escaped. undefined without such a
 * form.
 */
export function snippet(form: SnippetForm, recorded: RecordedCall): string | undefined {
  const call = callOf(recorded);
  return call && WRITERS[form](call)?.();
}
