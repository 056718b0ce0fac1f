import { chatJsonLines } from "./chat-json-lines.ts";
import { csv } from "./csv.ts";
import type { ExportFormat } from "./format.ts";
import { har } from "./har.ts";
import { jsonLines } from "./json-lines.ts";
import { markdown } from "./markdown.ts";

/** All formats, as offered. */
export const FORMAT_NAMES = ["jsonLines", "csv", "markdown", "har", "chatJsonLines"] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** Writers by format. */
export const FORMATS: Readonly<Record<FormatName, ExportFormat>> = { jsonLines, csv, markdown, har, chatJsonLines };
