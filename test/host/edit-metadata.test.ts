import assert from "node:assert/strict";
import { editMetadata, type MetadataNeeds } from "../../src/commands/rate/edit-metadata.ts";
import type { Metadata } from "../../src/source/log.ts";
import { aLog, GATEWAY } from "../gateway.ts";
import { at } from "./nodes.ts";
import { Person } from "./person.ts";
import { startWorld, type World } from "./world.ts";

const FULL = { a: 1, b: 2, c: 3, d: 4, e: 5 };

describe("metadata", () => {
  let world: World;
  let person: Person;
  let needs: MetadataNeeds;
  let warned: string[];
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const metadataOf = async (id: string) => (await world.gateway.client.getLog(ref(id))).metadata;

  beforeEach(async () => {
    world = await startWorld();
    await world.signIn();
    const all: Record<string, Metadata> = {
      one: { team: "blue", user: 42 },
      other: { team: "red" },
      none: {},
      full: FULL,
    };
    world.gateway.store.insert(
      Object.entries(all).map(([id, metadata], index) => aLog({ id, metadata, createdAt: at(1, -index) })),
    );
    person = new Person();
    warned = [];
    needs = {
      sourceOf: (of) => world.sessions.sourceOf(of),
      ratings: world.ratings,
      format: world.format,
      ui: person.ui,
      warn: (words) => warned.push(words),
    };
  });

  afterEach(() => world.close());

  /** Chooses an entry of the list, and what to do with it. */
  async function choose(entry: RegExp, way: RegExp): Promise<void> {
    (await person.sees()).choose(entry);
    (await person.sees()).choose(way);
  }

  async function typeValue(text: string, chosen?: RegExp): Promise<void> {
    const pick = await person.sees();
    pick.value = text;
    pick.choose(chosen);
  }

  it("is changed: as a number, or as a text where that is chosen", async () => {
    let editing = editMetadata(needs, [ref("one")]);
    await choose(/^user 42 · number$/, /Change/);
    const pick = await person.sees();
    assert.equal(pick.value, "42");
    assert.deepEqual(pick.words, ["$(symbol-number) 42 number", "$(symbol-string) 42 text"]);
    pick.value = "43";
    pick.choose();
    await editing;
    assert.deepEqual(await metadataOf("one"), { team: "blue", user: 43 });
    editing = editMetadata(needs, [ref("one")]);
    await choose(/^user 43/, /Change/);
    await typeValue("44", /text/);
    await editing;
    editing = editMetadata(needs, [ref("one")]);
    await choose(/^user "44" · text/, /Change/);
    await typeValue('"true"');
    await editing;
    assert.deepEqual(await metadataOf("one"), { team: "blue", user: "true" });
    assert.deepEqual(warned, []);
  });

  it("gets entries while there is room, with a name that is checked", async () => {
    for (const name of ["", "team", "env"]) {
      const editing = editMetadata(needs, [ref("one")]);
      person.texts.push(name);
      (await person.sees()).choose(/Add/);
      if (name === "env") await typeValue("true");
      await editing;
    }
    assert.deepEqual(person.complaints, [
      "An entry needs a name.",
      "An entry with this name exists. Select it in the list to change it.",
    ]);
    assert.deepEqual(await metadataOf("one"), { team: "blue", user: 42, env: true });
    const editing = editMetadata(needs, [ref("full")]);
    const pick = await person.sees();
    assert.match(pick.words.at(-1) ?? "", /No more can be added the gateway keeps 5 entries/);
    pick.choose(/No more/);
    pick.hide();
    await editing;
    assert.deepEqual(await metadataOf("full"), FULL);
  });

  it("is changed in each log's own, and said where there is no room", async () => {
    let editing = editMetadata(needs, [ref("one"), ref("other"), ref("none")]);
    await choose(/^team several values · in 2 of 3 logs$/, /Remove/);
    await editing;
    assert.deepEqual(
      [await metadataOf("one"), await metadataOf("other"), await metadataOf("none")],
      [{ user: 42 }, {}, {}],
    );
    person.texts.push("env");
    editing = editMetadata(needs, [ref("one"), ref("full")]);
    (await person.sees()).choose(/Add/);
    await typeValue("test");
    await editing;
    assert.deepEqual(await metadataOf("one"), { user: 42, env: "test" });
    assert.deepEqual(await metadataOf("full"), FULL);
    assert.deepEqual(warned, ["1 of 2 logs have 5 entries already, so env was not added."]);
  });

  it("is shown as the API has it afterwards, which is said where an API only adds", async () => {
    const { source } = world.gateway;
    needs.sourceOf = () =>
      Promise.resolve({
        ...source,
        changes: {
          ...source.changes,
          send: async (one, { metadata }) =>
            source.changes.send(one, { metadata: { ...(await source.read(one)).metadata, ...metadata } }),
        },
      });
    const { log: before } = world.ratings.shown(ref("one"), await source.read(ref("one")));
    const editing = editMetadata(needs, [ref("one")]);
    await choose(/^team/, /Remove/);
    await editing;
    assert.deepEqual(warned, ["Cloudflare accepted the change, but 1 of 1 logs still have the entry team."]);
    const { log, ours } = world.ratings.shown(ref("one"), before);
    assert.deepEqual([log.metadata, ours.size], [{ user: 42, team: "blue" }, 0]);
  });

  it("is shown as it was when the change cannot be sent, and nothing is asked when it cannot be read", async () => {
    const { log: before } = world.ratings.shown(ref("one"), await world.gateway.client.getLog(ref("one")));
    const editing = editMetadata(needs, [ref("one")]);
    const list = await person.sees();
    await world.gateway.goAway();
    list.choose(/^team/);
    (await person.sees()).choose(/Remove/);
    await assert.rejects(editing, /couldn't be sent and was undone\. Can't be reached/);
    assert.deepEqual(world.ratings.shown(ref("one"), before).log.metadata, { team: "blue", user: 42 });
    await assert.rejects(editMetadata(needs, [ref("one")]), { reason: "offline" });
    await world.gateway.comeBack();
  });

  it("names in recorded metadata draw no icon and no link", async () => {
    world.gateway.store.insert([
      aLog({ id: "hostile", createdAt: at(1), metadata: { "$(error) x": "$(flame) [y](command:z)" } }),
    ]);
    const editing = editMetadata(needs, [ref("hostile")]);
    const list = await person.sees();
    assert.match(list.words[0] ?? "", /^\\\$\(error\) x \\\$\(flame\)/);
    list.hide();
    await editing;
  });
});
