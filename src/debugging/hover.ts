import { KINDS } from "../account/kinds.ts";
import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import type { CallState } from "./core/lookup.ts";
import type { SeenId } from "./core/scanner.ts";
import { isAborted } from "../source/errors.ts";
import { explain } from "../words/explain.ts";
import { BEFORE } from "../logs/secret-context.ts";
import type { LogIds } from "../logs/log-ids.ts";
import { signalOf } from "../platform/notify.ts";
import { offerCard, readCard, type CardNeeds } from "./card.ts";
import type { Frames } from "./frames.ts";
import { stateWord } from "./summary.ts";
import type { CallWatch } from "./watch.ts";

/** Maximum number of searched characters of a line: a minified file is one line. */
const MOST_LINE = 5000;
/** How long a hover waits for a log that isn't available yet, in milliseconds. */
const PATIENCE = 5000;

type Hovered = { seen: SeenId; range: vscode.Range };

/** Returns the end of the line above: a value may be below its name. */
function lineAbove(document: vscode.TextDocument, line: number): string {
  return line === 0 ? "" : `${document.lineAt(line - 1).text.slice(-BEFORE)}\n`;
}

/** Returns the ID at a position of any text. */
function idAt(ids: LogIds, document: vscode.TextDocument, position: vscode.Position): Hovered | undefined {
  const { text } = document.lineAt(position.line);
  const from = Math.max(0, position.character - MOST_LINE / 2);
  const at = position.character - from;
  const before = lineAbove(document, position.line) + text.slice(Math.max(0, from - BEFORE), from);
  const found = ids
    .locate(text.slice(from, from + MOST_LINE), before)
    .find(({ start, end }) => at >= start && at <= end);
  if (!found) return undefined;
  const { id, sure, start, end } = found;
  return { seen: { id, sure }, range: new vscode.Range(position.line, from + start, position.line, from + end) };
}

export type HoverNeeds = CardNeeds & {
  ids: LogIds;
  sessions: Pick<Sessions, "current">;
  watch: Pick<CallWatch, "lookup" | "isStopped">;
  frames: Frames;
};

/** Shows a card of the log for the ID, or the variable with a response, under the pointer. */
export class CallHover implements vscode.HoverProvider {
  readonly #needs: HoverNeeds;

  constructor(needs: HoverNeeds) {
    this.#needs = needs;
  }

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    const hovered = idAt(this.#needs.ids, document, position) ?? (await this.#variableAt(document, position));
    if (!hovered || token.isCancellationRequested) return undefined;
    const { seen, range } = hovered;
    const signal = signalOf(token);
    try {
      const state = await this.#stateOf(seen, signal);
      const card = await this.#cardFor(state, seen, signal);
      return card && new vscode.Hover(card, range);
    } catch (error) {
      if (signal.aborted || isAborted(error)) return undefined;
      return new vscode.Hover(
        new vscode.MarkdownString().appendText(explain(error, this.#needs.format).summary),
        range,
      );
    }
  }

  /** Returns the ID carried by a variable while the program is stopped. */
  async #variableAt(document: vscode.TextDocument, position: vscode.Position): Promise<Hovered | undefined> {
    const item = vscode.debug.activeStackItem;
    if (!this.#needs.watch.isStopped || !(item instanceof vscode.DebugStackFrame)) return undefined;
    const range = document.getWordRangeAtPosition(position, /[$A-Z_a-z][\w$]*/);
    if (!range) return undefined;
    const { carriers } = await this.#needs.frames.read(item.session, item.frameId, true);
    const [seen] = carriers.get(document.getText(range)) ?? [];
    return seen && { seen, range };
  }

  /**
   * Returns the state of an ID: looked up once if no debug session, which looks up its own calls, has shown it. A
   * possible ID isn't looked up again, which would cost two calls per gateway. Returns undefined if only the user may
   * request the lookup.
   */
  async #stateOf({ id, sure }: SeenId, signal: AbortSignal): Promise<CallState | undefined> {
    const { lookup } = this.#needs.watch;
    if (!(await lookup.mayAsk({ id, sure }))) {
      const state = lookup.state(id) ?? (await lookup.find(id, signal, sure));
      return state.type === "known" ? state : undefined;
    }
    const known = lookup.state(id);
    if (known?.type === "missing" && known.error === undefined && !sure) return known;
    if (known && known.type !== "missing") {
      const patience = AbortSignal.timeout(PATIENCE);
      return lookup.settled(id, AbortSignal.any([signal, patience])).catch(() => known);
    }
    return lookup.find(id, signal, sure);
  }

  /** Returns the log's card, or the reason for a missing log. For a possible ID, only offers the lookup. */
  async #cardFor(
    state: CallState | undefined,
    { id, sure }: SeenId,
    signal: AbortSignal,
  ): Promise<vscode.MarkdownString | undefined> {
    if (!state) {
      const { accounts } = await this.#needs.sessions.current();
      // IDs are looked for on this machine in any case.
      return accounts.every(({ kind }) => KINDS[kind].isLocal) ? undefined : offerCard(id);
    }
    if (state.type === "known")
      return readCard({ ...state.gateway, logId: state.log.id }, state.log, this.#needs, signal);
    if (!sure) return undefined;
    const words = new vscode.MarkdownString().appendText(stateWord(state, this.#needs.format));
    if (state.type === "missing" && state.error !== undefined)
      words.appendText(`: ${explain(state.error, this.#needs.format).summary}`);
    return words;
  }
}
