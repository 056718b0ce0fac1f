import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, ExportError, withFile } from "./failure.ts";
import { parseCheckpoint, type ExportCheckpoint } from "./job.ts";
import { discardPartial, partialOf, sync, type Position } from "./partial.ts";

/** Durable progress of an export, and the state for resuming it. */
export type Checkpoint = Position & { state: ExportCheckpoint };

/** `writer`: the writing process; absent after it released the target. */
type Note = Checkpoint & { target: string; writer?: number };

/** A writer's heartbeat, and the silence after which it counts as gone, in ms: its process ID may be reused by then. */
const BEAT = 15_000;
const SILENT = 60_000;

/** Targets being written by this process. */
const writing = new Set<string>();

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return codeOf(error) === "EPERM";
  }
}

const isThere = (file: string): Promise<boolean> =>
  lstat(file).then(
    () => true,
    () => false,
  );

/** Reads a checkpoint file; undefined if it's missing or of another version. */
async function read(file: string): Promise<Note | undefined> {
  try {
    const value = JSON.parse(await readFile(file, "utf8")) as Partial<Record<keyof Note, unknown>> | null;
    const { target, bytes, sha256, state: noted, writer } = value ?? {};
    const state = parseCheckpoint(noted);
    if (typeof target !== "string" || typeof bytes !== "number" || typeof sha256 !== "string" || !state)
      return undefined;
    return { target, bytes, sha256, state, ...(typeof writer === "number" ? { writer } : {}) };
  } catch {
    return undefined;
  }
}

/** Writes a checkpoint file atomically. */
async function write(file: string, note: Note): Promise<void> {
  await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  const handle = await open(`${file}.new`, "w", 0o600);
  try {
    await handle.writeFile(JSON.stringify(note));
    await sync(handle);
  } finally {
    await handle.close();
  }
  await rename(`${file}.new`, file);
}

/** Exclusive access to a target until it's released: two windows writing it would corrupt it. */
class Claim {
  /** The target's previous checkpoint; undefined if there is nothing to resume. */
  readonly noted: Checkpoint | undefined;
  readonly #file: string;
  readonly #target: string;
  readonly #beat: NodeJS.Timeout;
  #isNoted = false;

  constructor(file: string, target: string, noted: Checkpoint | undefined) {
    this.noted = noted;
    this.#file = file;
    this.#target = target;
    this.#beat = setInterval(() => {
      const now = new Date();
      if (this.#isNoted) utimes(file, now, now).catch(() => undefined);
    }, BEAT).unref();
  }

  /** Saves the unfinished file's progress. @throws ExportError */
  async note({ bytes, sha256, state }: Checkpoint): Promise<void> {
    const note = { target: this.#target, bytes, sha256, state, writer: process.pid };
    await withFile(this.#file, partialOf(this.#target), () => write(this.#file, note));
    this.#isNoted = true;
  }

  /** Removes the checkpoint: nothing is left to resume. */
  async remove(): Promise<void> {
    this.#isNoted = false;
    await withFile(this.#file, undefined, () => rm(this.#file, { force: true }));
  }

  /** Releases the target. */
  async release(): Promise<void> {
    clearInterval(this.#beat);
    if (this.#isNoted) await this.#letGo();
    writing.delete(this.#target);
  }

  /**
   * Keeps the saved checkpoint, because the state may have moved on. If it can't be written, other processes notice the
   * missing heartbeat.
   */
  async #letGo(): Promise<void> {
    const note = await read(this.#file);
    if (!note) return;
    const { writer: _, ...rest } = note;
    await write(this.#file, rest).catch(() => undefined);
  }
}

export type { Claim };

/**
 * Checkpoints of unfinished exports from all windows, in the extension's own folder: next to the target, anyone could
 * forge one. Only the data is there.
 */
export class Checkpoints {
  readonly #folder: string;

  /** @param folder the checkpoints' folder, created on demand */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Returns a target's unfinished export; undefined if there is none, or its data is gone. */
  async read(target: string): Promise<Checkpoint | undefined> {
    return (await isThere(partialOf(target))) ? read(this.#fileOf(target)) : undefined;
  }

  /** Returns all of them, newest first, and removes those with missing data. */
  async list(): Promise<{ target: string; state: ExportCheckpoint }[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const found: { target: string; state: ExportCheckpoint; time: number }[] = [];
    for (const name of names.filter((one) => one.endsWith(".json"))) {
      const file = join(this.#folder, name);
      const note = await read(file);
      if (!note || this.#fileOf(note.target) !== file) continue;
      const { target, state } = note;
      if (await isThere(partialOf(target))) found.push({ target, state, time: await changedAt(file) });
      // A missing folder may be on a removable disk.
      else if (!writing.has(target) && !(await isWritten(note, file)) && (await isThere(dirname(target))))
        await rm(file, { force: true });
    }
    return found.toSorted((one, other) => other.time - one.time).map(({ target, state }) => ({ target, state }));
  }

  /** Claims a target. @throws ExportError `inUse` if another export is writing it */
  async claim(target: string): Promise<Claim> {
    if (writing.has(target)) throw new ExportError("inUse", partialOf(target));
    writing.add(target);
    try {
      const file = this.#fileOf(target);
      const note = await read(file);
      if (note && (await isWritten(note, file))) throw new ExportError("inUse", partialOf(target));
      return new Claim(file, target, note);
    } catch (error) {
      writing.delete(target);
      throw error;
    }
  }

  /** Removes an unfinished file and its checkpoint. @throws ExportError `inUse` if an export is writing it */
  async discard(target: string): Promise<void> {
    const claim = await this.claim(target);
    try {
      if (!claim.noted) return;
      await discardPartial(target);
      await claim.remove();
    } finally {
      await claim.release();
    }
  }

  /** Removes the checkpoints of an account's exports. Written data stays where the user wanted it. */
  async forget(sourceId: string): Promise<void> {
    for (const { target, state } of await this.list())
      if (state.job.subset.gateway.sourceId === sourceId) await rm(this.#fileOf(target), { force: true });
  }

  #fileOf(target: string): string {
    return join(this.#folder, `${createHash("sha256").update(target).digest("hex")}.json`);
  }
}

const changedAt = (file: string): Promise<number> =>
  stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );

/** Whether another process is writing: it's running, with a recent heartbeat. */
async function isWritten({ writer = 0 }: Note, file: string): Promise<boolean> {
  if (!Number.isSafeInteger(writer) || writer <= 0 || writer === process.pid) return false;
  return isRunning(writer) && Math.abs(Date.now() - (await changedAt(file))) < SILENT;
}
