import { CALLS } from "./calls.ts";
import { DEBUGGING } from "./debugging.ts";
import { DELETION } from "./deletion.ts";
import { EXPORT } from "./export.ts";
import { FILTERS } from "./filters.ts";
import { LOCAL } from "./local.ts";
import type { Mutant } from "./mutant.ts";
import { PANEL } from "./panel.ts";
import { REDACTION } from "./redaction.ts";
import { RESEND } from "./resend.ts";
import { SOURCES } from "./sources.ts";

/** All mutants there are. */
export const MUTANTS: readonly Mutant[] = [
  ...CALLS,
  ...SOURCES,
  ...FILTERS,
  ...DELETION,
  ...EXPORT,
  ...REDACTION,
  ...RESEND,
  ...LOCAL,
  ...PANEL,
  ...DEBUGGING,
];
