/**
 * Prefix of every test token. Tests search for it wherever it must not be: in logs, messages, files and printed lines.
 */
export const CANARY = "tok_CANARY_";
