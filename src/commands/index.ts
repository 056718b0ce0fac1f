import * as vscode from "vscode";
import type { CommandNeeds } from "./needs.ts";

/** The commands that an extension's manifest declares. */
export function commandIds({ packageJSON }: vscode.Extension<unknown>): readonly string[] {
  const { contributes } = packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}

/**
 * Registers the commands of these ids, which are those of the table; what runs them, and what they work with, is loaded with the
 * first one. A failure of
 * any command is told to the person who ran it.
 */
export function registerCommands(ids: readonly string[], load: () => Promise<CommandNeeds>): vscode.Disposable[] {
  let handlers: Promise<ReadonlyMap<string, (...args: unknown[]) => unknown>> | undefined;
  const loadHandlers = async () => {
    const [{ commandTable }, needs] = await Promise.all([import("./table.ts"), load()]);
    return new Map(Object.entries(commandTable(needs))) as ReadonlyMap<string, (...args: unknown[]) => unknown>;
  };
  return ids.map((id) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await (await (handlers ??= loadHandlers())).get(id)?.(...args);
      } catch (error) {
        const [{ showError }, { format, logger }] = await Promise.all([import("../platform/notify.ts"), load()]);
        showError(error, format, logger);
      }
    }),
  );
}
