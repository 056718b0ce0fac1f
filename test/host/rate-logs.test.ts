import assert from "node:assert/strict";
import { rateLogs, type RateLogsNeeds, type UnderWay } from "../../src/commands/rate/rate-logs.ts";
import { aLog, CANARY, GATEWAY } from "../gateway.ts";
import { at, kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

const READ_ONLY = `${CANARY}read_only`;

describe("rating logs one after the other", () => {
  let world: World;
  let needs: RateLogsNeeds;
  let opened: string[];
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const feedbackOf = async (id: string) => (await world.gateway.client.getLog(ref(id))).feedback;
  const bar = () => world.round.of(ref(opened.at(-1) ?? ""));

  beforeEach(async () => {
    world = await startWorld({ tokens: [{ value: READ_ONLY, kind: "user", permissions: ["ai-gateway:read"] }] });
    world.gateway.store.insert([
      ...["a", "b", "c", "d"].map((id, index) =>
        aLog({ id, createdAt: at(1, -index), ...(id === "b" && { feedback: 1 }) }),
      ),
      aLog({ id: "old", createdAt: at(2) }),
    ]);
    opened = [];
    needs = {
      sourceOf: (of) => world.sessions.sourceOf(of),
      ratings: world.ratings,
      round: world.round,
      tree: world.tree,
      view: {
        selectedLogs: [],
        selectedNode: undefined,
        selection: [],
        gatewayFor: async () => kind(await world.children(), "gateway"),
        reveal: () => undefined,
      },
      panels: { active: undefined, openPreview: async ({ logId }) => void opened.push(logId) },
      format: world.format,
      logger: world.logger,
    };
  });

  afterEach(() => world.close());

  async function begin(before?: UnderWay): Promise<UnderWay> {
    const underWay = await rateLogs(needs, undefined, before);
    assert.ok(underWay);
    return underWay;
  }

  /** Waits until sent changes have arrived or were undone. */
  const settled = (...ids: string[]) =>
    Promise.all(ids.map((id) => world.ratings.send(ref(id), {}, () => Promise.resolve())));

  it("goes from one without a verdict to the next, with progress, and ends with words", async () => {
    await world.signIn();
    const { round } = await begin();
    assert.deepEqual(opened, ["a"]);
    assert.deepEqual(bar(), { progress: "0 rated, 4 left", canUndo: false, isOver: false });
    assert.ok(round.isTurnOf(ref("a")) && !round.isTurnOf(ref("b")));
    await round.rate("up");
    assert.deepEqual(opened, ["a", "c"]);
    assert.equal(world.round.of(ref("a")), undefined);
    assert.equal(bar()?.progress, "1 rated, 3 left");
    await round.skip();
    await round.rate("down");
    assert.deepEqual(opened, ["a", "c", "d", "old"]);
    await round.rate("down");
    assert.deepEqual(bar(), {
      progress: "3 rated. No unrated logs are left.",
      canUndo: true,
      isOver: true,
    });
    round.stop();
    assert.equal(bar(), undefined);
    await settled("a", "c", "d", "old");
    assert.deepEqual(await Promise.all(["a", "c", "d", "old"].map(feedbackOf)), [1, undefined, -1, -1]);
  });

  it("takes the last one back and returns to it, verdict or skip", async () => {
    await world.signIn();
    const { round } = await begin();
    await round.rate("up");
    await round.skip();
    round.undo();
    round.undo();
    round.undo();
    assert.deepEqual(opened, ["a", "c", "d", "c", "a"]);
    assert.equal(bar()?.progress, "0 rated, 4 left");
    await settled("a");
    assert.equal(await feedbackOf("a"), undefined);
    await round.rate("down");
    await round.skip();
    assert.deepEqual(opened.slice(5), ["c", "d"]);
  });

  it("comes back to a log whose verdict could not be sent", async () => {
    await world.signIn(READ_ONLY);
    const { round } = await begin();
    await round.rate("up");
    await settled("a");
    assert.equal(bar()?.progress, "0 rated, 4 left");
    assert.match(world.lines.join("\n"), /forbidden|Authentication/);
    await round.skip();
    assert.deepEqual(opened, ["a", "c", "a"]);
  });

  it("is about the logs that a filter or a day shows", async () => {
    await world.signIn();
    const gateway = kind(await world.children(), "gateway");
    const days = (await world.children(gateway)).filter((node) => node.kind === "group");
    await rateLogs(needs, days[1], undefined);
    assert.deepEqual(opened, ["old"]);
    world.arrangements.setFilter(GATEWAY, "id:d");
    await rateLogs(needs, undefined, undefined);
    assert.deepEqual(opened, ["old", "d"]);
    world.arrangements.setFilter(GATEWAY, "feedback:up");
    assert.equal(await rateLogs(needs, undefined, undefined), undefined);
  });

  it("continues where it was when started again, and starts over with another filter", async () => {
    await world.signIn();
    const first = await begin();
    await first.round.rate("up");
    assert.equal(await begin(first), first);
    assert.deepEqual(opened, ["a", "c", "c"]);
    world.arrangements.setFilter(GATEWAY, "id:d");
    assert.notEqual(await begin(first), first);
    assert.deepEqual(opened, ["a", "c", "c", "d"]);
  });

  it("stays where it is if the next ones can't be read, and continues from there", async () => {
    world.gateway.store.insert(Array.from({ length: 60 }, (_, index) => aLog({ createdAt: at(0, index) })));
    await world.signIn();
    const { round } = await begin();
    assert.equal(bar()?.progress, "0 rated, up to 65 left");
    for (let count = 0; count < 49; count++) await round.skip();
    await world.gateway.goAway();
    await assert.rejects(round.skip(), { reason: "offline" });
    assert.equal(opened.length, 50);
    await world.gateway.comeBack();
    await round.skip();
    assert.equal(opened.length, 51);
  });
});
