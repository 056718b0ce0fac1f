import assert from "node:assert/strict";
import { afterEach, beforeEach, describe, it } from "node:test";
import { inspect } from "node:util";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import type { DeleteQuery } from "../../../src/sources/cloudflare/deletion.ts";
import type { Condition } from "../../../src/source/conditions.ts";
import { SourceError, type ErrorReason } from "../../../src/source/errors.ts";
import type { LogChanges } from "../../../src/source/source.ts";
import { aLog, CANARY, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";

const rejects = (promise: Promise<unknown>, reason: ErrorReason) =>
  assert.rejects(promise, (error) => error instanceof SourceError && error.reason === reason);

const is = (key: string, ...value: Condition["value"]): Condition => ({ key, operator: "eq", value });

/** @ts-expect-error A deletion without a condition can't be expressed. */
const UNREPRESENTABLE: DeleteQuery = { filters: [], limit: 1 };

describe("changing logs", () => {
  let gateway: TestGateway;
  let client: CloudflareClient;

  beforeEach(async () => {
    gateway = await startTestGateway({ deleteDelayMs: 0, keepTotalsMs: 0 });
    client = gateway.client;
    gateway.store.insert(
      Array.from({ length: 120 }, (_, index) =>
        aLog({
          id: `log-${index}`,
          createdAt: new Date(Date.UTC(2026, 10, 20, 12) - index * 1000),
          provider: index % 2 ? "openai" : "anthropic",
          metadata: index % 3 ? { user: "42", env: "test" } : { user: "7", env: "42" },
        }),
      ),
    );
  });

  afterEach(() => gateway.close());

  const sent = (method: string) => gateway.calls.filter((call) => call.method === method);
  const total = async () => (await client.listLogs(GATEWAY, { perPage: 1 })).total;

  describe("patch", () => {
    const ref = { ...GATEWAY, logId: "log-3" };

    it("sets and clears feedback, score and metadata", async () => {
      await client.patchLog(ref, { feedback: -1, score: 50, metadata: { a: "x", n: 1, b: true } });
      const changed = await client.getLog(ref);
      assert.deepEqual([changed.feedback, changed.score, changed.metadata], [-1, 50, { a: "x", n: 1, b: true }]);
      await client.patchLog(ref, { feedback: null });
      const cleared = await client.getLog(ref);
      assert.deepEqual([cleared.feedback, cleared.score], [undefined, 50]);
    });

    it("sends nothing that is out of range", async () => {
      const wrong = [
        { feedback: 2 },
        { score: 101 },
        { score: Number.NaN },
        { metadata: { a: {} } },
      ] as unknown as LogChanges[];
      for (const changes of wrong) await rejects(client.patchLog(ref, changes), "invalid");
      assert.deepEqual(sent("PATCH"), []);
    });

    it("says that a log is gone", () =>
      rejects(client.patchLog({ ...ref, logId: "gone" }, { feedback: 1 }), "notFound"));
  });

  describe("delete", () => {
    it("deletes what fits, and tells what of it is still there", async () => {
      const filters = [is("provider", "openai")] as const;
      const deletion = await client.deleteLogs(GATEWAY, { filters, limit: 1000 });
      assert.deepEqual([deletion.logs.length, deletion.total], [60, 60]);
      await gateway.settled();
      assert.deepEqual(await deletion.left(), []);
      assert.equal(await total(), 60);
    });

    it("takes no more than it has seen, and sends the very filter that it has checked", async () => {
      const filters = [is("provider", "openai")] as const;
      await client.deleteLogs(GATEWAY, { filters, limit: 25 });
      await gateway.settled();
      assert.equal(await total(), 95);
      const query = (url = "") => new URLSearchParams(url.split("?")[1]);
      const [deleted] = sent("DELETE");
      const gets = sent("GET").map(({ url }) => query(url).get("filters"));
      assert.equal(query(deleted?.url).get("limit"), "25");
      assert.ok(gets.includes(query(deleted?.url).get("filters")));
    });

    it("sends nothing without a condition or with a wrong limit", async () => {
      const filters = [is("provider", "openai")] as const;
      const wrong = [
        UNREPRESENTABLE,
        {} as DeleteQuery,
        { filters, limit: 0 },
        { filters, limit: 10_001 },
        { filters, limit: 1.5 },
        { filters: [{ key: "provider", operator: "like", value: [] }], limit: 1 } as unknown as DeleteQuery,
      ];
      for (const query of wrong) await rejects(client.deleteLogs(GATEWAY, query), "invalid");
      assert.deepEqual(sent("DELETE"), []);
      assert.equal(await total(), 120);
    });

    it("refuses when the filter is ignored", async () => {
      const ignoring: typeof fetch = (input, init) => fetch((input as string).replace(/filters=/, "filter="), init);
      const careless = new CloudflareClient({
        baseUrl: gateway.baseUrl,
        token: () => Promise.resolve(gateway.token),
        fetch: ignoring,
      });
      const told = [is("provider", "openai")] as const;
      await rejects(careless.deleteLogs(GATEWAY, { filters: told, limit: 10 }), "filterIgnored");
      // Rows don't show compatibility mode, so nothing shows whether the filter was honored.
      const untold = [is("compatibilityMode", true)] as const;
      await rejects(careless.deleteLogs(GATEWAY, { filters: untold, limit: 10 }), "filterIgnored");
      assert.deepEqual(sent("DELETE"), []);
    });

    it("refuses when a row cannot be read: what it is cannot be checked", async () => {
      const garbling: typeof fetch = async (input, init) => {
        const answer = await fetch(input, init);
        if (init?.method === "DELETE") return answer;
        return new Response((await answer.text()).replace(/"id":"[^"]+"/, '"id":null'), answer);
      };
      const { baseUrl, token } = gateway;
      const garbled = new CloudflareClient({ baseUrl, token: () => Promise.resolve(token), fetch: garbling });
      const filters = [is("provider", "openai")] as const;
      await rejects(garbled.deleteLogs(GATEWAY, { filters, limit: 10 }), "filterIgnored");
      assert.deepEqual(sent("DELETE"), []);
    });

    it("refuses what would take more than is meant: a key of one tag with the value of another", async () => {
      const filters = [is("metadataKey", "user"), is("metadataValue", "42")] as const;
      await rejects(client.deleteLogs(GATEWAY, { filters, limit: 1000 }), "filterIgnored");
      assert.deepEqual(sent("DELETE"), []);
      const safe = [is("metadataKey", "user"), is("metadataValue", "7")] as const;
      assert.equal((await client.deleteLogs(GATEWAY, { filters: safe, limit: 1000 })).logs.length, 40);
    });

    it("refuses what would take a log of the second before: the API cuts times its own way", async () => {
      gateway.store.insert([aLog({ id: "early", createdAt: new Date("2026-11-20T11:59:00.500Z") })]);
      const filters = [{ key: "createdAt", operator: "gt" as const, value: ["2026-11-20T11:59:00.000Z"] }] as [
        Condition,
      ];
      await rejects(client.deleteLogs(GATEWAY, { filters, limit: 1000, direction: "desc" }), "filterIgnored");
      assert.deepEqual(sent("DELETE"), []);
    });

    it("asks for nothing when nothing fits", async () => {
      const filters = [is("model", "none")] as const;
      const deletion = await client.deleteLogs(GATEWAY, { filters, limit: 10 });
      assert.deepEqual([deletion.logs, await deletion.left()], [[], []]);
      assert.deepEqual(sent("DELETE"), []);
    });

    it("tells what is still there by the logs themselves, while the count lags behind", async () => {
      const slow = await startTestGateway({ deleteDelayMs: 600_000, keepTotalsMs: 600_000 });
      try {
        const day = Date.UTC(2026, 10, 20);
        slow.store.insert(
          Array.from({ length: 130 }, (_, index) => aLog({ id: `log-${index}`, createdAt: new Date(day + index) })),
        );
        const filters = [is("provider", "openai")] as const;
        const deletion = await slow.client.deleteLogs(GATEWAY, { filters, limit: 120 });
        assert.equal((await deletion.left()).length, 120);
        slow.store.remove(slow.store.select(GATEWAY, { conditions: [], orderBy: "created_at", direction: "asc" }, 119));
        assert.deepEqual(
          (await deletion.left()).map(({ id }) => id),
          ["log-119"],
        );
      } finally {
        await slow.close();
      }
    });

    it("is not given up once it is on its way", async () => {
      const abort = new AbortController();
      const giving: typeof fetch = (input, init) => {
        if (init?.method === "DELETE") abort.abort();
        return fetch(input, init);
      };
      const { baseUrl, token } = gateway;
      const hasty = new CloudflareClient({ baseUrl, token: () => Promise.resolve(token), fetch: giving });
      const filters = [is("provider", "openai")] as const;
      const deletion = await hasty.deleteLogs(GATEWAY, { filters, limit: 5 }, { signal: abort.signal });
      await gateway.settled();
      assert.deepEqual([deletion.logs.length, await total()], [5, 115]);
      await rejects(hasty.deleteLogs(GATEWAY, { filters, limit: 5 }, { signal: abort.signal }), "aborted");
    });
  });

  it("lists by a tag only the logs of which one tag has both the key and the value", async () => {
    const tag = (value: string) => [is("metadataKey", "user"), is("metadataValue", value)];
    const page = await client.listLogs(GATEWAY, { filters: tag("42"), perPage: 50 });
    assert.ok(page.logs.length > 0 && page.logs.every(({ metadata }) => metadata["user"] === "42"));
    assert.equal(page.logs.length + page.unmeant, 50);
    const walked: string[] = [];
    for await (const { logs } of client.walkLogs(GATEWAY, { filters: tag("42"), perPage: 7 }))
      walked.push(...logs.map(({ id }) => id));
    assert.deepEqual([walked.length, new Set(walked).size], [80, 80]);
  });

  it("saves a body to a sink", async () => {
    const chunks: Uint8Array[] = [];
    const sink = new WritableStream<Uint8Array>({ write: (chunk) => void chunks.push(chunk) });
    const { bytes, contentType } = await client.saveRequest({ ...GATEWAY, logId: "log-1" }, sink);
    assert.equal(Buffer.concat(chunks).length, bytes);
    assert.equal(contentType, "application/json");
    await rejects(client.saveResponse({ ...GATEWAY, logId: "gone" }, new WritableStream()), "notFound");
  });

  it("makes equal reads that are under way at once a single time", async () => {
    const before = gateway.calls.length;
    const abort = new AbortController();
    const given = rejects(client.getLog({ ...GATEWAY, logId: "log-1" }, { signal: abort.signal }), "aborted");
    const [first, second] = [
      client.getLog({ ...GATEWAY, logId: "log-1" }),
      client.getLog({ ...GATEWAY, logId: "log-1" }),
    ];
    abort.abort();
    await given;
    // Each notes when it was read.
    assert.deepEqual({ ...(await first), readAt: 0 }, { ...(await second), readAt: 0 });
    assert.equal(gateway.calls.length - before, 1);
    await client.getLog({ ...GATEWAY, logId: "log-1" });
    assert.equal(gateway.calls.length - before, 2);
  });

  it("says that a body could not be written, and does not wait for a sink that hangs", async () => {
    const ref = { ...GATEWAY, logId: "log-1" };
    const full = new WritableStream<Uint8Array>({ write: () => Promise.reject(new Error("ENOSPC: no space left")) });
    await rejects(client.saveRequest(ref, full), "notSaved");
    const hanging = new WritableStream<Uint8Array>({ write: () => new Promise(() => undefined) });
    const hasty = new CloudflareClient({
      baseUrl: gateway.baseUrl,
      token: () => Promise.resolve(gateway.token),
      deadlineMs: 100,
    });
    await rejects(hasty.saveRequest(ref, hanging), "timeout");
    await rejects(
      client.saveRequest(ref, new WritableStream({ write: () => new Promise(() => undefined) }), {
        signal: AbortSignal.timeout(50),
      }),
      "aborted",
    );
  });

  it("takes no id that is a step in the address", async () => {
    for (const logId of ["", ".", ".."]) await rejects(client.getLog({ ...GATEWAY, logId }), "invalid");
    assert.deepEqual(gateway.calls, []);
  });

  it("tells nothing of a token that cannot be one, or cannot be read", async () => {
    const secret = `${CANARY}with\na break`;
    for (const token of [() => Promise.resolve(secret), () => Promise.reject(new Error("the keychain is locked"))]) {
      const error = await new CloudflareClient({ baseUrl: gateway.baseUrl, token })
        .listAccounts()
        .catch((reason: unknown) => reason);
      assert.ok(error instanceof SourceError && error.reason === "unauthorized");
      assert.ok(!inspect(error, { depth: 9 }).includes(CANARY));
    }
  });

  it("works with an email and a global key too", async () => {
    const keyed = await startTestGateway({ keys: [{ email: "team@example.test", key: "global" }] });
    try {
      const withKey = (key: string) =>
        new CloudflareClient({
          baseUrl: keyed.baseUrl,
          token: () => Promise.resolve({ email: "team@example.test", key }),
        });
      assert.equal((await withKey("global").listAccounts()).length, 1);
      await rejects(withKey("wrong").listAccounts(), "unauthorized");
    } finally {
      await keyed.close();
    }
  });
});
