// Calls of programs on this machine, recorded: from the variable that leads them here to the row in the tree.
import assert from "node:assert/strict";
import * as vscode from "vscode";
import { Recording } from "../../src/recording/recording.ts";
import { withVariables } from "../../src/recording/debug-sessions.ts";
import { CANARY } from "../gateway.ts";
import { startServer, type TestServer } from "../proxy.ts";
import { kind } from "./nodes.ts";
import { startWorld, type World } from "./world.ts";

const ANSWER = JSON.stringify({
  model: "gpt-5",
  choices: [{ index: 0, message: { role: "assistant", content: "Two are left." }, finish_reason: "stop" }],
  usage: { prompt_tokens: 9, completion_tokens: 4, total_tokens: 13 },
});

/** A terminal's variables, without a terminal. */
class Variables extends Map<string, string> implements Pick<vscode.EnvironmentVariableCollection, "replace" | "clear"> {
  persistent = true;
  description: string | vscode.MarkdownString | undefined;
  replace(name: string, value: string): void {
    this.set(name, value);
  }
}

describe("recorded calls", () => {
  let world: World;
  let upstream: TestServer;
  let variables: Variables;
  let recording: Recording;
  const received: (string | undefined)[] = [];

  beforeEach(async () => {
    received.length = 0;
    world = await startWorld();
    upstream = await startServer((request, response) => {
      received.push(request.headers.authorization);
      request.resume().on("end", () => response.writeHead(200, { "content-type": "application/json" }).end(ANSWER));
    });
    const configuration = vscode.workspace.getConfiguration("aiGateway");
    await configuration.update("recorder.upstreams", { openai: upstream.url }, vscode.ConfigurationTarget.Global);
    variables = new Variables();
    recording = new Recording({
      account: world.recorded,
      variables: variables as unknown as vscode.EnvironmentVariableCollection,
      workspace: world.state,
      read: world.read,
      format: world.format,
      logger: world.logger,
    });
  });

  afterEach(async () => {
    await recording.dispose();
    await world.close();
    await upstream.close();
    const configuration = vscode.workspace.getConfiguration("aiGateway");
    await configuration.update("recorder.upstreams", undefined, vscode.ConfigurationTarget.Global);
  });

  /** Makes a call as an SDK does that reads its variable; resolves once it's stored. */
  async function call(): Promise<string> {
    const stored = new Promise((resolve) => recording.onDidRecord(resolve));
    const response = await fetch(`${variables.get("OPENAI_BASE_URL")}/chat/completions`, {
      method: "POST",
      headers: { "content-type": "application/json", authorization: `Bearer ${CANARY}` },
      body: JSON.stringify({ model: "gpt-5", messages: [{ role: "user", content: "Is it in stock?" }] }),
    });
    const text = await response.text();
    await stored;
    return text;
  }

  it("are answered by the provider, and are rows like all others", async () => {
    await recording.start();
    assert.equal(await call(), ANSWER);
    assert.deepEqual(received, [`Bearer ${CANARY}`]);
    const gateway = kind(await world.children(), "gateway");
    assert.ok(gateway.kind === "gateway");
    const day = (await world.children(gateway)).find((node) => node.kind === "group");
    const [row] = await world.children(day);
    assert.ok(row?.kind === "log");
    assert.deepEqual(
      [row.log.model, row.log.provider, row.log.tokensIn, row.log.tokensOut, row.log.success],
      ["gpt-5", "openai", 9, 4, true],
    );
    const can = world.sessions.canOf(row.ref);
    assert.ok(can.includes("canDelete") && !can.includes("canResend") && !can.includes("canOpenPage"));
    assert.ok(!world.lines.join("\n").includes(CANARY));
  });

  it("end with the recording: no variable is left, and nothing listens", async () => {
    await recording.start();
    const url = variables.get("OPENAI_BASE_URL");
    await recording.stop();
    assert.equal(variables.size, 0);
    assert.equal(recording.isOn, false);
    await assert.rejects(fetch(`${url}/models`));
    // The next recording has the same address: open terminals reach it.
    await recording.start();
    assert.equal(variables.get("OPENAI_BASE_URL"), url);
  });

  it("reach the provider though they can't be stored, and the reason is in the output", async () => {
    await recording.start();
    const store = await world.recorded.store();
    for (const { id } of store.gateways(world.recorded.id))
      store.removeGateway({ sourceId: world.recorded.id, collectionId: id });
    const response = await fetch(`${variables.get("OPENAI_BASE_URL")}/chat/completions`, {
      method: "POST",
      body: "{}",
    });
    assert.equal(await response.text(), ANSWER);
    while (!world.lines.some((line) => line.startsWith("recorder: RangeError")))
      await new Promise((resolve) => setImmediate(resolve));
  });

  it("come from debug sessions, too, unless they set the address themselves", () => {
    const launched = { type: "node", request: "launch", name: "x" };
    const own = { OPENAI_BASE_URL: "http://own" };
    assert.deepEqual(withVariables(launched, { A: "1" })["env"], { A: "1" });
    assert.deepEqual(withVariables({ ...launched, env: own }, { OPENAI_BASE_URL: "2", A: "1" })["env"], {
      ...own,
      A: "1",
    });
    assert.deepEqual(withVariables({ ...launched, request: "attach" }, { A: "1" }), { ...launched, request: "attach" });
    assert.deepEqual(withVariables({ ...launched, env: ["A=1"] }, { A: "1" })["env"], ["A=1"]);
  });
});
