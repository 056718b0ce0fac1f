import { readAnthropic } from "./oracle/anthropic.ts";
import { type Apart, compare } from "./oracle/compare.ts";
import { answering } from "./oracle/recorded.ts";
import { recordedFor } from "./oracle/sdk.ts";

const apart: Apart = {
  "anthropic--test-anthropic-instrumentation-completions-streaming-0-1e48d0": {
    why: "text completions, which this SDK no longer reads",
    told: ({ response }) => ({
      texts: [
        [...response.matchAll(/"completion":("(?:[^"\\]|\\.)*")/g)].map(([, text = ""]) => JSON.parse(text)).join(""),
      ],
      finish: ["stop_sequence"],
    }),
  },
};

compare(
  "@anthropic-ai/sdk",
  recordedFor("@anthropic-ai/sdk"),
  (recorded) => readAnthropic(answering(recorded), recorded.streaming),
  apart,
);
