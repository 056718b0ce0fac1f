import * as vscode from "vscode";
import type { CompareInput } from "./compare-logs.ts";
import type { ToolNeeds } from "./needs.ts";
import type { SearchInput } from "./search-logs.ts";

type Tool<Input> = {
  /** Progress message. */
  doing: string;
  /** Confirmation: recorded content leaves this window only after a yes. */
  asking: (input: Input) => Promise<vscode.LanguageModelToolConfirmationMessages>;
  run: (input: Input, signal: AbortSignal) => Promise<string>;
};

/** Creates a tool; its code is loaded on first use. All tools are read-only. */
const tool = <Input>({ doing, asking, run }: Tool<Input>): vscode.LanguageModelTool<Input> => ({
  prepareInvocation: async ({ input }) => ({ invocationMessage: doing, confirmationMessages: await asking(input) }),
  invoke: async ({ input }, token) =>
    new vscode.LanguageModelToolResult([
      new vscode.LanguageModelTextPart(await run(input, (await import("../platform/notify.ts")).signalOf(token))),
    ]),
});

const confirmations = () => import("./confirmations.ts");

/**
 * Returns the tools for language models to read logs, by their names in package.json. `load` returns their
 * dependencies.
 */
export function toolsOf(load: () => Promise<ToolNeeds>): Readonly<Record<string, vscode.LanguageModelTool<object>>> {
  const { t } = vscode.l10n;
  return {
    aiGateway_searchLogs: tool<SearchInput>({
      doing: t("Searching the logs of AI Gateway"),
      asking: async (input) => (await confirmations()).confirmSearch(input, await load()),
      run: async (input, signal) => (await import("./search-logs.ts")).searchLogs(input, await load(), signal),
    }),
    aiGateway_readLog: tool<{ id: string }>({
      doing: t("Reading a log of AI Gateway"),
      asking: async (input) => (await confirmations()).confirmRead(input),
      run: async ({ id }, signal) => (await import("./read-log.ts")).readLogOf(id, await load(), signal),
    }),
    aiGateway_compareLogs: tool<CompareInput>({
      doing: t("Comparing two logs of AI Gateway"),
      asking: async (input) => (await confirmations()).confirmCompare(input),
      run: async (input, signal) => (await import("./compare-logs.ts")).compareLogs(input, await load(), signal),
    }),
    aiGateway_debugCalls: tool<object>({
      doing: t("Reading the calls of the debug sessions"),
      asking: async () => (await confirmations()).confirmDebugCalls(await load()),
      run: async () => (await import("./debug-calls.ts")).debugCalls(await load()),
    }),
  };
}

/** Registers the tools for language models to read logs. */
export function registerTools(load: () => Promise<ToolNeeds>): vscode.Disposable {
  return vscode.Disposable.from(
    ...Object.entries(toolsOf(load)).map(([name, one]) => vscode.lm.registerTool(name, one)),
  );
}
