import type { Citation, Part } from "../../conversation.ts";
import {
  type JsonRecord,
  isEmpty,
  isRecord,
  listOf,
  numberOf,
  present,
  recordOf,
  restOf,
  textOf,
} from "../../json/json.ts";
import { citation } from "./citation.ts";
import { bothSpellings, field, joined } from "./fields.ts";
import { type TextBytes, type TextPart, placeOf, textBytes } from "./text-bytes.ts";

/** The segments of each text part that a source supports. */
type Supported = Map<TextPart, JsonRecord[]>;

const GROUNDING_KEYS = bothSpellings("groundingChunks", "groundingSupports");
const CHUNK_KEYS = bothSpellings("uri", "sourceUri", "title", "text");
const SUPPORT_KEYS = bothSpellings("segment", "groundingChunkIndices", "confidenceScores");
const SEGMENT_KEYS = bothSpellings("startIndex", "endIndex", "partIndex", "text");
const SOURCE_KEYS = bothSpellings("startIndex", "endIndex", "uri", "title");
const LIST_KEYS = bothSpellings("citations", "citationSources");

/**
 * Adds a candidate's sources to the text parts they support. Cites a source once per part, with the supported
 * `segments` of that part: `start` to `end` in characters, converted from Google's byte offsets. A source without
 * segments goes to the last text. Returns the data that citations can't hold. `partsOf`: the parts read from each of
 * the candidate's own.
 */
export function cite(partsOf: Part[][], candidate: JsonRecord): JsonRecord | undefined {
  const grounding = recordOf(field(candidate, "groundingMetadata"));
  const cited = recordOf(field(candidate, "citationMetadata"));
  if (grounding === undefined && cited === undefined) return undefined;
  const bytes = textBytes(partsOf);
  const last = bytes.stretches.at(-1)?.part;
  const rest =
    last === undefined
      ? { groundingMetadata: grounding, citationMetadata: cited }
      : {
          groundingMetadata: grounding && citeChunks(bytes, last, grounding),
          citationMetadata: cited && citeSources(bytes, last, cited),
        };
  return restOf(rest, new Set());
}

function citeChunks(bytes: TextBytes, last: TextPart, grounding: JsonRecord): JsonRecord | undefined {
  const chunks = listOf(field(grounding, "groundingChunks"));
  const supportedBy = chunks.map((): Supported => new Map());
  const others = listOf(field(grounding, "groundingSupports")).filter(
    (support) => !addSupport(bytes, last, supportedBy, support),
  );
  for (const [index, chunk] of chunks.entries()) {
    const supported = supportedBy[index];
    if (supported === undefined || supported.size === 0) addCitation(last, citationOf(chunk));
    else for (const [part, segments] of supported) addCitation(part, { ...citationOf(chunk), segments });
  }
  return joined(restOf(grounding, GROUNDING_KEYS), others.length === 0 ? undefined : { groundingSupports: others });
}

/** Returns false if the support names no existing source. */
function addSupport(bytes: TextBytes, last: TextPart, supportedBy: Supported[], support: unknown): boolean {
  if (!isRecord(support)) return false;
  const scores = listOf(field(support, "confidenceScores"));
  const { part = last, segment } = segmentOf(bytes, recordOf(support.segment) ?? {});
  const about = { ...segment, ...restOf(support, SUPPORT_KEYS) };
  let isAdded = false;
  for (const [at, index] of listOf(field(support, "groundingChunkIndices")).entries()) {
    const supported = typeof index === "number" ? supportedBy[index] : undefined;
    if (supported === undefined) continue;
    isAdded = true;
    const whole = { ...about, ...present({ confidence: scores[at] }) };
    const segments = supported.get(part);
    if (segments === undefined) supported.set(part, [whole]);
    else segments.push(whole);
  }
  return isAdded;
}

function segmentOf(bytes: TextBytes, segment: JsonRecord): { part?: TextPart; segment: JsonRecord } {
  const said = textOf(segment.text);
  const start = numberOf(field(segment, "startIndex")) ?? 0;
  const end = numberOf(field(segment, "endIndex"));
  const partIndex = numberOf(field(segment, "partIndex"));
  const place = end === undefined ? undefined : placeOf(bytes, start, end, partIndex, said);
  if (place === undefined) return { segment };
  const { part, ...range } = place;
  return { part, segment: { ...range, ...restOf(segment, SEGMENT_KEYS) } };
}

/** A grounding chunk: `{web}`, `{retrievedContext}`, `{maps}` or `{image}`, each with an address and a title. */
function citationOf(chunk: unknown): Citation {
  const [kind, value] = isRecord(chunk) ? (Object.entries(chunk).find(([, one]) => isRecord(one)) ?? []) : [];
  const source = recordOf(value);
  if (kind === undefined || source === undefined || !isRecord(chunk)) return { source: chunk };
  const known = present({
    type: kind,
    text: textOf(source.text),
    url: textOf(source.uri) ?? textOf(field(source, "sourceUri")),
    title: textOf(source.title),
  });
  return citation(joined(restOf(source, CHUNK_KEYS), restOf(chunk, new Set([kind]))), known);
}

// Vertex uses `citations`, AI Studio `citationSources`.
function citeSources(bytes: TextBytes, last: TextPart, cited: JsonRecord): JsonRecord | undefined {
  for (const source of [...listOf(cited.citations), ...listOf(field(cited, "citationSources"))]) {
    if (!isRecord(source)) {
      if (!isEmpty(source)) addCitation(last, { source });
      continue;
    }
    const { part = last, segment } = segmentOf(bytes, source);
    const place = part === last && segment === source ? undefined : segment;
    const known = present({ url: textOf(source.uri), title: textOf(source.title) });
    const range = place === undefined ? undefined : [{ start: place.start, end: place.end }];
    addCitation(part, citation(restOf(source, SOURCE_KEYS), { ...known, ...present({ segments: range }) }));
  }
  return restOf(cited, LIST_KEYS);
}

function addCitation(part: TextPart, citation: Citation): void {
  part.citations ??= [];
  part.citations.push(citation);
}
