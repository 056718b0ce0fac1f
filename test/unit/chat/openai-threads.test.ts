import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { read, textOf } from "./exchange.ts";

const address = { provider: "openai", path: "v1/threads/thread_1/runs" };
type Event = [name: string, data: unknown];
const stream = (events: Event[]) =>
  events
    .map(([name, data]) => `event: ${name}\ndata: ${typeof data === "string" ? data : JSON.stringify(data)}\n\n`)
    .join("");
const message = (text: string) => ({
  id: "msg_1",
  object: "thread.message",
  role: "assistant",
  content: text === "" ? [] : [{ type: "text", text: { value: text, annotations: [] } }],
});
const run = (status: string, more: object = {}) => ({
  id: "run_1",
  object: "thread.run",
  status,
  model: "gpt-demo",
  ...more,
});
const usage = { prompt_tokens: 4, completion_tokens: 5, total_tokens: 9 };

describe("OpenAI's threads", () => {
  it("deltas add up to what the whole message says, with and without it", () => {
    const random = new Random(11);
    for (let tried = 0; tried < 300; tried++) {
      const pieces = Array.from({ length: random.between(1, 6) }, () => random.letters(random.between(1, 9)));
      const deltas = pieces.map((value): Event => [
        "thread.message.delta",
        {
          id: "msg_1",
          object: "thread.message.delta",
          delta: { content: [{ index: 0, type: "text", text: { value } }] },
        },
      ]);
      const created: Event[] = [["thread.message.created", message("")]];
      const completed: Event[] = [["thread.message.completed", message(pieces.join(""))]];
      const end: Event[] = [
        ["thread.run.completed", run("completed", { usage })],
        ["done", "[DONE]"],
      ];
      const given = [...(random.chance(0.5) ? created : []), ...deltas, ...(random.chance(0.5) ? completed : [])];
      const {
        format,
        answers,
        usage: counted,
        complete,
      } = read(stream([...given, ...end]), { assistant_id: "a" }, address);
      assert.deepEqual([format, answers.length, complete, counted?.tokensOut], ["openai-threads", 1, true, 5]);
      assert.deepEqual([textOf(answers[0]), answers[0]?.finishReason], [pieces.join(""), "completed"]);
      const cut = read(stream(given), { assistant_id: "a" }, address);
      assert.deepEqual([textOf(cut.answers[0]), cut.complete], [pieces.join(""), false]);
    }
  });

  it("calls that a run waits for, steps of the provider's tools, an error", () => {
    const call = { id: "c1", type: "function", function: { name: "find", arguments: '{"a":1}' } };
    const waiting = run("requires_action", { required_action: { submit_tool_outputs: { tool_calls: [call] } } });
    assert.deepEqual(read(waiting, {}, address).answers[0]?.parts, [
      { type: "toolCall", name: "find", arguments: { a: 1 }, id: "c1" },
    ]);
    const code = {
      id: "c2",
      type: "code_interpreter",
      code_interpreter: { input: "1+1", outputs: [{ type: "logs", logs: "2" }] },
    };
    const step = { id: "s", object: "thread.run.step", step_details: { type: "tool_calls", tool_calls: [code] } };
    assert.deepEqual(read({ object: "list", data: [step] }, null, address).answers[0]?.parts, [
      { type: "toolCall", name: "code_interpreter", arguments: "1+1", id: "c2" },
      {
        type: "toolResult",
        name: "code_interpreter",
        parts: [{ type: "data", value: { type: "logs", logs: "2" } }],
        id: "c2",
      },
    ]);
    const failed = read(run("failed", { last_error: { code: "server_error", message: "Sorry." } }), {}, address);
    assert.deepEqual([failed.error?.message, failed.error?.code], ["Sorry.", "server_error"]);
  });

  it("what was sent: messages of a thread, of a run, and outputs of tools", () => {
    const asked = { role: "user", content: "Hi" };
    const texts = (body: object) => read(null, body, address).messages.map(({ role, parts }) => [role, parts.length]);
    assert.deepEqual(texts({ messages: [asked] }), [["user", 1]]);
    assert.deepEqual(texts({ thread: { messages: [asked] }, instructions: "Be brief." }), [
      ["system", 1],
      ["user", 1],
    ]);
    assert.deepEqual(texts(asked), [["user", 1]]);
    assert.deepEqual(texts({ tool_outputs: [{ tool_call_id: "c1", output: "found" }] }), [["tool", 1]]);
  });
});
