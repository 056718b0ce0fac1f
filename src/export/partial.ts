import { createHash, type Hash } from "node:crypto";
import { constants, type BigIntStats, type Stats } from "node:fs";
import { lstat, open, rename, stat, unlink, type FileHandle } from "node:fs/promises";
import { codeOf, ExportError, withFile } from "./failure.ts";

/** Characters to buffer before writing. */
const CHUNK = 256 * 1024;

/** Owner only, because exports contain prompts. */
const MODE = 0o600;

/** Flags that Windows lacks are undefined there, and count as 0. */
const { O_CREAT, O_EXCL, O_NOFOLLOW, O_NONBLOCK, O_RDWR } = constants;

/** A completely written file. */
export type Written = { file: string; bytes: number; sha256: string };

/** Durable length of a file, with the hash of these bytes. */
export type Position = Pick<Written, "bytes" | "sha256">;

/** Returns the path of a file until it's complete. */
export const partialOf = (target: string): string => `${target}.partial`;

/** Flushes written data to disk; some file systems don't support it (EINVAL, ENOSYS, ENOTSUP). */
export async function sync(handle: FileHandle): Promise<void> {
  try {
    await handle.datasync();
  } catch (cause) {
    if (!["EINVAL", "ENOSYS", "ENOTSUP"].includes(codeOf(cause))) throw cause;
  }
}

/** Returns the value of a file operation; undefined if the file doesn't exist. */
async function ifThere<T>(call: Promise<T>): Promise<T | undefined> {
  try {
    return await call;
  } catch (cause) {
    if (codeOf(cause) === "ENOENT") return undefined;
    throw cause;
  }
}

/** Removes an unfinished file by its name; other links to it stay. */
export async function discardPartial(target: string): Promise<void> {
  const partial = partialOf(target);
  await withFile(partial, undefined, () => ifThere(unlink(partial)));
}

/** Returns the hash of a file's first `bytes`; undefined if it's shorter. */
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

/** Checked first, so that a target that is a folder, or isn't writable, doesn't fail only at the end. */
async function assertReplaceable(target: string): Promise<void> {
  await withFile(target, undefined, async () => {
    const found = await ifThere(stat(target));
    if (!found) return;
    if (found.isDirectory()) throw new ExportError("isFolder", target);
    if (!found.isFile()) throw new ExportError("noFile", target);
    // Opens it instead of asking: the system decides about permissions.
    await (await open(target, "r+")).close();
  });
}

/** Whether a file is this user's, without other links. */
function isOwn(found: Stats): boolean {
  const user = process.geteuid?.();
  return found.isFile() && found.nlink === 1 && (user === undefined || found.uid === user);
}

/**
 * Opens a file of this user; undefined for a link, a pipe, a device or another user's file: the folder may be open to
 * others.
 */
async function openOwn(file: string): Promise<FileHandle | undefined> {
  // Before opening, because opening a device or a pipe has side effects.
  const found = await ifThere(lstat(file));
  if (!found || !isOwn(found)) return undefined;
  const handle = await open(file, O_RDWR | O_NOFOLLOW | O_NONBLOCK);
  if (isOwn(await handle.stat())) return handle;
  await handle.close();
  return undefined;
}

/**
 * A file that is written piece by piece as `<target>.partial`, and becomes the target once complete. It's either new or
 * matches its checkpoint; anything else at its path is neither opened nor replaced. All failures are ExportErrors.
 */
export class PartialFile {
  readonly #target: string;
  readonly #handle: FileHandle;
  /** Identity of the open file, whatever its path refers to by now. */
  readonly #identity: BigIntStats;
  /** The unfinished file's path for errors; undefined if it can't be resumed. */
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

  /** Creates a new file. `kept`: it can be resumed. @throws ExportError `occupied` if its path exists */
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

  /**
   * Opens the unfinished file, truncated to its checkpoint; undefined if it doesn't match the checkpoint, or nothing is
   * durable.
   */
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

  /** Appends text; durable after the next `settle`. */
  async append(text: string): Promise<void> {
    this.#pending.push(text);
    this.#pendingLength += text.length;
    if (this.#pendingLength >= CHUNK) await this.#write();
  }

  /** Makes the text so far durable. */
  async settle(): Promise<Position> {
    await this.#write();
    await this.#onPartial(() => sync(this.#handle));
    return { bytes: this.#bytes, sha256: this.#hash.copy().digest("hex") };
  }

  /**
   * Makes it the target atomically, replacing an existing one. @throws ExportError `changed` if another file took its
   * place
   */
  async finish(): Promise<Written> {
    const position = await this.settle();
    const isInPlace = await this.#onPartial(() => this.#isInPlace());
    await this.close();
    if (!isInPlace) throw new ExportError("changed", partialOf(this.#target));
    await withFile(this.#target, this.#kept, () => rename(partialOf(this.#target), this.#target));
    return { file: this.#target, ...position };
  }

  /** Closes the file as it is. */
  close(): Promise<void> {
    return this.#onPartial(() => this.#handle.close());
  }

  /** Closes the file, and removes it. */
  async discard(): Promise<void> {
    const isInPlace = await this.#onPartial(() => this.#isInPlace());
    await this.close();
    if (isInPlace) await discardPartial(this.#target);
  }

  /** Whether the path still refers to this file. */
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
