import { isSome } from "../deletion/deletable.ts";
import type { DeletionPreview } from "../deletion/preview.ts";
import { exportLogs, type ExportOptions } from "./export.ts";
import { watched } from "./lacking.ts";
import type { Reads } from "./patient.ts";
import { verifyExport } from "./verify.ts";

/** Why logs are not deleted though their export was written. `bodies`: some could not be read whole; `logs`: they are not those of the preview. */
export class Doubt extends Error {
  override readonly name = "Doubt";
  readonly about: "bodies" | "logs";
  /** The logs that it is about, as far as they are known. */
  readonly logIds: readonly string[];

  constructor(about: "bodies" | "logs", logIds: readonly string[]) {
    super(`${about}: ${logIds.length}`);
    this.about = about;
    this.logIds = logIds;
  }
}

/**
 * Writes the logs of a preview with their bodies to a file, as JSON Lines, and reads it from the disk again: count, ids and hash. Gives the
 * preview of exactly the logs that the file holds, by their ids.
 * @throws Doubt when the file does not hold all that would be lost; ExportError for the file; CloudflareError for the API
 */
export async function exportForDeletion(
  client: Reads,
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
  if (lacking().length > 0) throw new Doubt("bodies", lacking());
  return { ...preview, ids };
}
