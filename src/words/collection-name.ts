import * as vscode from "vscode";
import type { Collection } from "../source/log.ts";

/** Returns the name of a collection for people: its ID, unless its logs are of something else than calls. */
export const collectionName = ({ id, holds }: Collection): string =>
  holds === "guardrails" ? vscode.l10n.t("Guardrails") : id;
