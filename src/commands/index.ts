import * as vscode from "vscode";
import type { CommandNeeds } from "./table.ts";

/** The registration of the commands. */
export type Commands = vscode.Disposable & { ids: readonly string[] };

/** Returns the IDs of the commands declared in an extension's manifest. */
function idsOf({ packageJSON }: vscode.Extension<unknown>): readonly string[] {
  const { contributes } = packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}

/**
 * Registers the manifest's commands, which are those of the table; the handlers and their dependencies are loaded with
 * the first one. Shows any command's failure to the user.
 */
export function registerCommands(extension: vscode.Extension<unknown>, load: () => Promise<CommandNeeds>): Commands {
  let handlers: Promise<ReadonlyMap<string, (...args: unknown[]) => unknown>> | undefined;
  const loadHandlers = async () => {
    const [{ commandTable }, needs] = await Promise.all([import("./table.ts"), load()]);
    return new Map(Object.entries(commandTable(needs))) as ReadonlyMap<string, (...args: unknown[]) => unknown>;
  };
  const ids = idsOf(extension);
  const registered = ids.map((id) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await (await (handlers ??= loadHandlers())).get(id)?.(...args);
      } catch (error) {
        const [{ showError }, { format, logger }] = await Promise.all([import("../platform/notify.ts"), load()]);
        showError(error, format, logger);
      }
    }),
  );
  return { ids, dispose: () => vscode.Disposable.from(...registered).dispose() };
}
