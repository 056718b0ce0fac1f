import * as vscode from "vscode";
import type { Usage } from "../chat/conversation.ts";
import type { Log } from "../source/log.ts";
import { oneLine, outcomeOf, type Format } from "../logs/format.ts";
import type { Gist } from "../reading/core/packed.ts";
import type { Fact } from "./protocol.ts";

type Present = Fact | undefined;

const present = (facts: Present[]): Fact[] => facts.filter((fact) => fact !== undefined);

function count(name: string, value: number | undefined, format: Format, title?: string): Present {
  if (value === undefined) return undefined;
  return { name, value: format.count(value), ...(title ? { title } : {}) };
}

function costFact(log: Log, service: string | undefined, format: Format): Present {
  if (log.costUsd === undefined) return undefined;
  const title = log.customCost
    ? vscode.l10n.t("Custom: by the prices that came with the call")
    : service && vscode.l10n.t("An estimate by {0}", service);
  return { name: vscode.l10n.t("cost"), value: format.cost(log.costUsd), ...(title ? { title } : {}) };
}

/** The gateway's counts, or else the provider's. */
function tokensOf(log: Log, usage: Usage = {}): Usage {
  const { tokensIn, tokensOut, tokensCached, tokensReasoning } = log;
  const own = { tokensIn, tokensOut, tokensCached, tokensReasoning };
  return { ...usage, ...Object.fromEntries(Object.entries(own).filter(([, value]) => value !== undefined)) };
}

function tokenFacts(log: Log, conversation: Gist | undefined, format: Format): Present[] {
  const t = vscode.l10n.t;
  const { tokensIn, tokensOut, tokensCached, tokensReasoning } = tokensOf(log, conversation?.usage);
  const cached = tokensCached === undefined ? undefined : t("of them {0} from a cache", format.count(tokensCached));
  const reasoning =
    tokensReasoning === undefined ? undefined : t("of them {0} reasoning", format.count(tokensReasoning));
  return [
    count(t("tokens in"), tokensIn, format, cached),
    // A partial count is useful even without the total.
    tokensIn === undefined ? count(t("cached tokens"), tokensCached, format) : undefined,
    count(t("tokens out"), tokensOut, format, reasoning),
    tokensOut === undefined ? count(t("reasoning tokens"), tokensReasoning, format) : undefined,
  ];
}

function durationFact(log: Log, format: Format): Present {
  if (log.durationMs === undefined) return undefined;
  const ms = vscode.l10n.t("{0} ms", format.count(Math.round(log.durationMs)));
  return { name: vscode.l10n.t("duration"), value: format.duration(log.durationMs), title: ms };
}

function stepFact(log: Log, format: Format): Present {
  const id = oneLine(log.eventId ?? "");
  const title = log.isEventInferred
    ? vscode.l10n.t("a call and its fallback, as inferred: the same messages went to another endpoint at once")
    : log.eventId && vscode.l10n.t("of the event {0}", id);
  return count(vscode.l10n.t("step"), log.step, format, title);
}

const text = (name: string, value: string | undefined): Present => (value ? { name, value } : undefined);

/** Returns the known facts at the head of the page. `service`: the one that has the log; undefined before its source was used. */
export function headFacts(
  log: Log,
  conversation: Gist | undefined,
  service: string | undefined,
  format: Format,
): Fact[] {
  const t = vscode.l10n.t;
  const authentication =
    log.authentication === undefined
      ? undefined
      : log.authentication
        ? t("with a gateway token")
        : t("without a token");
  return present([
    { name: t("time"), value: format.dateTime(log.createdAt), title: format.utc(log.createdAt) },
    durationFact(log, format),
    ...tokenFacts(log, conversation, format),
    costFact(log, service, format),
    // The status already shows a plain cache hit.
    log.cached && outcomeOf(log) !== "cached" ? { name: t("cache"), value: t("cached") } : undefined,
    stepFact(log, format),
    text(t("DLP"), [log.dlpAction, ...(log.dlpProfiles ?? [])].filter((one) => one !== undefined).join(", ")),
    // A guardrail's own log has it as title and status.
    log.check ? undefined : text(t("guardrails"), log.guardrails),
    text(t("location"), [log.colo, log.region].filter((place) => place !== undefined).join(", ")),
    log.byok === undefined
      ? undefined
      : text(t("provider key"), log.byok ? t("stored at the gateway") : t("sent with the call")),
    text(t("endpoint"), log.endpoint === null ? t("deleted") : log.endpoint),
    text(t("user"), log.user),
    text(t("key"), log.key),
    text(t("source"), log.requestType),
    text(t("authentication"), authentication),
    text(t("user agent"), log.userAgent),
  ]);
}

/** Returns the known facts at the foot of the page. */
export function footFacts(log: Log, conversation: Gist | undefined, format: Format): Fact[] {
  const t = vscode.l10n.t;
  const { tokensIn, tokensOut } = tokensOf(log, conversation?.usage);
  const waited = log.latencyMs ?? log.durationMs;
  const latency = waited === undefined ? undefined : t("{0} ms", format.count(Math.round(waited)));
  return present([
    text(t("latency"), latency),
    count(t("prompt tokens"), tokensIn, format),
    count(t("completion tokens"), tokensOut, format),
  ]);
}
