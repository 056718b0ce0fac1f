import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { RecordedExchange } from "../../../src/chat/conversation.ts";
import { read, textOf } from "./exchange.ts";

const PATH = "v1beta/models/gemini-x:generateContent";
const question = { contents: [{ role: "user", parts: [{ text: "Hi" }] }] };

const gemini = (response: unknown, request: unknown = question, rest: Partial<RecordedExchange> = {}) =>
  read(response, request, { provider: "google-ai-studio", path: PATH, ...rest });

const answer = (parts: unknown[], more: object = {}) => ({
  candidates: [{ content: { role: "model", parts }, finishReason: "STOP", index: 0, ...more }],
});
const asked = (parts: unknown[]) => gemini(null, { contents: [{ role: "user", parts }] }).messages[0]?.parts;

describe("a Gemini request", () => {
  it("has its system instruction first, then what each role said", () => {
    const { messages, format, model } = gemini(null, {
      systemInstruction: { role: "user", parts: [{ text: "Be brief." }] },
      contents: [
        { role: "user", parts: [{ text: "Hi" }] },
        { role: "model", parts: [{ text: "Hello" }] },
        { role: "function", parts: [{ functionResponse: { name: "f", response: { output: "1" } } }] },
        { parts: [{ text: "Bye" }] },
      ],
    });
    assert.equal(format, "gemini-generate");
    assert.equal(model, "gemini-x");
    assert.deepEqual(
      messages.map(({ role }) => role),
      ["system", "user", "assistant", "tool", "user"],
    );
    assert.equal(textOf(messages[0]), "Be brief.");
  });

  it("takes contents that are one object or a text, and a role nobody knows", () => {
    assert.equal(textOf(gemini(null, { contents: { parts: [{ text: "One" }] } }).messages[0]), "One");
    assert.equal(textOf(gemini(null, { contents: "Text" }).messages[0]), "Text");
    const odd = gemini(null, { contents: [{ role: "critic", parts: { text: "Hm" } }] }).messages[0];
    assert.deepEqual(odd, { role: "user", parts: [{ type: "text", text: "Hm" }], details: { role: "critic" } });
  });

  it("says the same in snake case", () => {
    const { messages, tools, settings } = gemini(null, {
      system_instruction: "Be brief.",
      contents: [
        {
          role: "user",
          parts: [
            { inline_data: { mime_type: "image/png", data: "AA==" } },
            { file_data: { mime_type: "application/pdf", file_uri: "gs://b/f.pdf" } },
          ],
        },
        { role: "model", parts: [{ function_call: { name: "f", args: { a: 1 } }, thought_signature: "s" }] },
        { role: "user", parts: [{ function_response: { name: "f", response: { error: "no" } } }] },
      ],
      tools: [
        { function_declarations: [{ name: "f", parameters_json_schema: { type: "object" } }], google_search: {} },
      ],
      generation_config: { max_output_tokens: 5 },
    });
    assert.deepEqual(
      messages.map(({ parts }) => parts),
      [
        [{ type: "text", text: "Be brief." }],
        [
          { type: "media", media: "image", mimeType: "image/png", data: "AA==" },
          { type: "media", media: "file", mimeType: "application/pdf", url: "gs://b/f.pdf" },
        ],
        [{ type: "toolCall", name: "f", arguments: { a: 1 }, details: { thought_signature: "s" } }],
        [{ type: "toolResult", name: "f", isError: true, parts: [{ type: "text", text: "no" }] }],
      ],
    );
    assert.deepEqual(tools, [{ name: "f", parameters: { type: "object" } }, { name: "google_search" }]);
    assert.deepEqual(settings, { generation_config: { max_output_tokens: 5 } });
  });

  it("shows media by their type, wherever they are", () => {
    const parts = asked([
      { inlineData: { mimeType: "audio/mp3", data: "AA==", displayName: "a.mp3" } },
      {
        fileData: { fileUri: "https://www.youtube.com/watch?v=x" },
        videoMetadata: { fps: 2 },
        mediaResolution: { level: "MEDIA_RESOLUTION_LOW" },
      },
    ]);
    assert.deepEqual(parts, [
      { type: "media", media: "audio", mimeType: "audio/mp3", data: "AA==", name: "a.mp3" },
      {
        type: "media",
        media: "video",
        url: "https://www.youtube.com/watch?v=x",
        details: { videoMetadata: { fps: 2 }, mediaResolution: { level: "MEDIA_RESOLUTION_LOW" } },
      },
    ]);
  });

  it("names a result by its call's id, and reads the media in it", () => {
    const { messages } = gemini(null, {
      contents: [
        { role: "model", parts: [{ functionCall: { id: "1", name: "look", args: {} } }] },
        {
          role: "user",
          parts: [
            {
              functionResponse: {
                id: "1",
                response: { seen: 2, as: "list" },
                parts: [{ inlineData: { mimeType: "image/png", data: "AA==" } }],
                scheduling: "SILENT",
              },
            },
          ],
        },
      ],
    });
    assert.deepEqual(messages[1]?.parts, [
      {
        type: "toolResult",
        id: "1",
        name: "look",
        details: { scheduling: "SILENT" },
        parts: [
          { type: "data", value: { seen: 2, as: "list" } },
          { type: "media", media: "image", mimeType: "image/png", data: "AA==" },
        ],
      },
    ]);
  });

  it("keeps a part nobody knows in its place, and drops one that says nothing", () => {
    assert.deepEqual(asked([{ text: "" }, { hologram: { data: 1 } }, { text: "a" }, 7]), [
      { type: "unknown", value: { hologram: { data: 1 } } },
      { type: "text", text: "a" },
      { type: "unknown", value: 7 },
    ]);
  });

  it("has built-in tools by name with their settings, and everything else among the settings", () => {
    const { tools, settings } = gemini(null, {
      ...question,
      cachedContent: "cachedContents/1",
      safetySettings: [{ category: "C", threshold: "T" }],
      toolConfig: { functionCallingConfig: { mode: "ANY" } },
      generationConfig: { temperature: 0 },
      tools: [
        {
          functionDeclarations: [
            { name: "f", description: "d", parameters: { type: "OBJECT" }, response: { type: "STRING" } },
          ],
        },
        { codeExecution: {}, fileSearch: { fileSearchStoreNames: ["s"] } },
      ],
    });
    assert.deepEqual(tools, [
      { name: "f", description: "d", parameters: { type: "OBJECT" }, details: { response: { type: "STRING" } } },
      { name: "codeExecution" },
      { name: "fileSearch", details: { fileSearch: { fileSearchStoreNames: ["s"] } } },
    ]);
    assert.deepEqual(Object.keys(settings).toSorted(), [
      "cachedContent",
      "generationConfig",
      "safetySettings",
      "toolConfig",
    ]);
  });
});

describe("a Gemini response", () => {
  it("has an answer a candidate, with its finish reason and what else is known of it", () => {
    const { answers, model, usage, envelope, complete } = gemini({
      candidates: [
        { content: { parts: [{ text: "A" }] }, finishReason: "STOP", avgLogprobs: -1, index: 0 },
        { content: { parts: [{ text: "B" }] }, finishReason: "MAX_TOKENS", finishMessage: "Long.", index: 1 },
      ],
      usageMetadata: {
        promptTokenCount: 10,
        toolUsePromptTokenCount: 5,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 4,
        cachedContentTokenCount: 2,
        totalTokenCount: 22,
      },
      modelVersion: "gemini-x-001",
      responseId: "r",
    });
    assert.deepEqual(answers, [
      { role: "assistant", parts: [{ type: "text", text: "A" }], finishReason: "STOP", details: { avgLogprobs: -1 } },
      {
        role: "assistant",
        parts: [{ type: "text", text: "B" }],
        finishReason: "MAX_TOKENS",
        details: { finishMessage: "Long." },
      },
    ]);
    assert.deepEqual(usage, { tokensIn: 15, tokensOut: 7, tokensTotal: 22, tokensCached: 2, tokensReasoning: 4 });
    assert.equal(model, "gemini-x");
    assert.deepEqual([envelope?.responseId, envelope?.modelVersion], ["r", "gemini-x-001"]);
    assert.equal(complete, true);
  });

  it("keeps thoughts, signatures, code and Google's own tools apart", () => {
    const { answers } = gemini(
      answer([
        { text: "Hm.", thought: true },
        { thoughtSignature: "alone" },
        { executableCode: { id: "c", language: "PYTHON", code: "1+1" }, thoughtSignature: "s" },
        { codeExecutionResult: { id: "c", outcome: "OUTCOME_FAILED", output: "2" } },
        { toolCall: { id: "t", toolType: "GOOGLE_SEARCH_WEB", args: { queries: ["q"] } } },
        { toolResponse: { id: "t", toolType: "GOOGLE_SEARCH_WEB", response: { found: 1 } } },
        { text: "2" },
      ]),
    );
    assert.deepEqual(answers[0]?.parts, [
      { type: "reasoning", text: "Hm." },
      { type: "reasoning", text: "", redacted: true, details: { thoughtSignature: "alone" } },
      {
        type: "toolCall",
        id: "c",
        name: "code_execution",
        arguments: { language: "PYTHON", code: "1+1" },
        details: { thoughtSignature: "s" },
      },
      {
        type: "toolResult",
        id: "c",
        name: "code_execution",
        isError: true,
        parts: [{ type: "text", text: "2" }],
        details: { outcome: "OUTCOME_FAILED" },
      },
      { type: "toolCall", id: "t", name: "GOOGLE_SEARCH_WEB", arguments: { queries: ["q"] } },
      { type: "toolResult", id: "t", name: "GOOGLE_SEARCH_WEB", parts: [{ type: "data", value: { found: 1 } }] },
      { type: "text", text: "2" },
    ]);
  });

  it("says what was withheld: a candidate by its finish reason, a prompt by its block reason", () => {
    const candidate = gemini({
      candidates: [{ content: {}, finishReason: "SAFETY", safetyRatings: [{ blocked: true }] }],
    });
    assert.deepEqual(candidate.answers, [
      {
        role: "assistant",
        parts: [{ type: "refusal", text: "SAFETY" }],
        finishReason: "SAFETY",
        details: { safetyRatings: [{ blocked: true }] },
      },
    ]);
    const prompt = gemini({ promptFeedback: { blockReason: "BLOCKLIST", blockReasonMessage: "Not that." } });
    assert.deepEqual(prompt.answers, [
      { role: "assistant", parts: [{ type: "refusal", text: "Not that." }], finishReason: "BLOCKLIST" },
    ]);
    assert.equal(prompt.error, undefined);
    assert.deepEqual(prompt.envelope, {
      promptFeedback: { blockReason: "BLOCKLIST", blockReasonMessage: "Not that." },
    });
  });

  it("is known by its shape where the address says nothing, and on Vertex AI with a percent-encoded colon", () => {
    assert.equal(gemini(answer([{ text: "A" }]), null, { path: "", provider: "custom" }).format, "gemini-generate");
    const path = "v1/projects/p/locations/l/publishers/google/models/gemini-y%3AstreamGenerateContent?alt=sse";
    const { format, model } = gemini(null, question, { path, provider: "google-vertex-ai" });
    assert.deepEqual([format, model], ["gemini-generate", "gemini-y"]);
  });

  it("counts tokens as data: nothing was spent", () => {
    const inner = { model: "models/gemini-x", contents: [{ parts: [{ text: "Count" }] }], systemInstruction: "S" };
    const { answers, usage, messages, model } = gemini(
      { totalTokens: 7, promptTokensDetails: [{ modality: "TEXT", tokenCount: 7 }] },
      { generateContentRequest: inner },
      { path: "v1beta/models/gemini-x:countTokens" },
    );
    assert.deepEqual(answers[0]?.parts, [
      { type: "data", value: { totalTokens: 7, promptTokensDetails: [{ modality: "TEXT", tokenCount: 7 }] } },
    ]);
    assert.equal(usage, undefined);
    assert.equal(model, "gemini-x");
    assert.deepEqual(messages.map(textOf), ["S", "Count"]);
  });

  it("tells an error, alone or in a list", () => {
    const error = { code: 429, message: "Too many.", status: "RESOURCE_EXHAUSTED", details: [{ reason: "R" }] };
    for (const body of [{ error }, [{ error }]]) {
      const conversation = gemini(body, question, { statusCode: 429 });
      assert.deepEqual(conversation.error, {
        message: "Too many.",
        type: "RESOURCE_EXHAUSTED",
        code: 429,
        details: { details: [{ reason: "R" }] },
      });
      assert.deepEqual([conversation.answers, conversation.format], [[], "gemini-generate"]);
    }
  });

  it("that is cut is incomplete, and its first text a thought where thoughts were asked for", () => {
    const head = '{"candidates":[{"content":{"parts":[{"text":"Let me th';
    const plain = gemini(head);
    assert.equal(plain.complete, false);
    assert.equal(textOf(plain.answers[0]), "Let me th");
    const thinking = gemini(head, { ...question, generationConfig: { thinkingConfig: { includeThoughts: true } } });
    assert.deepEqual(thinking.answers[0]?.parts, [{ type: "reasoning", text: "Let me th" }]);
    assert.deepEqual(gemini(head, null).answers[0]?.parts, [
      { type: "unknown", value: { textOrThought: "Let me th" } },
    ]);
  });
});
