import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { ExportError, withFile } from "./failure.ts";
import type { ExportResult } from "./export.ts";

const NEWLINE = 10;

/** Whole lines of a file as its bytes come, each handed to `take`; what is after the last newline is no line. Gives its hash and size. */
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

/** The log's id of a line of JSON Lines with bodies. */
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
 * Reads an export of JSON Lines with bodies again, from the disk, and gives the ids of its logs in their order: it is what was written, byte for
 * byte, every line is a log with its bodies, and none is in it twice.
 * @throws ExportError `changed` when it is not so; another when it cannot be read
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
