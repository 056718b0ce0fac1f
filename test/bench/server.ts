// A server in a separate process, so that it doesn't share a core with the measured client. Started by client.bench.ts
// and export.bench.ts with `gateway COUNT` (the local gateway with this many logs) or `pages COUNT` (generated pages,
// so that a million logs need no database); sends its address and token as its first message.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { aLog, startTestGateway } from "../gateway.ts";

/** Two bodies of 4 KB, whole in the detail. */
const BODIES = {
  request_head: JSON.stringify({ messages: [{ role: "user", content: "x".repeat(4000) }] }),
  request_head_complete: true,
  response_head: JSON.stringify({ choices: [{ message: { role: "assistant", content: "y".repeat(4000) } }] }),
  response_head_complete: true,
};
const NEWEST = Date.UTC(2026, 10, 20);
const [kind, count] = [process.argv[2], Number(process.argv[3])];

async function gateway(): Promise<{ baseUrl: string; token: string }> {
  const started = await startTestGateway({ deleteDelayMs: 1, rateLimit: { limit: 1_000_000_000, windowMs: 300_000 } });
  started.store.insert(
    Array.from({ length: count }, (_, index) => aLog({ createdAt: new Date(NEWEST - index * 1000) })),
  );
  process.on("disconnect", () => void started.close().then(() => process.exit()));
  return started;
}

async function pages(): Promise<{ baseUrl: string; token: string }> {
  const row = (index: number) => ({
    id: `log-${index}`,
    created_at: new Date(NEWEST - index * 1000).toISOString(),
    provider: "openai",
    model: "gpt-4.1-mini",
    path: "chat/completions",
    success: true,
    cached: false,
    tokens_in: 1,
    tokens_out: 1,
    cost: 0.01,
    metadata: { user: "42" },
  });
  const server = createServer((request, response) => {
    const { pathname, searchParams: query } = new URL(request.url ?? "", "http://loopback");
    const logId = /\/logs\/log-(\d+)$/.exec(pathname)?.[1];
    if (logId !== undefined) {
      response.writeHead(200, { "content-type": "application/json" });
      response.end(JSON.stringify({ success: true, result: { ...row(Number(logId)), ...BODIES } }));
      return;
    }
    const page = Number(query.get("page"));
    const perPage = Number(query.get("per_page"));
    // A walk's only condition: before a whole second.
    const [bound] = JSON.parse(query.get("filters") ?? "[]") as { value: [string] }[];
    const skipped = bound ? Math.max(0, Math.floor((NEWEST - Date.parse(bound.value[0])) / 1000) + 1) : 0;
    const first = skipped + (page - 1) * perPage;
    const result = Array.from({ length: Math.max(0, Math.min(perPage, count - first)) }, (_, index) =>
      row(first + index),
    );
    const total = count - skipped;
    const answer = {
      success: true,
      result,
      result_info: { count: result.length, page, per_page: perPage, total_count: total },
    };
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  process.on("disconnect", () => process.exit());
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/client/v4`, token: "token" };
}

const { baseUrl, token } = await (kind === "pages" ? pages() : gateway());
process.send?.({ baseUrl, token });
