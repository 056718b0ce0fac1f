import type { Part } from "../conversation.ts";
import { type JsonRecord, isRecord, numberOf, present, textOf } from "../json/json.ts";
import { mediaKindOf, sniffMimeType } from "../media.ts";

/** A form's fields. `cut`: its end is missing. */
export type Form = { value: JsonRecord; cut: boolean };

/** `cut`: no boundary follows. `isText`: the form was stored as text, so a file's bytes may be lost. */
type Section = { headers: string; content: Buffer; cut: boolean; isLast: boolean; isText: boolean };

// The first line, any headers before Content-Disposition, and that header (RFC 7578).
const BEGINNING =
  /^\s*--([^\r\n]{1,200}?)[ \t]*(\r?\n)(?:[\w-]{1,40}:[^\r\n]*\r?\n)*content-disposition:[ \t]*form-data/i;
const HEAD_LENGTH = 2000;

/**
 * Parses a form into a record of its fields: `multipart/form-data` by its bytes, `application/x-www-form-urlencoded` by
 * the content type. Repeated fields, and fields named `name[]`, become lists. A file becomes `{filename, contentType,
 * data}` with base64 data, or `{filename, contentType, characters}` if storing the form as text lost its bytes. Returns
 * undefined for anything else. Takes linear time.
 */
export function parseForm(body: string | Uint8Array | null, contentType: string): Form | undefined {
  if (typeof body !== "string" && !(body instanceof Uint8Array)) return undefined;
  if (/^\s*application\/x-www-form-urlencoded/i.test(contentType)) return parseUrlEncoded(body);
  const isText = typeof body === "string";
  const head = isText
    ? body.slice(0, HEAD_LENGTH)
    : Buffer.from(body.buffer, body.byteOffset, Math.min(body.byteLength, HEAD_LENGTH)).toString("latin1");
  const [, boundary, newline] = BEGINNING.exec(head) ?? [];
  if (boundary === undefined || newline === undefined) return undefined;
  const bytes = isText ? Buffer.from(body) : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  const sections = [...sectionsOf(bytes, boundary, newline, isText)];
  const fields = sections.filter(({ headers }) => headers !== "").map(fieldOf);
  return { value: recordOfFields(fields), cut: sections.at(-1)?.isLast !== true };
}

function recordOfFields(fields: Iterable<readonly [string, unknown]>): JsonRecord {
  const lists = new Map<string, { values: unknown[]; isList: boolean }>();
  for (const [named, value] of fields) {
    const name = named.endsWith("[]") ? named.slice(0, -2) : named;
    const list = lists.get(name) ?? { values: [], isList: name !== named };
    list.values.push(value);
    lists.set(name, list);
  }
  return Object.fromEntries(
    [...lists].map(([name, { values, isList }]) => [name, isList || values.length > 1 ? values : values[0]]),
  );
}

function parseUrlEncoded(body: string | Uint8Array): Form | undefined {
  const text = typeof body === "string" ? body : new TextDecoder().decode(body);
  // Some clients send JSON with this type, because it's their default.
  if (!/^[^\s={}[\]"]+=/.test(text.slice(0, HEAD_LENGTH))) return undefined;
  return { value: recordOfFields(new URLSearchParams(text.trim())), cut: false };
}

/** Yields the sections between the boundaries; none is the last if the form is truncated. */
function* sectionsOf(bytes: Buffer, boundary: string, newline: string, isText: boolean): Generator<Section> {
  const delimiter = Buffer.from(`${newline}--${boundary}`, isText ? "utf8" : "latin1");
  let start = bytes.indexOf(delimiter.subarray(newline.length)) + delimiter.length - newline.length;
  while (start < bytes.length) {
    // After a boundary: spaces and a line break, or two hyphens at the very end.
    const line = bytes.indexOf(newline, start);
    if (line === -1 || line - start > 200) return;
    const from = line + newline.length;
    const end = nextDelimiter(bytes, delimiter, line);
    const to = end === -1 ? endOfCut(bytes, delimiter) : end;
    const blank = bytes.subarray(line, Math.max(to, line)).indexOf(newline + newline);
    const isLast = end !== -1 && bytes.toString("latin1", end + delimiter.length, end + delimiter.length + 2) === "--";
    const headers = blank === -1 ? "" : bytes.toString("utf8", from, line + blank);
    const content = bytes.subarray(blank === -1 ? to : Math.min(line + blank + 2 * newline.length, to), to);
    yield { headers, content, cut: end === -1, isLast, isText };
    if (isLast || end === -1) return;
    start = end + delimiter.length;
  }
}

// The characters after a boundary distinguish it from a longer line with the same beginning.
function nextDelimiter(bytes: Buffer, delimiter: Buffer, from: number): number {
  for (let at = bytes.indexOf(delimiter, from); at !== -1; at = bytes.indexOf(delimiter, at + 1)) {
    const after = bytes.toString("latin1", at + delimiter.length, at + delimiter.length + 2);
    if (/^(?:$|--|-$|[ \t\r\n])/.test(after)) return at;
  }
  return -1;
}

function endOfCut(bytes: Buffer, delimiter: Buffer): number {
  for (let length = Math.min(delimiter.length, bytes.length); length > 0; length--) {
    const at = bytes.length - length;
    if (bytes.subarray(at).equals(delimiter.subarray(0, length))) return at;
  }
  return bytes.length;
}

function parameterOf(headers: string, name: string): string | undefined {
  const disposition = headerOf(headers, "content-disposition") ?? "";
  const extended = new RegExp(`;[ \\t]*${name}\\*=[\\w-]*'[\\w-]*'([^;\\s]*)`, "i").exec(disposition)?.[1];
  if (extended !== undefined) return unescaped(extended);
  const [, quoted, token] =
    new RegExp(`;[ \\t]*${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^;\\s]*))`, "i").exec(disposition) ?? [];
  // Browsers escape a quotation mark as %22, other clients with a backslash.
  return quoted?.replaceAll(/\\(["\\])/g, "$1").replaceAll("%22", '"') ?? token;
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function headerOf(headers: string, name: string): string | undefined {
  const line = headers.split(/\r?\n/).find((one) => one.toLowerCase().startsWith(`${name}:`));
  return line?.slice(name.length + 1).trim();
}

function fieldOf(section: Section): [string, unknown] {
  return [parameterOf(section.headers, "name") ?? "", valueOf(section)];
}

function valueOf({ headers, content, cut, isText }: Section): unknown {
  const filename = parameterOf(headers, "filename");
  const contentType = headerOf(headers, "content-type");
  const isPlain = contentType === undefined || /^(?:text\/|[^;]*json)/i.test(contentType);
  // Drops a character cut in two at the end.
  if (filename === undefined && isPlain) return new TextDecoder().decode(content, { stream: cut });
  const isBase64 = headerOf(headers, "content-transfer-encoding")?.toLowerCase() === "base64";
  const stored = isBase64
    ? { data: content.toString("latin1").replaceAll(/\s/g, "") }
    : isText
      ? storedAsText(content)
      : { data: content.toString("base64") };
  return { ...present({ filename, contentType }), ...stored };
}

// Bytes decoded as UTF-8 leave replacement characters; bytes decoded as Latin-1 can be recovered.
function storedAsText(content: Buffer): { data: string } | { characters: number } {
  const text = content.toString("utf8");
  if (text.includes("\uFFFD")) return { characters: text.length };
  const bytes = Buffer.from(text, "latin1");
  const isLatin1 = text.includes("\0") && bytes.toString("latin1") === text;
  return { data: (isLatin1 ? bytes : content).toString("base64") };
}

/** Whether a value is a form's file, as `parseForm` returns it. */
export function isFormFile(value: unknown): value is JsonRecord {
  return isRecord(value) && (typeof value.data === "string" || typeof value.characters === "number");
}

/** Returns a form's file as a medium, of the kind that the field expects if bytes and content type don't show one. */
export function formFilePart(file: JsonRecord, expected: "image" | "audio" | "file" = "file"): Part {
  const data = textOf(file.data);
  const given = textOf(file.contentType)?.split(";", 1)[0]?.trim().toLowerCase();
  const isGeneric = given === undefined || given === "application/octet-stream";
  const mimeType = isGeneric ? (data === undefined ? given : (sniffMimeType(data) ?? given)) : given;
  const kind = mediaKindOf(mimeType ?? "");
  const characters = numberOf(file.characters);
  return {
    type: "media",
    media: kind === "file" && isGeneric ? expected : kind,
    ...present({
      mimeType,
      data,
      name: textOf(file.filename),
      details: characters === undefined ? undefined : { characters },
    }),
  };
}
