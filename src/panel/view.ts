import * as vscode from "vscode";
import type { Conversation } from "../chat/conversation.ts";
import type { Log, LogRef } from "../cloudflare/schema.ts";
import { oneLine, outcomeOf, shortModel, type Format } from "../logs/format.ts";
import { outcomeWord } from "../tree/items.ts";
import type { Fact, LogView } from "./protocol.ts";

type Present = Fact | undefined;

const present = (facts: Present[]): Fact[] => facts.filter((fact) => fact !== undefined);

function costFact(log: Log, format: Format): Present {
  if (log.costUsd === undefined) return undefined;
  const title = log.customCost
    ? vscode.l10n.t("Custom: by the prices that came with the call")
    : vscode.l10n.t("An estimate by Cloudflare");
  return { name: vscode.l10n.t("cost"), value: format.cost(log.costUsd), title };
}

function tokenFacts(log: Log, conversation: Conversation | undefined, format: Format): Present[] {
  const t = vscode.l10n.t;
  const tokensIn = log.tokensIn ?? conversation?.usage?.tokensIn;
  const tokensOut = log.tokensOut ?? conversation?.usage?.tokensOut;
  return [
    tokensIn === undefined ? undefined : { name: t("tokens in"), value: format.count(tokensIn) },
    tokensOut === undefined ? undefined : { name: t("tokens out"), value: format.count(tokensOut) },
  ];
}

function headFacts(log: Log, format: Format): Fact[] {
  const t = vscode.l10n.t;
  return present([
    { name: t("time"), value: format.dateTime(log.createdAt), title: format.utc(log.createdAt) },
    // The status says it of a plain cache hit.
    log.cached && outcomeOf(log) !== "cached" ? { name: t("cache"), value: t("cached") } : undefined,
    costFact(log, format),
    log.dlpAction === undefined ? undefined : { name: t("DLP"), value: log.dlpAction },
    log.step === undefined ? undefined : { name: t("step"), value: format.count(log.step) },
  ]);
}

function footFacts(log: Log, conversation: Conversation | undefined, format: Format): Fact[] {
  const latency: Present =
    log.durationMs === undefined
      ? undefined
      : { name: vscode.l10n.t("latency"), value: vscode.l10n.t("{0} ms", format.count(Math.round(log.durationMs))) };
  return present([latency, ...tokenFacts(log, conversation, format)]);
}

function statusOf(log: Log): LogView["status"] {
  const outcome = outcomeOf(log);
  const code = log.statusCode === undefined ? [] : [String(log.statusCode)];
  // The code says all of a plain success or failure.
  const word = code.length > 0 && (outcome === "success" || outcome === "error") ? [] : [outcomeWord(outcome)];
  return { outcome, text: [...code, ...word].join(" · ") };
}

/** What went wrong, in the words that were recorded; without any, the status is said. */
function errorOf(log: Log, conversation: Conversation | undefined): string | undefined {
  if (conversation?.error) {
    const { message, type, code } = conversation.error;
    const coded = code === undefined || code === "" ? undefined : vscode.l10n.t("code {0}", String(code));
    return [message, [type, coded].filter(Boolean).join(", ")].filter(Boolean).join("\n");
  }
  if (log.success || !conversation) return undefined;
  return log.statusCode === undefined
    ? vscode.l10n.t("The call failed.")
    : vscode.l10n.t("The call failed with status {0}.", String(log.statusCode));
}

/** The page's snapshot of a log; `log` is undefined while not even its row is known. */
export function logView(ref: LogRef, log: Log | undefined, state: LogView["state"], format: Format): LogView {
  const conversation = state.type === "ready" ? state.content.conversation : undefined;
  if (!log) {
    return {
      ref,
      title: ref.logId,
      chips: [ref.gatewayId],
      status: undefined,
      facts: [],
      metadata: [],
      foot: [],
      error: undefined,
      state,
    };
  }
  return {
    ref,
    title: log.path || log.provider,
    chips: [log.model, log.provider, ref.gatewayId].filter((chip) => chip !== undefined),
    status: statusOf(log),
    facts: headFacts(log, format),
    metadata: Object.entries(log.metadata).map(([name, value]) => ({ name, value: String(value) })),
    foot: footFacts(log, conversation, format),
    error: errorOf(log, conversation),
    state,
  };
}

/** The tab's title. */
export function tabTitle(ref: LogRef, log: Log | undefined, format: Format): string {
  if (!log) return vscode.l10n.t("Log {0}", oneLine(ref.logId, 12));
  return `${oneLine(shortModel(log), 40)} · ${format.time(log.createdAt)}`;
}
