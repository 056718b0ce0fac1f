import { KINDS } from "../account/kinds.ts";
import * as vscode from "vscode";
import type { Sessions } from "../account/session.ts";
import type { LogRef } from "../source/log.ts";
import { networkSettings } from "../platform/settings.ts";
import type { RemoteMedia } from "./protocol.ts";
import type { LoadedMedia, MediaRefusal } from "./remote-media.ts";

/** Fetches a medium referenced by a log of this account. */
export type LoadMedia = (url: string, sourceId: string, signal: AbortSignal) => Promise<LoadedMedia | MediaRefusal>;

/**
 * Loads media with the network settings of VS Code, but not over the API's connections. Only logs that are on
 * this machine may reference addresses on it.
 */
export function mediaLoader(sessions: Pick<Sessions, "current">): LoadMedia {
  return async (url, sourceId, signal) => {
    const [{ createTransport }, { loadMedia }, { accounts }] = await Promise.all([
      import("../http/transport.ts"),
      import("./remote-media.ts"),
      sessions.current(),
    ]);
    const isLocal = accounts.some(({ id, kind }) => id === sourceId && KINDS[kind].isLocal);
    const settings = { ...networkSettings(), env: process.env };
    return loadMedia(url, isLocal, (options) => createTransport({ ...settings, ...options }), signal);
  };
}

function wordsOf(refusal: MediaRefusal): string {
  const t = vscode.l10n.t;
  switch (refusal.type) {
    case "address":
      return t("Only public https addresses are loaded.");
    case "status":
      return t("The server answered with status {0}.", String(refusal.status));
    case "contentType":
      return t("Not an image, audio, video or PDF ({0}).", refusal.contentType || t("no content type"));
    case "tooLarge":
      return t("It's larger than 5 MB.");
    case "timeout":
      return t("It didn't load within 20 seconds.");
    case "unreachable":
      return t("The server could not be reached.");
  }
}

/** The remote media requested on one page. */
export class PanelMedia {
  readonly #load: LoadMedia;
  readonly #changed: () => void;
  #known = new Map<string, RemoteMedia>();
  #abort = new AbortController();

  constructor(load: LoadMedia, changed: () => void) {
    this.#load = load;
    this.#changed = changed;
  }

  /** Returns the media by URL. */
  get all(): Record<string, RemoteMedia> {
    return Object.fromEntries(this.#known);
  }

  /** Removes the media, and cancels running requests. */
  clear(): void {
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#known = new Map();
  }

  /** Fetches a medium, if the shown log references it. */
  load(url: string, { sourceId }: LogRef, named: readonly string[]): void {
    const isKnown = this.#known.get(url)?.state === "loading" || this.#known.get(url)?.state === "loaded";
    if (isKnown || !named.includes(url)) return;
    void this.#fetch(url, sourceId, this.#abort.signal);
  }

  async #fetch(url: string, sourceId: string, signal: AbortSignal): Promise<void> {
    this.#known.set(url, { state: "loading" });
    this.#changed();
    let medium: RemoteMedia;
    try {
      const answer = await this.#load(url, sourceId, signal);
      medium = "state" in answer ? answer : { state: "failed", message: wordsOf(answer) };
    } catch {
      medium = { state: "failed", message: wordsOf({ type: "unreachable" }) };
    }
    if (signal.aborted) return;
    this.#known.set(url, medium);
    this.#changed();
  }
}
