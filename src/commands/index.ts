import * as vscode from "vscode";
import type { CommandNeeds } from "./table.ts";

/** What is registered of commands. */
export type Commands = vscode.Disposable & { ids: readonly string[] };

/** The IDs of the commands that an extension's manifest declares. */
function idsOf({ packageJSON }: vscode.Extension<unknown>): readonly string[] {
  const { contributes } = packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}

/**
 * Registers the commands of the manifest, which are those of the table; what runs them, and what they work with, is loaded with the
 * first one. A failure of any command is shown to the person who ran it.
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
