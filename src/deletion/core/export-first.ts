import { isSome } from "./request.ts";
import type { DeletionPreview } from "./preview.ts";
import { exportLogs, type ExportOptions } from "../../export/export.ts";
import { watched, type TimedReads } from "./missing-bodies.ts";
import { verifyExport } from "../../export/verify.ts";

/**
 * Why logs are not deleted though their export was written. `bodies`: it is not certain that all their bodies are in it; `logs`: they are not
 * those of the preview.
 */
export class Doubt extends Error {
  override readonly name = "Doubt";
  readonly about: "bodies" | "logs";
  /** The logs that it is about, as far as they are known. */
  readonly logIds: readonly string[];
  /** How long bodies of these may still be written, in ms; 0 when waiting does not help. */
  readonly waitMs: number;

  constructor(about: "bodies" | "logs", logIds: readonly string[], waitMs = 0) {
    super(`${about}: ${logIds.length}`);
    this.about = about;
    this.logIds = logIds;
    this.waitMs = waitMs;
  }
}

/**
 * Writes the logs of a preview with their bodies to a file, as JSON Lines, and reads it from the disk again: count, ids and hash. Gives the
 * preview of exactly the logs that the file holds, by their ids.
 * @throws Doubt when it is not certain that the file holds all that would be lost; ExportError for the file; CloudflareError for the API
 */
export async function exportForDeletion(
  client: TimedReads,
  preview: DeletionPreview,
  file: string,
  options: ExportOptions,
): Promise<DeletionPreview> {
  const { client: watching, lacking } = watched(client);
  const order = {
    subset: { type: "chosen", gateway: preview.gateway, logIds: preview.ids },
    format: "jsonLines",
    bodies: true,
  } as const;
  const result = await exportLogs(watching, order, file, options);
  const verified = await verifyExport(file, result);
  const missing = preview.ids.filter((id) => !verified.has(id));
  const ids = [...verified];
  if (missing.length > 0 || ids.length !== preview.ids.length || !isSome(ids)) throw new Doubt("logs", missing);
  const { logIds, waitMs } = lacking();
  if (logIds.length > 0) throw new Doubt("bodies", logIds, waitMs);
  return { ...preview, ids };
}
