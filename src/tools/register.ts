import * as vscode from "vscode";
import { signalOf } from "../notify.ts";
import type { CompareInput } from "./compareLogs.ts";
import type { ToolNeeds } from "./needs.ts";
import type { SearchInput } from "./searchLogs.ts";

type Tool<Input> = {
  /** What is said while it runs. */
  doing: (input: Input) => string;
  /** What is asked before: where recorded words leave this window. */
  asking?: (input: Input) => { title: string; message: string };
  run: (input: Input, signal: AbortSignal) => Promise<string>;
};

/** Registers a tool under its name in package.json; what it does is loaded when it is first used. All tools only read. */
function register<Input>(name: string, { doing, asking, run }: Tool<Input>): vscode.Disposable {
  return vscode.lm.registerTool<Input>(name, {
    prepareInvocation: ({ input }) => {
      const asked = asking?.(input);
      return { invocationMessage: doing(input), ...(asked ? { confirmationMessages: asked } : {}) };
    },
    invoke: async ({ input }, token) =>
      new vscode.LanguageModelToolResult([new vscode.LanguageModelTextPart(await run(input, signalOf(token)))]),
  });
}

/** Registers the tools by which a language model can look at logs. */
export function registerTools(needs: ToolNeeds): vscode.Disposable {
  const { t } = vscode.l10n;
  const leaves = t(
    "What the program asked and what came back goes to the language model that you chat with. API keys, tokens, e-mail addresses and card numbers are taken out, as far as they can be recognised.",
  );
  return vscode.Disposable.from(
    register<SearchInput>("aiGateway_searchLogs", {
      doing: () => t("Searching the logs of AI Gateway"),
      run: async (input, signal) => (await import("./searchLogs.ts")).searchLogs(input, needs, signal),
    }),
    register<{ id: string }>("aiGateway_readLog", {
      doing: ({ id }) => t("Reading the log {0}", id),
      asking: ({ id }) => ({ title: t("Give the log {0} to the language model?", id), message: leaves }),
      run: async ({ id }, signal) => (await import("./readLog.ts")).readLogOf(id, needs, signal),
    }),
    register<CompareInput>("aiGateway_compareLogs", {
      doing: ({ first, second }) => t("Comparing the logs {0} and {1}", first, second),
      asking: ({ first, second }) => ({
        title: t("Give the logs {0} and {1} to the language model?", first, second),
        message: leaves,
      }),
      run: async (input, signal) => (await import("./compareLogs.ts")).compareLogs(input, needs, signal),
    }),
    register<object>("aiGateway_debugCalls", {
      doing: () => t("Looking at the calls of the debug sessions"),
      run: async () => (await import("./debugCalls.ts")).debugCalls(needs),
    }),
  );
}
