import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import { callSitesIn, isNamed, type CallSite } from "./core/addresses.ts";
import type { KnownCall, SourceLine } from "./core/run.ts";
import { todayOf, type Today } from "./core/today.ts";
import type { CollectionRef } from "../source/log.ts";
import { isAborted } from "../source/errors.ts";
import type { Logger } from "../platform/logger.ts";
import { commandsOf } from "../platform/commands.ts";
import { plain, type Format } from "../logs/format.ts";
import type { LogIds } from "../logs/log-ids.ts";
import { callSiteLenses } from "../platform/settings.ts";
import type { Runs } from "../tree/runs.ts";
import type { CalledGateways } from "./gateways.ts";
import type { DebuggingCalls } from "./links.ts";
import { shortCost, stateWord, statusWord } from "./summary.ts";
import type { CallWatch } from "./watch.ts";

export type LensNeeds = {
  ids: LogIds;
  /** The host of the service's gateway. */
  host: string;
  watch: Pick<CallWatch, "lookup">;
  runs: Runs;
  gateways: Pick<CalledGateways, "all">;
  sessions: Pick<Sessions, "sourceOf" | "onDidChange">;
  format: Format;
  logger: Logger;
};

/** Maximum number of searched characters of a document. */
const MOST_TEXT = 500_000;
/** Maximum number of searched characters of a line: a data file may be one line full of IDs. */
const MOST_LINE = 1000;
/** Maximum number of lenses per document. */
const MOST_LENSES = 100;
/** How long the activity at a call site stays cached, in milliseconds. */
const FRESH = 60_000;
/** Debounce of redraws after calls, in milliseconds. */
const REDRAW = 1000;

const { behind } = commandsOf<DebuggingCalls>();

/** A line that prints or checks an ID. */
const TELLS =
  /\b(?:assert\w*|expect\w*|should|toBe|toEqual|print(?:ln|f)?|console|log(?:ger|ging)?|debug|info)\s*[.(!]|\b(?:assert|echo|puts|print)\s/i;

class SiteLens extends vscode.CodeLens {
  readonly site: CallSite;

  constructor(range: vscode.Range, site: CallSite) {
    super(range);
    this.site = site;
  }
}

/** Returns whether a debugger's path is a document's: some debuggers use a URI. */
const isOf = ({ uri }: vscode.TextDocument, { path }: SourceLine): boolean =>
  path === uri.fsPath || path === uri.toString() || path === uri.toString(true);

/** Lenses above lines that print or check IDs: their logs. Above lines that address a gateway: today's activity. */
export class CallLenses implements vscode.CodeLensProvider {
  readonly #needs: LensNeeds;
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];
  readonly #today = new Map<string, { at: number; today: Promise<Today> }>();
  /** Reads are shared by all call sites of a gateway, so a single lens doesn't cancel them. */
  readonly #abort = new AbortController();
  #redraw: NodeJS.Timeout | undefined;

  constructor(needs: LensNeeds) {
    this.#needs = needs;
    this.#subscriptions = [
      this.#changed,
      needs.runs.onDidChange(() => (this.#redraw ??= setTimeout(() => this.#draw(), REDRAW))),
      needs.sessions.onDidChange(() => {
        this.#today.clear();
        this.#draw();
      }),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration("aiGateway.callSiteLenses")) this.#draw();
      }),
    ];
  }

  provideCodeLenses(document: vscode.TextDocument): vscode.CodeLens[] {
    const text = document.getText().slice(0, MOST_TEXT);
    const at = (offset: number) => document.lineAt(document.positionAt(offset).line).range;
    const sites = callSiteLenses() && vscode.workspace.isTrusted ? callSitesIn(text, this.#needs.host) : [];
    const lenses = [
      ...this.#printed(document),
      ...this.#literals(document, text),
      ...sites.map((site) => new SiteLens(at(site.start), site)),
    ];
    return lenses.slice(0, MOST_LENSES);
  }

  async resolveCodeLens(lens: vscode.CodeLens): Promise<vscode.CodeLens> {
    if (lens instanceof SiteLens) lens.command = await this.#siteCommand(lens.site);
    return lens;
  }

  dispose(): void {
    this.#abort.abort();
    clearTimeout(this.#redraw);
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #draw(): void {
    this.#redraw = undefined;
    this.#changed.fire();
  }

  /** Returns a lens for each line that printed IDs in a debug session, about its last call. */
  #printed(document: vscode.TextDocument): vscode.CodeLens[] {
    const lines = new Map<number, KnownCall[]>();
    for (const { known } of this.#needs.runs.all.toReversed())
      for (const call of known)
        if (call.printedAt && isOf(document, call.printedAt))
          lines.set(call.printedAt.line, [...(lines.get(call.printedAt.line) ?? []), call]);
    return [...lines].flatMap(([line, calls]) => {
      const last = calls.at(-1);
      if (!last || line < 1 || line > document.lineCount) return [];
      const words = stateWord(last.state, this.#needs.format);
      const title =
        calls.length > 1 ? vscode.l10n.t("{0} (last of {1})", words, this.#needs.format.count(calls.length)) : words;
      return [opening(document.lineAt(line - 1).range, title, last.id)];
    });
  }

  /** Returns a lens for each ID literal in a line that prints or checks it. */
  #literals(document: vscode.TextDocument, text: string): vscode.CodeLens[] {
    return this.#needs.ids.locate(text).flatMap(({ id, start }) => {
      const line = document.lineAt(document.positionAt(start).line);
      if (!TELLS.test(line.text.slice(0, MOST_LINE))) return [];
      const state = this.#needs.watch.lookup.state(id);
      const isKnown = state?.type === "known";
      return [
        opening(line.range, isKnown ? stateWord(state, this.#needs.format) : vscode.l10n.t("Open in AI Gateway"), id),
      ];
    });
  }

  /** Returns the command of a call site, titled with today's activity; the title is blank without data. */
  async #siteCommand(site: CallSite): Promise<vscode.Command> {
    const nothing = { title: "", command: "" };
    const gateways = await this.#needs.gateways.all();
    const gateway = gateways.find(({ ref }) => isNamed(ref, site))?.ref;
    if (!gateway) return nothing;
    try {
      const today = await this.#todayAt(gateway, site.provider);
      const filter = ["since:today", ...(site.provider === undefined ? [] : [`provider:${site.provider}`])].join(" ");
      return behind("aiGateway.showCalls", plain(this.#words(gateway, today)), gateway, filter);
    } catch (error) {
      if (!isAborted(error)) this.#needs.logger.warn(`${gateway.collectionId}: ${String(error)}`);
      return nothing;
    }
  }

  #todayAt(gateway: CollectionRef, provider: string | undefined): Promise<Today> {
    const key = JSON.stringify([gateway, provider]);
    const known = this.#today.get(key);
    if (known && Date.now() - known.at < FRESH) return known.today;
    const today = this.#read(gateway, provider);
    this.#today.set(key, { at: Date.now(), today });
    today.catch(() => this.#today.delete(key));
    return today;
  }

  async #read(gateway: CollectionRef, provider: string | undefined): Promise<Today> {
    const source = await this.#needs.sessions.sourceOf(gateway);
    if (!source) return { total: 0, errors: 0, of: 0 };
    const { calendar } = this.#needs.format;
    const { start } = calendar.rangeOf(calendar.dayOf(new Date()));
    return todayOf(source, gateway, provider, start, this.#abort.signal);
  }

  #words({ collectionId }: CollectionRef, { last, total, errors, costUsd, of }: Today): string {
    const { t } = vscode.l10n;
    const { format } = this.#needs;
    if (!last) return t("{0}: no calls today", collectionId);
    const cost = costUsd === undefined ? undefined : shortCost(costUsd, format);
    const parts = [
      t("last {0} at {1}", statusWord(last), format.time(last.createdAt)),
      total === 1 ? t("1 call today") : t("{0} calls today", format.count(total)),
      errors === 1 ? t("1 error") : errors > 0 ? t("{0} errors", format.count(errors)) : undefined,
      cost && of < total ? t("{0} for the newest {1}", cost, format.count(of)) : cost,
    ];
    return `${collectionId}: ${parts.filter(Boolean).join(" · ")}`;
  }
}

function opening(range: vscode.Range, title: string, id: string): vscode.CodeLens {
  return new vscode.CodeLens(range, behind("aiGateway.openLogOf", plain(title), id));
}
