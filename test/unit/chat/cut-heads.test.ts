import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parsePartialJson } from "../../../src/chat/json/partial-json.ts";
import { read, sse } from "./exchange.ts";

describe("heads of bodies that are cut early", () => {
  it("half of a word that names a kind or a reason is left out", () => {
    assert.deepEqual(parsePartialJson('{"a":1,"finish_reason": "sto'), { a: 1 });
    assert.deepEqual(parsePartialJson('[{"type":"te'), [{}]);
    assert.deepEqual(parsePartialJson('{"stopReason":"end","text":"He'), { stopReason: "end", text: "He" });
    const { answers } = read('{"choices":[{"index":0,"message":{"content":"Hi"},"finish_reason":"leng');
    assert.deepEqual(answers, [{ role: "assistant", parts: [{ type: "text", text: "Hi" }] }]);
  });

  it("an object that has not yet shown what it is, by its address", () => {
    const { format, answers, complete, envelope } = read('{"id":"c","object":"chat.completion","model":"m","cho');
    assert.deepEqual(
      [format, answers, complete, envelope],
      ["openai-chat", [], false, { id: "c", object: "chat.completion", model: "m" }],
    );
  });

  it("JSON and events within a string", () => {
    const body = { choices: [{ index: 0, message: { content: "Hello" }, finish_reason: "stop" }] };
    const stream = sse([{ choices: [{ index: 0, delta: { content: "Hello" } }] }]);
    const whole = JSON.stringify(JSON.stringify(body));
    const head = read(whole.slice(0, whole.indexOf("llo")));
    assert.deepEqual([head.answers[0]?.parts, head.complete], [[{ type: "text", text: "He" }], false]);
    const cut = read(JSON.stringify(`${stream}data: {"choices`).slice(0, -1));
    assert.deepEqual([cut.answers[0]?.parts, cut.complete], [[{ type: "text", text: "Hello" }], false]);
    assert.equal(read(whole).complete, true);
  });
});
