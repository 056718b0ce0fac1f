/** A tool as a program declares it: a name, what it does, and its parameters by name. */
export type Tool = { name: string; description: string; parameters: Record<string, string> };

export type ToolCall = { id: string; name: string; input: Record<string, unknown> };

export type Turn =
  | { from: "user"; text: string; picture?: string }
  | { from: "assistant"; text?: string; calls?: ToolCall[] }
  | { from: "tool"; call: ToolCall; result: unknown };

/** An exchange before it is put into a provider's words: what was asked and what came back. */
export type Talk = {
  system?: string;
  tools?: Tool[];
  turns: Turn[];
  reasoning?: string;
  answer: string;
  calls?: ToolCall[];
  settings?: Record<string, unknown>;
};

/** A talk in a provider's words. Streams are server-sent events. */
export type Wire = { path: string; request: unknown; response: unknown; stream?: string };

/** What a wire format is told besides the talk. */
export type Setting = { model: string; id: string; tokensIn: number; tokensOut: number; time: Date; streamed: boolean };

/** JSON Schema of a tool's parameters. */
export function parametersOf(tool: Tool): Record<string, unknown> {
  const properties = Object.fromEntries(
    Object.entries(tool.parameters).map(([name, description]) => [name, { type: "string", description }]),
  );
  return { type: "object", properties, required: Object.keys(tool.parameters) };
}

/** A text in the pieces a stream would bring. */
export function pieces(text: string): string[] {
  return text.match(/\s*\S{1,14}\s*(?:\S{1,10})?/gu) ?? [];
}

/** Server-sent events of these objects; with `names`, each with its event's name. */
export function events(chunks: Record<string, unknown>[], options: { names?: boolean; done?: boolean } = {}): string {
  const lines = chunks.map((chunk) => {
    const name = options.names === true && typeof chunk["type"] === "string" ? `event: ${chunk["type"]}\n` : "";
    return `${name}data: ${JSON.stringify(chunk)}\n\n`;
  });
  return lines.join("") + (options.done === true ? "data: [DONE]\n\n" : "");
}
