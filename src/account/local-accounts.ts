import * as vscode from "vscode";
import { RECORDINGS_ACCOUNT_ID } from "../local/recordings.ts";
import { SAMPLE_ACCOUNT_ID } from "../local/samples/account.ts";
import type { Logger } from "../platform/logger.ts";
import { LocalAccount } from "./local-account.ts";

/** The sample gateways, with logs dated back from when they were made. */
export const sampleAccount = (storage: vscode.Uri, logger: Logger): LocalAccount =>
  new LocalAccount(
    {
      id: SAMPLE_ACCOUNT_ID,
      kind: "sample",
      fileName: "sample.sqlite",
      openStore: async (path) => (await import("../local/samples/index.ts")).openSampleStore(path, new Date()),
      notDeleted: () =>
        vscode.l10n.t(
          "Couldn't delete the sample gateway. It may be open in another window. Close that window and try again.",
        ),
    },
    storage,
    logger,
  );

/** The calls that were recorded on this machine, of all workspaces. */
export const recordingsAccount = (storage: vscode.Uri, logger: Logger): LocalAccount =>
  new LocalAccount(
    {
      id: RECORDINGS_ACCOUNT_ID,
      kind: "recordings",
      fileName: "recordings.sqlite",
      openStore: async (path) => (await import("../local/recordings.ts")).openRecordings(path, new Date()),
      notDeleted: () =>
        vscode.l10n.t(
          "Couldn't delete the recordings. They may be open in another window. Close that window and try again.",
        ),
    },
    storage,
    logger,
  );
