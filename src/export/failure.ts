/** Why a file couldn't be written or read. */
export type FileTrouble =
  | "noFolder"
  | "notAllowed"
  | "readOnly"
  | "full"
  | "isFolder"
  /** A pipe, a device or the like. */
  | "noFile"
  /** Something exists at the unfinished file's path. */
  | "occupied"
  /** Another export is writing it. */
  | "inUse"
  /** It isn't what was written: modified, truncated or deleted. */
  | "changed"
  | "other";

const TROUBLES: Readonly<Record<string, FileTrouble>> = {
  ENOENT: "noFolder",
  ENOTDIR: "noFolder",
  EACCES: "notAllowed",
  EPERM: "notAllowed",
  EROFS: "readOnly",
  ENOSPC: "full",
  EDQUOT: "full",
  EISDIR: "isFolder",
  EEXIST: "occupied",
};

/** A file that couldn't be written: which, why, and where earlier data is. */
export class ExportError extends Error {
  override readonly name = "ExportError";
  readonly trouble: FileTrouble;
  /** The file with the problem. */
  readonly file: string;
  /** The unfinished file that an export can resume from; undefined if there is none. */
  readonly partial: string | undefined;

  constructor(trouble: FileTrouble, file: string, facts: { partial?: string; cause?: unknown } = {}) {
    const { cause, partial } = facts;
    super(`${file}: ${cause instanceof Error ? cause.message : trouble}`, cause === undefined ? undefined : { cause });
    this.trouble = trouble;
    this.file = file;
    this.partial = partial;
  }
}

/** Returns an error's system code, such as "ENOENT", or "". */
export const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";

/** Runs a file operation; failures become an ExportError that names the file. */
export async function withFile<T>(file: string, partial: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ExportError) throw cause;
    throw new ExportError(TROUBLES[codeOf(cause)] ?? "other", file, { cause, ...(partial ? { partial } : {}) });
  }
}
