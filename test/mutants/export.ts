// Exports: the file holds what it says, and no other file is touched.
import { mutantsOf } from "./mutant.ts";

export const EXPORT = [
  ...mutantsOf("src/export/verify.ts", ["export/failure.test.ts"], {
    "verify-any-bytes": ["found.bytes === bytes && ", ""],
    "verify-any-hash": ["found.sha256 === sha256 && ", ""],
    "verify-any-count": ["lines === count && ids.size === count", "true"],
    "verify-twice-the-same": [" && ids.size === count", ""],
    "verify-without-bodies": ['!("request" in row) || !("response" in row)', "false"],
  }),
  ...mutantsOf("src/export/partial.ts", ["export/failure.test.ts"], {
    "partial-follows-links": ['if (isLink && end?.isFile() !== false) throw new ExportError("notAllowed", file);', ""],
    "partial-over-a-folder": ["if (found?.isDirectory())", "if (false as boolean)"],
    "partial-over-a-locked-file": ['if (found) await (await open(target, "r+")).close();', ""],
    "partial-two-writers": ["if (writing.has(target)) throw", "if (false as boolean) throw"],
    "partial-discarded-while-written": ["if (writing.has(target)) return;", ""],
  }),
  ...mutantsOf("src/export/partial.ts", ["export/resume.test.ts"], {
    "partial-keeps-half-a-line": ["await handle.truncate(bytes);", ""],
    "partial-checkpoint-stays": ["rm(checkpointOf(this.#target), { force: true })", "Promise.resolve()"],
    "partial-checkpoint-late": ["sha256: this.#hash.copy().digest", 'sha256: createHash("sha256").digest'],
  }),
  ...mutantsOf("src/export/newest-first.ts", ["export/resume.test.ts"], {
    "export-does-not-join": ["isShifted = !known.joins(page)", "isShifted = false"],
    "export-twice": ["logs.filter(({ id }) => !this.#has(id))", "logs.filter(() => true)"],
    "export-forgets-the-second": ["new Set(reached?.ids)", "new Set()"],
  }),
  ...mutantsOf("src/export/beforeDeleting.ts", ["export/beforeDeleting.test.ts"], {
    "doubt-not-verified": [
      "await verifyExport(file, result)",
      "new Set(await verifyExport(file, result).catch(() => []))",
    ],
    "doubt-missing-logs": ["missing.length > 0 || ids.length !== preview.count ||", ""],
    "doubt-missing-bodies": ['if (lacking().length > 0) throw new Doubt("bodies", lacking());', ""],
    "doubt-deletes-by-the-old-way": ['{ ...preview, by: { type: "ids", ids } }', "preview"],
  }),
  ...mutantsOf("src/export/lacking.ts", ["export/beforeDeleting.test.ts"], {
    "lacking-log-is-gone": ["awaited.set(ref.logId, new Map(SIDES.map((side) => [side, 0])));", "undefined;"],
    "lacking-shorter-body": ["Buffer.byteLength(body) >= (sides?.get(side) ?? 0)", "true"],
  }),
  ...mutantsOf("src/export/order.ts", ["export/resume.test.ts", "export/export.test.ts", "export/failure.test.ts"], {
    "order-of-any-shape": [
      "parsed.success ? (parsed.data as ExportState) : undefined",
      "(value as ExportState | undefined)",
    ],
  }),
  ...mutantsOf("src/export/csv.ts", ["export/formats.test.ts"], {
    "csv-formulas": ["FORMULA.test(value) ? `'${value}` : value", "value"],
    "csv-quotes": [".replaceAll('\"', '\"\"')", ""],
  }),
  ...mutantsOf("src/export/body-text.ts", ["export/formats.test.ts"], {
    "export-body-unredacted": ["redaction ? redactBody(text, redaction) : text", "text"],
    "export-bytes-unredacted": ['if (redaction) return { text: markOf("bytes"), encoding: "utf-8" };', ""],
  }),
  ...mutantsOf("src/export/row.ts", ["export/formats.test.ts"], {
    "export-row-unredacted": ["if (!redaction) return log;", "return log;"],
  }),
  ...mutantsOf("src/export/audit.ts", ["export/audit.test.ts"], {}),
];
