import { createHash, type Hash } from "node:crypto";
import { lstat, open, readFile, rename, rm, stat, type FileHandle } from "node:fs/promises";
import { ExportError, withFile } from "./failure.ts";

/** Characters that are gathered before they are written. */
const CHUNK = 256 * 1024;

/** A file that was written to its end. */
export type Written = { file: string; bytes: number; sha256: string };

/** How far a file is for certain: so many bytes with this hash, and what its writer needs to go on from there. */
export type Checkpoint = {
  bytes: number;
  sha256: string;
  state: unknown;
  /** The process that is at it; none once it has let go. */
  writer?: number;
};

/** Where a file is written until it is whole. */
export const partialOf = (target: string): string => `${target}.partial`;
const checkpointOf = (target: string): string => `${target}.partial.json`;
/** What is being noted, until it takes the place of what was noted before. */
const newCheckpointOf = (target: string): string => `${checkpointOf(target)}.new`;

const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

/** Has the disk take what was written; not every file system can be asked to (EINVAL, ENOSYS, ENOTSUP). */
async function sync(handle: FileHandle): Promise<void> {
  try {
    await handle.datasync();
  } catch (cause) {
    if (!["EINVAL", "ENOSYS", "ENOTSUP"].some((code) => isCode(cause, code))) throw cause;
  }
}

/** What was noted of an unfinished file; undefined when there is none, or it cannot be read or understood. */
export async function readCheckpoint(target: string): Promise<Checkpoint | undefined> {
  try {
    const value = JSON.parse(await readFile(checkpointOf(target), "utf8")) as Partial<Checkpoint> | null;
    const { bytes, sha256, state, writer } = value ?? {};
    if (typeof bytes !== "number" || typeof sha256 !== "string") return undefined;
    return { bytes, sha256, state, ...(typeof writer === "number" ? { writer } : {}) };
  } catch {
    return undefined;
  }
}

/** Targets that this process is writing. */
const writing = new Set<string>();

function isRunning(process: number): boolean {
  try {
    return globalThis.process.kill(process, 0);
  } catch (error) {
    return isCode(error, "EPERM");
  }
}

/** Opens a target that nobody else is writing: two windows that do would spoil it. What is opened claims it until it is closed. */
async function claim<T>(target: string, opening: () => Promise<T>): Promise<T> {
  if (writing.has(target)) throw new ExportError("inUse", partialOf(target));
  writing.add(target);
  let opened: T | undefined;
  try {
    await assertReplaceable(target);
    for (const file of [partialOf(target), newCheckpointOf(target)]) await assertNoLink(file);
    const writer = (await readCheckpoint(target))?.writer;
    const isElsewhere = writer !== undefined && writer !== process.pid && isRunning(writer);
    if (isElsewhere) throw new ExportError("inUse", partialOf(target));
    opened = await opening();
    return opened;
  } finally {
    if (opened === undefined) writing.delete(target);
  }
}

/** Removes an unfinished file and what was noted of it, unless another export is writing it. */
export async function discardPartial(target: string): Promise<void> {
  if (writing.has(target)) return;
  for (const file of [partialOf(target), checkpointOf(target), newCheckpointOf(target)]) {
    await withFile(file, undefined, () => rm(file, { force: true }));
  }
}

/** The hash over the first `bytes` of a file; undefined when it is shorter. */
async function hashOf(handle: FileHandle, bytes: number): Promise<Hash | undefined> {
  const hash = createHash("sha256");
  if (bytes === 0) return hash;
  let read = 0;
  for await (const chunk of handle.createReadStream({ start: 0, end: bytes - 1, autoClose: false })) {
    const piece = chunk as Uint8Array;
    hash.update(piece);
    read += piece.length;
  }
  return read === bytes ? hash : undefined;
}

/** Before anything is read for it: a target that is a folder, or that may not be written, is not found out at the end. */
async function assertReplaceable(target: string): Promise<void> {
  await withFile(target, undefined, async () => {
    const found = await stat(target).catch((cause: unknown) => {
      if (isCode(cause, "ENOENT")) return undefined;
      throw cause;
    });
    if (found?.isDirectory()) throw new ExportError("isFolder", target);
    // Opened, not asked for: who may write is for the system to say.
    if (found) await (await open(target, "r+")).close();
  });
}

/** The folder may be anybody's, and a link that lies in it would have another file overwritten. */
async function assertNoLink(file: string): Promise<void> {
  const isLink = await lstat(file).then(
    (found) => found.isSymbolicLink(),
    () => false,
  );
  const end = isLink ? await stat(file).catch(() => undefined) : undefined;
  // What is no file, as a device, is not spoiled.
  if (isLink && end?.isFile() !== false) throw new ExportError("notAllowed", file);
}

/**
 * A file that is written piece by piece as `<target>.partial` and becomes the target when it is whole. Beside it lies what is
 * certain to be in it, so that it can be gone on with after a crash. All failures are ExportErrors.
 */
export class PartialFile {
  readonly #target: string;
  readonly #handle: FileHandle;
  #hash: Hash;
  /** Bytes in the file. */
  #bytes: number;
  #pending: string[] = [];
  #pendingLength = 0;

  private constructor(target: string, handle: FileHandle, hash: Hash, bytes: number) {
    this.#target = target;
    this.#handle = handle;
    this.#hash = hash;
    this.#bytes = bytes;
  }

  /** An empty file; one that was unfinished is overwritten. */
  static begin(target: string, state: object): Promise<PartialFile> {
    return claim(target, async () => {
      const partial = partialOf(target);
      const handle = await withFile(partial, undefined, () => open(partial, "w"));
      const file = new PartialFile(target, handle, createHash("sha256"), 0);
      try {
        await file.checkpoint(state);
      } catch (error) {
        await file.close();
        await discardPartial(target);
        throw error;
      }
      return file;
    });
  }

  /** The unfinished file, cut back to where it is certain; undefined when it does not hold what was noted of it. */
  static resume(target: string, { bytes, sha256 }: Checkpoint): Promise<PartialFile | undefined> {
    const partial = partialOf(target);
    const opening = async (): Promise<PartialFile | undefined> => {
      const handle = await open(partial, "r+").catch((cause: unknown) => {
        if (isCode(cause, "ENOENT")) return undefined;
        throw cause;
      });
      if (!handle) return undefined;
      let file: PartialFile | undefined;
      try {
        const hash = await hashOf(handle, bytes);
        if (hash?.copy().digest("hex") === sha256) {
          await handle.truncate(bytes);
          file = new PartialFile(target, handle, hash, bytes);
        }
        return file;
      } finally {
        if (!file) await handle.close();
      }
    };
    return claim(target, () => withFile(partial, partial, opening));
  }

  /** Whether nothing was added yet. */
  get isEmpty(): boolean {
    return this.#bytes === 0 && this.#pending.length === 0;
  }

  /** Adds text at the end; it is in the file for certain with the next checkpoint. */
  async append(text: string): Promise<void> {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= CHUNK) await this.#write();
  }

  /** Makes certain what was added so far, and notes `state` with it; at the end, that nobody is at it any more. */
  async checkpoint(state: object, isEnd = false): Promise<void> {
    await this.#write();
    await this.#onPartial(() => sync(this.#handle));
    const checkpoint: Checkpoint = {
      bytes: this.#bytes,
      sha256: this.#hash.copy().digest("hex"),
      state,
      ...(isEnd ? {} : { writer: process.pid }),
    };
    const file = newCheckpointOf(this.#target);
    await this.#onPartial(async () => {
      const handle = await open(file, "w");
      try {
        await handle.writeFile(JSON.stringify(checkpoint));
        await sync(handle);
      } finally {
        await handle.close();
      }
      await rename(file, checkpointOf(this.#target));
    });
  }

  /** Makes it the target, in one step; what was there before is replaced. */
  async finish(): Promise<Written> {
    await this.#write();
    await this.#onPartial(() => sync(this.#handle));
    await this.close();
    await withFile(this.#target, partialOf(this.#target), () => rename(partialOf(this.#target), this.#target));
    await withFile(checkpointOf(this.#target), undefined, () => rm(checkpointOf(this.#target), { force: true }));
    return { file: this.#target, bytes: this.#bytes, sha256: this.#hash.digest("hex") };
  }

  /** Lets go of the file as it is. */
  close(): Promise<void> {
    writing.delete(this.#target);
    return this.#onPartial(() => this.#handle.close());
  }

  #onPartial<T>(work: () => Promise<T>): Promise<T> {
    return withFile(partialOf(this.#target), partialOf(this.#target), work);
  }

  async #write(): Promise<void> {
    if (this.#pending.length === 0) return;
    const chunk = Buffer.from(this.#pending.join(""));
    this.#pending = [];
    this.#pendingLength = 0;
    await this.#onPartial(async () => {
      for (let written = 0; written < chunk.length;) {
        const { bytesWritten } = await this.#handle.write(
          chunk,
          written,
          chunk.length - written,
          this.#bytes + written,
        );
        written += bytesWritten;
      }
    });
    this.#hash.update(chunk);
    this.#bytes += chunk.length;
  }
}
