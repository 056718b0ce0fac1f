import type { CommandNeeds, Handlers } from "./needs.ts";
import { accountCommands, type AccountCommands } from "./tables/account.ts";
import { browseCommands, type BrowseCommands } from "./tables/browse.ts";
import { readCommands, type ReadCommands } from "./tables/read.ts";
import { compareCommands, type CompareCommands } from "./tables/compare.ts";
import { shareCommands, type ShareCommands } from "./tables/share.ts";
import { rateCommands, type RateCommands } from "./tables/rate.ts";
import { resendCommands, type ResendCommands } from "./tables/resend.ts";
import { exportCommands, type ExportCommands } from "./tables/export.ts";
import { deleteCommands, type DeleteCommands } from "./tables/delete.ts";
import { auditCommands, type AuditCommands } from "./tables/audit.ts";
import { debugCommands, type DebugCommands } from "./tables/debug.ts";

/** Each command and what it is called with. */
type Commands = AccountCommands &
  BrowseCommands &
  ReadCommands &
  CompareCommands &
  ShareCommands &
  RateCommands &
  ResendCommands &
  ExportCommands &
  DeleteCommands &
  AuditCommands &
  DebugCommands;

/** Every command of the extension and what runs it; what asks the person for much is loaded when it is first run. */
export function commandTable(needs: CommandNeeds): Handlers<Commands> {
  return {
    ...accountCommands(needs),
    ...browseCommands(needs),
    ...readCommands(needs),
    ...compareCommands(needs),
    ...shareCommands(needs),
    ...rateCommands(needs),
    ...resendCommands(needs),
    ...exportCommands(needs),
    ...deleteCommands(needs),
    ...auditCommands(needs),
    ...debugCommands(needs),
  };
}
