/** Why a file could not be written or read. */
export type FileTrouble =
  | "noFolder"
  | "notAllowed"
  | "readOnly"
  | "full"
  | "isFolder"
  /** A pipe, a device or the like. */
  | "noFile"
  /** Something is where the unfinished file would be. */
  | "occupied"
  /** Another export is writing it. */
  | "inUse"
  /** It is not what was written: changed, cut or gone. */
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

/** A file that could not be written: which, why, and where what was written before lies. */
export class ExportError extends Error {
  override readonly name = "ExportError";
  readonly trouble: FileTrouble;
  /** The file that the trouble is with. */
  readonly file: string;
  /** The unfinished file that an export can go on from; undefined when there is none. */
  readonly partial: string | undefined;

  constructor(trouble: FileTrouble, file: string, facts: { partial?: string; cause?: unknown } = {}) {
    const { cause, partial } = facts;
    super(`${file}: ${cause instanceof Error ? cause.message : trouble}`, cause === undefined ? undefined : { cause });
    this.trouble = trouble;
    this.file = file;
    this.partial = partial;
  }
}

/** The system's code of an error, as "ENOENT"; "" when it has none. */
export const codeOf = (cause: unknown): string =>
  cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";

/** Does something with a file; what goes wrong is told as an ExportError that names it. */
export async function withFile<T>(file: string, partial: string | undefined, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (cause instanceof ExportError) throw cause;
    throw new ExportError(TROUBLES[codeOf(cause)] ?? "other", file, { cause, ...(partial ? { partial } : {}) });
  }
}
