import assert from "node:assert/strict";
import * as vscode from "vscode";
import { copyAs, type AskForm } from "../../src/commands/share/copy-as.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { Recordings } from "../../src/reading/recordings.ts";
import type { CollectionRef } from "../../src/source/log.ts";
import { aLog, ACCOUNT, GATEWAY } from "../gateway.ts";
import { startWorld, type World } from "./world.ts";

describe("a log copied", () => {
  let world: World;
  let offered: string[];
  const ref = (logId: string) => ({ ...GATEWAY, logId });
  const choose =
    (label: string | undefined): AskForm =>
    async (items) => {
      const given = await items;
      const { Separator } = vscode.QuickPickItemKind;
      offered = given.filter(({ kind }) => kind !== Separator).map((item) => item.label);
      return given.find((item) => item.label === label);
    };
  const needs = () => {
    const { sessions, read } = world;
    const sourceOf = (of: CollectionRef) => sessions.sourceOf(of);
    return { recordings: new Recordings(sourceOf, new Bodies(sourceOf)), sessions, read, extensionId: "pub.name" };
  };
  async function copied(label: string, ...ids: [string, ...string[]]): Promise<string> {
    const [first, ...others] = ids;
    await copyAs([ref(first), ...others.map(ref)], needs(), undefined, choose(label));
    return vscode.env.clipboard.readText();
  }

  before(async () => {
    world = await startWorld();
    await world.signIn();
    const createdAt = new Date();
    world.gateway.store.insert([
      aLog({ id: "a", createdAt }),
      aLog({ id: "b", createdAt, provider: "anthropic", path: "v1/messages" }),
      aLog({ id: "bare", createdAt, request: null }),
    ]);
  });

  after(() => world.close());

  it("has the forms that fit what was recorded", async () => {
    const common = ["Log ID", "Link", "Conversation as Markdown", "Conversation as JSON"];
    await copied("Log ID", "a");
    assert.deepEqual(offered, [...common, "cURL (bash)", "OpenAI SDK, TypeScript", "OpenAI SDK, Python"]);
    await copied("Log ID", "b");
    assert.deepEqual(offered, [...common, "cURL (bash)", "Anthropic SDK, TypeScript", "Anthropic SDK, Python"]);
    await copied("Log ID", "bare");
    assert.deepEqual(offered, common);
    await copied("Log ID", "a", "b");
    assert.deepEqual(offered, [...common, "cURL (bash)"]);
  });

  it("is no call where its source can't send it", async () => {
    await copyAs([ref("a")], { ...needs(), sessions: { canOf: () => ["canRate"] } }, undefined, choose("Log ID"));
    assert.deepEqual(offered, ["Log ID", "Link", "Conversation as Markdown", "Conversation as JSON"]);
  });

  it("is what was chosen", async () => {
    assert.equal(await copied("Log ID", "a", "b"), "a\nb");
    assert.match(await copied("Conversation as Markdown", "a"), /^# Conversation[^]*Is the blue frame in stock\?/);
    const both = JSON.parse(await copied("Conversation as JSON", "a", "b")) as { format: string }[];
    assert.equal(both.length, 2);
    const url = `https://gateway.ai.cloudflare.com/v1/${ACCOUNT}/production/openai/chat/completions`;
    assert.ok((await copied("cURL (bash)", "a")).startsWith(`curl '${url}'`));
    assert.match(await copied("OpenAI SDK, Python", "a"), /client\.chat\.completions\.create\(/);
    assert.equal(
      await copied("Link", "a"),
      `${vscode.env.uriScheme}://pub.name/log?account=${ACCOUNT}&gateway=production&log=a`,
    );
  });

  it("is nothing when the person leaves, and too much when it is many", async () => {
    await vscode.env.clipboard.writeText("before");
    await copyAs([ref("a")], needs(), undefined, choose(undefined));
    assert.equal(await vscode.env.clipboard.readText(), "before");
    const many = Array.from({ length: 20 }, (_, index) => ref(`n${index}`));
    await assert.rejects(copyAs([ref("a"), ...many], needs(), "markdown"), /At most 20 logs/);
  });
});
