import type { Citation, Message } from "../../conversation.ts";
import { type JsonRecord, isEmpty, isRecord, listOf, present, recordOf, restOf, textOf } from "../../json/json.ts";
import { type Reader, settingsOf } from "../../reader.ts";

const REQUEST_KEYS = new Set(["input"]);
const OUTPUT_KEYS = new Set(["type", "content", "basis"]);
const RESULT_KEYS = new Set(["output"]);
const CITATION_KEYS = new Set(["url", "title", "excerpts"]);

/** Parallel's tasks: a question, and the answer with its sources. */
export const parallelTasks: Reader = {
  format: "parallel-tasks",

  serves(_provider, path) {
    return /(?:^|\/)tasks\/(?:runs|groups)(?:\/|$)/.test(path);
  },

  fitsRequest({ input }, expected) {
    return expected && !isEmpty(input);
  },

  readRequest(body) {
    const { input } = body;
    return {
      messages: [
        {
          role: "user",
          parts: [typeof input === "string" ? { type: "text", text: input } : { type: "data", value: input }],
        },
      ],
      tools: [],
      settings: settingsOf(body, REQUEST_KEYS),
    };
  },

  fitsResponse({ value, events }, expected) {
    const body = recordOf(value);
    if (isRecord(body?.run) && isRecord(body.output)) return true;
    return (
      expected &&
      (typeof body?.run_id === "string" || events.some(({ data }) => isRecord(data) && typeof data.type === "string"))
    );
  },

  readResponse({ value, events, cut }) {
    const last = events.map(({ data }) => recordOf(data)).findLast((data) => isRecord(data?.output));
    const body = last ?? recordOf(value) ?? {};
    const run = recordOf(body.run) ?? body;
    const finishReason = /^(?:queued|running)$/.test(textOf(run.status) ?? "") ? undefined : textOf(run.status);
    const output = recordOf(body.output);
    const told = events.length > 0 && last === undefined ? events.map(({ data }) => data) : body;
    const answer: Message =
      output === undefined ? { role: "assistant", parts: [{ type: "data", value: told }] } : outputMessage(output);
    return {
      answers: [{ ...answer, ...present({ finishReason }) }],
      complete: !cut,
      ...present({ envelope: output === undefined ? undefined : restOf(body, RESULT_KEYS) }),
    };
  },
};

function outputMessage(output: JsonRecord): Message {
  const basis = listOf(output.basis).filter(isRecord);
  const citations = basis.flatMap(({ citations: cited }) => listOf(cited).filter(isRecord).map(citationOf));
  const { content } = output;
  const details = { ...restOf(output, OUTPUT_KEYS), ...(basis.length === 0 ? {} : { basis }) };
  const about = isEmpty(details) ? {} : { details };
  if (typeof content !== "string") return { role: "assistant", parts: [{ type: "data", value: content, ...about }] };
  return {
    role: "assistant",
    parts: [{ type: "text", text: content, ...(citations.length === 0 ? {} : { citations }), ...about }],
  };
}

function citationOf(cited: JsonRecord): Citation {
  const excerpts = listOf(cited.excerpts)
    .map(textOf)
    .filter((text) => text !== undefined);
  return {
    ...restOf(cited, CITATION_KEYS),
    ...present({
      url: textOf(cited.url),
      title: textOf(cited.title),
      text: excerpts.length === 0 ? undefined : excerpts.join("\n"),
    }),
  };
}
