import { type JsonRecord, isRecord, textOf } from "../../json/json.ts";
import { field } from "./fields.ts";

type Step = string | number;
type Leaf = { value: unknown };
/** An object or a list that may still grow. */
type Open = { entries: Map<Step, Open | Leaf>; isList: boolean };

/** The arguments of a streamed call, and pieces that don't fit. */
export type PartialArgs = { root: Open; strays: unknown[] };

/** Deeper than anything real; recursive readers of the arguments must survive it. */
const MAX_STEPS = 100;
const STEP = /\.([^.[\]]+)|\[(\d+)\]|\[(?:'((?:[^'\\]|\\.)*)'|"((?:[^"\\]|\\.)*)")\]/y;

/** Returns empty arguments. */
export function openArgs(): PartialArgs {
  return { root: { entries: new Map(), isList: false }, strays: [] };
}

/**
 * Adds one of a call's `partialArgs`: `{jsonPath: "$.a.b[0]", stringValue}`; texts for one path are concatenated. A
 * piece without a valid path is kept in `strays`.
 */
export function addPartialArg(args: PartialArgs, piece: unknown): void {
  const steps = isRecord(piece) ? stepsOf(textOf(field(piece, "jsonPath")) ?? "") : undefined;
  const last = steps?.pop();
  const isPlaced = isRecord(piece) && steps !== undefined && last !== undefined && put(args.root, steps, last, piece);
  if (!isPlaced) args.strays.push(piece);
}

/** Returns the arguments received so far. */
export function wholeArgs({ root }: PartialArgs): unknown {
  return wholeOf(root);
}

function wholeOf(node: Open | Leaf): unknown {
  if ("value" in node) return node.value;
  if (node.isList) return [...node.entries.values()].map(wholeOf);
  return Object.fromEntries([...node.entries].map(([key, child]) => [key, wholeOf(child)]));
}

function put(root: Open, steps: Step[], last: Step, piece: JsonRecord): boolean {
  if (!admits(root, [...steps, last])) return false;
  let open = root;
  for (const [at, step] of steps.entries()) {
    const isList = typeof (steps[at + 1] ?? last) === "number";
    const next = open.entries.get(step) ?? { entries: new Map(), isList };
    if ("value" in next) return false;
    open.entries.set(step, next);
    open = next;
  }
  const before = open.entries.get(last);
  if (before !== undefined && !("value" in before)) return false;
  const value = valueOf(piece);
  if (value === undefined) return true;
  const isContinued = typeof before?.value === "string" && typeof value.value === "string";
  open.entries.set(last, isContinued ? { value: `${String(before.value)}${String(value.value)}` } : value);
  return true;
}

// Lists grow by one item, so that an index can't invent items.
function admits(root: Open, steps: Step[]): boolean {
  let open: Open | Leaf | undefined = root;
  for (const step of steps) {
    if (open !== undefined && "value" in open) return false;
    const isListed = typeof step === "number";
    if (isListed && step > (open?.entries.size ?? 0)) return false;
    if (open !== undefined && open.isList !== isListed) return false;
    open = open?.entries.get(step);
  }
  return true;
}

function valueOf(piece: JsonRecord): Leaf | undefined {
  for (const name of ["stringValue", "numberValue", "boolValue"]) {
    const value = field(piece, name);
    if (value !== undefined) return { value };
  }
  return field(piece, "nullValue") === undefined ? undefined : { value: null };
}

function stepsOf(path: string): Step[] | undefined {
  const steps: Step[] = [];
  let at = 1;
  while (at < path.length && steps.length < MAX_STEPS) {
    STEP.lastIndex = at;
    const [all, name, index, single, double] = STEP.exec(path) ?? [];
    if (all === undefined) return undefined;
    steps.push(index === undefined ? (name ?? unescaped(single ?? double ?? "")) : Number(index));
    at += all.length;
  }
  return at === path.length && path.startsWith("$") ? steps : undefined;
}

function unescaped(quoted: string): string {
  return quoted.replaceAll(/\\(.)/g, "$1");
}
