// The sources that the contract runs over, each with logs that are known.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { SAMPLE_ACCOUNT_ID } from "../../../src/local/samples/account.ts";
import { openSampleStore, SAMPLE_GATEWAY_ID } from "../../../src/local/samples/index.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { startLocalGateway } from "../../../src/local/server.ts";
import type { CollectionRef, Log, Side } from "../../../src/source/log.ts";
import { checkingRows } from "../../../src/source/rows.ts";
import type { LogSource } from "../../../src/source/source.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { AccountEvents } from "../../../src/sources/workers-logs/account-events.ts";
import { fieldKeys } from "../../../src/sources/workers-logs/fields.ts";
import { workersLogsSource } from "../../../src/sources/workers-logs/source.ts";
import { Telemetry } from "../../../src/sources/workers-logs/telemetry.ts";
import { eventOf, type ShapeName } from "../../../src/local/observability/shapes.ts";
import { present } from "../../../src/source/parsing.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway } from "../../gateway.ts";
import { memorySource } from "../../memory-source.ts";
import { collectionOf, guardrailsOf, verifywiseSource } from "../../../src/sources/verifywise/source.ts";
import { startVerifyWise } from "../../verifywise-server.ts";

export type SourceWorld = {
  source: LogSource;
  of: CollectionRef;
  /** All logs of the collection; `isMade`: as they were made, not as the source lists them. */
  logs: readonly Log[];
  isMade?: true;
  /** The collection has no total, though others of the source do. */
  hasNoTotal?: true;
  /** The stored bodies of each log. */
  bodies?: Readonly<Record<Side, string>>;
  /** Adds a log of this moment; undefined if the world can't. */
  add?: (id: string) => void;
  close(): Promise<void>;
};

/** The contract makes more calls than an account may. */
const UNLIMITED = { limit: 1_000_000, windowMs: 1000 };

const clientOf = ({ baseUrl, token }: { baseUrl: string; token: string }) =>
  new CloudflareClient({ baseUrl, token: () => Promise.resolve(token), budgets: new CallBudgets(UNLIMITED) });

/** Reads everything that the client lists. */
async function allOf(client: CloudflareClient, of: CollectionRef): Promise<Log[]> {
  const logs: Log[] = [];
  for await (const page of client.walkLogs(of, {})) logs.push(...page.logs);
  return logs;
}

/** The keys of nested records, as a setting. */
const NESTED = {
  gateway: "call.gw",
  model: "call.llm.name",
  provider: "call.llm.vendor",
  tokensIn: "call.usage.in",
  tokensOut: "call.usage.out",
  durationMs: "call.took",
  statusCode: "call.http",
  costUsd: "call.price",
  request: "io.asked",
  response: "io.answered",
};

const START = Date.parse("2026-11-20T08:00:00Z");

/** How much later than `START` the logs of six days begin that ended now, in ms. */
const recently = (): number => Date.now() - 6 * 86_400_000 - START;

/** Random logs of five days, some of the same instant, of few models, providers, events and tags. */
function randomLogs(): Log[] {
  const random = new Random(17);
  return Array.from({ length: 180 }, (_, index): Log => {
    const success = random.chance(0.8);
    const provider = random.pick(["openai", "anthropic"]);
    const createdAt = new Date(START + random.between(0, 5 * 86_400) * 1000);
    const model = random.chance(0.9) ? random.pick(["gpt-5", "claude-opus-4-5", "o3"]) : undefined;
    return {
      id: `log-${String(index).padStart(3, "0")}`,
      createdAt: index % 10 === 1 ? new Date(START) : createdAt,
      provider,
      path: "v1/chat/completions",
      requestContentType: "application/json",
      responseContentType: "application/json",
      success,
      cached: random.chance(0.3),
      customCost: false,
      statusCode: success ? 200 : random.pick([429, 500]),
      durationMs: random.between(10, 4000),
      tokensIn: random.between(1, 500),
      tokensOut: random.between(1, 500),
      costUsd: random.between(0, 1000) / 10_000,
      metadata: random.chance(0.5) ? { team: random.pick(["blue", "red"]) } : {},
      ...(model === undefined ? {} : { model }),
      ...(random.chance(0.3) ? { eventId: random.pick(["e1", "e2", "e3"]), step: random.between(1, 9) } : {}),
      raw: { provider, model },
    };
  });
}

async function cloudflare(): Promise<SourceWorld> {
  const gateway = await startTestGateway({ rateLimit: UNLIMITED });
  const client = clientOf(gateway);
  const made = randomLogs();
  gateway.store.insert(
    made.map((one) => {
      const { raw: _, costUsd: cost = 0, ...log } = one;
      const { model: usual, ...all } = aLog(log);
      return { ...all, cost, ...(log.model === undefined ? {} : { model: usual }) };
    }),
  );
  const { request, response } = aLog({ createdAt: new Date() });
  return {
    source: checkingRows(cloudflareSource(client, GATEWAY.sourceId)),
    of: GATEWAY,
    logs: made,
    isMade: true,
    bodies: { request: String(request), response: String(response) },
    add: (id) => gateway.store.insert([aLog({ id, createdAt: new Date() })]),
    close: () => gateway.close(),
  };
}

async function sample(): Promise<SourceWorld> {
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
  const store = openSampleStore(join(folder, "sample.sqlite"), new Date());
  const gateway = await startLocalGateway({ store, rateLimit: UNLIMITED });
  const client = clientOf(gateway);
  const of = { sourceId: SAMPLE_ACCOUNT_ID, collectionId: SAMPLE_GATEWAY_ID };
  return {
    source: checkingRows(cloudflareSource(client, SAMPLE_ACCOUNT_ID)),
    of,
    logs: await allOf(client, of),
    close: async () => {
      await gateway.close();
      store.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** An account's events in one of the shapes that a record may have, among those of another gateway. */
async function workersLogs(shape: ShapeName, fields: Readonly<Record<string, string>> = {}): Promise<SourceWorld> {
  const gateway = await startTestGateway({ rateLimit: UNLIMITED });
  const client = clientOf(gateway);
  const made = randomLogs().map((log) => ({ ...log, createdAt: new Date(log.createdAt.getTime() + recently()) }));
  const { request, response, path } = aLog({ createdAt: new Date() });
  const events = made.map(({ costUsd: cost = 0, eventId, ...log }) =>
    eventOf({ ...aLog(log), cost, ...present({ eventId }) }, shape),
  );
  const others = made.map(({ id, createdAt, model = "none" }) =>
    eventOf({ ...aLog({ createdAt, model }), id: `other-${id}`, collectionId: "other" }, shape),
  );
  gateway.store.events.insert(
    ACCOUNT,
    [...events, ...others].map((event) => ({ ...event, id: `event-${event.id}` })),
  );
  gateway.store.addGateway({ sourceId: ACCOUNT, id: "other", createdAt: new Date() });
  const isFlat = shape === "flat";
  const accountEvents = new AccountEvents({
    telemetry: new Telemetry((...asked) => client.ask(...asked), ACCOUNT),
    keys: fieldKeys(fields),
    gateways: () => Promise.resolve(new Set([GATEWAY.collectionId, "other"])),
    now: () => new Date(),
  });
  return {
    source: checkingRows(workersLogsSource(accountEvents, (options) => client.listGateways(ACCOUNT, options))),
    of: GATEWAY,
    logs: made.map((log) => ({
      ...log,
      id: isFlat ? log.id : `event-${log.id}`,
      metadata: isFlat ? log.metadata : {},
      cached: isFlat && log.cached,
      path: isFlat ? path : "",
    })),
    bodies: { request: String(request), response: String(response) },
    close: () => gateway.close(),
  };
}

function memory(): Promise<SourceWorld> {
  const logs = randomLogs();
  const { source, add } = memorySource("memory", logs);
  const of = { sourceId: "memory", collectionId: "kept" };
  const [like] = logs;
  return Promise.resolve({
    source,
    of,
    logs,
    isMade: true,
    ...(like && { add: (id: string) => add({ ...like, id, createdAt: new Date() }) }),
    close: () => Promise.resolve(),
  });
}

async function verifywise(generation: 1 | 2): Promise<SourceWorld> {
  const server = await startVerifyWise(generation);
  const made = randomLogs();
  // As the server gives them: without what it doesn't know.
  const logs = made.map((log): Log => {
    const { createdAt, statusCode = 200, durationMs, tokensIn = 0, tokensOut = 0, costUsd = 0, model, cached } = log;
    const team = log.metadata["team"];
    const [id] = server.add({
      createdAt,
      endpoint: "chat",
      statusCode,
      promptTokens: tokensIn,
      completionTokens: tokensOut,
      cost: costUsd,
      latencyMs: durationMs ?? null,
      metadata: { ...(team === undefined ? {} : { team }), ...(cached ? { cache_hit: true } : {}) },
      user: "Ada",
      ...(model === undefined ? {} : { model }),
      ...(generation === 1 ? { provider: log.provider } : {}),
    });
    const provider = generation === 1 ? log.provider : "";
    return {
      id: String(id),
      createdAt,
      provider,
      path: "",
      success: generation === 1 ? statusCode === 200 : statusCode < 400,
      cached,
      customCost: false,
      statusCode,
      tokensIn,
      tokensOut,
      costUsd,
      endpoint: "chat",
      user: "Ada",
      origin: "playground",
      metadata: {
        ...(team === undefined ? {} : { team }),
        ...(cached ? { cache_hit: true } : {}),
      },
      raw: { provider },
      ...(durationMs === undefined ? {} : { durationMs, latencyMs: durationMs }),
      ...(model === undefined ? {} : { model }),
    };
  });
  const { baseUrl, token } = server;
  return {
    source: checkingRows(verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch })),
    of: { sourceId: baseUrl, collectionId: collectionOf(baseUrl) },
    logs,
    isMade: true,
    close: () => server.close(),
  };
}

/** A server's other collection: what its guardrails did. */
async function guardrails(generation: 1 | 2): Promise<SourceWorld> {
  const server = await startVerifyWise(generation);
  const random = new Random(23);
  const logs = randomLogs().map(({ createdAt, durationMs: ms }): Log => {
    const [action, entity] = [random.pick(["blocked", "masked"] as const), random.pick(["EMAIL_ADDRESS", "PERSON"])];
    const text = random.pick(["ann@example.com", "anthropic"]);
    const [id] = server.addChecks({ createdAt, type: "pii", name: "PII", action, entity, text, ...(ms ? { ms } : {}) });
    return {
      id: String(id),
      createdAt,
      provider: "",
      path: "",
      success: action === "masked",
      cached: false,
      customCost: false,
      metadata: { guardrail: "PII", type: "pii", entity, action, matched_text: text },
      guardrails: `PII · ${entity}: ${action}`,
      check: { name: `PII · ${entity}`, action },
      raw: { matched_text: text },
      ...(ms === undefined ? {} : { durationMs: ms }),
    };
  });
  const { baseUrl, token } = server;
  return {
    source: checkingRows(verifywiseSource({ baseUrl, token: () => Promise.resolve(token), fetch })),
    of: { sourceId: baseUrl, collectionId: guardrailsOf(baseUrl) },
    logs,
    isMade: true,
    hasNoTotal: true,
    close: () => server.close(),
  };
}

/** Every source, by name; a new one is one line here. */
export const WORLDS: Readonly<Record<string, () => Promise<SourceWorld>>> = {
  "Cloudflare's API": cloudflare,
  "the sample gateway": sample,
  "VerifyWise, first generation": () => verifywise(1),
  "VerifyWise, second generation": () => verifywise(2),
  "VerifyWise's guardrails, first generation": () => guardrails(1),
  "VerifyWise's guardrails, second generation": () => guardrails(2),
  "Workers Observability, flat records": () => workersLogs("flat"),
  "Workers Observability, OpenTelemetry's names": () => workersLogs("openTelemetry"),
  "Workers Observability, names by a setting": () => workersLogs("nested", NESTED),
  "a source without any capability": memory,
};
