import * as vscode from "vscode";
import type { DeletableSource } from "../source/source.ts";
import { describeSubset } from "../filter/subset-words.ts";
import { oneLine, type Format } from "../logs/format.ts";
import type { Subset } from "../logs/subset.ts";
import { waiting } from "../platform/progress.ts";
import { PlainError } from "../words/explain.ts";
import { previewOf, type DeletionPreview } from "./core/preview.ts";
import { requestOf, type DeletionRequest } from "./core/request.ts";

/** A deletion with a known list of logs, before the confirmation. */
export type PlannedDeletion = DeletionPreview & {
  request: DeletionRequest;
  /** Description of the logs. */
  words: string;
  /** The file with all of them, if they were exported first. */
  file?: string;
};

/**
 * Returns a subset's deletion request.
 * @throws PlainError without a filter or selection, because it would delete every log of the gateway
 */
export function requestFor(subset: Subset): DeletionRequest {
  const request = requestOf(subset);
  if (request) return request;
  const { t } = vscode.l10n;
  const collectionId = oneLine(subset.gateway.collectionId);
  throw new PlainError(
    t("Can't delete every log in {0}. Set a filter, or select a day or individual logs.", collectionId),
  );
}

/**
 * Reads the logs of a deletion.
 * @throws PlainError if there are none; SourceError
 */
export async function planDeletion(
  source: DeletableSource,
  request: DeletionRequest,
  subset: Subset,
  format: Format,
): Promise<PlannedDeletion> {
  const { t } = vscode.l10n;
  const words = describeSubset(subset, format);
  const preview = await waiting(t("Finding matching logs…"), (signal, report) => {
    let [read, total] = [0, 0];
    const show = (far: string) => report(total === 0 ? 0 : read / total, far);
    return previewOf(source, request, {
      signal,
      onProgress: (nowRead, nowTotal) => {
        [read, total] = [nowRead, nowTotal];
        show(t("{0} of about {1} read", format.count(read), format.count(total)));
      },
      onWait: (until) => show(t("call limit reached, continues at {0}", format.time(until))),
    });
  });
  if (!preview) throw new PlainError(t("Nothing to delete: {0}.", words));
  return { ...preview, request, words };
}
