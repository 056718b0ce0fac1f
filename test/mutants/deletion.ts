// Deletions: only previewed logs are deleted, and reports are true.
import { mutantsOf } from "./mutant.ts";

export const DELETION = [
  ...mutantsOf("src/sources/cloudflare/deletion.ts", ["cloudflare/changes.test.ts"], {
    "delete-without-condition": ["!Array.isArray(filters) || filters.length === 0", "false"],
    "delete-without-limit": ["!Number.isInteger(limit) || limit < 1 || limit > MOST", "false"],
    "delete-unreadable-rows": ["page.malformed > 0", "page.malformed < 0"],
    "delete-more-than-was-read": ["limit: String(logs.length)", "limit: String(MOST)"],
    "delete-what-does-not-fit": ["page.unmeant > 0 || !page.logs.every((log) => matches(log, query.filters))", "false"],
  }),
  ...mutantsOf("src/deletion/core/request.ts", ["deletion/preview.test.ts"], {
    "delete-all-of-a-gateway": ["if (isSome(conditions)) return", "if (isSome(conditions) || true) return"],
  }),
  ...mutantsOf("src/source/rows.ts", ["deletion/preview.test.ts"], {
    "preview-believes-a-search": ["words.every((word) => text.includes(word.toLowerCase()))", "true"],
  }),
  ...mutantsOf("src/deletion/core/preview.ts", ["deletion/preview.test.ts"], {
    "preview-believes-untold": [
      "conditions.every((condition) => deletion.tells(log, condition)) && hasWords",
      "hasWords",
    ],
    "preview-shows-what-is-passed-over": ["log && shows(log, narrowing, source)", "log"],
  }),
  ...mutantsOf("src/deletion/core/preview.ts", ["deletion/limits.test.ts"], {
    "preview-does-not-wait": [
      "const waiting = { ...waitingOutRateLimits(source, signal, heard), deletion: source.deletion };",
      "const waiting = source;",
    ],
  }),
  ...mutantsOf("src/export/fitting.ts", ["deletion/preview.test.ts"], {
    "preview-ignores-row-conditions": ["logs.filter((log) => matchesRow(log, clientSide))", "logs"],
  }),
  ...mutantsOf("src/deletion/core/ids.ts", ["deletion/run.test.ts"], {
    "delete-loses-ids": ["start += BATCH) yield", "start += BATCH + 1) yield"],
  }),
  ...mutantsOf("src/deletion/core/trial.ts", ["deletion/run.test.ts"], {
    "trial-of-any-end": ["previewed.has(log.id)", "!previewed.has(log.id)"],
    "trial-names-the-bystander": ["found.logs.find(({ id }) => id !== end?.log.id) ??", ""],
  }),
  ...mutantsOf("src/deletion/core/run.ts", ["deletion/run.test.ts", "deletion/limits.test.ts"], {
    "delete-without-a-trial": ["let isFilterHonored = false;", "let isFilterHonored = true;"],
    "delete-after-an-ignored-filter": [
      'return ended.end === "stuck" && isBystanderGone ? this.#ignored(bystander) : ended;',
      "",
    ],
    "delete-tells-an-ignored-filter-as-stuck": ['ended.end === "stuck" && isBystanderGone', "false"],
    "delete-does-not-count-the-bystander": ["this.#counts.gone++;", ""],
    "delete-counts-what-is-left": ["deletion.logs.filter(({ id }) => !kept.has(id))", "deletion.logs"],
    "delete-does-not-count-the-absent": ["this.#counts.absent += ids.length - deletion.logs.length;", ""],
    "delete-goes-on-when-stuck": ["if (this.#asked.length === 0) return undefined;", "return undefined;"],
    "delete-does-not-look-again": ['return deletion.left({ priority: "person" }).catch(() => left);', "return left;"],
    "delete-loses-its-place": ["handled += rest.length;", "handled += piece.length;"],
    "delete-does-not-wait": [
      "return waitOutRateLimits(() => call(this.#source), signal, { onCall: () => undefined, onWait });",
      "return call(this.#source);",
    ],
  }),
  ...mutantsOf("src/deletion/core/unfinished.ts", ["deletion/unfinished.test.ts"], {
    "unfinished-readable-by-others": ['{ flag: "wx", mode: 0o600 }', '{ flag: "wx", mode: 0o644 }'],
    "unfinished-of-other-gateways": ["sourceId === gateway.sourceId && collectionId === gateway.collectionId", "true"],
    "unfinished-any-plan": ["if (!isPlan(plan)) return undefined;", ""],
    "unfinished-any-place": ["Number.isSafeInteger(handled) && handled > 0 ? handled : 0", "handled"],
  }),
  ...mutantsOf(
    "src/deletion/core/missing-bodies.ts",
    ["deletion/export-first.test.ts", "deletion/late-bodies.test.ts"],
    {
      "doubt-young-for-a-minute": ["const WRITING = 5 * 60_000;", "const WRITING = 60_000;"],
      "doubt-by-the-start": [" + Math.max(0, durationMs) + WRITING", " + WRITING"],
      "doubt-no-unknown-size": ["size === 0 && least === 0", "!size && least === 0"],
      "doubt-short-bodies": ["return bytes ? bytes >= least :", "return bytes ? true :"],
      "doubt-by-this-clock": ["source.now?.() ?? new Date()", "new Date()"],
      "doubt-not-the-gone": [
        "if (isNone(error)) doubted.set(ref.logId",
        "if (isNone(error) && (false as boolean)) doubted.set(ref.logId",
      ],
    },
  ),
  ...mutantsOf("src/logs/exchange.ts", ["deletion/export-first.test.ts", "deletion/late-bodies.test.ts"], {
    "head-of-any-size": [" && Buffer.byteLength(head) === size", ""],
    "head-with-losses": [' && !head.includes("\\uFFFD")', ""],
  }),
];
