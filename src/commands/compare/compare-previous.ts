import * as vscode from "vscode";
import { signedIn, type SourceOf } from "../../account/signed-in.ts";
import { SourceError } from "../../source/errors.ts";
import type { LogRef } from "../../source/log.ts";
import type { Recordings } from "../../reading/recordings.ts";
import { PlainError } from "../../words/explain.ts";
import { oneLine } from "../../logs/format.ts";
import { findPrevious, type Previous } from "../../logs/previous.ts";
import type { Read } from "../../reading/core/reader.ts";
import { waiting } from "../../platform/progress.ts";
import { compare, type CompareNeeds, type CompareUi } from "./compare.ts";

export type ComparePreviousNeeds = CompareNeeds & {
  sourceOf: SourceOf;
  recordings: Pick<Recordings, "get" | "getRequest">;
  read: Read;
};

async function previousOf(
  ref: LogRef,
  { sourceOf, recordings, read }: ComparePreviousNeeds,
  signal: AbortSignal,
): Promise<Previous & { model: string }> {
  const { log, exchange } = await recordings.get(ref, signal);
  const own = await read("beginning", exchange, signal);
  if (own.first === 0)
    throw new PlainError(vscode.l10n.t("This log has no stored messages to compare with earlier logs."));
  const source = signedIn(await sourceOf(ref));
  const found = await findPrevious(
    log,
    own,
    async (query) => (await source.list(ref, query, undefined, { signal })).logs,
    async ({ id }) => {
      try {
        const candidate = await recordings.getRequest({ ...ref, logId: id }, signal);
        return await read("beginning", candidate.exchange, signal);
      } catch (error) {
        // Deleted since it was listed.
        if (error instanceof SourceError && error.reason === "notFound") return undefined;
        throw error;
      }
    },
  );
  return { ...found, model: log.model ?? log.provider };
}

/** Compares a log with the previous one that has the same first messages; reports if there is none. */
export async function comparePrevious(ref: LogRef, needs: ComparePreviousNeeds, ui: CompareUi): Promise<void> {
  const { t } = vscode.l10n;
  const { previous, read, model } = await waiting(
    t("Finding the previous log with the same first messages…"),
    (signal) => previousOf(ref, needs, signal),
  );
  if (previous) return compare({ ...ref, logId: previous.id }, ref, needs, ui);
  const name = oneLine(model, 80);
  throw new PlainError(
    read === 0
      ? t("{0} has no earlier log with the same path.", name)
      : t("None of the {0} logs of {1} that were read before this one has the same first messages.", read, name),
  );
}
