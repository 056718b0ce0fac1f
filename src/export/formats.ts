import type { ExportFormat } from "./format.ts";
import { jsonLines } from "./json-lines.ts";

/** All formats, as they are offered. */
export const FORMAT_NAMES = ["jsonLines"] as const;
export type FormatName = (typeof FORMAT_NAMES)[number];

/** What writes each of them. */
export const FORMATS: Readonly<Record<FormatName, ExportFormat>> = { jsonLines };
