import assert from "node:assert/strict";
import type { Condition, ConditionValue } from "../../src/source/conditions.ts";
import { formatFilter, type Filter } from "../../src/query/query-line.ts";
import { Random } from "../../src/local/samples/random.ts";
import type { NewLog } from "../../src/local/store.ts";
import { PERMISSIONS } from "../../src/local/tokens.ts";
import type { GatewayNode, Node } from "../../src/tree/nodes.ts";
import { aLog, CANARY, GATEWAY } from "../gateway.ts";
import { randomCondition, randomRowCondition } from "../unit/query/filter-random.ts";
import { startAsking } from "./filter-meaning.ts";
import { kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

/** Row-only keys that the local gateway's database has. */
const STORED = ["path", "source", "statusCode", "step", "score"];
const FILTERS = 500;
const LOGS = 170;
/** A token may make 1,200 calls in five minutes, and a filter needs up to a dozen. */
const FILTERS_A_TOKEN = 100;

/**
 * Values of logs; undefined for none. In one case only, because whether the API's `contains` is case-sensitive is
 * unknown.
 */
const MADE_OF: Partial<Record<keyof NewLog, readonly unknown[]>> = {
  provider: ["openai", "anthropic", "groq"],
  model: ["gpt-4.1-mini", "gpt-4.1", "claude-haiku-4-5", undefined],
  modelType: ["chat", "embeddings", undefined],
  requestType: ["chat", "websocket", undefined],
  requestContentType: ["application/json", "audio/wav", undefined],
  responseContentType: ["application/json", "text/event-stream", undefined],
  userAgent: ["curl/8", "Mozilla/5.0 (X11)", undefined],
  dlpAction: ["block", "flag", undefined],
  path: ["chat/completions", "v1/messages", "v1/Chat", "a b:c"],
  success: [true, true, false],
  cached: [true, false],
  authentication: [true, false, undefined],
  wholesale: [true, false, undefined],
  compatibilityMode: [true, false, undefined],
  feedback: [1, -1, 0.5, 0, undefined],
  cost: [0, 0.25, 1.5, 1e-7, undefined],
  tokensIn: [1, 10, 100, 0],
  tokensOut: [2, 20],
  durationMs: [5, 10.5, 15, 2000],
  statusCode: [200, 200, 429, 500, undefined],
  step: [1, 2, 3, undefined],
  score: [0, 50, 99.5, undefined],
  eventId: ["e1", "e2", "evt", undefined],
};

/** Values of conditions: existing ones, parts of them, and others. */
const ASKED: Record<string, readonly ConditionValue[]> = {
  id: ["log-3", "log-12", "log-1", "7", "log-x"],
  requestContentType: ["application/json", "audio/wav", "a"],
  responseContentType: ["application/json", "text/event-stream", "text"],
  requestType: ["chat", "websocket", "so"],
  provider: ["openai", "anthropic", "groq", "ai", "none"],
  model: ["gpt-4.1-mini", "gpt-4.1", "gpt", "claude-haiku-4-5"],
  modelType: ["chat", "embeddings", "b"],
  cost: [0, 0.25, 1, 1e-7],
  tokens: [0, 12, 30, 100],
  tokensIn: [0, 1, 10],
  tokensOut: [2, 19],
  duration: [10, 10.5, 15, 2000],
  feedback: [1, -1, 0, 0.5],
  eventId: ["e1", "e2", "e"],
  metadataKey: ["team", "owner", "n", "o", "source"],
  metadataValue: ["blue", "red", "12", "true", "e", 7, true],
  dlpAction: ["block", "flag", "l"],
  userAgent: ["curl/8", "Mozilla/5.0 (X11)", "8"],
  path: ["chat", "V1/", "v1/Chat", "a b:c", "completions"],
  statusCode: [200, 429, 499, 500],
  step: [1, 2],
  score: [0, 50, 99],
};

const SEARCHES = ["gpt", "CLAUDE", "v1", "blue", "a b", "groq", "%", "none"];

describe("what the tree shows of a filter", function () {
  this.timeout(120_000);

  let world: World;
  let asking: ReturnType<typeof startAsking>;
  const random = new Random(66);
  const tokens = Array.from(
    { length: FILTERS / FILTERS_A_TOKEN },
    (_, index) => `${CANARY}${random.letters(20)}${index}`,
  );
  const newest = new Date();

  function aRandomLog(index: number): NewLog {
    const fields = Object.entries(MADE_OF).map(([name, values]) => [name, random.pick(values)] as const);
    const metadata: NewLog["metadata"] = {};
    for (const name of ["team", "owner"])
      if (random.chance(0.5)) metadata[name] = random.pick(["blue", "red", 7, "12"]);
    if (random.chance(0.4)) metadata["n"] = random.pick([1, 7, 12, 4.5]);
    if (random.chance(0.4)) metadata["o"] = random.pick([true, false]);
    if (random.chance(0.2)) metadata["source"] = random.pick(["playground", "blue"]);
    const all = {
      ...aLog({ createdAt: aTime() }),
      ...Object.fromEntries(fields),
      ...(random.chance(0.85) ? { metadata } : {}),
    };
    const known = Object.entries(all).filter(([, value]) => value !== undefined);
    return { ...(Object.fromEntries(known) as NewLog), id: `log-${index}` };
  }

  /** Of the last three days, some at the same second. */
  function aTime(): Date {
    return new Date(newest.getTime() - random.between(0, 60) * 4_320_000 - random.between(0, 2) * 400);
  }

  /** A random condition, most often about existing values. */
  function about(condition: Condition): Condition {
    const { key, operator, value } = condition;
    if (key === "createdAt") return { ...condition, value: value.map(() => aTime().toISOString()) };
    const isTag = key === "metadataValue" && (operator === "lt" || operator === "gt");
    const asked = (ASKED[key] ?? []).filter((one) => operator !== "contains" || typeof one === "string");
    if (asked.length === 0 || isTag || random.chance(0.1)) return condition;
    return { ...condition, value: value.map((one) => (one === null ? null : random.pick(asked))) };
  }

  function conditionsOf(): Condition[] {
    const condition = about(randomCondition(random));
    const { key, operator } = condition;
    // More and less apply to numbers, which the entry "n" has.
    if (key !== "metadataValue") return [condition];
    const isOrdered = operator === "lt" || operator === "gt";
    if (!isOrdered && random.chance(0.3)) return [condition];
    const name = isOrdered ? "n" : random.pick(["team", "owner", "n", "o"]);
    const value = isOrdered ? [random.pick([1, 7, 10])] : condition.value;
    return [
      { key: "metadataKey", operator: "eq", value: [name] },
      { ...condition, value },
    ];
  }

  const times = <T>(count: number, make: () => T[]): T[] => Array.from({ length: count }, make).flat();

  const randomFilter = (): Filter => ({
    conditions: times(random.pick([0, 1, 1, 1, 2, 3]), conditionsOf),
    search: random.chance(0.15) ? random.pick(SEARCHES) : "",
    clientSide: times(random.pick([0, 0, 0, 1, 2]), () => [about(randomRowCondition(random, STORED))]),
  });

  before(async () => {
    world = await startWorld({
      rateLimit: { limit: 1_000_000, windowMs: 1000 },
      tokens: tokens.map((value) => ({ value, kind: "user", permissions: [...PERMISSIONS] })),
    });
    world.gateway.store.insert(Array.from({ length: LOGS }, (_, index) => aRandomLog(index)));
    asking = startAsking(world.gateway.database);
  });

  after(async () => {
    asking.close();
    await world.close();
  });

  /** Everything that the tree shows of a gateway, paged to the end. */
  async function shown(gateway: GatewayNode): Promise<string[]> {
    let nodes = await world.children(gateway);
    for (let steps = 0; nodes.some((node) => node.kind === "earlier"); steps++) {
      assert.ok(steps < 20, "Earlier comes to an end");
      await world.tree.logReads.loadEarlier(kind(nodes, "earlier"));
      nodes = await world.children(gateway);
    }
    const rows: Node[] = [];
    for (const group of nodes.filter((node) => node.kind === "group")) {
      let below = await world.children(group);
      for (let pages = 0; below.some((node) => node.kind === "more"); pages++) {
        assert.ok(pages < 20, "a day comes to an end");
        await world.tree.logReads.loadMore(kind(below, "more"));
        below = await world.children(group);
      }
      rows.push(...below);
    }
    const bad = [...nodes, ...rows].find(
      (node) => node.kind === "state" && /failed|bad|malformed/.test(node.state.type),
    );
    assert.ok(!bad, JSON.stringify(bad?.kind === "state" && bad.state));
    return rows.flatMap((node) => (node.kind === "log" ? [node.log.id] : [])).sort();
  }

  it("is what the database says, for any filter", async () => {
    let found = 0;
    let empty = 0;
    for (let round = 0; round < FILTERS; round++) {
      if (round % FILTERS_A_TOKEN === 0) await world.signIn(tokens[round / FILTERS_A_TOKEN]);
      const filter = randomFilter();
      const line = formatFilter(filter);
      world.arrangements.setFilter(GATEWAY, line);
      const gateway: GatewayNode = kind(await world.children(), "gateway");
      const ids = await shown(gateway);
      assert.deepEqual(ids, asking.ids(filter), `filter ${round}: ${line}`);
      found += ids.length;
      if (ids.length === 0) empty++;
    }
    assert.ok(found > 10_000 && empty < FILTERS / 2, `too little was compared: ${found} found, ${empty} without any`);
  });
});
