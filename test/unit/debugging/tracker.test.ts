import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Tracker } from "../../../src/debugging/core/tracker.ts";
import { LogIds } from "../../../src/logs/log-ids.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";

const ID = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";
const OTHER = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b11";

function listening() {
  const heard: string[] = [];
  const tracker = new Tracker(new LogIds(NAMES.logIds), {
    ids: (ids, printedAt) =>
      void heard.push(
        ...ids.map(
          ({ id, sure }) => `${id}${sure ? " sure" : ""}${printedAt ? ` ${printedAt.path}:${printedAt.line}` : ""}`,
        ),
      ),
    stopped: (isStopped) => void heard.push(isStopped ? "stopped" : "goes on"),
  });
  return { tracker, take: () => heard.splice(0), say: (message: unknown) => tracker.onDidSendMessage(message) };
}

const output = (text: string, more: object = {}) => ({
  type: "event",
  event: "output",
  body: { output: text, ...more },
});

describe("listening to a debugger", () => {
  it("hears ids in what is printed, with the line that printed them", () => {
    const { say, take } = listening();
    say(output(`id ${ID}\n`, { category: "stdout", source: { path: "/app/main.ts" }, line: 7 }));
    assert.deepEqual(take(), [`${ID} /app/main.ts:7`]);
    say(output(`{"id":"${ID}"}`, { category: "telemetry" }));
    assert.deepEqual(take(), []);
  });

  it("hears each stream as it is cut, and what was left of it when the program stops or ends", () => {
    const { tracker, say, take } = listening();
    say(output(ID.slice(0, 20), { category: "stdout" }));
    say(output("warning\n", { category: "stderr" }));
    say(output(ID.slice(20), { category: "stdout" }));
    assert.deepEqual(take(), []);
    say({ type: "event", event: "stopped", body: { reason: "breakpoint" } });
    assert.deepEqual(take(), [ID, "stopped"]);
    say(output(`cf-aig-log-id: ${OTHER}`, { category: "stderr" }));
    tracker.onExit();
    assert.deepEqual(take(), [`${OTHER} sure`]);
    say(output(ID, { category: "stdout" }));
    say({ type: "event", event: "terminated" });
    assert.deepEqual(take(), [ID]);
  });

  it("hears ids in variables, and in results by what was asked", () => {
    const { tracker, say, take } = listening();
    say({
      type: "response",
      command: "variables",
      body: { variables: [{ name: "id", value: `'${ID}'` }, { odd: true }, null] },
    });
    assert.deepEqual(take(), [ID]);
    tracker.onWillReceiveMessage({
      type: "request",
      seq: 9,
      command: "evaluate",
      arguments: { expression: 'h.get("cf-aig-log-id")' },
    });
    say({ type: "response", command: "evaluate", request_seq: 9, body: { result: "'opaque.id-1'" } });
    assert.deepEqual(take(), ["opaque.id-1 sure"]);
    say({ type: "response", command: "evaluate", request_seq: 10, body: { result: `'${ID}'` } });
    assert.deepEqual(take(), [ID]);
  });

  it("knows when the program goes on, also from adapters that do not say so", () => {
    const { say, take } = listening();
    for (const command of ["continue", "next", "stepIn", "stepOut"]) say({ type: "response", command, request_seq: 1 });
    say({ type: "event", event: "continued" });
    assert.deepEqual(
      take(),
      Array.from({ length: 5 }, () => "goes on"),
    );
  });

  it("minds nothing that is no message", () => {
    const { tracker, say, take } = listening();
    for (const odd of [
      undefined,
      null,
      1,
      "x",
      {},
      { type: "event" },
      { type: "event", event: "output" },
      { type: "response", command: "variables", body: [] },
    ]) {
      say(odd);
      tracker.onWillReceiveMessage(odd);
    }
    assert.deepEqual(take(), []);
  });
});
