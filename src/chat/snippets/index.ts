import { escapeControls } from "../control-characters.ts";
import { callOf, type Call, type RecordedCall } from "./call.ts";
import { curl } from "./curl.ts";
import { powershell } from "./powershell.ts";
import { python } from "./python.ts";
import { anthropicCall, openaiCall, type SdkCall } from "./sdk.ts";
import { typescript } from "./typescript.ts";

/** The forms in which a recorded call can be written down, to be made again. */
export type SnippetForm =
  "curl" | "powershell" | "openaiTypescript" | "openaiPython" | "anthropicTypescript" | "anthropicPython";

const sdk =
  (sdkCall: (call: Call) => SdkCall | undefined, write: (call: SdkCall) => string) =>
  (call: Call): (() => string) | undefined => {
    const made = sdkCall(call);
    return made && (() => escapeControls(write(made)));
  };

/** `sends`: the header in which the SDK sends the key that it is given. */
const OPENAI = { name: "OpenAI", sends: "Authorization" };
const ANTHROPIC = { name: "Anthropic", sends: "x-api-key" };

/** What writes a call in each form; undefined where it has no such form. */
const WRITERS: Record<SnippetForm, (call: Call) => (() => string) | undefined> = {
  curl: (call) => () => curl(call),
  powershell: (call) => () => powershell(call),
  openaiTypescript: sdk(openaiCall, (call) => typescript(call, { ...OPENAI, from: "openai" })),
  openaiPython: sdk(openaiCall, (call) => python(call, { ...OPENAI, from: "openai" })),
  anthropicTypescript: sdk(anthropicCall, (call) => typescript(call, { ...ANTHROPIC, from: "@anthropic-ai/sdk" })),
  anthropicPython: sdk(anthropicCall, (call) => python(call, { ...ANTHROPIC, from: "anthropic" })),
};

/** The forms that fit a recorded call: none where it cannot be made again. PowerShell is offered on Windows. */
export function snippetForms(recorded: RecordedCall, platform = process.platform): SnippetForm[] {
  const call = callOf(recorded);
  if (!call) return [];
  const forms = Object.keys(WRITERS) as SnippetForm[];
  return forms.filter((form) => (form !== "powershell" || platform === "win32") && WRITERS[form](call) !== undefined);
}

/**
 * A recorded call in a form, through its gateway, with placeholders for the gateway's token and the provider's key; what stands in
 * the body is not touched, but no control character of it is in the text except newline and tab. undefined where it has no such form. `origin`: where the gateway listens, unless at Cloudflare.
 */
export function snippet(form: SnippetForm, recorded: RecordedCall, origin?: string): string | undefined {
  const call = callOf(recorded, origin);
  return call && WRITERS[form](call)?.();
}
