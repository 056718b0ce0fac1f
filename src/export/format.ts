import type { RecordedExchange } from "../chat/conversation.ts";
import type { RedactionRules } from "../chat/redact/redact.ts";
import type { GatewayRef, Log } from "../cloudflare/schema.ts";

/** What is redacted: the built-in rules. Without custom ones it can be noted in a file. */
export type Redaction = Omit<RedactionRules, "custom">;

/** One log with what it recorded; `exchange` is there when the bodies are asked for, and its bodies are null where none is stored. */
export type ExportedLog = { gateway: GatewayRef; log: Log; exchange?: RecordedExchange };

/** How logs are written to a file: the head, an entry for each log, and the foot. */
export type ExportFormat = {
  /** Of the file's name, with its dot. */
  ending: string;
  /** Whether it has the recorded bodies: always, never, or as is asked for. */
  bodies: "always" | "never" | "optional";
  head?: string;
  /** Between two entries. */
  between?: string;
  foot?: string;
  /** The text of one log; undefined for one that has no place in this format. */
  entry(exported: ExportedLog, redaction?: Redaction): string | undefined;
};
