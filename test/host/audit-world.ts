import assert from "node:assert/strict";
import { Entries } from "../../src/audit/entries.ts";
import { FilterLines } from "../../src/filter/filter-lines.ts";
import type { Node } from "../../src/audit/nodes.ts";
import { AuditTree } from "../../src/audit/tree.ts";
import type { NewAuditEntry } from "../../src/local/audit/trail.ts";
import type { LocalGatewayOptions } from "../../src/local/server.ts";
import { ACCOUNT } from "../gateway.ts";
import { MemoryState } from "./secrets.ts";
import { startWorld } from "./world.ts";

/** The parts of the audit log in a test world, assembled like in the view. */
export type AuditWorld = Awaited<ReturnType<typeof startAuditWorld>>;

export async function startAuditWorld(options: Partial<LocalGatewayOptions> = {}) {
  const world = await startWorld(options);
  const filters = new FilterLines(new MemoryState(), "auditFilters");
  const fired: (Node | undefined)[] = [];
  const tree = new AuditTree({ ...world, filters });
  tree.onDidChangeTreeData((node) => fired.push(node));
  return {
    ...world,
    filters,
    fired,
    auditTree: tree,
    entries: new Entries((accountId) => world.sessions.clientOf(accountId)),
    /** Adds an entry to the audit log, by an API token at that time. */
    add: (id: string, time: Date, fields: NewAuditEntry["fields"] = {}, more: Partial<NewAuditEntry> = {}) =>
      world.gateway.store.audit.add({ accountId: ACCOUNT, time, fields: { id, ...fields }, ...more }),
    nodes: (node?: Node) => tree.getChildren(node),
    said: (nodes: readonly Node[]) =>
      nodes.map((node) => {
        const { label, description } = tree.item(node);
        return [label, description].filter(Boolean).join(" | ");
      }),
    close: async () => {
      tree.dispose();
      filters.dispose();
      await world.close();
    },
  };
}

/** The first node of a kind; there must be one. */
export const auditKind = <K extends Node["kind"]>(nodes: readonly Node[], wanted: K): Extract<Node, { kind: K }> => {
  const found = nodes.find((node) => node.kind === wanted);
  assert.ok(found, `a ${wanted} among ${nodes.map((node) => node.id).join(", ")}`);
  return found as Extract<Node, { kind: K }>;
};
