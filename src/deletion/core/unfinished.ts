import { randomUUID } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { GatewayRef } from "../../cloudflare/schema.ts";
import { isSome } from "./request.ts";
import type { DeletionPreview } from "./preview.ts";

/** What of a deletion is noted: what the person agreed to. */
export type NotedDeletion = Pick<DeletionPreview, "gateway" | "ids"> & {
  /** Which logs these are, in words. */
  words: string;
};

/** A deletion that did not come to its end, without the logs that are gone already. `count`: of how many logs it was. */
export type UnfinishedDeletion = NotedDeletion & { key: string; count: number };

/** Whether a file holds a plan: it may be cut or of another version. */
function isPlan(value: unknown): value is NotedDeletion {
  if (typeof value !== "object" || value === null) return false;
  const { gateway, ids, words } = value as Partial<NotedDeletion>;
  const texts: unknown[] = [gateway?.accountId, gateway?.gatewayId, words];
  return Array.isArray(ids) && ids.length > 0 && [...texts, ...ids].every((text) => typeof text === "string");
}

const ENDING = ".json";

/** Remembers deletions until they are done, in a folder that belongs to the extension: a reload or a crash loses no place. */
export class UnfinishedDeletions {
  readonly #folder: string;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Notes a plan before its first DELETE. `handled` is the number of its ids, from the first one, that need no more attention. */
  async begin({ gateway, ids, words }: NotedDeletion): Promise<string> {
    const key = randomUUID();
    await mkdir(this.#folder, { recursive: true, mode: 0o700 });
    await writeFile(this.#planOf(key), JSON.stringify({ gateway, ids, words }), { flag: "wx", mode: 0o600 });
    return key;
  }

  /** Notes how far one is. A place that was lost costs calls, not logs: what is gone already is passed over. */
  moveOn(key: string, handled: number): void {
    writeFileSync(this.#placeOf(key), String(handled), { mode: 0o600 });
  }

  /** Forgets one that is done or is not to be finished. */
  async end(key: string): Promise<void> {
    for (const file of [this.#planOf(key), this.#placeOf(key)]) await rm(file, { force: true });
  }

  /** Those of a gateway. What cannot be read is passed over. */
  async of(gateway: GatewayRef): Promise<UnfinishedDeletion[]> {
    const all = await this.#all();
    return all.filter(
      ({ gateway: { accountId, gatewayId } }) => accountId === gateway.accountId && gatewayId === gateway.gatewayId,
    );
  }

  /** Forgets those of an account. */
  async forget(accountId: string): Promise<void> {
    for (const { key, gateway } of await this.#all()) if (gateway.accountId === accountId) await this.end(key);
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
