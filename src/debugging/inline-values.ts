import * as vscode from "vscode";
import type { CallState } from "./core/lookup.ts";
import type { SeenId } from "./core/scanner.ts";
import type { Format } from "../logs/format.ts";
import type { Carriers, Frames } from "./frames.ts";
import type { LateValues } from "./late-values.ts";
import { stateWord } from "./summary.ts";
import type { CallWatch } from "./watch.ts";

export type InlineNeeds = {
  watch: Pick<CallWatch, "state" | "callsGateway">;
  frames: Frames;
  late: LateValues;
  format: Format;
};

/** A line, and the state of the call carried by one of its variables. */
type LineValue = { line: number; name: string; column: number; seen: SeenId };

const escaped = (name: string): string => name.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");

/** Finds the lines with a variable that carries an ID, without duplicate calls per line. */
function linesNaming(document: vscode.TextDocument, from: number, to: number, carriers: Carriers): LineValue[] {
  const values: LineValue[] = [];
  const patterns = [...carriers].map(([name, ids]) => ({
    name,
    ids,
    pattern: new RegExp(`(?<![\\w$.])${escaped(name)}(?![\\w$])`),
  }));
  for (let line = from; line <= to; line++) {
    const text = document.lineAt(line).text;
    const told = new Set<string>();
    for (const { name, ids, pattern } of patterns) {
      const column = pattern.exec(text)?.index;
      const [seen] = ids;
      if (column === undefined || !seen || told.has(seen.id)) continue;
      told.add(seen.id);
      values.push({ line, name, column, seen });
    }
  }
  return values;
}

/**
 * Returns the values that VS Code would show without this extension: a provider for a language replaces the built-in
 * values. Only if the user has turned them on.
 */
function usualValues(
  document: vscode.TextDocument,
  from: number,
  to: number,
  names: readonly string[],
): vscode.InlineValue[] {
  const setting: unknown = vscode.workspace.getConfiguration("debug", document).get("inlineValues");
  if (setting !== "on" && setting !== true) return [];
  const known = new Set(names);
  const values: vscode.InlineValue[] = [];
  for (let line = from; line <= to; line++)
    for (const { 0: word, index } of document.lineAt(line).text.matchAll(/[$A-Z_a-z][\w$]*/g))
      if (known.has(word))
        values.push(
          new vscode.InlineValueVariableLookup(new vscode.Range(line, index, line, index + word.length), word),
        );
  return values;
}

/** Shows the logs of calls at the ends of lines whose variables carry their IDs while a program is stopped. */
export class CallInlineValues implements vscode.InlineValuesProvider {
  readonly #needs: InlineNeeds;

  constructor(needs: InlineNeeds) {
    this.#needs = needs;
  }

  async provideInlineValues(
    document: vscode.TextDocument,
    viewPort: vscode.Range,
    { frameId, stoppedLocation }: vscode.InlineValueContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.InlineValue[]> {
    const session = vscode.debug.activeDebugSession;
    const { frames, watch, late, format } = this.#needs;
    if (!session) return [];
    // No user waits for values deep in the variables at each stop of any program.
    const isDeep = await watch.callsGateway(session);
    const { carriers, names } = await frames.read(session, frameId, isDeep);
    if (token.isCancellationRequested) return [];
    const from = viewPort.start.line;
    const to = Math.min(viewPort.end.line, stoppedLocation.end.line, document.lineCount - 1);
    const values: vscode.InlineValue[] = usualValues(document, from, to, names);
    for (const { line, name, column, seen } of linesNaming(document, from, to, carriers)) {
      const state = watch.state(session, seen);
      // VS Code asks once per stop: later values are shown as decorations.
      if (state?.type === "known") {
        late.drop(document, line, seen);
        const range = new vscode.Range(line, column, line, column + name.length);
        values.push(new vscode.InlineValueText(range, stateWord(state, format)));
      } else if (isTold(state, seen)) late.wait(document, line, seen);
    }
    return values;
  }
}

/** Returns whether to report a missing log: not for every possible ID. */
const isTold = (state: CallState | undefined, { sure }: SeenId): boolean => state?.type === "waiting" || sure;
