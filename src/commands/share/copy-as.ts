import * as vscode from "vscode";
import { GATEWAY_NAMES } from "../../account/gateway-names.ts";
import type { Sessions } from "../../account/session.ts";
import type { CopyForm } from "../../chat/copy.ts";
import { copyText } from "../../platform/clipboard.ts";
import type { LogRef } from "../../source/log.ts";
import type { Recordings } from "../../reading/recordings.ts";
import { PlainError } from "../../words/explain.ts";
import type { Read } from "../../reading/core/reader.ts";
import { waiting } from "../../platform/progress.ts";
import { copyLink } from "./copy-link.ts";
import { copyLogId } from "./copy-log-id.ts";

/** How copied calls go through the gateway. */
const THROUGH = { origin: `https://${GATEWAY_NAMES.host}`, tokenHeader: GATEWAY_NAMES.headers.token };

/** Maximum number of logs to read for copying: more can be exported. */
const MOST = 20;

export type CopyNeeds = {
  recordings: Pick<Recordings, "get">;
  sessions: Pick<Sessions, "canOf">;
  read: Read;
  extensionId: string;
};

/** The formats: those that need reading a log, and its IDs, which don't. */
type Offered = CopyForm | "logId" | "link";

type FormItem = vscode.QuickPickItem & { form?: Offered };

/** UI for the question. */
export type AskForm = (items: Promise<FormItem[]>, options: vscode.QuickPickOptions) => Thenable<FormItem | undefined>;

const askForm: AskForm = (items, options) => vscode.window.showQuickPick(items, options);

/** Returns the label of each format, in the order of the list. */
function labels(): Record<Offered, string> {
  const { t } = vscode.l10n;
  return {
    logId: t("Log ID"),
    link: t("Link"),
    markdown: t("Conversation as Markdown"),
    json: t("Conversation as JSON"),
    curl: "cURL (bash)",
    powershell: "PowerShell",
    openaiTypescript: t("OpenAI SDK, TypeScript"),
    openaiPython: t("OpenAI SDK, Python"),
    anthropicTypescript: t("Anthropic SDK, TypeScript"),
    anthropicPython: t("Anthropic SDK, Python"),
  };
}

/** Returns whether a format is a program: several can't be joined in one file. */
const isProgram = (form: Offered): boolean => /Typescript$|Python$/.test(form);

const isCall = (form: CopyForm): boolean => form !== "markdown" && form !== "json";

async function itemsFor(
  logs: readonly LogRef[],
  { recordings, sessions, read }: CopyNeeds,
  signal: AbortSignal,
): Promise<FormItem[]> {
  const { t } = vscode.l10n;
  const each = await Promise.all(
    logs.map(async (ref) => {
      const { exchange } = await recordings.get(ref, signal);
      return read("copyForms", { ...exchange, gateway: ref, through: THROUGH }, signal);
    }),
  );
  const [first = [], ...others] = each;
  const fitting = first.filter(
    (form) => others.every((forms) => forms.includes(form)) && !(others.length > 0 && isProgram(form)),
  );
  const names = labels();
  const item = (form: Offered): FormItem => ({ label: names[form], form });
  const { Separator } = vscode.QuickPickItemKind;
  // Calls through other gateways would go to an address that isn't theirs.
  const isSendable = logs.every((ref) => sessions.canOf(ref).includes("canResend"));
  const calls = isSendable ? fitting.filter(isCall) : [];
  return [
    item("logId"),
    item("link"),
    { label: t("The conversation"), kind: Separator },
    ...fitting.filter((form) => !isCall(form)).map(item),
    ...(calls.length > 0
      ? [{ label: t("The call, through the gateway; keys come from the environment"), kind: Separator }]
      : []),
    ...calls.map(item),
  ];
}

/** Joins texts in the way of their format. */
function joined(form: CopyForm, texts: readonly string[]): string {
  const [first = ""] = texts;
  if (texts.length === 1) return first;
  if (form === "json") return `[\n${texts.map((text) => text.trimEnd()).join(",\n")}\n]\n`;
  return texts.join(form === "markdown" ? "\n---\n\n" : "\n");
}

async function copyRead(logs: readonly LogRef[], form: CopyForm, { recordings, read }: CopyNeeds): Promise<void> {
  const { t } = vscode.l10n;
  const all = await waiting(t("Reading the logs…"), (signal) =>
    Promise.all(
      logs.map(async (ref) => {
        const { exchange } = await recordings.get(ref, signal);
        return read("copy", { ...exchange, gateway: ref, through: THROUGH, form }, signal);
      }),
    ),
  );
  const copies = all.filter((copy) => copy !== undefined);
  await copyText(
    joined(
      form,
      copies.map(({ text }) => text),
    ),
  );
  vscode.window.setStatusBarMessage(t("Copied: {0}", labels()[form]), 3000);
  if (copies.some(({ holdsKey }) => holdsKey))
    void vscode.window.showWarningMessage(
      t("The copied text contains what looks like an API key, as recorded. Be careful where you paste it."),
    );
}

/** Copies logs in a format available for all of them; asks for it unless given. */
export async function copyAs(
  logs: readonly [LogRef, ...LogRef[]],
  needs: CopyNeeds,
  given?: CopyForm,
  ask = askForm,
): Promise<void> {
  const { t } = vscode.l10n;
  if (logs.length > MOST) throw new PlainError(t("At most {0} logs can be copied at once. Export them instead.", MOST));
  const form = given ?? (await pickForm(logs, needs, ask));
  if (!form) return;
  if (form === "logId") await copyLogId(logs);
  else if (form === "link") await copyLink(logs, needs.extensionId);
  else await copyRead(logs, form, needs);
}

/** Asks for a format. The formats are determined while the list is open; closing it cancels that. */
async function pickForm(logs: readonly LogRef[], needs: CopyNeeds, ask: AskForm): Promise<Offered | undefined> {
  const { t } = vscode.l10n;
  const abort = new AbortController();
  const title = logs.length === 1 ? t("Copy Log As") : t("Copy {0} Logs As", logs.length);
  try {
    const options = { title, placeHolder: t("Select a format") };
    return (await ask(itemsFor(logs, needs, abort.signal), options))?.form;
  } finally {
    abort.abort();
  }
}
