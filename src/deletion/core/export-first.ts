import { isSome } from "./request.ts";
import type { DeletionPreview } from "./preview.ts";
import { exportLogs, type ExportOptions } from "../../export/export.ts";
import type { LogSource } from "../../source/source.ts";
import { watched } from "./missing-bodies.ts";
import { verifyExport } from "../../export/verify.ts";

/**
 * The reason for not deleting logs although their export was written. `bodies`: some of their bodies may be missing
 * from it; `logs`: its logs aren't those of the preview.
 */
export class Doubt extends Error {
  override readonly name = "Doubt";
  readonly about: "bodies" | "logs";
  /** The logs in doubt, as far as known. */
  readonly logIds: readonly string[];
  /** How long bodies of these may still be written, in milliseconds; 0 if waiting doesn't help. */
  readonly waitMs: number;

  constructor(about: "bodies" | "logs", logIds: readonly string[], waitMs = 0) {
    super(`${about}: ${logIds.length}`);
    this.about = about;
    this.logIds = logIds;
    this.waitMs = waitMs;
  }
}

/**
 * Writes the logs of a preview with their bodies to a file as JSON Lines, and reads it back from the disk: count, IDs
 * and hash. Returns the preview limited to the logs in the file, by ID.
 * @throws Doubt if the file may lack something that deleting would lose; ExportError for the file; SourceError for
 * the API
 */
export async function exportForDeletion(
  source: LogSource,
  preview: DeletionPreview,
  file: string,
  options: ExportOptions,
): Promise<DeletionPreview> {
  const { source: watching, lacking } = watched(source);
  const job = {
    subset: { type: "chosen", gateway: preview.gateway, logIds: preview.ids },
    format: "jsonLines",
    bodies: true,
  } as const;
  const result = await exportLogs(watching, job, file, options);
  const verified = await verifyExport(file, result);
  const missing = preview.ids.filter((id) => !verified.has(id));
  const ids = [...verified];
  if (missing.length > 0 || ids.length !== preview.ids.length || !isSome(ids)) throw new Doubt("logs", missing);
  const { logIds, waitMs } = lacking();
  if (logIds.length > 0) throw new Doubt("bodies", logIds, waitMs);
  return { ...preview, ids };
}
