import assert from "node:assert/strict";
import { DatabaseSync } from "node:sqlite";
import { AUDIT_KEYS, gatewayIdOf } from "../../src/sources/cloudflare/audit/keys.ts";
import { auditWord } from "../../src/sources/cloudflare/audit/query-line.ts";
import { AUDIT_FIELD_NAMES, AUDIT_FIELDS, type AuditField } from "../../src/local/audit/filters.ts";
import { PRODUCT_CATEGORIES } from "../../src/local/audit/products.ts";
import { Random } from "../../src/local/samples/random.ts";
import { PERMISSIONS } from "../../src/local/tokens.ts";
import { ACCOUNT, CANARY } from "../gateway.ts";
import { auditKind, startAuditWorld, type AuditWorld } from "./audit-world.ts";

const FILTERS = 500;
const ENTRIES = 400;

/** This many filters, with several calls each, fit into one token's call limit. */
const FILTERS_A_TOKEN = 20;

const random = new Random(20_261_127);

/** Values of each field, few enough for filters to match, including some that need quotes. */
const VALUES = Object.fromEntries(
  AUDIT_FIELD_NAMES.map((field) => {
    const texts = ["one", "two, three", 'with "quotes"', "~tilde", "none", "-minus", "key:value"].map(
      (text) => `${field} ${text}`,
    );
    const own: Partial<Record<AuditField, string[]>> = {
      raw_status_code: ["200", "201", "404"],
      resource_product: ["ai_gateway", "workers_ai", "accounts", "dns"],
      raw_uri: [
        "/accounts/a/ai-gateway/gateways/shop",
        "/accounts/a/ai-gateway/gateways/shop/logs?x=1",
        "/zones/z",
        "/accounts/a/AI-Gateway",
      ],
    };
    return [field, own[field] ?? AUDIT_FIELDS[field]?.slice() ?? texts];
  }),
) as Record<AuditField, string[]>;

type Word = { text: string; sql: string; values: string[] };

const listed = (values: readonly string[]): string => `(${values.map(() => "?").join(", ")})`;

/** A word of the line, and what it means in SQL. */
function randomWord(): Word {
  const [key, { filter }] = random.pick(
    [...AUDIT_KEYS].filter(([, { filter }]) => filter !== "id" && filter !== "audit_log_id"),
  );
  const not = random.chance(0.35);
  const field = filter as AuditField | undefined;
  if (field === undefined) {
    const values = [random.pick(["shop", "other"])];
    return {
      text: auditWord(key, values, { not }),
      sql: `coalesce(gateway_of(raw_uri, resource_id, resource_type) ${not ? "NOT IN" : "IN"} ${listed(values)}, ${not ? 1 : 0})`,
      values,
    };
  }
  if (random.chance(0.2)) {
    const whole = random.pick(VALUES[field]);
    const start = random.between(0, Math.max(0, whole.length - 3));
    const values = [whole.slice(start, start + random.between(1, 6))];
    const sql = `coalesce(instr(lower(${field}), lower(?)) > 0, 0) = ${not ? 0 : 1}`;
    return { text: auditWord(key, values, { not, part: true }), sql, values };
  }
  const values = Array.from({ length: random.between(1, 3) }, () => random.pick(VALUES[field]));
  const sql = not ? `coalesce(${field} NOT IN ${listed(values)}, 1)` : `${field} IN ${listed(values)}`;
  return { text: auditWord(key, values, { not }), sql, values };
}

function randomLine(now: number): { line: string; sql: string; values: (string | number)[] } {
  // A repeated key means either value, which is one word here.
  const words = new Map<string, Word>();
  for (let count = random.between(0, 3); count > 0; count--) {
    const word = randomWord();
    words.set(word.text.replace(/:.*/s, ""), word);
  }
  const texts = [...words.values()].map(({ text }) => text);
  const parts = [...words.values()].map(({ sql }) => sql);
  const values: (string | number)[] = [...words.values()].flatMap((word) => word.values);
  if (random.chance(0.15) && !texts.some((text) => text.startsWith("product:"))) {
    const { value, products } = random.pick(PRODUCT_CATEGORIES);
    texts.push(`category:${value}`);
    parts.push(`resource_product IN ${listed(products.map((product) => product.value))}`);
    values.push(...products.map((product) => product.value));
  }
  const [since, until] = [random.between(2, 400), random.between(0, 1)];
  const [from, to] = [now - since * 3_600_000, now - until * 3_600_000];
  texts.push(`since:${new Date(from).toISOString()}`, `until:${new Date(to).toISOString()}`);
  return {
    line: texts.join(" "),
    sql: ["account_id = ?", "time >= ?", "time < ?", ...parts].join(" AND "),
    values: [ACCOUNT, from, to, ...values],
  };
}

describe("the audit log's view", function () {
  this.timeout(240_000);
  let world: AuditWorld;
  let database: DatabaseSync;
  const now = Date.now() - 60_000;
  const tokens = Array.from({ length: FILTERS / FILTERS_A_TOKEN }, (_, index) => `${CANARY}audit${index}`);

  before(async () => {
    world = await startAuditWorld({
      tokens: tokens.map((value) => ({ value, kind: "user", permissions: [...PERMISSIONS] })),
    });
    world.gateway.store.atomically(() => {
      for (let index = 0; index < ENTRIES; index++) {
        const fields = Object.fromEntries(
          AUDIT_FIELD_NAMES.filter(() => random.chance(0.8)).map((field) => [field, random.pick(VALUES[field])]),
        );
        world.add(`e${index}`, new Date(now - random.between(1, 400 * 3600) * 1000), { ...fields, id: `e${index}` });
      }
    });
    database = new DatabaseSync(world.gateway.database, { readOnly: true });
    database.function("gateway_of", { deterministic: true }, (uri, id, type) => {
      const text = (value: unknown) => (typeof value === "string" ? value : undefined);
      const [call, resource] = [{ uri: text(uri) }, { id: text(id), type: text(type) }];
      return gatewayIdOf({ call, resource } as Parameters<typeof gatewayIdOf>[0]) ?? null;
    });
  });

  after(async () => {
    database.close();
    await world.close();
  });

  /** Returns the IDs of all entries in the view, once everything is loaded. */
  async function shown(): Promise<string[]> {
    for (;;) {
      const account = auditKind(await world.nodes(), "account");
      const rows = await world.nodes(account);
      const bad = rows.find((row) => row.kind === "state" && /failed|bad|malformed/.test(row.state.type));
      assert.ok(!bad, JSON.stringify(bad));
      if (rows.some(({ kind }) => kind === "more")) {
        await world.auditTree.loadMore(account);
        continue;
      }
      const days = await Promise.all(rows.filter(({ kind }) => kind === "day").map((day) => world.nodes(day)));
      return days.flat().flatMap((node) => (node.kind === "entry" ? [node.entry.id] : []));
    }
  }

  it("is what the database says, for any filter", async () => {
    let found = 0;
    let empty = 0;
    for (let round = 0; round < FILTERS; round++) {
      if (round % FILTERS_A_TOKEN === 0) await world.signIn(tokens[round / FILTERS_A_TOKEN]);
      const { line, sql, values } = randomLine(now);
      world.filters.set(ACCOUNT, line);
      const wanted = database
        .prepare(`SELECT id FROM audit WHERE ${sql} ORDER BY time DESC, seq DESC`)
        .all(...values)
        .map(({ id }) => id);
      const ids = await shown();
      assert.deepEqual(ids, wanted, `filter ${round}: ${line}`);
      found += ids.length;
      if (ids.length === 0) empty++;
    }
    assert.ok(found > 10_000 && empty < FILTERS / 2, `too little was compared: ${found} found, ${empty} without any`);
  });
});
