import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { keyboardPerson, models, shows } from "./browse-person.ts";
import { openWindow, type Window } from "./window.ts";

describe("two windows of one person", () => {
  let gateway: TestGateway;
  let folder: string;
  let one: Window;
  let other: Window;

  const call = (model: string, secondsAgo: number, cost: number, isFailed: boolean) =>
    aLog({
      id: model,
      model,
      createdAt: new Date(Date.now() - secondsAgo * 1000),
      cost,
      ...(isFailed && { success: false, statusCode: 500 }),
    });

  before(async () => {
    gateway = await startTestGateway();
    gateway.store.insert([call("cheap", 1, 0.1, true), call("well", 2, 0.5, false), call("dear", 3, 0.9, true)]);
    folder = await mkdtemp(join(tmpdir(), "ai-gateway-logs-"));
    const settings = { "aiGateway.apiBaseUrl": gateway.baseUrl, "aiGateway.autoRefreshSeconds": 5 };
    one = await openWindow({ settings });
    await one.openNewestDay(gateway.token);
    other = await one.openBeside(folder);
    await other.openView("AI Gateway");
    await other.expandRow("production");
    await other.expandRow(/^(Today|Yesterday)/);
    await shows(other, ["cheap", "well", "dear"]);
  });

  after(async () => {
    await one.close();
    await gateway.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("have a filter, an order and groups of their own", async () => {
    const [person, another] = [keyboardPerson(one), keyboardPerson(other)];
    await person.filter(["status:error"]);
    await person.choose("Sort By", "Highest cost first");
    await shows(one, ["dear", "cheap"]);
    await another.choose("Group By", "Model");
    await other.row(/^well, 1 log/).waitFor();
    assert.equal(await other.row(/filtered/).isVisible(), false);
    assert.deepEqual(await models(one), ["dear", "cheap"]);
  });

  it("look for new logs only where that was asked for, and for what is shown there", async () => {
    await one.titleButton("Start Auto Refresh").click();
    await other.titleButton("Start Auto Refresh").waitFor();
    gateway.store.insert([call("new-failed", 0, 2, true), call("new-well", 0, 3, false)]);
    await shows(one, ["new-failed", "dear", "cheap"]);
    assert.equal(await other.row(/new-/).isVisible(), false);
  });

  it("are each as they were after one is reloaded", async () => {
    await one.reload();
    await shows(one, ["new-failed", "dear", "cheap"]);
    await other.row(/^well, 1 log/).waitFor();
    await other.reload();
    await other.row(/^new-well, 1 log/).waitFor();
    assert.equal(await other.row(/filtered/).isVisible(), false);
  });

  it("have left no error", () => assert.deepEqual([...one.errors, ...other.errors], []));
});
