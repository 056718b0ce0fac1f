import type * as vscode from "vscode";
import type { ExportState } from "../export/order.ts";

const KEY = "aiGateway.unfinishedExports";
/** Paths that are remembered; what is forgotten still lies beside its file, and is found when that file is chosen again. */
const MOST = 20;

/** The exports that were begun and not finished, in any window, by the files that they are to become. */
export class UnfinishedExports {
  readonly #memento: vscode.Memento;

  constructor(memento: vscode.Memento) {
    this.#memento = memento;
  }

  /** Those that can be gone on with, the latest first; those whose files are gone are forgotten. */
  async list(): Promise<{ target: string; state: ExportState }[]> {
    const { unfinishedExport } = await import("../export/export.ts");
    const read = async (target: string) => ({ target, state: await unfinishedExport(target) });
    const found = (await Promise.all(this.#targets().map(read))).flatMap(({ target, state }) =>
      state ? [{ target, state }] : [],
    );
    await this.#keep(found.map(({ target }) => target));
    return found;
  }

  /** Remembers one that begins. */
  async add(target: string): Promise<void> {
    await this.#keep([target, ...this.#targets().filter((other) => other !== target)].slice(0, MOST));
  }

  /** Forgets one that is finished or discarded. */
  async remove(target: string): Promise<void> {
    await this.#keep(this.#targets().filter((other) => other !== target));
  }

  #targets(): string[] {
    const kept = this.#memento.get<unknown>(KEY);
    return Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : [];
  }

  async #keep(targets: readonly string[]): Promise<void> {
    await this.#memento.update(KEY, targets.length > 0 ? targets : undefined);
  }
}
