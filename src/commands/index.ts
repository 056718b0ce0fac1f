import * as vscode from "vscode";
import { showError } from "../notify.ts";
import type { CommandNeeds } from "./needs.ts";

/** The commands that an extension's manifest declares. */
export function commandIds({ packageJSON }: vscode.Extension<unknown>): readonly string[] {
  const { contributes } = packageJSON as { contributes: { commands: { command: string }[] } };
  return contributes.commands.map(({ command }) => command);
}

/**
 * Registers the commands of these ids, which are those of the table; what runs them is loaded with the first one. A failure of
 * any command is told to the person who ran it.
 */
export function registerCommands(ids: readonly string[], needs: CommandNeeds): vscode.Disposable[] {
  let handlers: Promise<ReadonlyMap<string, (...args: unknown[]) => unknown>> | undefined;
  const load = async () => {
    const { commandTable } = await import("./table.ts");
    return new Map(Object.entries(commandTable(needs))) as ReadonlyMap<string, (...args: unknown[]) => unknown>;
  };
  return ids.map((id) =>
    vscode.commands.registerCommand(id, async (...args: unknown[]) => {
      try {
        await (await (handlers ??= load())).get(id)?.(...args);
      } catch (error) {
        showError(error, needs.format, needs.logger);
      }
    }),
  );
}
