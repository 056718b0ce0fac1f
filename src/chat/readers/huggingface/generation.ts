import type { Message, Usage } from "../../conversation.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  listOf,
  numberOf,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import type { ResponseReading } from "../../reader.ts";

const GENERATED_KEYS = new Set(["generated_text", "details"]);
const DETAIL_KEYS = new Set(["finish_reason", "best_of_sequences", "generated_text"]);

/** Reads generated texts, one answer each; the other sequences of a `best_of` are answers too. */
export function readGenerated(bodies: unknown[]): Omit<ResponseReading, "complete"> {
  const answers: Message[] = [];
  for (const body of bodies) {
    if (!isRecord(body)) {
      answers.push({ role: "assistant", parts: [{ type: "unknown", value: body }] });
      continue;
    }
    const details = recordOf(body.details);
    answers.push(answerOf(body.generated_text, details, restOf(body, GENERATED_KEYS)));
    for (const sequence of listOf(details?.best_of_sequences).filter(isRecord)) {
      answers.push(answerOf(sequence.generated_text, sequence));
    }
  }
  const usage = usageOf(bodies.map((body) => recordOf(recordOf(body)?.details)));
  return { answers, ...present({ usage }) };
}

function answerOf(value: unknown, given: JsonRecord | undefined, around?: JsonRecord): Message {
  const text = textOf(value);
  const details = { ...around, ...(given === undefined ? undefined : restOf(given, DETAIL_KEYS)) };
  return {
    role: "assistant",
    parts:
      text !== undefined
        ? [{ type: "text", text }]
        : isEmpty(value)
          ? []
          : [{ type: "unknown", value: { generated_text: value } }],
    ...present({
      finishReason: textOf(given?.finish_reason),
      details: isEmpty(details) ? undefined : details,
    }),
  };
}

// A stream gives the prompt's length; a plain answer lists its tokens, if requested.
function usageOf(details: (JsonRecord | undefined)[]): Usage | undefined {
  const told = details.map((one) => ({
    tokensIn: numberOf(one?.input_length) ?? (listOf(one?.prefill).length || undefined),
    tokensOut: numberOf(one?.generated_tokens),
  }));
  const usage = present({
    tokensIn: sumOf(told.map(({ tokensIn }) => tokensIn)),
    tokensOut: sumOf(told.map(({ tokensOut }) => tokensOut)),
  });
  return isEmpty(usage) ? undefined : usage;
}

function sumOf(counts: (number | undefined)[]): number | undefined {
  let sum: number | undefined;
  for (const count of counts) if (count !== undefined) sum = (sum ?? 0) + count;
  return sum;
}
