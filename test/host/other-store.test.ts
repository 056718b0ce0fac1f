// A Cloudflare gateway's logs are in its own store or in Workers Observability: the tree reads the one that has them.
import assert from "node:assert/strict";
import { Sessions } from "../../src/account/session.ts";
import { eventOf } from "../../src/local/observability/shapes.ts";
import type { Permission } from "../../src/local/tokens.ts";
import type { Node } from "../../src/tree/nodes.ts";
import * as vscode from "vscode";
import { copyDiagnostics } from "../../src/commands/account/copy-diagnostics.ts";
import { aLog, ACCOUNT, CANARY, GATEWAY } from "../gateway.ts";
import { kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

const NEWER = new Date("2026-09-24T00:00:00Z");
const NARROW = `${CANARY}-narrow`;

/** Some seconds ago: the API's clock has whole seconds. */
const ago = (): Date => new Date(Date.now() - 5000);

describe("the store of a gateway's logs", () => {
  let world: World;

  beforeEach(async () => {
    const permissions: Permission[] = ["ai-gateway:read"];
    world = await startWorld({ tokens: [{ value: NARROW, kind: "user", permissions }] });
  });

  afterEach(() => world.close());

  const below = async (): Promise<Node[]> => world.children(kind(await world.children(), "gateway"));

  const words = async (): Promise<string[]> => world.words(await below());

  const observe = (id: string) =>
    world.gateway.store.events.insert(ACCOUNT, [eventOf(aLog({ id, createdAt: ago() }), "flat")]);

  const signIn = (createdAt?: Date, token = world.gateway.token) =>
    world.tokens.store({ id: ACCOUNT, name: "Acme Bicycles", ...(createdAt ? { createdAt } : {}) }, token);

  const serviceOf = async () => (await world.sessions.sourceOf(GATEWAY))?.service;

  it("is found when the gateway lists nothing, and remembered", async () => {
    await signIn();
    observe("observed");
    assert.deepEqual(await words(), ["Reading logs…"]);
    const [filters, day] = await below();
    assert.equal(filters?.kind, "filters");
    const [row] = await world.children(day);
    assert.ok(row?.kind === "log");
    assert.equal(row.log.id, "observed");
    assert.deepEqual(world.sessions.canOf(row.ref), ["canAskByTime", "canResend", "canOpenPage", "canDiagnose"]);
    const again = new Sessions(world.tokens, [world.sample], world.state, world.logger);
    assert.equal((await again.sourceOf(GATEWAY))?.service, "Workers Observability");
    await again.dispose();
  });

  it("is found though the analytics don't count its calls yet", async () => {
    await signIn();
    const { gateway: _, ...uncounted } = eventOf(aLog({ id: "observed", createdAt: ago() }), "flat");
    world.gateway.store.events.insert(ACCOUNT, [uncounted]);
    await below();
    assert.equal(await serviceOf(), "Workers Observability");
  });

  it("costs few calls to look for again while there are no logs", async () => {
    world.gateway.store.events.addCalls(GATEWAY, ago(), 1);
    await signIn();
    await below();
    world.gateway.takeCalls();
    world.tree.refresh();
    await below();
    // The list, the settings, the analytics; the data set by three names, and its events.
    assert.equal(world.gateway.takeCalls().length, 7);
  });

  it("is looked for at once in a newer account", async () => {
    await signIn(NEWER);
    observe("observed");
    assert.equal(await serviceOf(), "Workers Observability");
    const [, day] = await below();
    assert.equal((await world.children(day)).length, 1);
  });

  it("is the gateway's own again when its logs are there", async () => {
    await signIn();
    observe("observed");
    await below();
    assert.equal(await serviceOf(), "Workers Observability");
    world.gateway.store.insert([aLog({ id: "own", createdAt: ago() })]);
    world.gateway.store.events.clear(ACCOUNT);
    world.tree.refresh();
    await below();
    assert.equal(await serviceOf(), "Cloudflare");
  });

  it("is each gateway's own: an account may have both", async () => {
    const other = { sourceId: ACCOUNT, collectionId: "observed-gateway" };
    world.gateway.store.addGateway({ ...other, id: other.collectionId, createdAt: new Date() });
    world.gateway.store.insert([aLog({ id: "own", createdAt: ago() })]);
    const event = eventOf({ ...aLog({ id: "observed", createdAt: ago() }), ...other }, "openTelemetry");
    world.gateway.store.events.insert(ACCOUNT, [event]);
    await signIn();
    for (const node of await world.children()) await world.children(node);
    assert.equal(await serviceOf(), "Cloudflare");
    assert.equal((await world.sessions.sourceOf(other))?.service, "Workers Observability");
    assert.ok(world.sessions.canOf(GATEWAY).includes("canDelete"));
    assert.ok(!world.sessions.canOf(other).includes("canDelete"));
  });

  it("may need a permission, which is named", async () => {
    await signIn(NEWER, NARROW);
    assert.deepEqual(await words(), ["The permission Workers Observability Read is missing | Sign In…"]);
  });

  it("has no logs of calls that the analytics tell", async () => {
    world.gateway.store.events.addCalls(GATEWAY, ago(), 12);
    await signIn();
    assert.deepEqual(await words(), ["Calls without logs | 12"]);
  });

  it("of one of the sample gateways is Workers Observability", async () => {
    await world.sample.open();
    const rows = await world.children();
    const row = rows.find((node) => node.kind === "gateway" && node.ref.collectionId === "sample-observability");
    assert.ok(row?.kind === "gateway");
    assert.deepEqual(await world.words(await world.children(row)), ["Reading logs…"]);
    const [, day] = await world.children(row);
    assert.ok((await world.children(day)).some((node) => node.kind === "log"));
    assert.deepEqual(world.sessions.canOf(row.ref), ["canAskByTime", "canResend", "canDiagnose"]);
  });

  it("is told for a bug report, without a value or the token", async () => {
    await signIn();
    world.gateway.store.events.addCalls(GATEWAY, ago(), 3);
    const log = aLog({ id: "observed", createdAt: ago(), model: CANARY, request: CANARY });
    world.gateway.store.events.insert(ACCOUNT, [eventOf(log, "openTelemetry")]);
    await below();
    const row = kind(await world.children(), "gateway");
    assert.match(world.tree.item(row).contextValue ?? "", /\bcanDiagnose\b/);
    await copyDiagnostics(row, world.sessions, "0.0.0");
    const copied = await vscode.env.clipboard.readText();
    for (const line of [
      "Source: Workers Observability",
      "Logs are read from: Workers Observability",
      "Logs of AI Gateway: 0",
      "Calls by the analytics: 4",
      "Events of AI Gateway: 1 of ai-gateway (1)",
    ])
      assert.ok(copied.includes(`${line}\n`), `${line}\n\n${copied}`);
    assert.match(copied, /^AI Gateway Logs 0\.0\.0, VS Code \d/);
    assert.ok(!copied.includes(CANARY) && !copied.includes("gpt"));
  });

  it("isn't told by the palette without an account that can tell it", async () => {
    await assert.rejects(copyDiagnostics(undefined, world.sessions, "0.0.0"), /Sign in to Cloudflare first/);
  });

  it("has none in a newer account without calls", async () => {
    await signIn(NEWER);
    assert.deepEqual(await words(), ["No logs yet"]);
  });
});
