/** A tool declaration: name, description, and parameters by name. */
export type Tool = { name: string; description: string; parameters: Record<string, string> };

export type ToolCall = { id: string; name: string; input: Record<string, unknown> };

export type Turn =
  | { from: "user"; text: string; picture?: string }
  | { from: "assistant"; text?: string; calls?: ToolCall[] }
  | { from: "tool"; call: ToolCall; result: unknown };

/** An exchange in no provider's format: questions and answers. */
export type Talk = {
  system?: string;
  tools?: Tool[];
  turns: Turn[];
  reasoning?: string;
  answer: string;
  calls?: ToolCall[];
  settings?: Record<string, unknown>;
};

/** A talk in a provider's format. Streams are server-sent events. */
export type Wire = { path: string; request: unknown; response: unknown; stream?: string };

/** Inputs of a wire format in addition to the talk. */
export type Setting = { model: string; id: string; tokensIn: number; tokensOut: number; time: Date; streamed: boolean };

/** JSON Schema of a tool's parameters. */
export function parametersOf(tool: Tool): Record<string, unknown> {
  const properties = Object.fromEntries(
    Object.entries(tool.parameters).map(([name, description]) => [name, { type: "string", description }]),
  );
  return { type: "object", properties, required: Object.keys(tool.parameters) };
}

/** Splits a text into pieces like a stream's. */
export function pieces(text: string): string[] {
  return text.match(/\s*\S{1,14}\s*(?:\S{1,10})?/gu) ?? [];
}

/** Serializes objects as server-sent events; `names` adds event names. */
export function events(chunks: Record<string, unknown>[], options: { names?: boolean; done?: boolean } = {}): string {
  const lines = chunks.map((chunk) => {
    const name = options.names === true && typeof chunk["type"] === "string" ? `event: ${chunk["type"]}\n` : "";
    return `${name}data: ${JSON.stringify(chunk)}\n\n`;
  });
  return lines.join("") + (options.done === true ? "data: [DONE]\n\n" : "");
}
