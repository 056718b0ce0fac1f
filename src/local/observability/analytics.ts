import type { Answer } from "../answers.ts";
import type { Handler } from "../call.ts";
import { authorize } from "../tokens.ts";

/* What the GraphQL analytics tell about a gateway's calls: only questions of this form are understood. */

const GROUPS = /(\w+)\s*:\s*aiGatewayRequestsAdaptiveGroups\s*\([^)]*\)\s*\{([^}]*(?:\{[^}]*\})?[^}]*)\}/g;

const MINUTE = 60_000;

const answered = (json: unknown): Answer => ({ status: 200, json });

const failed = (message: string): Answer => answered({ data: null, errors: [{ message }] });

type Question = { query?: unknown; variables?: Record<string, unknown> };

function questionOf(body: string): Question {
  try {
    return (JSON.parse(body) as Question | null) ?? {};
  } catch {
    return {};
  }
}

/** `POST /graphql`: how many calls went through a gateway, logged or not, and the newest one's minute. */
export const askAnalytics: Handler = ({ store }, { body, credential }) => {
  const { query, variables = {} } = questionOf(body);
  const [account, gateway, start, end] = ["account", "gateway", "start", "end"].map((name) => variables[name]);
  if (typeof query !== "string" || typeof account !== "string" || typeof gateway !== "string")
    return failed("cannot parse query");
  try {
    authorize(credential, ["account-analytics:read"], account);
  } catch {
    return failed("not authorized for that account");
  }
  const of = { sourceId: account, collectionId: gateway };
  const [from, to] = [Date.parse(String(start)), Date.parse(String(end))];
  const calls = [...store.times(of, from, to).map((at) => ({ at, calls: 1 })), ...store.events.calls(of, from, to)];
  const count = calls.reduce((sum, one) => sum + one.calls, 0);
  const newest = new Date(Math.floor(Math.max(...calls.map(({ at }) => at)) / MINUTE) * MINUTE);
  const groups = [...query.matchAll(GROUPS)].map(([, alias = "", selected = ""]) => {
    const isByMinute = selected.includes("datetimeMinute");
    const group = isByMinute ? { dimensions: { datetimeMinute: newest } } : { count };
    return [alias, count === 0 ? [] : [group]];
  });
  return answered({ data: { viewer: { accounts: [Object.fromEntries(groups)] } }, errors: null });
};
