import * as vscode from "vscode";
import type { CallState } from "../calls/lookup.ts";
import type { SeenId } from "../calls/scanner.ts";
import { isAborted } from "../cloudflare/errors.ts";
import { explain } from "../explain.ts";
import { placedIds } from "../logs/wanted.ts";
import { signalOf } from "../notify.ts";
import { readCard, type CardNeeds } from "./card.ts";
import type { Frames } from "./frames.ts";
import { stateWord } from "./summary.ts";
import type { CallWatch } from "./watch.ts";

/** Characters of a line that are looked at: a minified file is one line. */
const MOST_LINE = 5000;
/** How long a hover waits for a log that is not there yet, in ms. */
const PATIENCE = 5000;

type Hovered = { seen: SeenId; range: vscode.Range };

/** The id that stands at a position, in whatever text. */
function idAt(document: vscode.TextDocument, position: vscode.Position): Hovered | undefined {
  const { text } = document.lineAt(position.line);
  const from = Math.max(0, position.character - MOST_LINE / 2);
  const at = position.character - from;
  const found = placedIds(text.slice(from, from + MOST_LINE)).find(({ start, end }) => at >= start && at <= end);
  if (!found) return undefined;
  const { id, sure, start, end } = found;
  return { seen: { id, sure }, range: new vscode.Range(position.line, from + start, position.line, from + end) };
}

export type HoverNeeds = CardNeeds & { watch: Pick<CallWatch, "lookup" | "isStopped">; frames: Frames };

/** Shows a card of the log whose id, or whose answer in a variable, is under the pointer. */
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
    const hovered = idAt(document, position) ?? (await this.#variableAt(document, position));
    if (!hovered || token.isCancellationRequested) return undefined;
    const { seen, range } = hovered;
    const signal = signalOf(token);
    try {
      const state = await this.#stateOf(seen, signal);
      const card = state.type === "known" ? await this.#cardOf(state, signal) : this.#told(state, seen);
      return card && new vscode.Hover(card, range);
    } catch (error) {
      if (signal.aborted || isAborted(error)) return undefined;
      return new vscode.Hover(
        new vscode.MarkdownString().appendText(explain(error, this.#needs.format).summary),
        range,
      );
    }
  }

  /** The id that a variable carries, while the program stands still. */
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
   * What is known of an id: asked for once when it was not seen in a debug session, whose calls are looked for anyway. A word that only looks
   * like an id is not asked for again: it costs two calls a gateway.
   */
  async #stateOf({ id, sure }: SeenId, signal: AbortSignal): Promise<CallState> {
    const { lookup } = this.#needs.watch;
    const known = lookup.state(id);
    if (known?.type === "missing" && known.error === undefined && !sure) return known;
    if (known && known.type !== "missing") {
      const patience = AbortSignal.timeout(PATIENCE);
      return lookup.settled(id, AbortSignal.any([signal, patience])).catch(() => known);
    }
    return lookup.find(id, signal);
  }

  #cardOf({ gateway, log }: CallState & { type: "known" }, signal: AbortSignal): Promise<vscode.MarkdownString> {
    return readCard({ ...gateway, logId: log.id }, log, this.#needs, signal);
  }

  /** Nothing is said of a word that only looks like an id. */
  #told(state: CallState, { sure }: SeenId): vscode.MarkdownString | undefined {
    if (!sure) return undefined;
    const words = new vscode.MarkdownString().appendText(stateWord(state, this.#needs.format));
    if (state.type === "missing" && state.error !== undefined)
      words.appendText(`: ${explain(state.error, this.#needs.format).summary}`);
    return words;
  }
}
