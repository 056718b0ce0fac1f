import * as z from "zod/mini";

/** The actor. Empty or missing members are absent, here and below. */
type AuditActor = {
  id?: string;
  /** "user", "account", "system", …; may grow. */
  type?: string;
  /** How the actor authenticated: "dash", "api_token", "api_key", … */
  context?: string;
  email?: string;
  ipAddress?: string;
  tokenId?: string;
  tokenName?: string;
};

/** The changed resource. */
type AuditResource = {
  id?: string;
  type?: string;
  product?: string;
  /** A word ("accounts") or an object (API notes: Audit log). */
  scope?: string | Record<string, unknown>;
  /** JSON of the request and the response, of any shape. */
  request?: unknown;
  response?: unknown;
};

/** One entry of the audit log (API notes: Audit log). */
export type AuditEntry = {
  id: string;
  time: Date;
  account: { id?: string; name?: string };
  action: { type?: string; result?: string; description?: string };
  actor: AuditActor;
  resource: AuditResource;
  /** The HTTP call that made the change. */
  call: { method?: string; uri?: string; statusCode?: number; rayId?: string; userAgent?: string };
  zone: { id?: string; name?: string };
  /** The entry as received, including undeclared keys. */
  raw: Record<string, unknown>;
};

/** A group of products that `product_category` expands to. */
export type ProductCategory = { value: string; label: string; products: { value: string; label: string }[] };

/** Treats null, an empty text and a value of another type as absent. */
const lenient = <T extends z.core.$ZodType>(type: T) => z.catch(z.optional(type), undefined);
const text = lenient(z.string().check(z.minLength(1)));
const object = z.record(z.string(), z.unknown());
const count = lenient(z.union([z.number(), z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number))]));
const time = z.pipe(
  z.pipe(
    z.union([z.string(), z.number()]),
    z.transform((value) => new Date(value)),
  ),
  z.date(),
);

const named = z.catch(z.looseObject({ id: text, name: text }), {});

const entryShape = z.looseObject({
  id: z.string().check(z.minLength(1)),
  account: named,
  action: z.looseObject({ time, type: text, result: text, description: text }),
  actor: z.catch(
    z.looseObject({
      id: text,
      type: text,
      context: text,
      email: text,
      ip_address: text,
      token_id: text,
      token_name: text,
    }),
    {},
  ),
  resource: z.catch(
    z.looseObject({
      id: text,
      type: text,
      product: text,
      scope: lenient(z.union([z.string().check(z.minLength(1)), object])),
      request: z.optional(z.unknown()),
      response: z.optional(z.unknown()),
    }),
    {},
  ),
  raw: z.catch(z.looseObject({ method: text, uri: text, status_code: count, cf_ray_id: text, user_agent: text }), {}),
  zone: named,
});

/** Drops keys with null or undefined. */
function present<T extends Record<string, unknown>>(values: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value != null)) as never;
}

/** Parses an audit log entry; undefined without an ID or a valid time. */
export function parseAuditEntry(row: unknown): AuditEntry | undefined {
  const parsed = z.safeParse(entryShape, row);
  if (!parsed.success) return undefined;
  const { id, account, action, actor, resource, raw: call, zone } = parsed.data;
  return {
    id,
    time: action.time,
    account: present({ id: account.id, name: account.name }),
    action: present({ type: action.type, result: action.result, description: action.description }),
    actor: present({
      id: actor.id,
      type: actor.type,
      context: actor.context,
      email: actor.email,
      ipAddress: actor.ip_address,
      tokenId: actor.token_id,
      tokenName: actor.token_name,
    }),
    resource: present({
      id: resource.id,
      type: resource.type,
      product: resource.product,
      scope: resource.scope,
      request: resource.request,
      response: resource.response,
    }),
    call: present({
      method: call.method,
      uri: call.uri,
      statusCode: call.status_code,
      rayId: call.cf_ray_id,
      userAgent: call.user_agent,
    }),
    zone: present({ id: zone.id, name: zone.name }),
    raw: row as Record<string, unknown>,
  };
}

const infoShape = z.catch(
  z.looseObject({
    count,
    cursor: text,
    history_status: text,
  }),
  {},
);

/**
 * Parses the audit log's `result_info`: `count` may be a string or a number, and a missing or empty cursor is the end
 * (API notes: Audit log).
 */
export function parseAuditInfo(info: unknown): { count?: number; cursor?: string; historyStatus?: string } {
  const { count: entries, cursor, history_status: historyStatus } = z.parse(infoShape, info);
  return present({ count: entries, cursor, historyStatus });
}

const valueShape = { value: z.string().check(z.minLength(1)), label: text };
const categoryShape = z.looseObject({
  ...valueShape,
  products: z.catch(z.array(z.unknown()), []),
});

/** Parses a product category; undefined without a value. Its value is the default label. */
export function parseProductCategory(row: unknown): ProductCategory | undefined {
  const parsed = z.safeParse(categoryShape, row);
  if (!parsed.success) return undefined;
  const { value, label = value, products } = parsed.data;
  const read = products.map((product) => z.safeParse(z.looseObject(valueShape), product).data);
  return {
    value,
    label,
    products: read
      .filter((product) => product !== undefined)
      .map((product) => ({ value: product.value, label: product.label ?? product.value })),
  };
}
