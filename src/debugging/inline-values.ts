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

/** A line, and the state of the call that a variable in it carries. */
type LineValue = { line: number; name: string; column: number; seen: SeenId };

const escaped = (name: string): string => name.replace(/[$()*+.?[\\\]^{|}]/g, "\\$&");

/** The lines that name a variable which carries an id, each call once a line. */
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
 * The values that VS Code would show without this extension: where somebody provides values for a language, it leaves all to them. Only
 * where the person has turned them on.
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

/** Shows the logs of calls at the ends of the lines whose variables carry their ids, while a program stands still. */
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
    // Nobody waits at each stop of any program for what is deep in its variables.
    const isDeep = await watch.callsGateway(session);
    const { carriers, names } = await frames.read(session, frameId, isDeep);
    if (token.isCancellationRequested) return [];
    const from = viewPort.start.line;
    const to = Math.min(viewPort.end.line, stoppedLocation.end.line, document.lineCount - 1);
    const values: vscode.InlineValue[] = usualValues(document, from, to, names);
    for (const { line, name, column, seen } of linesNaming(document, from, to, carriers)) {
      const state = watch.state(session, seen);
      // VS Code asks once a stop: what becomes known later is written by other means.
      if (state?.type === "known") {
        late.drop(document, line, seen);
        const range = new vscode.Range(line, column, line, column + name.length);
        values.push(new vscode.InlineValueText(range, stateWord(state, format)));
      } else if (isTold(state, seen)) late.wait(document, line, seen);
    }
    return values;
  }
}

/** Whether it is to be said that a log is not there: not of every word that looks like an id. */
const isTold = (state: CallState | undefined, { sure }: SeenId): boolean => state?.type === "waiting" || sure;
