import { type JsonRecord, isRecord, listOf, present, recordOf, textOf } from "../../json/json.ts";
import { type CallNames, type Reader, type RequestReading, settingsOf } from "../../reader.ts";
import { isConverse, isConverseEvent, isConverseRequest, readConverseReply, readConverseRequest } from "./converse.ts";
import { modelIn } from "./invocation.ts";
import { isInvoked, readInvoked } from "./invoke-answers.ts";
import { readPrompt } from "./invoke-prompt.ts";

/**
 * Bedrock models called in their own formats (invoke, and async-invoke, which wraps them): Amazon's Nova, Titan and
 * their embeddings and images, Llama, Mistral's text models, J2, TwelveLabs and Stability. Models with Anthropic's,
 * OpenAI's or Cohere's format use those readers.
 */
export const bedrockInvoke: Reader = {
  format: "bedrock-invoke",

  serves(_provider, path) {
    if (/(?:^|\/)async-invoke(?:\/[^/]+)?\/?$/.test(path)) return true;
    return /(?:^|\/)model\/[^/]+\/invoke(?:-with-response-stream)?\/?$/.test(path) && !path.includes("anthropic");
  },

  modelIn,

  fitsRequest(body, expected) {
    return isNova(body) || isPrompt(body, expected);
  },

  readRequest(body, { callNames }) {
    const input = recordOf(body.modelInput);
    if (input === undefined) return readAsked(body, callNames);
    const asked = readAsked(input, callNames);
    const model = textOf(body.modelId);
    const around = settingsOf(body, new Set(["modelInput", ...(model === undefined ? [] : ["modelId"])]));
    return { ...asked, settings: { ...asked.settings, ...around }, ...present({ model }) };
  },

  fitsResponse({ value, events }, expected) {
    if (isInvoked(value, expected) || (expected && isConverse(value))) return true;
    return events.some((event) => isInvoked(event.data, expected) || (expected && isConverseEvent(event, expected)));
  },

  readResponse(reply, { callNames }) {
    const { value, events, cut } = reply;
    if (isConverse(value) || events.some((event) => isConverseEvent(event, true))) {
      return readConverseReply(reply, callNames);
    }
    if (isInvoked(value, true) || (cut && isRecord(value))) return readInvoked([value], false, cut);
    return readInvoked(
      events.map(({ data }) => data),
      true,
      cut,
    );
  },
};

function readAsked(body: JsonRecord, callNames: CallNames): RequestReading {
  if (Array.isArray(body.messages)) return readConverseRequest(body, callNames);
  const { parts, settings } = readPrompt(body);
  return { messages: [{ role: "user", parts }], tools: [], settings };
}

function isNova(body: JsonRecord): boolean {
  return isConverseRequest(body) && (typeof body.schemaVersion === "string" || !("model" in body));
}

function isPrompt(body: JsonRecord, expected: boolean): boolean {
  if (Array.isArray(body.messages)) return false;
  if (typeof body.inputText === "string") return true;
  const isTask =
    typeof body.taskType === "string" &&
    Object.entries(body).some(([key, value]) => key.endsWith("Params") && isRecord(value));
  if (isTask || !expected) return isTask;
  if (isRecord(body.modelInput)) return true;
  const isAsked = ["prompt", "inputPrompt", "inputImage", "inputType"].some((key) => typeof body[key] === "string");
  return isAsked || listOf(body.text_prompts).length > 0;
}
