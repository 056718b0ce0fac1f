import { serialize } from "node:v8";
import * as vscode from "vscode";
import { Bodies } from "../../src/reading/bodies.ts";
import type { Condition } from "../../src/source/conditions.ts";
import type { CollectionRef } from "../../src/source/log.ts";
import type { PanelNeeds } from "../../src/panel/panel.ts";
import { unpackView, updated } from "../../src/panel/updates.ts";
import type { FromPage, LogUpdate, LogView, SentView } from "../../src/panel/protocol.ts";
import type { LogNode } from "../../src/tree/nodes.ts";
import type { World } from "./world.ts";

/** Dependencies of panels in a test world; media always fail to load. */
export function panelNeeds(world: World): PanelNeeds & {
  revealed: string[];
  filtered: { gateway: CollectionRef; conditions: Condition[] }[];
} {
  const sourceOf = (of: CollectionRef) => world.sessions.sourceOf(of);
  const { extensionUri, read, deleting, format, logger, tree, ratings, round } = world;
  const revealed: string[] = [];
  const filtered: { gateway: CollectionRef; conditions: Condition[] }[] = [];
  return {
    extensionUri,
    sourceOf,
    canOf: (of) => world.sessions.canOf(of),
    bodies: new Bodies(sourceOf),
    read,
    loadMedia: () => Promise.resolve({ type: "unreachable" }),
    around: {
      neighbor: (ref, step) => tree.neighbor(ref, step),
      reveal: (node: LogNode) => void revealed.push(node.ref.logId),
      filterBy: (gateway, conditions) => void filtered.push({ gateway, conditions }),
    },
    ratings,
    round,
    deleting,
    format,
    logger,
    revealed,
    filtered,
  };
}

const isOfLog = (view: object): view is LogView => "media" in view;
const isSent = (view: object): view is SentView => "media" in view;

/** A webview panel without a window: it records messages to its page, and simulates the user there. */
export class PageStandIn<View extends object = LogView> {
  readonly shown: View[] = [];
  /** Content shown before the page's script loads, and the number of snapshots by then. */
  readonly openings: { html: string; shown: number }[] = [];
  /** The size of each message to its page, in bytes. */
  readonly sentBytes: number[] = [];
  readonly titles: string[] = [];
  readonly #received = new vscode.EventEmitter<unknown>();
  readonly #stateChanged = new vscode.EventEmitter<vscode.WebviewPanelOnDidChangeViewStateEvent>();
  readonly #disposed = new vscode.EventEmitter<void>();
  readonly #told = new vscode.EventEmitter<void>();
  readonly panel: vscode.WebviewPanel;
  #visible = true;

  constructor() {
    const { titles, shown, sentBytes, openings } = this;
    const isVisible = () => this.#visible;
    const webview = {
      options: {},
      html: "",
      cspSource: "https://source.test",
      asWebviewUri: (uri: vscode.Uri) => uri,
      onDidReceiveMessage: this.#received.event,
      postMessage: (message: { html: string } | { view: object } | { update: LogUpdate }) => {
        // As in a real page, values that can't be cloned don't arrive.
        const sent = structuredClone(message);
        if ("html" in sent) {
          openings.push({ html: sent.html, shown: shown.length });
          return Promise.resolve(true);
        }
        sentBytes.push(serialize(sent).length);
        const before = shown.at(-1);
        if ("view" in sent) shown.push((isSent(sent.view) ? unpackView(sent.view) : sent.view) as View);
        else if (before && isOfLog(before)) shown.push({ ...before, ...updated(before, sent.update) });
        else throw new Error("an update came before there was anything to update");
        this.#told.fire();
        return Promise.resolve(true);
      },
    };
    this.panel = {
      viewType: "aiGateway.log",
      webview,
      options: {},
      viewColumn: vscode.ViewColumn.One,
      get active() {
        return isVisible();
      },
      get visible() {
        return isVisible();
      },
      get title() {
        return titles.at(-1) ?? "";
      },
      set title(title: string) {
        titles.push(title);
      },
      onDidChangeViewState: this.#stateChanged.event,
      onDidDispose: this.#disposed.event,
      reveal: () => undefined,
      dispose: () => this.#disposed.fire(),
    };
  }

  /** The page's current view. */
  get view(): View | undefined {
    return this.shown.at(-1);
  }

  /** Simulates a user's intent, or any other message from the page. */
  says(intent: FromPage | Record<string, unknown>): void {
    this.#received.fire(intent);
  }

  setVisible(visible: boolean): void {
    this.#visible = visible;
    this.#stateChanged.fire({ webviewPanel: this.panel });
  }

  /** Waits until the page shows what is expected. */
  async until(expected: (view: View) => boolean): Promise<View> {
    while (!this.view || !expected(this.view)) {
      await new Promise<void>((resolve) => {
        const subscription = this.#told.event(() => {
          subscription.dispose();
          resolve();
        });
      });
    }
    return this.view;
  }
}
