import * as vscode from "vscode";
import type { CloudflareClient } from "../cloudflare/client.ts";
import { describeSubset } from "../filter/subset-words.ts";
import { oneLine, type Format } from "../logs/format.ts";
import type { Subset } from "../logs/subset.ts";
import { waiting } from "../platform/progress.ts";
import { PlainError } from "../words/explain.ts";
import { previewOf, type DeletionPreview } from "./core/preview.ts";
import { requestOf, type DeletionRequest } from "./core/request.ts";

/** A deletion that is known log by log, and not agreed to yet. */
export type PlannedDeletion = DeletionPreview & {
  request: DeletionRequest;
  /** Which logs these are, in words. */
  words: string;
  /** The file that holds all of them, where they were exported before. */
  file?: string;
};

/** What is asked to be deleted. @throws PlainError when nothing says which logs: it would be all of a gateway */
export function requestFor(subset: Subset): DeletionRequest {
  const request = requestOf(subset);
  if (request) return request;
  const { t } = vscode.l10n;
  const gatewayId = oneLine(subset.gateway.gatewayId);
  throw new PlainError(
    t(
      "This would be all logs of {0}, so nothing is deleted. Say which: set a filter (Edit Filter), or run the command from a day or from logs that you select in the tree.",
      gatewayId,
    ),
  );
}

/** Reads which logs a deletion would take. @throws PlainError when there are none; CloudflareError */
export async function planDeletion(
  client: Pick<CloudflareClient, "listLogs">,
  request: DeletionRequest,
  subset: Subset,
  format: Format,
): Promise<PlannedDeletion> {
  const { t } = vscode.l10n;
  const words = describeSubset(subset, format);
  const preview = await waiting(t("Reading which logs would be deleted…"), (signal, report) => {
    let [read, total] = [0, 0];
    const show = (far: string) => report(total === 0 ? 0 : read / total, far);
    return previewOf(client, request, {
      signal,
      onProgress: (nowRead, nowTotal) => {
        [read, total] = [nowRead, nowTotal];
        show(t("{0} of about {1} read", format.count(read), format.count(total)));
      },
      onWait: (until) => show(t("call limit reached, continues at {0}", format.time(until))),
    });
  });
  if (!preview) throw new PlainError(t("There is nothing to delete: {0}.", words));
  return { ...preview, request, words };
}
