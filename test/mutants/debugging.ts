// Debugging: possible IDs are requested sparingly, and no code of the program runs.
import { mutantsOf } from "./mutant.ts";

export const DEBUGGING = [
  ...mutantsOf("src/debugging/core/lookup.ts", ["debugging/lookup.test.ts"], {
    "lookup-any-number-of-words": ["if (!sure && this.#unsure >= MOST_UNSURE) return;", ""],
    "lookup-ignores-a-block": ["this.#pausedUntil = error.retryAt.getTime()", "this.#pausedUntil = 0"],
    "lookup-takes-any-log": ['(key === "id" ? log.id : log.eventId) === id', "true"],
    "lookup-keeps-after-sign-out": ["this.#settled.clear();", ""],
  }),
  ...mutantsOf("src/debugging/core/values.ts", ["debugging/values.test.ts"], {
    "values-runs-getters": ["variable.presentationHint?.lazy === true || ", ""],
    "values-unbounded": ["|| budget.requests <= 0", ""],
  }),
  ...mutantsOf("src/logs/find.ts", ["logs/find.test.ts"], {
    "find-any-log": ["logs.filter((log) => heldBy(log) === logId)", "logs"],
  }),
  ...mutantsOf("src/reading/bodies.ts", ["reading/bodies.test.ts"], {
    "bodies-kept-after-sign-out": ["if (body && before === this.#kept)", "if (body)"],
    "bodies-kept-for-ever": ["Math.max(1, Math.min(body.length, KEPT.bytes))", "1"],
  }),
];
