import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { read, sse, textOf } from "./exchange.ts";
import { REQUEST, responses, whole } from "./responses.ts";

const usage = {
  input_tokens: 10,
  input_tokens_details: { cached_tokens: 4 },
  output_tokens: 6,
  output_tokens_details: { reasoning_tokens: 2 },
  total_tokens: 16,
};

const message = { type: "message", id: "msg", role: "assistant", status: "completed" };
const annotation = { type: "url_citation", start_index: 0, end_index: 3, url: "https://a.example" };
const text = { type: "output_text", text: "Hello there", annotations: [annotation] };
const output = [
  { type: "reasoning", id: "rs", summary: [{ type: "summary_text", text: "Think." }] },
  { type: "code_interpreter_call", id: "ci", status: "completed", code: "1+1" },
  { ...message, content: [text, { type: "refusal", refusal: "Not that." }] },
  { type: "function_call", id: "fc", status: "completed", call_id: "c1", name: "f", arguments: '{"a":1}' },
];
const on = (output_index: number, item_id: string, type: string, fields: object) => ({
  type: `response.${type}`,
  output_index,
  item_id,
  sequence_number: 1,
  ...fields,
});
const body = [
  { type: "response.output_item.added", output_index: 0, item: { type: "reasoning", id: "rs", summary: [] } },
  on(0, "rs", "reasoning_summary_part.added", { summary_index: 0, part: { type: "summary_text", text: "" } }),
  on(0, "rs", "reasoning_summary_text.delta", { summary_index: 0, delta: "Thi" }),
  on(0, "rs", "reasoning_summary_text.delta", { summary_index: 0, delta: "nk." }),
  {
    type: "response.output_item.added",
    output_index: 1,
    item: { type: "code_interpreter_call", id: "ci", status: "completed", code: "" },
  },
  on(1, "ci", "code_interpreter_call.in_progress", {}),
  on(1, "ci", "code_interpreter_call_code.delta", { delta: "1+" }),
  on(1, "ci", "code_interpreter_call_code.delta", { delta: "1" }),
  { type: "response.output_item.added", output_index: 2, item: { ...message, content: [] } },
  on(2, "msg", "content_part.added", { content_index: 0, part: { type: "output_text", text: "", annotations: [] } }),
  on(2, "msg", "output_text.delta", { content_index: 0, delta: "Hello ", obfuscation: "xx" }),
  on(2, "msg", "output_text.delta", { content_index: 0, delta: "there" }),
  on(2, "msg", "output_text.annotation.added", { content_index: 0, annotation_index: 0, annotation }),
  on(2, "msg", "refusal.delta", { content_index: 1, delta: "Not " }),
  on(2, "msg", "refusal.delta", { content_index: 1, delta: "that." }),
  {
    type: "response.output_item.added",
    output_index: 3,
    item: { type: "function_call", id: "fc", status: "completed", call_id: "c1", name: "f", arguments: "" },
  },
  on(3, "fc", "function_call_arguments.delta", { delta: '{"a":' }),
  on(3, "fc", "function_call_arguments.delta", { delta: "1}" }),
];
const start = { type: "response.created", response: whole([], { status: "in_progress" }) };
const end = (items: unknown) => ({ type: "response.completed", response: whole(items, { usage }) });

describe("streams of the Responses API", () => {
  const plain = responses(whole(output, { usage }));

  it("say the same as the plain response, whether their last event holds it all or nothing", () => {
    for (const last of [output, []]) {
      const events = [start, ...body, end(last)];
      const forms = [sse(events), events, { streamed_data: events }, { ...whole([]), streamed_data: events }];
      const unnamed = events.map(({ type, ...event }) => `event: ${type}\ndata: ${JSON.stringify(event)}\n\n`).join("");
      for (const form of [...forms, unnamed, events.map((event) => JSON.stringify(event)).join("\n")]) {
        const { answers, usage: counted, complete } = responses(form);
        assert.deepEqual(answers, plain.answers);
        assert.deepEqual(counted, plain.usage);
        assert.equal(complete, true);
      }
    }
  });

  it("are found by their events alone", () => {
    const streamed = read(sse([start, ...body]), REQUEST, { provider: "custom-x", path: "" });
    assert.equal(streamed.format, "openai-responses");
    assert.equal(textOf(streamed.messages[0]), "Hi");
  });

  it("cut anywhere say a beginning, and are not complete", () => {
    const stream = sse([start, ...body, end([])]);
    const last = stream.lastIndexOf("event:");
    for (let length = 30; length < last; length += 61) {
      const { answers, complete } = responses(stream.slice(0, length));
      assert.ok("Hello there".startsWith(textOf(answers[0])), stream.slice(0, length));
      assert.equal(complete, false);
    }
  });

  it("tell items apart where the server gives all the same place, or other ids each time", () => {
    const said = (events: unknown[]) =>
      responses(sse([start, ...events, end([])])).answers[0]?.parts.map((part) => part.type === "text" && part.text);
    const item = (id: string) => ({ type: "response.output_item.added", output_index: 0, item: { ...message, id } });
    const delta = (index: number, id: string, word: string) => on(index, id, "output_text.delta", { delta: word });
    assert.deepEqual(said([item("a"), delta(0, "a", "One"), item("b"), delta(0, "b", "Two"), delta(0, "b", "!")]), [
      "One",
      "Two!",
    ]);
    assert.deepEqual(said([item("a"), delta(0, "x", "One"), delta(0, "y", "Two")]), ["OneTwo"]);
    assert.deepEqual(said([delta(0, "a", "One"), delta(0, "a", "Two")]), ["OneTwo"]);
  });

  /** An answer's texts and calls, each with its kind. */
  const told = (...events: unknown[]) =>
    responses(sse([start, ...events])).answers[0]?.parts.map((part) => {
      if (part.type === "toolCall") return `${part.id ?? ""} ${JSON.stringify(part.arguments)}`;
      return "text" in part ? `${part.type} ${part.text}` : part.type;
    });
  const say = (index: number, id: string, delta: string) => on(index, id, "output_text.delta", { delta });
  const think = (index: number, id: string, delta: string) => on(index, id, "reasoning_text.delta", { delta });
  const spell = (index: number, id: string, delta: string) => on(index, id, "function_call_arguments.delta", { delta });
  const announce = (index: number, item: object) => ({ type: "response.output_item.added", output_index: index, item });
  const fn = (id: string, call_id: string, args = "") => ({
    type: "function_call",
    id,
    call_id,
    name: "f",
    arguments: args,
  });
  const words = (id: string, value: string) => ({ ...message, id, content: [{ type: "output_text", text: value }] });

  it("give each item what it can hold, where several have one place or one id", () => {
    const thought = [think(0, "r", "Hm."), say(0, "m", "It is "), say(0, "m", "so.")];
    assert.deepEqual(told(...thought), ["reasoning Hm.", "text It is so."]);
    assert.deepEqual(told(think(0, "x", "Hm."), say(0, "x", "So."), think(0, "x", "!")), [
      "reasoning Hm.!",
      "text So.",
    ]);
    const called = [announce(0, fn("f", "c")), spell(0, "f", '{"q":1}'), say(0, "m", "I look.")];
    assert.deepEqual(told(...called, end([])), ['c {"q":1}', "text I look."]);
    assert.deepEqual(told(...called, end([fn("f", "c", '{"q":1}'), words("m", "I look.")])), [
      'c {"q":1}',
      "text I look.",
    ]);
    // Lasting IDs distinguish items; IDs generated for each event don't.
    assert.deepEqual(told(say(0, "a", "A"), say(0, "a", "A"), say(0, "b", "B")), ["text AA", "text B"]);
    assert.deepEqual(told(say(0, "a", "A"), say(0, "b", "B"), say(0, "c", "C")), ["text ABC"]);
  });

  it("tell calls apart by their call_id", () => {
    const one = [announce(0, fn("f", "c1")), spell(0, "f", '{"q":1}')];
    assert.deepEqual(told(...one, announce(0, fn("f", "c2")), spell(0, "f", '{"q":2}'), end([])), [
      'c1 {"q":1}',
      'c2 {"q":2}',
    ]);
    const done = { type: "response.output_item.done", output_index: 3, item: fn("g", "c1", '{"q":1}') };
    assert.deepEqual(told(...one, done, end([fn("h", "c1", '{"q":1}')])), ['c1 {"q":1}']);
  });

  it("know the reasoning parts of Bedrock, whose ids change", () => {
    const part = (text: string) => ({ content_index: 0, part: { type: "reasoning_text", text } });
    const reasoning = { type: "reasoning", id: "r1", summary: [], content: [{ type: "reasoning_text", text: "Hm." }] };
    assert.deepEqual(
      told(
        announce(0, { ...reasoning, content: [] }),
        on(0, "r2", "reasoning_part.added", part("")),
        think(0, "r3", "Hm."),
        on(0, "r4", "reasoning_part.done", part("Hm.")),
        announce(1, { ...message, id: "m1", content: [] }),
        say(1, "m2", "So."),
        end([{ ...reasoning, id: "r5" }, words("m3", "So.")]),
      ),
      ["reasoning Hm.", "text So."],
    );
  });

  it("fill what the last event lacks, and repeat nothing of it", () => {
    const spoken = [
      announce(0, { ...message, id: "a", content: [] }),
      say(0, "a", "First."),
      announce(1, fn("f", "c", "{}")),
    ];
    assert.deepEqual(told(...spoken, say(2, "b", "Last."), end([words("b", "Last.")])), [
      "text First.",
      "c {}",
      "text Last.",
    ]);
    assert.deepEqual(told(say(0, "a", "Frst"), end([words("a", "First.")])), ["text First."]);
    assert.deepEqual(told(say(0, "a", "First."), end([words("a", "Fir")])), ["text First."]);
    assert.deepEqual(told(say(0, "a", "First."), end([fn("f", "c", "{}"), words("a", "First.")])), [
      "c {}",
      "text First.",
    ]);
  });

  it("keep the last preview of an image, the output of a shell, and speech", () => {
    const preview = (data: string, at: number) =>
      on(0, "ig", "image_generation_call.partial_image", {
        partial_image_b64: data,
        partial_image_index: at,
        output_format: "png",
      });
    const { answers } = responses(
      sse([
        start,
        { type: "response.output_item.added", output_index: 0, item: { type: "image_generation_call", id: "ig" } },
        preview("AAAA", 0),
        preview("BBBB", 1),
        { type: "response.output_item.added", output_index: 1, item: { type: "shell_call", id: "sh", call_id: "c" } },
        { type: "response.shell_call_command.added", output_index: 1, command_index: 0, command: "" },
        { type: "response.shell_call_command.delta", output_index: 1, command_index: 0, delta: "l" },
        { type: "response.shell_call_command.delta", output_index: 1, command_index: 0, delta: "s" },
        {
          type: "response.output_item.added",
          output_index: 2,
          item: { type: "shell_call_output", id: "so", call_id: "c" },
        },
        on(2, "so", "shell_call_output_content.delta", { command_index: 0, delta: { stdout: "a" } }),
        on(2, "so", "shell_call_output_content.delta", { command_index: 0, delta: { stdout: "b" } }),
        { type: "response.output_item.added", output_index: 3, item: { ...message, content: [] } },
        { type: "response.audio.delta", delta: Buffer.from("ab").toString("base64") },
        { type: "response.audio.delta", delta: Buffer.from("c").toString("base64") },
        { type: "response.audio.transcript.delta", delta: "Abc" },
      ]),
    );
    const parts = answers[0]?.parts ?? [];
    const [, image, shell, result, sound] = parts;
    assert.ok(image?.type === "toolResult" && shell?.type === "toolCall" && result?.type === "toolResult");
    assert.deepEqual(image.parts, [{ type: "media", media: "image", mimeType: "image/png", data: "BBBB" }]);
    assert.deepEqual(shell.arguments, { commands: ["ls"] });
    assert.deepEqual(
      [result.name, result.parts],
      ["shell", [{ type: "text", text: "ab", details: { stream: "stdout" } }]],
    );
    assert.ok(sound?.type === "media");
    assert.equal(sound.data, Buffer.from("abc").toString("base64"));
    assert.equal(textOf(answers[0]), "Abc");
  });

  it("tell an error within, and keep what nobody knows", () => {
    const error = { type: "error", error: { type: "insufficient_quota", message: "No more" } };
    const failed = {
      type: "response.failed",
      response: whole([], { status: "failed", error: { message: "No more" } }),
    };
    const odd = { type: "response.newly_invented", value: 1 };
    const conversation = responses(sse([start, odd, error, failed]));
    assert.deepEqual(conversation.error, { message: "No more", type: "insufficient_quota" });
    assert.equal(conversation.answers[0]?.finishReason, "failed");
    assert.deepEqual(conversation.answers[0]?.parts, [{ type: "unknown", value: odd }]);
  });

  it("survive any shape", () => {
    const values: unknown[] = [null, 1, "x", [], {}, [[]], [null], [{ type: "output_text", text: 1 }], { type: 1 }];
    const keys = [
      "item",
      "item_id",
      "output_index",
      "content_index",
      "delta",
      "part",
      "response",
      "annotation",
      "logprobs",
      "command_index",
    ];
    for (const value of values) {
      for (const key of keys)
        responses(sse([start, ...[...body, end(output)].map((event) => ({ ...event, [key]: value }))]));
      for (const item of output) {
        for (const key of Object.keys(item))
          responses(whole([{ ...item, [key]: value }]), { input: [{ ...item, [key]: value }] });
      }
      responses(whole(value, { usage: value, error: value, incomplete_details: value, output_text: value }), {
        input: value,
        instructions: value,
        tools: value,
        prompt: value,
      });
    }
  });
});
