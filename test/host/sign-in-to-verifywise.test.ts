import assert from "node:assert/strict";
import { signIn } from "../../src/commands/account/sign-in.ts";
import { baseUrlIn } from "../../src/commands/account/sign-in-to-verifywise.ts";
import { signOut } from "../../src/commands/account/sign-out.ts";
import { PASSWORD, startVerifyWise, type VerifyWiseServer } from "../verifywise-server.ts";
import { openLogById, type Asking } from "../../src/commands/browse/open-log-by-id.ts";
import { kind } from "./nodes.ts";
import type { Ui } from "../../src/platform/pick-one.ts";
import { Person } from "./person.ts";
import { startWorld, type World } from "./world.ts";

describe("signing in to VerifyWise", () => {
  let world: World;
  let server: VerifyWiseServer;

  beforeEach(async () => {
    world = await startWorld();
    server = await startVerifyWise(2);
    server.add({ createdAt: new Date(), endpoint: "chat", model: "openai/gpt-5", user: "Ada" });
  });
  afterEach(async () => {
    await world.close();
    await server.close();
  });

  /** Signs in with the answers given to the input boxes, in their order, and the way that is chosen. */
  async function signInWith(way: RegExp, answers: readonly string[], known?: string): Promise<void> {
    const person = new Person();
    const left = [...answers];
    const ui: Ui = { ...person.ui, showInputBox: () => Promise.resolve(left.shift()) };
    const target = { kind: "verifywise" as const, ...(known === undefined ? {} : { baseUrl: known }) };
    const done = signIn(world, target, ui);
    (await person.sees()).choose(way);
    await done;
    assert.deepEqual(left, []);
  }

  const servers = async () => (await world.tokens.accounts()).map(({ server: stored }) => stored);

  it("with a token, and shows the server and its logs", async () => {
    await signInWith(/API token/, [`${server.baseUrl}/ai-gateway/logs`, server.token]);
    assert.deepEqual(await servers(), [{ kind: "verifywise", baseUrl: server.baseUrl }]);
    const host = new URL(server.baseUrl).host;
    const gateway = kind(await world.children(), "gateway");
    assert.deepEqual(await world.words([gateway]), [host]);
    const day = kind(await world.children(gateway), "group");
    const log = kind(await world.children(day), "log");
    assert.equal(log.log.model, "openai/gpt-5");
    assert.equal(await world.sessions.clientOf(gateway.ref.sourceId), undefined, "no account of Cloudflare's");
    assert.ok(!server.calls.some((call) => call.includes("CANARY")));
  });

  it("with a token, and opens a log on no page that was read by its number", async () => {
    const [first = 0] = server.add(
      ...Array.from({ length: 500 }, (_, n) => ({ createdAt: new Date(Date.now() - 3_600_000 + n), model: `m-${n}` })),
    );
    await signInWith(/API token/, [server.baseUrl, server.token]);
    const opened: (string | undefined)[] = [];
    const { sessions, format } = world;
    const panels = { open: async (_: unknown, log?: { model?: string }) => void opened.push(log?.model) };
    const person = { clipboard: () => Promise.resolve("1"), pick: () => Promise.resolve(undefined) };
    const typed: (string | undefined)[] = [];
    const typing = (number: number): Asking => ({
      ...person,
      ask: async (options) => {
        const problem = await options.validateInput?.(String(number));
        typed.push(options.value, typeof problem === "string" ? problem : undefined);
        return String(number);
      },
    });
    await openLogById({ sessions, panels, format }, typing(first + 7));
    assert.deepEqual([opened, typed], [["m-7"], ["", undefined]]);
    await assert.rejects(
      openLogById({ sessions, panels, format }, typing(99_999)),
      /no log or event with the ID 99999/,
    );
  });

  it("with an email address and a password, which is kept nowhere", async () => {
    await signInWith(/Email/, [server.baseUrl, "ada@example.com", PASSWORD]);
    assert.deepEqual(await servers(), [{ kind: "verifywise", baseUrl: server.baseUrl }]);
    const [id = ""] = await world.tokens.ids();
    assert.equal(await world.tokens.tokenOf(id), server.token);
    const stored = await Promise.all((await world.secrets.keys()).map((key) => world.secrets.get(key)));
    assert.ok(stored.length > 0 && !stored.join().includes(PASSWORD));
    assert.ok(server.cookies.every((cookie) => cookie === undefined));
  });

  it("stores nothing if the server refuses", async () => {
    await assert.rejects(signInWith(/Email/, [server.baseUrl, "ada@example.com", "wrong"]), /doesn't know this email/);
    await assert.rejects(signInWith(/API token/, [server.baseUrl, "tok_CANARY_other"]), { reason: "unauthorized" });
    assert.deepEqual(await servers(), []);
  });

  it("takes a token whose gateway is down, and asks again when it expired", async () => {
    server.isUp = false;
    await signInWith(/API token/, [server.baseUrl, server.token]);
    assert.deepEqual(await servers(), [{ kind: "verifywise", baseUrl: server.baseUrl }]);
    server.isUp = true;
    server.refused.set(server.token, "expired");
    const gateway = kind(await world.children(), "gateway");
    const [failed] = await world.children(gateway);
    assert.ok(failed);
    assert.deepEqual(await world.words([failed]), ["The token was refused | Sign In…"]);
    const before = server.calls.length;
    server.token = "tok_CANARY_renewed";
    await signInWith(/API token/, [server.token], server.baseUrl);
    assert.equal(server.calls.length, before + 2, "the version and a page, and no loop");
    assert.equal((await servers()).length, 1);
    const again = kind(await world.children(), "gateway");
    kind(await world.children(again), "group");
  });

  it("forgets the account with its token", async () => {
    await signInWith(/API token/, [server.baseUrl, server.token]);
    const host = new URL(server.baseUrl).host;
    await signOut(world.tokens, {
      showInformationMessage: () => Promise.resolve(undefined),
      showQuickPick: ((items: readonly { label: string }[]) =>
        Promise.resolve(items.find(({ label }) => label === host))) as never,
    });
    assert.deepEqual(await world.tokens.ids(), []);
  });

  it("takes only addresses that a token may be sent to", () => {
    assert.equal(baseUrlIn(" https://vw.example.com/sub/ai-gateway/logs?x=1#y "), "https://vw.example.com/sub");
    assert.equal(baseUrlIn("http://localhost:3000/"), "http://localhost:3000");
    for (const refused of ["http://vw.example.com", "https://me:secret@vw.example.com", "file:///etc", "vw", ""])
      assert.equal(baseUrlIn(refused), undefined, refused);
  });

  it("never sends a token of a server that this version doesn't know", async () => {
    await world.secrets.store("account:other", JSON.stringify({ name: "x", token: "t", server: { kind: "later" } }));
    assert.deepEqual(await world.tokens.accounts(), []);
    assert.equal(await world.tokens.tokenOf("other"), undefined);
  });
});
