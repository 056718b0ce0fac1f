import { isKey, isSecretName } from "../../logs/secret-context.ts";
import type { LogIds } from "../../logs/log-ids.ts";
import type { SeenId } from "./scanner.ts";

/** The relevant part of a variable of the Debug Adapter Protocol. */
export type Variable = {
  name: string;
  value: string;
  /** Reference to request its children; 0 if there are none. */
  variablesReference?: number;
  /** `lazy`: reading its value runs code of the program. */
  presentationHint?: { lazy?: boolean };
};

const isSure = ({ sure }: SeenId): boolean => sure;

const MEMBER = /^(?:log|event)_?id$/i;

/** `"x"`, `'x'`, `b'x'` → x: string literals of different languages. */
const unquoted = (text: string): string => /^[bu]?(["'`])(.*)\1$/s.exec(text)?.[2] ?? text;

/** Returns a value that may be an ID of any kind. */
function idOf(value: string): string | undefined {
  const text = unquoted(value.trim());
  return /^[\w.:~-]{8,128}$/.test(text) ? text : undefined;
}

function idsUnder(ids: LogIds, name: string, value: string): SeenId[] {
  const key = unquoted(name);
  const sure = ids.isName(key);
  // Parsed like output after the name: the value may be a list of one.
  const shaped = ids.locate(sure ? `${ids.names.binding}: ${value}` : value);
  if (sure && shaped.length > 0) return shaped.map(({ id }) => ({ id, sure }));
  const own = sure || MEMBER.test(key) ? idOf(value) : undefined;
  if (own !== undefined && (sure ? !isKey(own) : /\d/.test(own))) return [{ id: own, sure }];
  const seen = shaped.map(({ id, sure }) => ({ id, sure }));
  return isSecretName(key, unquoted(value)) ? seen.filter(isSure) : seen;
}

/** Returns the name of an entry that is shown as two variables: `0: 'authorization', 1: '…'`. */
const nameOfPair = (variables: readonly Variable[]): string | undefined =>
  variables.find(({ name }) => ["key", "name", "0"].includes(unquoted(name)))?.value;

/** Finds the IDs in variables shown together by a debugger: by names and values, and in previews. Excludes secrets. */
export function idsOfVariables(ids: LogIds, variables: readonly Variable[]): SeenId[] {
  const pair = nameOfPair(variables);
  const all = variables.flatMap(({ name, value }) =>
    idsUnder(ids, pair !== undefined && ["value", "1"].includes(unquoted(name)) ? pair : name, value),
  );
  const found = new Map<string, SeenId>();
  for (const { id, sure } of all) found.set(id, { id, sure: sure || found.get(id)?.sure === true });
  return [...found.values()];
}

/** Finds the IDs in the result of an expression: none if it names a secret. */
export function idsOfResult(ids: LogIds, expression: string, result: string): SeenId[] {
  const header = ids.names.headers.exec(expression)?.[0];
  const names = expression.match(/[\w$-]+/g) ?? [];
  const secret = names.find((name) => isSecretName(name, unquoted(result)));
  return idsUnder(ids, header ?? secret ?? names.at(-1) ?? "", result);
}

/** Members on the way from a response to its headers. */
const LEADS =
  /head(?:er)?s|response|^#?_?state$|\[\[Entries\]\]|^(?:#|_)?raw|^(?:_?store|map|entries|extra|meta(?:data)?)$/i;
/** Functions, classes and modules, and the preview of a getter. */
const RUNS = /^(?:ƒ|class |<class|<function|<bound|<module|func\b)/;
const DEEPEST = 8;
/** Maximum number of children searched per variable. */
const MOST_CHILDREN = 6;

/** Remaining requests for children. */
export type Budget = { requests: number };

/**
 * Finds the IDs carried by a variable, such as a response with its headers, wherever its library keeps them. Reads what
 * the debugger shows below it, as if a user expanded it, and nothing that would run code of the program.
 */
export async function idsCarriedBy(
  ids: LogIds,
  variable: Variable,
  children: (reference: number) => Promise<readonly Variable[]>,
  budget: Budget,
  depth = 0,
): Promise<SeenId[]> {
  const own = depth === 0 ? idsOfVariables(ids, [variable]) : [];
  const reference = variable.variablesReference ?? 0;
  if (own.some(isSure) || reference === 0 || depth >= DEEPEST || budget.requests <= 0) return own;
  if (variable.presentationHint?.lazy === true || RUNS.test(variable.value)) return own;
  budget.requests--;
  const below = await children(reference);
  const found = [...own, ...idsOfVariables(ids, below)];
  if (found.some(isSure)) return found;
  const { lead, preview } = ids.names;
  const next = below
    .filter(({ name, value }) => LEADS.test(name) || lead.test(name) || preview.test(value))
    .sort((a, b) => Number(preview.test(b.name + b.value)) - Number(preview.test(a.name + a.value)))
    .slice(0, MOST_CHILDREN);
  for (const child of next) {
    const deeper = await idsCarriedBy(ids, child, children, budget, depth + 1);
    if (deeper.some(isSure)) return deeper;
  }
  return found;
}
