// Deleting: nothing goes that was not seen.
import { mutantsOf } from "./mutant.ts";

export const DELETION = [
  ...mutantsOf("src/cloudflare/deletion.ts", ["cloudflare/changes.test.ts"], {
    "delete-without-condition": ["!Array.isArray(filters) || filters.length === 0", "false"],
    "delete-without-limit": ["!Number.isInteger(limit) || limit < 1 || limit > MOST", "false"],
    "delete-unexpected": ["expected && !expected(logs, total)", "false"],
  }),
  ...mutantsOf("src/logs/deletable.ts", ["logs/deleting.test.ts"], {
    "delete-all-of-a-gateway": ["if (isSome(conditions)) return", "if (isSome(conditions) || true) return"],
  }),
  ...mutantsOf("src/logs/deletionPreview.ts", ["logs/deleting.test.ts"], {
    "preview-ignores-row-conditions": ["page.logs.filter((log) => matchesRow(log, here))", "page.logs"],
    "preview-believes-a-search": ["words.every((word) => text.includes(word.toLowerCase()))", "true"],
    "preview-believes-untold": ["conditions.every((condition) => tells(log, condition)) && words", "words"],
    "preview-loses-ids": ["start += IDS_AT_ONCE", "start += IDS_AT_ONCE + 1"],
  }),
];
