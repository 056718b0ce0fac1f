import assert from "node:assert/strict";
import { signIn } from "../../src/commands/account/sign-in.ts";
import { Person } from "./person.ts";
import { startWorld, type World } from "./world.ts";

describe("signing in", () => {
  let world: World;

  beforeEach(async () => (world = await startWorld()));
  afterEach(() => world.close());

  it("asks where the logs are, and connects to that kind", async () => {
    const person = new Person();
    const done = signIn(world, undefined, person.ui);
    const asked = await person.sees();
    assert.deepEqual(
      asked.rows.map(({ label }) => label),
      ["$(cloud) Cloudflare AI Gateway", "$(server) VerifyWise", "$(beaker) Sample gateway"],
    );
    asked.choose(/Sample gateway/);
    await done;
    assert.equal(await world.sample.isOpen(), true);
    const { accounts } = await world.sessions.current();
    assert.deepEqual(
      accounts.map(({ kind }) => kind),
      ["sample"],
    );
  });

  it("connects to nothing when it's left", async () => {
    const person = new Person();
    const done = signIn(world, undefined, person.ui);
    (await person.sees()).hide();
    await done;
    assert.equal(await world.sample.isOpen(), false);
  });

  it("doesn't ask for a kind that is given", async () => {
    await signIn(world, { kind: "sample" });
    assert.equal(await world.sample.isOpen(), true);
  });
});
