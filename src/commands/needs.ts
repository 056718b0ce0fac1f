import type * as vscode from "vscode";
import type { GatewayTokens } from "../account/gateway-tokens.ts";
import type { AuditView } from "../audit/view.ts";
import type { SampleGateway } from "../account/sample.ts";
import type { Sessions } from "../account/session.ts";
import type { Tokens } from "../account/tokens.ts";
import type { CloudflareClient } from "../cloudflare/client.ts";
import type { Bodies } from "../reading/bodies.ts";
import type { LogDocuments } from "../documents/documents.ts";
import type { UnfinishedDeletions } from "../deletion/core/unfinished.ts";
import type { RequestDrafts } from "../documents/drafts.ts";
import type { Recordings } from "../reading/recordings.ts";
import type { Debugging } from "../debugging/register.ts";
import type { Logger } from "../platform/logger.ts";
import type { Format } from "../logs/format.ts";
import type { LogPanels } from "../panel/panels.ts";
import type { Read } from "../reading/core/reader.ts";
import type { RoundBar } from "../rating/bar.ts";
import type { SentRatings } from "../rating/sent.ts";
import type { AutoRefresh } from "../tree/auto-refresh.ts";
import type { Deleting } from "../deletion/in-progress.ts";
import type { Expanded } from "../tree/expanded.ts";
import type { LogTree } from "../tree/provider.ts";
import type { Runs } from "../tree/runs.ts";
import type { LogTreeView } from "../tree/view.ts";
import type { CompareSelection } from "./compare/compare-selection.ts";
import type { LineDrafts } from "./filter/line-drafts.ts";

/** What commands are given to work with. */
export type CommandNeeds = {
  tokens: Tokens;
  sessions: Sessions;
  sample: SampleGateway;
  tree: LogTree;
  view: LogTreeView;
  expanded: Expanded;
  autoRefresh: AutoRefresh;
  panels: LogPanels;
  deleting: Deleting;
  compareSelection: CompareSelection;
  lineDrafts: LineDrafts;
  audit: AuditView;
  documents: LogDocuments;
  runs: Runs;
  debugging: Debugging;
  read: Read;
  /** Where unfinished exports are noted. */
  exportsFolder: string;
  unfinishedDeletions: UnfinishedDeletions;
  ratings: SentRatings;
  round: RoundBar;
  format: Format;
  logger: Logger & { show(): void };
  clientOf: (accountId: string) => Promise<CloudflareClient | undefined>;
  recordings: Recordings;
  gatewayTokens: GatewayTokens;
  bodies: Bodies;
  drafts: RequestDrafts;
  /** What is remembered for all windows. */
  memory: vscode.Memento;
  extensionId: string;
};

/** What runs each command of a table, which says what it is called with. */
export type Handlers<Commands extends Record<string, (...args: never[]) => void>> = {
  [Id in keyof Commands]: (...args: Parameters<Commands[Id]>) => void | Promise<void>;
};
