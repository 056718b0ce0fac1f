import * as vscode from "vscode";
import type { QueryLine } from "../../query/query-line.ts";
import type { LineDialect } from "../../filter/line.ts";
import { savedFilters, type FilterSetting, type SavedFilter } from "../../filter/saved.ts";
import { LOG_LINES } from "../../filter/words.ts";
import type { GatewayNode } from "../../tree/nodes.ts";
import type { LogTree } from "../../tree/provider.ts";

/** What a query line filters: the logs of a gateway, or the audit log of an account. */
export type Filtered<Query = unknown> = {
  name: string;
  lines: LineDialect<Query>;
  /** The line whose rows are shown; "" for all. */
  shown(): string;
  show(line: string): void;
  setting: FilterSetting;
  saved(): readonly SavedFilter[] | Promise<readonly SavedFilter[]>;
  /** The gateway that a saved filter can be for alone. */
  collectionId?: string;
  /** The message that there is no line to save. */
  unfiltered: string;
};

/** The logs of a gateway. */
export function filteredLogs(
  { arrangements }: Pick<LogTree, "arrangements">,
  { ref }: Pick<GatewayNode, "ref">,
): Filtered<QueryLine> {
  const { collectionId } = ref;
  return {
    name: collectionId,
    lines: LOG_LINES,
    shown: () => arrangements.filterOf(ref),
    show: (line) => arrangements.setFilter(ref, line),
    setting: "savedFilters",
    saved: () => savedFilters(collectionId),
    collectionId,
    unfiltered: vscode.l10n.t("There is no filter to save: {0} shows all its logs.", collectionId),
  };
}
