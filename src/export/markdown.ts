import { code, words } from "../chat/markdown-text.ts";
import { toMarkdown } from "../chat/markdown.ts";
import { readConversation } from "../chat/read.ts";
import { redact } from "../chat/redact/redact.ts";
import type { Log } from "../source/log.ts";
import type { ExportFormat } from "./format.ts";
import { redactLog } from "./row.ts";

const timeOf = ({ createdAt }: Log): string => createdAt.toISOString().replace("T", " ").replace("Z", " UTC");

function factsOf(log: Log): string[] {
  const { statusCode, durationMs, costUsd, metadata, check } = log;
  const tags = Object.entries(metadata).map(([key, value]) => `${code(key)} ${code(String(value))}`);
  return [
    `Log: ${code(log.id)}`,
    ...(check
      ? [`Guardrail: ${code(log.guardrails ?? check.name)}`]
      : [
          `Call: ${[log.endpoint, log.provider, log.path].flatMap((part) => (part ? code(part) : [])).join(" ")}`,
          `Status: ${statusCode ?? (log.success ? "success" : "error")}${log.cached ? ", from the cache" : ""}`,
        ]),
    ...(durationMs === undefined ? [] : [`Duration: ${durationMs} ms`]),
    ...(costUsd === undefined ? [] : [`Cost: $${costUsd.toFixed(6)}`]),
    ...(tags.length > 0 ? [`Metadata: ${tags.join(", ")}`] : []),
  ];
}

/** One document of all conversations, each under a level 1 heading with the time in UTC and the model. */
export const markdown: ExportFormat = {
  ending: ".md",
  bodies: "always",
  between: "\n---\n\n",
  entry({ log: given, exchange }, redaction) {
    const log = redactLog(given, redaction);
    if (!exchange) return undefined;
    const conversation = readConversation(exchange);
    return toMarkdown(redaction ? redact(conversation, redaction) : conversation, {
      title: `${timeOf(log)}, ${words(log.check?.name ?? log.model ?? (log.provider || (log.endpoint ?? log.id)))}`,
      facts: factsOf(log),
      notes: `${log.id.replaceAll(/[^\w-]/g, "")}-`,
    });
  },
};
