// What a bug report has of an account's events: names, types and counts, never a value.
import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { eventOf } from "../../../src/local/observability/shapes.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { diagnoseEvents } from "../../../src/sources/workers-logs/diagnostics.ts";
import { fieldKeys } from "../../../src/sources/workers-logs/fields.ts";
import { Telemetry } from "../../../src/sources/workers-logs/telemetry.ts";
import { ACCOUNT, aLog, CANARY, startTestGateway, type TestGateway } from "../../gateway.ts";

/** Names that content gives its members: they may be the content. */
const CONTENT = [
  `${CANARY} text`,
  `${CANARY}@example.com`,
  "jane.doe@example.com",
  "+49 151 2345678",
  "4111111111111111",
];
const IDS = ["5a3b1c7e9d204f68", "user_20261203", "7d3f9c12-0a1b", "café", "a b"];

describe("diagnostics of events", () => {
  let gateway: TestGateway;
  before(async () => {
    gateway = await startTestGateway({ observability: { refusedDatasets: ["refused"] } });
  });
  after(() => gateway.close());

  const linesWith = (settings: Record<string, unknown> = {}, token = gateway.token) => {
    const client = new CloudflareClient({ baseUrl: gateway.baseUrl, token: () => Promise.resolve(token) });
    const telemetry = new Telemetry((...asked) => client.ask(...asked), ACCOUNT);
    const { dataset } = settings;
    return diagnoseEvents({
      telemetry,
      keys: fieldKeys(settings),
      dataset: typeof dataset === "string" ? dataset : undefined,
      now: new Date(),
    });
  };

  it("say that there are none", async () => {
    const lines = await linesWith();
    assert.ok(lines.includes("Events of AI Gateway: none in 7 days"));
  });

  it("tell data sets, keys with types and counts, and what is recognized", async () => {
    const createdAt = new Date(Date.now() - 5000);
    const own = ["a", "b", "c"].map((id) => eventOf(aLog({ id, createdAt, model: CANARY, request: CANARY }), "flat"));
    const other = { ...eventOf(aLog({ id: "d", createdAt }), "nested"), dataset: "workers" };
    gateway.store.events.insert(ACCOUNT, [...own, other]);
    const lines = await linesWith();
    for (const line of [
      "Data sets of the newest 4 events of 7 days: ai-gateway (3), workers (1)",
      "Answers are sampled: no",
      "Events of AI Gateway: 3 of ai-gateway (3)",
      `  model (string): 3, up to ${CANARY.length} characters`,
      "  tokens_in (number): 3",
      "  model: model",
    ])
      assert.ok(lines.includes(line), `${line}\n\n${lines.join("\n")}`);
    assert.ok(!lines.join("\n").includes(CANARY));
  });

  it("tell what the service said", async () => {
    assert.match(
      (await linesWith({ dataset: "refused" })).join("\n"),
      /refused: failed \(rejected, 400.*unknown dataset/,
    );
    const refused = await linesWith({}, "wrong");
    assert.equal(refused.filter((line) => line.includes("failed (forbidden")).length, 5);
  });

  it("never tell content, wherever it is", async () => {
    const random = new Random(19);
    const name = () => random.pick([...CONTENT, ...IDS, "io", "call", "request", "metadata", "tags"]);
    const value = (depth: number): unknown =>
      depth === 0
        ? random.pick([CANARY, 4111, true, null, [CANARY]])
        : Object.fromEntries(Array.from({ length: 3 }, () => [name(), value(depth - 1)]));
    const events = Array.from({ length: 150 }, (_, index) => ({
      id: `content-${index}`,
      timestamp: Date.now() - 1000 - index,
      record: { $metadata: { service: CANARY }, source: { request: value(2), other: value(random.between(0, 5)) } },
    }));
    gateway.store.events.insert(ACCOUNT, events);
    const text = (await linesWith()).join("\n");
    for (const content of [CANARY, ...CONTENT, ...IDS]) assert.ok(!text.includes(content), `${content}\n${text}`);
    assert.ok(text.includes("  request.* (string)") && text.includes("  other."));
  });
});
