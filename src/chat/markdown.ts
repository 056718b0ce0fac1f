import {
  type Citation,
  type Conversation,
  type Message,
  type Part,
  type Step,
  type Usage,
  isCompaction,
} from "./conversation.ts";
import { keepSpelling } from "./json/exact-number.ts";
import { isRecord } from "./json/json.ts";
import { code, fence, link, prose, quote, words } from "./markdown-text.ts";
import { writeJson } from "./json/to-json.ts";

/** Results nested deeper than this become JSON. */
const MAX_NESTING = 8;

const FIRST_NUMBERS = 8;

/** A long string of only base64, alone or as a `data:` URL. */
const BASE64 = /^(?:data:[^,]{0,200},)?([A-Za-z0-9+/_\r\n-]{256,}={0,2})\s{0,2}$/;

/** State while a document is written. */
type Writing = {
  /** Tool names by call ID. */
  callNames: Map<string, string>;
  /** Footnote names by text. */
  footnotes: Map<string, string>;
  /** Prefix of footnote names. */
  notes: string;
};

/** The heading of one document among several in a file. Both are Markdown. */
export type Heading = {
  title: string;
  /** Listed under the heading, before the conversation's own facts. */
  facts: readonly string[];
  /** Prefix that keeps its footnotes apart from the others': letters, digits, - and _. */
  notes: string;
};

const ALONE: Heading = { title: "Conversation", facts: [], notes: "" };

/**
 * Writes the conversation as a Markdown document (GitHub flavor) for people: level 2 headings are messages, level 3
 * their parts; tools, settings and other fields are folded JSON. Texts are verbatim but can't affect what surrounds
 * them (see `prose`). Media are named by kind, type and size, never as base64, unless it's within a text.
 */
export function toMarkdown(conversation: Conversation, { title, facts, notes }: Heading = ALONE): string {
  const { messages, answers, tools, settings, error, steps, envelope } = conversation;
  const writing: Writing = { callNames: callNamesIn([...messages, ...answers]), footnotes: new Map(), notes };
  const blocks = [
    `# ${title}`,
    summary(conversation, facts),
    ...(tools.length > 0 ? [folded(`Tools (${tools.length})`, tools)] : []),
    ...(Object.keys(settings).length > 0 ? [folded("Settings", settings)] : []),
    ...messages.flatMap((message) => section(roleName(message), message, writing)),
    ...answers.flatMap((answer, index) => section(answerName(answer, index, answers.length), answer, writing)),
    ...(error === undefined ? [] : errorBlocks(error)),
    ...(steps === undefined ? [] : ["## Steps", ...steps.flatMap(stepBlocks)]),
    ...(envelope === undefined ? [] : [folded("Rest of the response", envelope)]),
    ...[...writing.footnotes].map(([text, name]) => `[^${name}]: ${text}`),
  ];
  return `${blocks.filter((block) => block !== "").join("\n\n")}\n`;
}

function summary(
  { format, model, usage, complete, replaced, unstored }: Conversation,
  facts: readonly string[],
): string {
  const lines = [
    ...facts,
    ...(model === undefined ? [] : [`Model: ${code(model)}`]),
    `Format: ${code(format)}`,
    ...(usage === undefined ? [] : [`Usage: ${usageLine(usage)}`]),
    ...(unstored === true ? ["Not stored: the answer was announced, but its content was not recorded"] : []),
    ...(replaced === undefined
      ? []
      : [`Not all UTF-8: � stands for bytes of the ${replaced.join(" and the ")} that are no text`]),
    ...(complete ? [] : ["Incomplete: the recording is cut short, or a body is missing"]),
  ];
  return lines.map((line) => `- ${line}`).join("\n");
}

function usageLine({ tokensIn, tokensOut, tokensTotal, tokensCached, tokensReasoning }: Usage): string {
  const counts = [
    [tokensIn, "tokens in"],
    [tokensCached, "of them cached"],
    [tokensOut, "tokens out"],
    [tokensReasoning, "of them reasoning"],
    [tokensTotal, "in total"],
  ] as const;
  return counts.flatMap(([count, label]) => (count === undefined ? [] : [`${count} ${label}`])).join(", ");
}

function roleName({ role }: Message): string {
  return `${role.slice(0, 1).toUpperCase()}${role.slice(1)}`;
}

function answerName(answer: Message, index: number, count: number): string {
  const role = answer.role === "assistant" ? "" : ` (${answer.role})`;
  return count === 1 ? `Answer${role}` : `Answer ${index + 1} of ${count}${role}`;
}

function section(title: string, { name, finishReason, parts, details }: Message, writing: Writing): string[] {
  const reason = finishReason === undefined ? "" : `, finish reason ${code(finishReason)}`;
  return [
    `## ${title}${name === undefined ? "" : ` ${code(name)}`}${reason}`,
    ...partsBlocks(parts, 0, writing),
    ...(details === undefined ? [] : [folded("Details", details)]),
  ];
}

function partsBlocks(parts: Part[], depth: number, writing: Writing): string[] {
  return parts.flatMap((part, index) => {
    const previous = parts[index - 1];
    // Otherwise a text would seem to belong to the preceding call or result.
    const isApart = part.type === "text" && previous !== undefined && previous.type !== "text";
    const details = part.details === undefined ? [] : [folded("Details", part.details)];
    return [...(isApart ? [headingOf("Text", depth)] : []), ...partBlocks(part, depth, writing), ...details];
  });
}

function partBlocks(part: Part, depth: number, writing: Writing): string[] {
  const titled = (title: string, ...blocks: string[]): string[] => [headingOf(title, depth), ...blocks];
  switch (part.type) {
    case "text":
      // A result is more often data than prose, and the least trusted.
      return [
        depth === 0 || part.text === "" ? prose(part.text) : fence(part.text),
        sources(part.citations ?? [], writing),
      ];
    case "reasoning": {
      const title = isCompaction(part) ? "Compaction" : "Reasoning";
      return titled(
        part.redacted === true ? `${title} (redacted by the provider)` : title,
        part.text === "" ? "" : quote(prose(part.text)),
      );
    }
    case "refusal":
      return titled("Refusal", prose(part.text));
    case "toolCall":
      return titled(`Tool call ${code(part.name)}${idOf(part.id)}`, argumentsBlock(part.arguments));
    case "toolResult": {
      const name = part.name ?? (part.id === undefined ? undefined : writing.callNames.get(part.id));
      const title = `Tool result${name === undefined ? "" : ` ${code(name)}`}${idOf(part.id)}`;
      return titled(
        part.isError === true ? `${title}: error` : title,
        ...(depth < MAX_NESTING ? partsBlocks(part.parts, depth + 1, writing) : [jsonFence(part.parts)]),
      );
    }
    case "media":
      return titled(`${part.media.slice(0, 1).toUpperCase()}${part.media.slice(1)}`, mediaLine(part));
    case "embedding":
      return titled("Embedding", embeddingLine(part.values));
    case "data":
      return titled("Data", jsonFence(part.value));
    case "unknown":
      return titled("Unknown", jsonFence(part.value));
  }
}

function headingOf(title: string, depth: number): string {
  return `${"#".repeat(Math.min(6, 3 + depth))} ${title}`;
}

function idOf(id: string | undefined): string {
  return id === undefined ? "" : ` (${code(id)})`;
}

function argumentsBlock(given: unknown): string {
  if (given === undefined) return "";
  return typeof given === "string" ? fence(given) : jsonFence(given);
}

function mediaLine({ media, name, mimeType, url, data }: Extract<Part, { type: "media" }>): string {
  const facts = [
    ...(name === undefined ? [] : [code(name)]),
    ...(mimeType === undefined ? [] : [code(mimeType)]),
    ...(data === undefined ? [] : [`${Buffer.byteLength(data, "base64")} bytes`]),
    ...(url === undefined ? [] : [link(url)]),
  ];
  return facts.length > 0 ? facts.join(", ") : `(${media} without content)`;
}

function embeddingLine(values: number[]): string {
  const first = values.slice(0, FIRST_NUMBERS).join(", ");
  return `${values.length} dimensions: ${first}${values.length > FIRST_NUMBERS ? ", …" : ""}`;
}

function sources(citations: Citation[], { footnotes, notes }: Writing): string {
  const marks = new Set<string>();
  for (const citation of citations) {
    const text = footnote(citation);
    const name = footnotes.get(text) ?? `${notes}${footnotes.size + 1}`;
    footnotes.set(text, name);
    marks.add(`[^${name}]`);
  }
  return marks.size > 0 ? `Sources: ${[...marks].join(" ")}` : "";
}

function footnote(citation: Citation): string {
  const { title, url, text } = citation;
  const facts = [
    ...(title === undefined ? [] : [words(title)]),
    ...(url === undefined ? [] : [link(url)]),
    ...(text === undefined ? [] : [`“${words(text)}”`]),
  ];
  return facts.length > 0 ? facts.join(", ") : code(json(citation));
}

function errorBlocks({ message, type, code: number, details }: NonNullable<Conversation["error"]>): string[] {
  const kind = [type, number].flatMap((fact) => (fact === undefined ? [] : [code(String(fact))])).join(" ");
  return [
    kind === "" ? "## Error" : `## Error ${kind}`,
    prose(message),
    ...(details === undefined ? [] : [folded("Details", details)]),
  ];
}

function stepBlocks({ provider, path, shown, request }: Step, index: number): string[] {
  const title = `### Step ${index + 1}: ${code(provider)} ${code(path)}${shown ? " (shown above)" : ""}`;
  // The messages of the step that is shown appear already.
  const isTold = ([key]: [string, unknown]): boolean => shown && key === "query";
  const rest = isRecord(request)
    ? keepSpelling(request, Object.fromEntries(Object.entries(request).filter((entry) => !isTold(entry))))
    : request;
  return [title, folded("Request", rest)];
}

function callNamesIn(messages: Message[]): Map<string, string> {
  const names = new Map<string, string>();
  for (const { parts } of messages) {
    for (const part of parts) if (part.type === "toolCall" && part.id !== undefined) names.set(part.id, part.name);
  }
  return names;
}

/** `title`: never recorded content. */
function folded(title: string, value: unknown): string {
  return `<details>\n<summary>${title}</summary>\n\n${jsonFence(value)}\n\n</details>`;
}

function jsonFence(value: unknown): string {
  return fence(json(value), "json");
}

function json(value: unknown): string {
  return writeJson(value, (text) => {
    const base64 = text.length < 256 ? undefined : BASE64.exec(text)?.[1];
    return base64 === undefined ? text : `[base64, ${Buffer.byteLength(base64, "base64")} bytes]`;
  });
}
