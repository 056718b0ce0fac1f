import type { DebuggingCalls } from "../debugging/links.ts";
import type { DeletionCalls } from "../deletion/report.ts";
import type { PanelCalls } from "../panel/intent-commands.ts";
import type { Handlers } from "../platform/commands.ts";
import type { RatingCalls } from "../rating/bar.ts";
import type { RowCalls } from "../tree/items.ts";
import { accountCommands, type AccountCommands, type AccountNeeds } from "./account/table.ts";
import { auditCommands, type AuditCommands, type AuditNeeds } from "./audit/table.ts";
import { browseCommands, type BrowseCommands, type BrowseNeeds } from "./browse/table.ts";
import { compareCommands, type CompareCommands, type CompareTableNeeds } from "./compare/table.ts";
import { debugCommands, type DebugCommands, type DebugNeeds } from "./debug/table.ts";
import { deleteCommands, type DeleteCommands, type DeleteTableNeeds } from "./delete/table.ts";
import { exportCommands, type ExportCommands } from "./export/table.ts";
import type { ExportNeeds } from "./export/export-logs.ts";
import { filterCommands, type FilterCommands, type FilterNeeds } from "./filter/table.ts";
import { rateCommands, type RateCommands, type RateNeeds } from "./rate/table.ts";
import { readCommands, type ReadCommands, type ReadNeeds } from "./read/table.ts";
import { recordCommands, type RecordCommands, type RecordNeeds } from "./record/table.ts";
import { resendCommands, type ResendCommands, type ResendTableNeeds } from "./resend/table.ts";
import { shareCommands, type ShareCommands, type ShareNeeds } from "./share/table.ts";

/** All commands and their arguments. */
type Commands = AccountCommands &
  BrowseCommands &
  FilterCommands &
  ReadCommands &
  CompareCommands &
  ShareCommands &
  RateCommands &
  ResendCommands &
  ExportCommands &
  DeleteCommands &
  AuditCommands &
  DebugCommands &
  RecordCommands;

/** Calls from other folders, which the handlers must accept. */
type Called = RowCalls & PanelCalls & RatingCalls & DeletionCalls & DebuggingCalls;

/** Dependencies of all commands; each feature declares its own. */
export type CommandNeeds = AccountNeeds &
  BrowseNeeds &
  FilterNeeds &
  ReadNeeds &
  CompareTableNeeds &
  ShareNeeds &
  RateNeeds &
  ResendTableNeeds &
  ExportNeeds &
  DeleteTableNeeds &
  AuditNeeds &
  DebugNeeds &
  RecordNeeds;

/** Returns the handlers of all commands; code with longer dialogs is loaded on first use. */
export function commandTable(needs: CommandNeeds): Handlers<Commands> & Handlers<Called> {
  return {
    ...accountCommands(needs),
    ...browseCommands(needs),
    ...filterCommands(needs),
    ...readCommands(needs),
    ...compareCommands(needs),
    ...shareCommands(needs),
    ...rateCommands(needs),
    ...resendCommands(needs),
    ...exportCommands(needs),
    ...deleteCommands(needs),
    ...auditCommands(needs),
    ...debugCommands(needs),
    ...recordCommands(needs),
  };
}
