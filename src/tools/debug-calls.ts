import { redactValue } from "../chat/redact/redact.ts";
import { bounded, MOST_CALLS, MOST_OF_ANSWER, MOST_SESSIONS, REDACTED, type ToolNeeds } from "./needs.ts";
import { rowOf } from "./rows.ts";

/** Lists the calls of the last debug sessions, newest session first, with the gateway's data of the newest calls. */
export function debugCalls({ runs }: Pick<ToolNeeds, "runs">): string {
  const sessions = runs.shown.slice(0, MOST_SESSIONS).map(({ name, startedAt, endedAt, calls }) => ({
    name: redactValue(name, REDACTED),
    startedAt,
    endedAt,
    total: calls.length,
    calls: calls
      .slice(-MOST_CALLS)
      .map(({ id, state, printedAt }) =>
        Object.assign(
          state.type === "known"
            ? rowOf(state.gateway, state.log)
            : { id: redactValue(id, REDACTED), state: state.type },
          printedAt ? { printedAt: redactValue(printedAt, REDACTED) } : {},
        ),
      ),
  }));
  return bounded(JSON.stringify({ sessions }), MOST_OF_ANSWER);
}
