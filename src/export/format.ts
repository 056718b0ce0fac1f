import type { RecordedExchange } from "../chat/conversation.ts";
import type { RedactionRules } from "../chat/redact/redact.ts";
import type { CollectionRef, Log } from "../source/log.ts";

/** Redaction with built-in rules only, which can be saved in a checkpoint. */
export type Redaction = Omit<RedactionRules, "custom">;

/** One log with its exchange, if bodies were requested; a body that isn't stored is null. */
export type ExportedLog = { gateway: CollectionRef; log: Log; exchange?: RecordedExchange };

/** A file format: the head, an entry for each log, and the foot. */
export type ExportFormat = {
  /** File name extension, with its dot. */
  ending: string;
  /** Whether it includes the recorded bodies: always, never, or on request. */
  bodies: "always" | "never" | "optional";
  head?: string;
  /** Separator of entries. */
  between?: string;
  foot?: string;
  /** Returns the text of one log; undefined if the format can't express it. */
  entry(exported: ExportedLog, redaction?: Redaction): string | undefined;
};
