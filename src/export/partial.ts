import { createHash, type Hash } from "node:crypto";
import { constants, type BigIntStats, type Stats } from "node:fs";
import { lstat, open, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { codeOf, ExportError, withFile } from "./failure.ts";

/** Characters that are gathered before they are written. */
const CHUNK = 256 * 1024;

/** For its owner alone: what is exported holds prompts. */
const MODE = 0o600;

/** Flags that Windows does not have are undefined there, and count as 0. */
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;

/** A file that was written to its end. */
export type Written = { file: string; bytes: number; sha256: string };

/** How far a file is for certain: so many bytes with this hash. */
export type Position = Pick<Written, "bytes" | "sha256">;

/** Where a file is written until it is whole. */
export const partialOf = (target: string): string => `${target}.partial`;

/** Has the disk take what was written; not every file system can be asked to (EINVAL, ENOSYS, ENOTSUP). */
export async function sync(handle: FileHandle): Promise<void> {
  try {
    await handle.datasync();
  } catch (cause) {
    if (!["EINVAL", "ENOSYS", "ENOTSUP"].includes(codeOf(cause))) throw cause;
  }
}

/** The value of a call for a file; undefined where there is no such file. */
async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

/** Removes an unfinished file, by its name: what else it is the name of stays as it is. */
export async function discardPartial(target: string): Promise<void> {
  const partial = partialOf(target);
  await withFile(partial, undefined, () => ifThere(unlink(partial)));
}

/** The hash over the first `bytes` of a file; undefined when it is shorter. */
async function hashOf(handle: FileHandle, bytes: number): Promise<Hash | undefined> {
  const hash = createHash("sha256");
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
    const found = await ifThere(stat(target));
    if (!found) return;
    if (found.isDirectory()) throw new ExportError("isFolder", target);
    if (!found.isFile()) throw new ExportError("noFile", target);
    // Opened, not asked for: who may write is for the system to say.
    await (await open(target, "r+")).close();
  });
}

/** Whether a file is this user's, and has no other name. */
function isOwn(found: Stats): boolean {
  const user = process.geteuid?.();
  return found.isFile() && found.nlink === 1 && (user === undefined || found.uid === user);
}

/** Opens a file of this user; undefined for a link, a pipe, a device, another's file: the folder may be open to others. */
async function openOwn(file: string): Promise<FileHandle | undefined> {
  // Before it is opened, since that alone does something to a device or a pipe.
  const found = await ifThere(lstat(file));
  if (!found || !isOwn(found)) return undefined;
  const handle = await open(file, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  if (isOwn(await handle.stat())) return handle;
  await handle.close();
  return undefined;
}

/**
 * A file that is written piece by piece as `<target>.partial` and becomes the target when it is whole. It is made new, or is one that holds what
 * was noted of it; whatever else lies there is neither opened nor replaced. All failures are ExportErrors.
 */
export class PartialFile {
  readonly #target: string;
  readonly #handle: FileHandle;
  /** Which file it is, whatever its name means by now. */
  readonly #identity: BigIntStats;
  /** The unfinished file as errors name it: none where nothing goes on with it. */
  readonly #kept: string | undefined;
  #hash: Hash;
  /** Bytes in the file. */
  #bytes: number;
  #pending: string[] = [];
  #pendingLength = 0;

  private constructor(
    target: string,
    { handle, identity, kept }: { handle: FileHandle; identity: BigIntStats; kept: boolean },
    { hash, bytes }: { hash: Hash; bytes: number },
  ) {
    this.#target = target;
    this.#handle = handle;
    this.#identity = identity;
    this.#kept = kept ? partialOf(target) : undefined;
    this.#hash = hash;
    this.#bytes = bytes;
  }

  /** A new file. `kept`: it can be gone on with when it is not finished. @throws ExportError `occupied` where something is */
  static async begin(target: string, kept = false): Promise<PartialFile> {
    const partial = partialOf(target);
    await assertReplaceable(target);
    const flags = O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW;
    return withFile(partial, undefined, async () => {
      const handle = await open(partial, flags, MODE);
      const identity = await handle.stat({ bigint: true });
      return new PartialFile(target, { handle, identity, kept }, { hash: createHash("sha256"), bytes: 0 });
    });
  }

  /** The unfinished file, cut back to where it is certain; undefined when it is not what was noted of it, or nothing is certain. */
  static async resume(target: string, { bytes, sha256 }: Position): Promise<PartialFile | undefined> {
    const partial = partialOf(target);
    await assertReplaceable(target);
    return withFile(partial, partial, async () => {
      const handle = bytes > 0 ? await openOwn(partial) : undefined;
      if (!handle) return undefined;
      let file: PartialFile | undefined;
      try {
        const hash = await hashOf(handle, bytes);
        if (hash?.copy().digest("hex") === sha256) {
          await handle.truncate(bytes);
          const identity = await handle.stat({ bigint: true });
          file = new PartialFile(target, { handle, identity, kept: true }, { hash, bytes });
        }
        return file;
      } finally {
        if (!file) await handle.close();
      }
    });
  }

  /** Whether nothing was added yet. */
  get isEmpty(): boolean {
    return this.#bytes === 0 && this.#pending.length === 0;
  }

  /** Adds text at the end; it is in the file for certain after the next `settle`. */
  async append(text: string): Promise<void> {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= CHUNK) await this.#write();
  }

  /** Makes certain what was added so far. */
  async settle(): Promise<Position> {
    await this.#write();
    await this.#onPartial(() => sync(this.#handle));
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest("hex") };
  }

  /** Makes it the target, in one step; what was there before is replaced. @throws ExportError `changed` when another file took its place */
  async finish(): Promise<Written> {
    const position = await this.settle();
    const isInPlace = await this.#onPartial(() => this.#isInPlace());
    await this.close();
    if (!isInPlace) throw new ExportError("changed", partialOf(this.#target));
    await withFile(this.#target, this.#kept, () => rename(partialOf(this.#target), this.#target));
    return { file: this.#target, ...position };
  }

  /** Lets go of the file as it is. */
  close(): Promise<void> {
    return this.#onPartial(() => this.#handle.close());
  }

  /** Lets go of the file, and removes it. */
  async discard(): Promise<void> {
    const isInPlace = await this.#onPartial(() => this.#isInPlace());
    await this.close();
    if (isInPlace) await discardPartial(this.#target);
  }

  /** Whether the name still means this file. */
  async #isInPlace(): Promise<boolean> {
    const named = await ifThere(lstat(partialOf(this.#target), { bigint: true }));
    return named?.dev === this.#identity.dev && named.ino === this.#identity.ino;
  }

  #onPartial<T>(work: () => Promise<T>): Promise<T> {
    return withFile(partialOf(this.#target), this.#kept, work);
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
