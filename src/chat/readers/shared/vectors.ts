import type { Part } from "../../conversation.ts";
import { isVector } from "../../json/json.ts";

/**
 * Returns the embeddings in a vector, a list of vectors, or (one per token) a list of such lists; undefined if it
 * contains anything else.
 */
export function embeddingParts(value: unknown): Part[] | undefined {
  if (isVector(value)) return [{ type: "embedding", values: value }];
  if (!Array.isArray(value) || value.length === 0) return undefined;
  const parts: Part[] = [];
  for (const item of value as unknown[]) {
    const inner = Array.isArray(item) ? embeddingParts(item) : undefined;
    if (inner === undefined) return undefined;
    for (const part of inner) parts.push(part);
  }
  return parts;
}
