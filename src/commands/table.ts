import type { CommandNeeds, Handlers } from "./needs.ts";
import { accountCommands, type AccountCommands } from "./account/table.ts";
import { browseCommands, type BrowseCommands } from "./browse/table.ts";
import { readCommands, type ReadCommands } from "./read/table.ts";
import { compareCommands, type CompareCommands } from "./compare/table.ts";
import { shareCommands, type ShareCommands } from "./share/table.ts";
import { rateCommands, type RateCommands } from "./rate/table.ts";
import { resendCommands, type ResendCommands } from "./resend/table.ts";
import { exportCommands, type ExportCommands } from "./export/table.ts";
import { deleteCommands, type DeleteCommands } from "./delete/table.ts";
import { auditCommands, type AuditCommands } from "./audit/table.ts";
import { debugCommands, type DebugCommands } from "./debug/table.ts";

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
