import { createHash } from "node:crypto";
import { lstat, mkdir, open, readdir, readFile, rename, rm, stat, utimes } from "node:fs/promises";
import { dirname, join } from "node:path";
import { codeOf, ExportError, withFile } from "./failure.ts";
import { parseState, type ExportState } from "./order.ts";
import { discardPartial, partialOf, sync, type Position } from "./partial.ts";

/** How far an export is for certain, and what it needs to go on from there. */
export type Checkpoint = Position & { state: ExportState };

/** `writer`: the process that is at it; none once it has let go. */
type Note = Checkpoint & { target: string; writer?: number };

/** How often a writer says that it is still at it, and after how long without it is not, in ms: its process ID may be another's by then. */
const BEAT = 15_000;
const SILENT = 60_000;

/** Targets that this process is writing. */
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

/** A note as it was written; undefined when there is none, or it is of another version. */
async function read(file: string): Promise<Note | undefined> {
  try {
    const value = JSON.parse(await readFile(file, "utf8")) as Partial<Record<keyof Note, unknown>> | null;
    const { target, bytes, sha256, state: noted, writer } = value ?? {};
    const state = parseState(noted);
    if (typeof target !== "string" || typeof bytes !== "number" || typeof sha256 !== "string" || !state)
      return undefined;
    return { target, bytes, sha256, state, ...(typeof writer === "number" ? { writer } : {}) };
  } catch {
    return undefined;
  }
}

/** Writes a note, in one step. */
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

/** A target that nobody else writes until it is released: two windows that do would spoil it. */
class Claim {
  /** What was noted of the target before; undefined when there is nothing to go on with. */
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

  /** Notes how far the target's unfinished file is. @throws ExportError */
  async note({ bytes, sha256, state }: Checkpoint): Promise<void> {
    const note = { target: this.#target, bytes, sha256, state, writer: process.pid };
    await withFile(this.#file, partialOf(this.#target), () => write(this.#file, note));
    this.#isNoted = true;
  }

  /** Notes that nothing is left to go on with. */
  async remove(): Promise<void> {
    this.#isNoted = false;
    await withFile(this.#file, undefined, () => rm(this.#file, { force: true }));
  }

  /** Lets others write it. */
  async release(): Promise<void> {
    clearInterval(this.#beat);
    if (this.#isNoted) await this.#letGo();
    writing.delete(this.#target);
  }

  /** What is noted stays as it is: the state may have moved on since. Where it cannot be written, others find it out by the silence. */
  async #letGo(): Promise<void> {
    const note = await read(this.#file);
    if (!note) return;
    const { writer: _, ...rest } = note;
    await write(this.#file, rest).catch(() => undefined);
  }
}

export type { Claim };

/**
 * What is noted of unfinished exports, in any window: in a folder of the extension's own, since beside the target anybody could have put it. Only
 * the bytes are there.
 */
export class Checkpoints {
  readonly #folder: string;

  /** @param folder where the notes are; it is made with the first */
  constructor(folder: string) {
    this.#folder = folder;
  }

  /** The unfinished export to a target; undefined when there is none, or its bytes are gone. */
  async read(target: string): Promise<Checkpoint | undefined> {
    return (await isThere(partialOf(target))) ? read(this.#fileOf(target)) : undefined;
  }

  /** All of them, the latest first. Those are forgotten that somebody has removed the bytes of. */
  async list(): Promise<{ target: string; state: ExportState }[]> {
    const names = await readdir(this.#folder).catch(() => []);
    const found: { target: string; state: ExportState; time: number }[] = [];
    for (const name of names.filter((one) => one.endsWith(".json"))) {
      const file = join(this.#folder, name);
      const note = await read(file);
      if (!note || this.#fileOf(note.target) !== file) continue;
      const { target, state } = note;
      if (await isThere(partialOf(target))) found.push({ target, state, time: await changedAt(file) });
      // A folder that is not there may be on a disk that comes back.
      else if (!writing.has(target) && !(await isWritten(note, file)) && (await isThere(dirname(target))))
        await rm(file, { force: true });
    }
    return found.toSorted((one, other) => other.time - one.time).map(({ target, state }) => ({ target, state }));
  }

  /** Claims a target. @throws ExportError `inUse` where another export is writing it */
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

  /** Removes an unfinished file and what was noted of it. @throws ExportError `inUse` where an export is writing it */
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

  /** Forgets what is noted of an account's exports. What they have written stays in the folders where the person wanted it. */
  async forget(accountId: string): Promise<void> {
    for (const { target, state } of await this.list())
      if (state.order.subset.gateway.accountId === accountId) await rm(this.#fileOf(target), { force: true });
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

/** Whether another process is at it: it runs, and has not been silent for long. */
async function isWritten({ writer = 0 }: Note, file: string): Promise<boolean> {
  if (!Number.isSafeInteger(writer) || writer <= 0 || writer === process.pid) return false;
  return isRunning(writer) && Math.abs(Date.now() - (await changedAt(file))) < SILENT;
}
