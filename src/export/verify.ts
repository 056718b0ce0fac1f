import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ExportError, withFile } from "./failure.ts";
import type { ExportResult } from "./export.ts";

const NEWLINE = 10;

/**
 * Passes complete lines of a file to `take` as its bytes arrive; text after the last newline isn't a line. Returns hash
 * and size.
 */
async function readLines(file: string, take: (line: string) => void): Promise<{ bytes: number; sha256: string }> {
  const hash = createHash("sha256");
  let bytes = 0;
  let begun: Uint8Array[] = [];
  for await (const chunk of createReadStream(file, { highWaterMark: 1024 * 1024 })) {
    const piece = chunk as Uint8Array;
    hash.update(piece);
    bytes += piece.length;
    let start = 0;
    for (let end = piece.indexOf(NEWLINE); end >= 0; end = piece.indexOf(NEWLINE, start)) {
      take(Buffer.concat([...begun, piece.subarray(start, end)]).toString());
      begun = [];
      start = end + 1;
    }
    if (start < piece.length) begun.push(piece.subarray(start));
  }
  if (begun.length > 0) take(Buffer.concat(begun).toString());
  return { bytes, sha256: hash.digest("hex") };
}

/** Returns the log's ID in a line of JSON Lines with bodies. */
function idOf(line: string): string | undefined {
  try {
    const row = JSON.parse(line) as Record<string, unknown> | null;
    if (!row || !("request" in row) || !("response" in row)) return undefined;
    return typeof row["id"] === "string" ? row["id"] : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Rereads a JSON Lines export with bodies from disk, and returns its log IDs in order. Verifies that it's what was
 * written, byte for byte, that every line is a log with its bodies, and that none occurs twice.
 * @throws ExportError `changed` if not; another if it can't be read
 */
export async function verifyExport(
  file: string,
  { bytes, sha256, count }: Pick<ExportResult, "bytes" | "sha256" | "count">,
): Promise<ReadonlySet<string>> {
  const ids = new Set<string>();
  let lines = 0;
  const found = await withFile(file, undefined, () =>
    readLines(file, (line) => {
      lines++;
      const id = idOf(line);
      if (id !== undefined) ids.add(id);
    }),
  );
  const isSame = found.bytes === bytes && found.sha256 === sha256 && lines === count && ids.size === count;
  if (!isSame) throw new ExportError("changed", file);
  return ids;
}
