/** The part of VS Code's LogOutputChannel that is used. Tokens, headers and bodies never go in. */
export type Logger = {
  trace(message: string): void;
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
};
