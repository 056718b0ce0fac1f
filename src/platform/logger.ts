/** The used subset of VS Code's LogOutputChannel. Tokens, headers and bodies never go in. */
export type Logger = {
  trace(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
};
