// Exports: the file has what it claims, and no other file is touched.
import { mutantsOf } from "./mutant.ts";

export const EXPORT = [
  ...mutantsOf("src/export/verify.ts", ["export/verify.test.ts"], {
    "verify-any-hash": ["found.sha256 === sha256 && ", ""],
    "verify-any-count": ["lines === count && ids.size === count", "true"],
    "verify-twice-the-same": [" && ids.size === count", ""],
    "verify-without-bodies": ['!("request" in row) || !("response" in row)', "false"],
  }),
  ...mutantsOf("src/sources/cloudflare/walk.ts", ["export/resume.test.ts"], {
    "export-does-not-join": ["isShifted = isNewestFirst && !joins(page, known)", "isShifted = false"],
    "export-twice": ["logs.filter(({ id }) => !this.has(id))", "logs.filter(() => true)"],
  }),
  ...mutantsOf("src/deletion/core/export-first.ts", ["deletion/export-first.test.ts"], {
    "doubt-missing-logs": ["missing.length > 0 || ids.length !== preview.ids.length ||", ""],
    "doubt-missing-bodies": ["if (logIds.length > 0) throw", "if (logIds.length < 0) throw"],
  }),
  ...mutantsOf("src/export/csv.ts", ["export/formats.test.ts", "export/csv.test.ts"], {
    "csv-formulas": ['value.replace(FORMULA, "\'$&")', "value"],
    "csv-line-breaks": ['.replace(/^[\\t\\r\\n]/, "\'$&")', ""],
    "csv-quotes": [".replaceAll('\"', '\"\"')", ""],
  }),
  ...mutantsOf("src/export/body-text.ts", ["export/formats.test.ts"], {
    "export-body-unredacted": ["redaction ? redactBody(text, redaction) : text", "text"],
    "export-bytes-unredacted": ['if (redaction) return { text: markOf("bytes"), encoding: "utf-8" };', ""],
  }),
  ...mutantsOf("src/export/row.ts", ["export/formats.test.ts"], {
    "export-row-unredacted": ["if (!redaction) return log;", "return log;"],
  }),
];
