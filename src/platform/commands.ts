import * as vscode from "vscode";

/** Commands by their IDs: what each is called with. */
type CommandTypes<Commands> = Record<keyof Commands, (...args: never[]) => void>;

/** What runs each command of a table. */
export type Handlers<Commands extends CommandTypes<Commands>> = {
  [Id in keyof Commands]: (...args: Parameters<Commands[Id]>) => void | Promise<void>;
};

/**
 * How code reaches commands: a folder names those that it uses, and what it gives them. `src/commands/table.ts` checks that they
 * take that.
 */
export const commandsOf = <Commands extends CommandTypes<Commands>>() => ({
  /** Runs a command. */
  run: <Id extends keyof Commands & string>(id: Id, ...args: Parameters<Commands[Id]>): Thenable<unknown> =>
    vscode.commands.executeCommand(id, ...args),
  /** A command behind what is shown: a row, a lens. */
  behind: <Id extends keyof Commands & string>(
    id: Id,
    title: string,
    ...args: Parameters<Commands[Id]>
  ): vscode.Command => ({ command: id, title, arguments: args }),
  /** The address of a link that runs a command; what it is given is written as JSON. */
  link: <Id extends keyof Commands & string>(id: Id, ...args: Parameters<Commands[Id]>): vscode.Uri =>
    vscode.Uri.parse(`command:${id}?${encodeURIComponent(JSON.stringify(args))}`),
});
