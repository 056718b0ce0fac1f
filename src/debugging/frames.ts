import type * as vscode from "vscode";
import type { SeenId } from "./core/scanner.ts";
import type { LogIds } from "../logs/log-ids.ts";
import { idsCarriedBy, idsOfResult, type Variable } from "./core/values.ts";
import { variablesIn } from "./core/adapter-message.ts";
import { debugEvaluate } from "../platform/settings.ts";

/** The variables of a frame with IDs, by name. */
export type Carriers = ReadonlyMap<string, readonly SeenId[]>;

/** The variable names of a frame, and the variables with IDs. */
export type Frame = { names: readonly string[]; carriers: Carriers };

/** How log IDs are found in values, and the header with one in an answer. */
type IdNaming = { ids: LogIds; header: string };

/** Maximum number of requests to the adapter per frame: what a user would expand, and no more. */
const MOST_REQUESTS = 120;
/** Maximum number of requests per variable. */
const MOST_FOR_ONE = 16;
/** Maximum number of variables per frame. */
const MOST_VARIABLES = 200;

/** Expressions that read the ID from a response by running code of the program, for languages with such responses. */
const EXPRESSIONS: Readonly<Record<string, (name: string, header: string) => string>> = {
  js: (name, header) => `${name}?.headers?.get?.("${header}") ?? ${name}?.response?.headers?.get?.("${header}")`,
  py: (name, header) => `getattr(${name}, "headers", {}).get("${header}")`,
  go: (name, header) => `${name}.Header.Get("${header}")`,
  cs: (name, header) => `string.Join("", ${name}.Headers.GetValues("${header}"))`,
};

function languageOf(type: string): string | undefined {
  if (/node|chrome|edge|extensionHost|bun|deno/i.test(type)) return "js";
  if (/python|debugpy/i.test(type)) return "py";
  if (/^go$|delve/i.test(type)) return "go";
  return /clr|dotnet/i.test(type) ? "cs" : undefined;
}

/** Returns whether a scope belongs to the function or module: others may have thousands of variables. */
function isOwn(scope: unknown): scope is { variablesReference: number } {
  if (typeof scope !== "object" || scope === null) return false;
  const { variablesReference, expensive, endLine } = scope as Record<string, unknown>;
  return typeof variablesReference === "number" && (expensive !== true || endLine !== undefined);
}

/** Reads the variables with IDs in a stopped frame, once per stop: frame numbers are reused after a step. */
export class Frames {
  readonly #naming: IdNaming;
  readonly #known = new Map<string, Promise<Frame>>();

  constructor(naming: IdNaming) {
    this.#naming = naming;
  }

  /** Clears the cache: the program has moved. */
  clear(): void {
    this.#known.clear();
  }

  /** Reads a frame through its session; with `isDeep`, also below its variables. Rejects if the session does. */
  read(session: vscode.DebugSession, frameId: number, isDeep: boolean): Promise<Frame> {
    const key = `${session.id} ${frameId} ${isDeep}`;
    let known = this.#known.get(key);
    if (!known) {
      known = readFrame(this.#naming, session, frameId, isDeep);
      known.catch(() => this.#known.delete(key));
      this.#known.set(key, known);
    }
    return known;
  }
}

async function readFrame(
  naming: IdNaming,
  session: vscode.DebugSession,
  frameId: number,
  isDeep: boolean,
): Promise<Frame> {
  const children = async (variablesReference: number): Promise<Variable[]> =>
    variablesIn(await session.customRequest("variables", { variablesReference }));
  const body = (await session.customRequest("scopes", { frameId })) as { scopes?: unknown };
  const scopes = Array.isArray(body.scopes) ? body.scopes.filter(isOwn) : [];
  const variables = new Map<string, Variable>();
  for (const { variablesReference } of scopes) {
    // The innermost variable of a name is the one in scope.
    for (const variable of await children(variablesReference))
      if (!variables.has(variable.name)) variables.set(variable.name, variable);
  }
  const carriers = new Map<string, readonly SeenId[]>();
  const left = { requests: MOST_REQUESTS };
  for (const variable of [...variables.values()].slice(0, MOST_VARIABLES)) {
    const budget = { requests: isDeep ? Math.min(MOST_FOR_ONE, left.requests) : 0 };
    const before = budget.requests;
    let ids: readonly SeenId[] = await idsCarriedBy(naming.ids, variable, children, budget);
    left.requests -= before - budget.requests;
    if (ids.length === 0 && isDeep && debugEvaluate() && variable.variablesReference)
      ids = await evaluated(naming, session, frameId, variable);
    if (ids.length > 0) carriers.set(variable.name, ids);
  }
  return { names: [...variables.keys()], carriers };
}

/** Evaluates the ID with the program's own code: only if the setting allows it. */
async function evaluated(
  { ids, header }: IdNaming,
  session: vscode.DebugSession,
  frameId: number,
  { name }: Variable,
): Promise<readonly SeenId[]> {
  const language = languageOf(session.type);
  const expression = language === undefined ? undefined : EXPRESSIONS[language]?.(name, header);
  if (expression === undefined || !/^[\w$]+$/.test(name)) return [];
  try {
    const answer = (await session.customRequest("evaluate", { expression, frameId, context: "watch" })) as {
      result?: unknown;
    };
    return typeof answer.result === "string" ? idsOfResult(ids, expression, answer.result) : [];
  } catch {
    return []; // Not a server's response.
  }
}
