import assert from "node:assert/strict";
import type { Node } from "../../src/tree/nodes.ts";

/** The first node of a kind; there must be one. */
export const kind = <K extends Node["kind"]>(nodes: Node[], wanted: K): Extract<Node, { kind: K }> => {
  const found = nodes.find((node) => node.kind === wanted);
  assert.ok(found, `a ${wanted} among ${nodes.map((node) => node.id).join(", ")}`);
  return found as Extract<Node, { kind: K }>;
};

/** A time some days ago, a few seconds after noon; today after midnight, so that it is not in the future. */
export const at = (daysAgo: number, seconds = 0) => {
  const noon = new Date();
  noon.setDate(noon.getDate() - daysAgo);
  noon.setHours(daysAgo === 0 ? 0 : 12, 0, 1);
  return new Date(noon.getTime() + seconds * 1000);
};
