import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { CollectionRef } from "../../source/log.ts";
import { isSome } from "./request.ts";
import type { DeletionPreview } from "./preview.ts";

/** The stored part of a deletion, as confirmed by the user. */
export type NotedDeletion = Pick<DeletionPreview, "gateway" | "ids"> & {
  /** Description of the logs. */
  words: string;
};

/** An interrupted deletion, without the logs already deleted. `count`: its original number of logs. */
export type UnfinishedDeletion = NotedDeletion & { key: string; count: number };

/** Returns whether a file's content is a plan: it may be truncated or from another version. */
function isPlan(value: unknown): value is NotedDeletion {
  if (typeof value !== "object" || value === null) return false;
  const { gateway, ids, words } = value as Partial<NotedDeletion>;
  const texts: unknown[] = [gateway?.sourceId, gateway?.collectionId, words];
  return Array.isArray(ids) && ids.length > 0 && [...texts, ...ids].every((text) => typeof text === "string");
}

const ENDING = ".json";

/**
 * Stores deletions until they are done, in the extension's own folder, so that progress survives a reload or a crash.
 */
export class UnfinishedDeletions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Stores a plan before its first DELETE and returns its key. */
  async begin({ gateway, ids, words }: NotedDeletion): Promise<string> {
    const key = randomUUID();
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(this.#planOf(key), JSON.stringify({ gateway, ids, words }), { flag: "wx", mode: 0o600 });
    return key;
  }

  /**
   * Stores the progress: the number of completed IDs from the start. Lost progress costs calls, not logs: absent logs
   * are skipped.
   */
  moveOn(key: string, handled: number): void {
    writeFileSync(this.#placeOf(key), String(handled), { mode: 0o600 });
  }

  /** Removes a deletion that is done or discarded. */
  async end(key: string): Promise<void> {
    for (const file of [this.#planOf(key), this.#placeOf(key)]) await rm(file, { force: true });
  }

  /** Returns the unfinished deletions of a gateway, without unreadable ones. */
  async of(gateway: CollectionRef): Promise<UnfinishedDeletion[]> {
    const all = await this.#all();
    return all.filter(
      ({ gateway: { sourceId, collectionId } }) =>
        sourceId === gateway.sourceId && collectionId === gateway.collectionId,
    );
  }

  /** Removes the unfinished deletions of an account. */
  async forget(sourceId: string): Promise<void> {
    for (const { key, gateway } of await this.#all()) if (gateway.sourceId === sourceId) await this.end(key);
  }

  async #all(): Promise<UnfinishedDeletion[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const keys = names.filter((name) => name.endsWith(ENDING)).map((name) => name.slice(0, -ENDING.length));
    const read = await Promise.all(keys.map((key) => this.#read(key)));
    return read.filter((one) => one !== undefined);
  }

  async #read(key: string): Promise<UnfinishedDeletion | undefined> {
    try {
      const plan: unknown = JSON.parse(await readFile(this.#planOf(key), "utf8"));
      if (!isPlan(plan)) return undefined;
      const ids = plan.ids.slice(this.#handled(key));
      return isSome(ids) ? { ...plan, ids, key, count: plan.ids.length } : undefined;
    } catch {
      return undefined;
    }
  }

  #handled(key: string): number {
    try {
      const handled = Number(readFileSync(this.#placeOf(key), "utf8"));
      return Number.isSafeInteger(handled) && handled > 0 ? handled : 0;
    } catch {
      return 0;
    }
  }

  #planOf(key: string): string {
    return join(this.#folder, key + ENDING);
  }

  #placeOf(key: string): string {
    return join(this.#folder, `${key}.place`);
  }
}
