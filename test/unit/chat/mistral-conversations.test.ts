import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { Random } from "../../../src/local/samples/random.ts";
import { read, sse, textOf } from "./exchange.ts";

const address = { provider: "mistral", path: "v1/conversations" };
const request = { model: "mistral-medium-latest", inputs: "What is new?", instructions: "Be brief." };
const usage = { prompt_tokens: 20, completion_tokens: 5, total_tokens: 25 };
const done = { type: "conversation.response.done", usage };

type Entry = Record<string, unknown> & { type: string; id: string };

/** Random entries of an answer, as a plain response has them. */
function entries(random: Random): Entry[] {
  return Array.from({ length: random.between(1, 5) }, (_, at): Entry => {
    const id = `e${at}`;
    switch (random.pick(["said", "cited", "call", "tool"])) {
      case "said":
        return { type: "message.output", id, role: "assistant", content: [{ type: "text", text: words(random) }] };
      case "cited": {
        const reference = {
          type: "tool_reference",
          tool: "web_search",
          title: words(random),
          url: "https://news.example",
        };
        const content = [{ type: "text", text: words(random) }, reference, { type: "text", text: words(random) }];
        return { type: "message.output", id, role: "assistant", content };
      }
      case "call":
        return {
          type: "function.call",
          id,
          tool_call_id: `c${at}`,
          name: "find",
          arguments: JSON.stringify({ a: words(random) }),
        };
      default:
        return {
          type: "tool.execution",
          id,
          name: "web_search",
          arguments: JSON.stringify({ query: words(random) }),
          info: { took: at },
        };
    }
  });
}

const words = (random: Random): string => `${random.letters(random.between(1, 30))} é👋`;

/** A text in nonempty pieces. */
function pieces(text: string, random: Random): string[] {
  const cut = random.between(1, text.length - 1);
  return [text.slice(0, cut), text.slice(cut)];
}

function eventsOf(entry: Entry, index: number, random: Random): object[] {
  const at = { output_index: index, id: entry.id };
  const spelled = typeof entry["arguments"] === "string" ? pieces(entry["arguments"], random) : [];
  switch (entry.type) {
    case "function.call":
      return spelled.map((piece) => ({ ...entry, ...at, type: "function.call.delta", arguments: piece }));
    case "tool.execution": {
      const { info, type: _, ...others } = entry;
      const [first, ...more] = spelled.map((piece) => ({ ...others, ...at, arguments: piece }));
      return [
        { ...first, type: "tool.execution.started" },
        ...more.map((piece) => ({ ...piece, type: "tool.execution.delta" })),
        { ...at, type: "tool.execution.done", name: entry["name"], info },
      ];
    }
    default:
      return (entry["content"] as { type: string; text?: string }[]).flatMap((chunk, contentIndex): object[] => {
        const event = { ...at, type: "message.output.delta", role: "assistant", content_index: contentIndex };
        if (chunk.text === undefined) return [{ ...event, content: chunk }];
        return pieces(chunk.text, random).map((piece) => ({
          ...event,
          content: random.chance(0.5) ? piece : { type: "text", text: piece },
        }));
      });
  }
}

describe("Mistral's conversations", () => {
  it("a stream says what the plain answer says, however it is cut", () => {
    const random = new Random(28);
    for (let tried = 0; tried < 1000; tried++) {
      const outputs = entries(random);
      const plain = read(
        { object: "conversation.response", conversation_id: "conv_1", outputs, usage },
        request,
        address,
      );
      const started = { type: "conversation.response.started", conversation_id: "conv_1" };
      const events = outputs.flatMap((entry, index) => eventsOf(entry, index, random));
      const streamed = read(sse([started, ...events, done]), { ...request, stream: true }, address);
      assert.deepEqual([streamed.answers, streamed.usage, streamed.complete], [plain.answers, plain.usage, true]);
      assert.equal(plain.format, "mistral-conversations");
      assert.ok(plain.answers.every(({ parts }) => parts.every(({ type }) => type !== "unknown")));
    }
  });

  it("the sources of a text are its citations", () => {
    const reference = { type: "tool_reference", tool: "web_search", title: "Daily", url: "https://news.example" };
    const outputs = [{ type: "message.output", content: [{ type: "text", text: "Nothing much." }, reference] }];
    assert.deepEqual(read({ object: "conversation.response", outputs }, request, address).answers[0]?.parts, [
      {
        type: "text",
        text: "Nothing much.",
        citations: [{ tool: "web_search", title: "Daily", url: "https://news.example" }],
      },
    ]);
  });

  it("the request: instructions, entries with calls and their results, tools, settings", () => {
    const { messages, tools, settings, model } = read(
      null,
      {
        ...request,
        inputs: [
          { type: "message.input", object: "entry", role: "user", content: "What is new?" },
          { type: "function.call", tool_call_id: "c1", name: "find", arguments: '{"a":1}' },
          { type: "function.result", tool_call_id: "c1", result: "found" },
        ],
        tools: [
          { type: "web_search" },
          { type: "function", function: { name: "find", parameters: { type: "object" } } },
        ],
        completion_args: { temperature: 0.3 },
      },
      address,
    );
    assert.deepEqual(messages, [
      { role: "system", parts: [{ type: "text", text: "Be brief." }] },
      { role: "user", parts: [{ type: "text", text: "What is new?" }] },
      { role: "assistant", parts: [{ type: "toolCall", name: "find", arguments: { a: 1 }, id: "c1" }] },
      {
        role: "tool",
        parts: [{ type: "toolResult", id: "c1", name: "find", parts: [{ type: "text", text: "found" }] }],
      },
    ]);
    assert.deepEqual(
      tools.map(({ name }) => name),
      ["web_search", "find"],
    );
    assert.deepEqual([settings, model], [{ temperature: 0.3 }, "mistral-medium-latest"]);
  });

  it("an error and an end that is missing", () => {
    const delta = { type: "message.output.delta", output_index: 0, id: "m", content_index: 0, content: "Half" };
    const failed = read(
      sse([delta, { type: "conversation.response.error", message: "No.", code: 500 }]),
      request,
      address,
    );
    assert.deepEqual([textOf(failed.answers[0]), failed.error?.message, failed.complete], ["Half", "No.", false]);
    assert.equal(read(sse([delta]), request, address).complete, false);
  });

  it("a history has several speakers", () => {
    const said = { type: "message.input", role: "user", content: "Hi" };
    const answer = { type: "message.output", role: "assistant", content: "Hello" };
    const { answers } = read({ object: "conversation.history", entries: [said, answer] }, null, address);
    assert.deepEqual(
      answers.map(({ role, parts }) => [role, parts]),
      [
        ["user", [{ type: "text", text: "Hi" }]],
        ["assistant", [{ type: "text", text: "Hello" }]],
      ],
    );
  });
});

it("Mistral's OCR: a document in, a text for each page out, with its pictures", () => {
  const document = { type: "document_url", document_url: "https://files.example/report.pdf" };
  const picture = { id: "img-0.jpeg", top_left_x: 1, image_base64: "data:image/jpeg;base64,/9j/4AAQSkZJRg==" };
  const page = { index: 0, markdown: "# Report", images: [picture], dimensions: { dpi: 200, height: 9, width: 8 } };
  const { format, messages, answers, envelope } = read(
    {
      pages: [page, { index: 1, markdown: "Page two.", images: [{ id: "img-1" }] }],
      model: "mistral-ocr-2505",
      document_annotation: '{"title":"Report"}',
      usage_info: { pages_processed: 2 },
    },
    { model: "mistral-ocr-latest", document, include_image_base64: true },
    { provider: "mistral", path: "v1/ocr" },
  );
  assert.equal(format, "mistral-ocr");
  assert.deepEqual(messages[0]?.parts, [{ type: "media", media: "file", url: "https://files.example/report.pdf" }]);
  assert.deepEqual(answers[0]?.parts, [
    { type: "text", text: "# Report", details: { index: 0, dimensions: { dpi: 200, height: 9, width: 8 } } },
    {
      type: "media",
      media: "image",
      mimeType: "image/jpeg",
      data: "/9j/4AAQSkZJRg==",
      name: "img-0.jpeg",
      details: { top_left_x: 1 },
    },
    { type: "text", text: "Page two.", details: { index: 1, images: [{ id: "img-1" }] } },
    { type: "data", value: { title: "Report" } },
  ]);
  assert.deepEqual(envelope, { usage_info: { pages_processed: 2 } });
});
