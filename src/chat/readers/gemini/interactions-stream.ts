import { type JsonRecord, isEmpty, isRecord, listOf, numberOf, parseJson, recordOf, textOf } from "../../json/json.ts";
import type { StreamEvent } from "../../stream/events.ts";

export type FoldedInteraction = {
  /** The equivalent plain response. */
  value: JsonRecord;
  /** Events of unknown kinds, in order. */
  strays: unknown[];
  error: unknown;
  /** Whether the interaction was reported complete. */
  completed: boolean;
};

/** An unfinished text or medium. */
type Content = { started: JsonRecord; text: string; annotations: unknown[] };
/** An unfinished step, or (in the API's first version) content. */
type Step = {
  started: JsonRecord;
  fields: Map<string, unknown>;
  contents: Content[];
  summary: Content[];
  /** Arguments as JSON text. */
  spelled: string;
  strays: unknown[];
};

const CONTENT_TYPE = /^(?:text|image|audio|video|document)$/;

/** Returns an event's type, from its data or its name. */
export function eventType({ name, data }: StreamEvent): string | undefined {
  return isRecord(data) ? (textOf(data.event_type) ?? textOf(data.type) ?? name) : undefined;
}

/** Folds an interaction's events into one response value, in linear time. */
export function foldEvents(events: StreamEvent[]): FoldedInteraction {
  const folded: FoldedInteraction = { value: {}, strays: [], error: undefined, completed: false };
  const steps = new Map<number, Step>();
  const fields = new Map<string, unknown>();
  for (const event of events) {
    const data = recordOf(event.data) ?? {};
    const index = numberOf(data.index) ?? 0;
    switch (eventType(event)) {
      case "interaction.completed":
      case "interaction.complete":
        folded.completed = true;
        setAll(fields, recordOf(data.interaction) ?? {});
        break;
      case "interaction.created":
      case "interaction.start":
        setAll(fields, recordOf(data.interaction) ?? {});
        break;
      case "interaction.status_update":
        setAll(fields, { status: data.status, usage: data.usage });
        break;
      case "step.start":
      case "content.start":
        steps.set(index, startStep(recordOf(data.step) ?? recordOf(data.content) ?? {}));
        break;
      case "step.delta":
      case "content.delta": {
        const step = steps.get(index) ?? startStep({});
        steps.set(index, step);
        addDelta(step, data.delta);
        setAll(fields, { usage: recordOf(data.metadata)?.total_usage });
        break;
      }
      case "step.stop":
      case "content.stop":
        setAll(fields, { usage: data.usage });
        break;
      case "error":
        folded.error = { error: data.error ?? data };
        break;
      default:
        folded.strays.push(event.data);
    }
  }
  const whole = [...steps].toSorted(([a], [b]) => a - b).flatMap(([, step]) => wholeStep(step));
  const given = listOf(fields.get("steps") ?? fields.get("outputs"));
  folded.value = { ...Object.fromEntries(fields), steps: whole.length === 0 ? given : whole };
  return folded;
}

// The latest value wins, except empty ones.
function setAll(fields: Map<string, unknown>, given: JsonRecord): void {
  for (const [key, value] of Object.entries(given)) if (!isEmpty(value)) fields.set(key, value);
}

function startStep(started: JsonRecord): Step {
  const isContent = CONTENT_TYPE.test(textOf(started.type) ?? "");
  const { content, summary, ...others } = isContent ? { type: "model_output", content: [started] } : started;
  return {
    started: others,
    fields: new Map(),
    contents: listOf(content).map(startContent),
    summary: listOf(summary).map(startContent),
    spelled: "",
    strays: [],
  };
}

function startContent(value: unknown): Content {
  const started = recordOf(value) ?? { value };
  return { started, text: textOf(started.text) ?? "", annotations: [...listOf(started.annotations)] };
}

function addDelta(step: Step, value: unknown): void {
  const delta = recordOf(value) ?? {};
  const type = textOf(delta.type) ?? "";
  if (type === "thought_summary" && isRecord(delta.content)) addContent(step.summary, delta.content);
  else if (type === "thought_signature") setAll(step.fields, { signature: delta.signature });
  else if (type === "arguments_delta" && typeof delta.arguments === "string") step.spelled += delta.arguments;
  else if (type.startsWith("text_annotation") && Array.isArray(delta.annotations))
    annotate(step.contents, delta.annotations);
  else if (CONTENT_TYPE.test(type)) addContent(step.contents, delta);
  else if (/_(?:call|result)$/.test(type)) setAll(step.fields, delta);
  else step.strays.push(value);
}

function addContent(contents: Content[], given: JsonRecord): void {
  const last = contents.at(-1);
  const isContinued = given.type === "text" && last?.started.type === "text" && typeof given.text === "string";
  if (isContinued) last.text += given.text;
  if (!isContinued) contents.push(startContent(given));
  else if (Array.isArray(given.annotations)) annotate(contents, given.annotations);
}

function annotate(contents: Content[], annotations: unknown[]): void {
  let last = contents.at(-1);
  if (last?.started.type !== "text") {
    last = startContent({ type: "text" });
    contents.push(last);
  }
  for (const annotation of annotations) last.annotations.push(annotation);
}

function wholeStep({ started, fields, contents, summary, spelled, strays }: Step): unknown[] {
  const step = {
    // Infers the type from the pieces if the recording lacks the step's start.
    type: spelled !== "" ? "function_call" : summary.length > 0 || fields.has("signature") ? "thought" : "model_output",
    ...started,
    ...Object.fromEntries(fields),
    ...(spelled === "" ? undefined : { arguments: parseJson(spelled) ?? spelled }),
    ...(contents.length === 0 ? undefined : { content: contents.map(wholeContent) }),
    ...(summary.length === 0 ? undefined : { summary: summary.map(wholeContent) }),
  };
  return [step, ...strays];
}

function wholeContent({ started, text, annotations }: Content): JsonRecord {
  const isText = started.type === "text" && (typeof started.text === "string" || isEmpty(started.text));
  return isText ? { ...started, text, annotations } : started;
}
