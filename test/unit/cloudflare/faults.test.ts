import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { after, before, describe, it } from "node:test";
import { inspect } from "node:util";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { SourceError } from "../../../src/source/errors.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { createTransport } from "../../../src/http/transport.ts";
import { GATEWAY } from "../../gateway.ts";

const COUNT = 1000;
const DEADLINE_MS = 150;
const SEED = Number(process.env["AI_GATEWAY_LOGS_SEED"] ?? 20_261_120);

type Chance = () => number;
const pick = <T>(random: Chance, items: readonly T[]): T => items[Math.floor(random() * items.length)] as T;

const ROW = {
  id: "log",
  created_at: "2026-11-20T12:00:00Z",
  provider: "openai",
  path: "chat/completions",
  success: true,
  cached: false,
};

/** The API's normal response. */
function goodAnswer({ method, url = "" }: IncomingMessage): string {
  const { pathname } = new URL(url, "http://loopback");
  if (method === "PATCH") return '{"result":{},"success":true}';
  if (method === "DELETE") return '{"success":true}';
  if (pathname.endsWith("/logs")) {
    return JSON.stringify({
      success: true,
      result: [ROW],
      result_info: { count: 1, page: 1, per_page: 50, total_count: 1 },
    });
  }
  return pathname.endsWith("/request") ? '{"model":"m","messages":[]}' : JSON.stringify({ success: true, result: ROW });
}

/** The ways in which an answer can go wrong; each gets the good one and chance. */
const FAULTS: Record<string, (response: ServerResponse, good: string, random: Chance) => void> = {
  none: (response, good) => response.writeHead(200, { "content-type": "application/json" }).end(good),
  dropped: (response) => response.socket?.destroy(),
  droppedHalfWay: (response, good, random) => {
    response.writeHead(200, { "content-length": String(good.length) });
    response.write(good.slice(0, Math.floor(random() * good.length)), () => response.socket?.destroy());
  },
  silent: () => undefined,
  stopsHalfWay: (response, good, random) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.write(good.slice(0, Math.floor(random() * good.length)));
  },
  truncated: (response, good, random) => response.writeHead(200).end(good.slice(0, Math.floor(random() * good.length))),
  corrupt: (response, good, random) => {
    const bytes = Buffer.from(good);
    for (let i = 0; i < 3; i++) bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256);
    response
      .writeHead(200, { "content-type": pick(random, ["application/json", "text/html", "image/png", ""]) })
      .end(bytes);
  },
  redirected: (response, _, random) =>
    response.writeHead(pick(random, [301, 302, 303, 307, 308]), { location: "/client/v4/stolen" }).end(),
  flooded: (response, good, random) => response.writeHead(200).end(good + " ".repeat(Math.floor(random() * 3_000_000))),
  limited: (response, _, random) =>
    response
      .writeHead(429, random() < 0.5 ? { "retry-after": pick(random, ["0", "soon", "-1", ""]) } : {})
      .end('{"success":false,"errors":[{"code":971}]}'),
  failing: (response, _, random) =>
    response
      .writeHead(pick(random, [400, 401, 403, 404, 409, 418, 500, 502, 503, 520, 599]))
      .end(pick(random, ["", "<html>", '{"success":false,"errors":null}', "null", "[]"])),
  otherJson: (response, _, random) =>
    response
      .writeHead(200)
      .end(
        pick(random, [
          "null",
          "[]",
          "1",
          '"text"',
          '{"success":true}',
          '{"success":true,"result":[null,1,{"id":1}]}',
          '{"success":"yes","result":[]}',
          '{"success":true,"result":{"__proto__":1}}',
        ]),
      ),
  unfit: (response, good) => response.writeHead(200).end(good.replace('"openai"', '"anthropic"')),
};

describe(`${COUNT} faults, seed ${SEED}`, () => {
  const seeded = new Random(SEED);
  const random: Chance = () => seeded.next();
  const seen = new Map<string, number>();
  const sockets = new Set<Socket>();
  const unhandled: unknown[] = [];
  const faultOf = new Map<string, string>();
  const server = createServer((request, response) => {
    const key = `${request.method} ${request.url}`;
    seen.set(key, (seen.get(key) ?? 0) + 1);
    const name = faultOf.get(/fault-\d+/.exec(request.url ?? "")?.[0] ?? "") ?? "none";
    request.resume().on("end", () => FAULTS[name]?.(response, goodAnswer(request), random));
  });
  const note = (reason: unknown) => unhandled.push(reason);

  before(async () => {
    process.on("unhandledRejection", note);
    server.on("connection", (socket) => {
      sockets.add(socket);
      socket.on("error", () => undefined).on("close", () => sockets.delete(socket));
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
  });

  after(() => {
    process.off("unhandledRejection", note);
    server.closeAllConnections();
    server.close();
  });

  it("each ends in a value or in a SourceError, and changes are never sent twice", async () => {
    const transport = createTransport({ retry: { attempts: 3, firstDelayMs: 5 } });
    const client = new CloudflareClient({
      baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`,
      token: () => Promise.resolve("tok_CANARY_faults"),
      fetch: transport.fetch,
      deadlineMs: DEADLINE_MS,
      budgets: new CallBudgets({ limit: 1_000_000, atOnce: 12 }),
    });
    const outcomes = new Map<string, number>();
    const is = (value: string) =>
      [{ key: "provider", operator: "eq" as const, value: [value] }] as [
        { key: string; operator: "eq"; value: string[] },
      ];

    async function call(index: number): Promise<void> {
      const id = `fault-${index}`;
      faultOf.set(id, pick(random, Object.keys(FAULTS)));
      const ref = { ...GATEWAY, logId: id };
      const gateway = { ...GATEWAY, collectionId: id };
      const calls = [
        () => client.listLogs(gateway, { filters: is("openai") }),
        () => client.getLog(ref),
        () => client.getRequest(ref),
        () => client.patchLog(ref, { feedback: 1 }),
        () => client.deleteLogs(gateway, { filters: is("openai"), limit: 5 }),
        () => client.saveResponse(ref, new WritableStream()),
        () => client.listLogs(gateway, {}, { signal: AbortSignal.timeout(Math.floor(random() * DEADLINE_MS)) }),
      ];
      let outcome = "value";
      const started = performance.now();
      try {
        await pick(random, calls)();
      } catch (error) {
        assert.ok(error instanceof SourceError, `${id} (${faultOf.get(id)}): ${String(error)}`);
        assert.ok(!inspect(error, { depth: 9 }).includes("CANARY"));
        outcome = error.reason;
      }
      // A deletion makes up to three calls; the rest is for a busy machine.
      assert.ok(
        performance.now() - started < 3 * DEADLINE_MS + 10_000,
        `${id} (${faultOf.get(id)}) ends within its deadline`,
      );
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    }

    const indices = Array.from({ length: COUNT }, (_, index) => index).values();
    await Promise.all(
      Array.from({ length: 12 }, async () => {
        for (const index of indices) await call(index);
      }),
    );
    await transport.close();
    // Not once() of node:events, which rejects when a socket fails before it closes.
    const closed = (socket: Socket) => new Promise((resolve) => socket.once("close", resolve));
    while (sockets.size > 0) await Promise.race([...sockets].map(closed));
    const repeated = [...seen].filter(([key, count]) => /^(PATCH|DELETE)/.test(key) && count > 1);
    assert.deepEqual(repeated, []);
    assert.ok(![...seen.keys()].some((key) => key.includes("stolen")));
    assert.deepEqual(unhandled, []);
    // All outcomes occurred, so the faults were real.
    for (const reason of [
      "value",
      "badAnswer",
      "offline",
      "timeout",
      "serverError",
      "rateLimited",
      "filterIgnored",
      "aborted",
    ]) {
      assert.ok((outcomes.get(reason) ?? 0) > 0, `${reason} among ${JSON.stringify([...outcomes])}`);
    }
  });
});
