import * as vscode from "vscode";

/** Types of debug sessions whose configurations have an `env` that is a map of variables. */
const TYPES = [
  "node",
  "pwa-node",
  "node-terminal",
  "python",
  "debugpy",
  "go",
  "java",
  "coreclr",
  "php",
  "lldb",
  "cppdbg",
];

const isMap = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Returns a configuration with the variables that it doesn't set itself; an attached program already has its own. */
export function withVariables(
  configuration: vscode.DebugConfiguration,
  variables: Readonly<Record<string, string>>,
): vscode.DebugConfiguration {
  if (configuration.request === "attach") return configuration;
  const own: unknown = configuration["env"];
  return own === undefined || isMap(own) ? { ...configuration, env: { ...variables, ...own } } : configuration;
}

/** Gives debug sessions the variables as they start, until it's disposed. */
export function recordDebugSessions(variables: Readonly<Record<string, string>>): vscode.Disposable {
  let isTold = false;
  const tell = () => {
    if (isTold) return;
    isTold = true;
    void vscode.window.showInformationMessage(
      vscode.l10n.t(
        "Calls of the program that you attached to aren't recorded. Start it from a new terminal, or launch it with the debugger.",
      ),
    );
  };
  const provider: vscode.DebugConfigurationProvider = {
    resolveDebugConfigurationWithSubstitutedVariables: (_folder, configuration) => {
      if (configuration.request === "attach") tell();
      return withVariables(configuration, variables);
    },
  };
  return vscode.Disposable.from(
    ...TYPES.map((type) => vscode.debug.registerDebugConfigurationProvider(type, provider)),
  );
}
