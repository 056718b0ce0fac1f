/** Every token of the tests begins so. It is looked for wherever it must not be: in logs, messages, files and printed lines. */
export const CANARY = "tok_CANARY_";
