import assert from "node:assert/strict";
import { appendFileSync } from "node:fs";
import { afterEach, beforeEach, describe, it } from "node:test";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { cloudflareSource } from "../../../src/sources/cloudflare/source.ts";
import { parseFilter } from "../../../src/query/query-line.ts";
import { Doubt, exportForDeletion } from "../../../src/deletion/core/export-first.ts";
import { ExportError } from "../../../src/export/failure.ts";
import { requestOf } from "../../../src/deletion/core/request.ts";
import { deleteSubset } from "../../../src/deletion/core/run.ts";
import { previewOf, type DeletionPreview } from "../../../src/deletion/core/preview.ts";
import { ACCOUNT, aLog, GATEWAY, startTestGateway, type TestGateway } from "../../gateway.ts";
import { aFolder, rowsIn } from "../export/exported.ts";

const DAY = Date.UTC(2026, 10, 20);

describe("an export before a deletion", () => {
  let gateway: TestGateway;
  let folder: ReturnType<typeof aFolder>;

  beforeEach(async () => {
    gateway = await startTestGateway({ deleteDelayMs: 1 });
    folder = aFolder();
    gateway.store.insert(
      Array.from({ length: 130 }, (_, index) => aLog({ id: `log-${index}`, createdAt: new Date(DAY + index * 1000) })),
    );
    gateway.store.insert([aLog({ id: "other", createdAt: new Date(DAY), provider: "anthropic" })]);
  });

  afterEach(async () => {
    folder.remove();
    await gateway.close();
  });

  const { signal } = new AbortController();

  async function look(line = "provider:openai"): Promise<DeletionPreview> {
    const filter = parseFilter(line, new Date(), "utc");
    const request = requestOf({ type: "fitting", gateway: GATEWAY, filter });
    return (request && (await previewOf(gateway.source, request, { signal }))) ?? assert.fail("something fits");
  }

  const file = () => folder.file("kept.jsonl");
  const write = (preview: DeletionPreview, source = gateway.source) =>
    exportForDeletion(source, preview, file(), { signal });

  /** A source over answers that are changed on their way. */
  const changing = (change: (answer: Response, url: string) => Response | Promise<Response>) =>
    cloudflareSource(
      new CloudflareClient({
        baseUrl: gateway.baseUrl,
        token: () => Promise.resolve(gateway.token),
        fetch: async (url, init) => change(await fetch(url, init), url as string),
      }),
      ACCOUNT,
    );
  const sourceWith = (answer: (url: string) => Response | undefined) => changing((given, url) => answer(url) ?? given);

  const notFound = () =>
    new Response('{"success":false,"errors":[{"code":7002,"message":"Not Found"}]}', {
      status: 404,
      headers: { "content-type": "application/json" },
    });

  const doubts = (writing: Promise<unknown>, about: Doubt["about"], logIds: string[]) =>
    assert.rejects(writing, (error) => {
      assert.ok(error instanceof Doubt);
      assert.deepEqual([error.about, error.logIds], [about, logIds]);
      return true;
    });

  it("holds all of them with their bodies, and exactly those are deleted", async () => {
    const exported = await write(await look());
    const rows = rowsIn(file());
    assert.ok(rows.every(({ request, response }) => String(request).includes("blue frame") && response !== null));
    assert.deepEqual(
      exported.ids,
      rows.map(({ id }) => id),
    );
    // Matches, arrived later, and isn't in the file.
    gateway.store.insert([aLog({ id: "late", createdAt: new Date(DAY + 500) })]);
    const pauses = Array.from({ length: 500 }, () => 1);
    const outcome = await deleteSubset(gateway.source, exported, { signal, pauses, onGone: () => undefined });
    assert.deepEqual([outcome.end, outcome.gone], ["done", 130]);
    const { logs } = await gateway.client.listLogs(GATEWAY, {});
    assert.deepEqual(logs.map(({ id }) => id).toSorted(), ["late", "other"]);
  });

  it("holds chosen and checked logs too", async () => {
    gateway.store.insert([aLog({ id: "odd", createdAt: new Date(DAY), statusCode: 418, success: false })]);
    const exported = await write(await look("status:418"));
    assert.deepEqual(exported.ids, ["odd"]);
  });

  it("is of the logs of the preview, and not enough when one of them went since", async () => {
    const preview = await look();
    gateway.store.insert([aLog({ id: "late", createdAt: new Date(DAY + 500) })]);
    assert.ok(!(await write(preview)).ids.includes("late"));
    const chosen = { type: "chosen", gateway: GATEWAY, logIds: ["log-1", "log-2"] } as const;
    const two = await previewOf(gateway.source, chosen, { signal });
    assert.ok(two);
    gateway.store.remove(gateway.store.select(GATEWAY, { conditions: [], orderBy: "created_at", direction: "asc" }, 4));
    await doubts(write(two), "logs", ["log-1"]);
  });

  it("is not enough when a body that is stored is not given or cut, or its log is gone", async () => {
    const large = JSON.stringify({ messages: [{ role: "user", content: "x".repeat(600_000) }] });
    gateway.store.insert([aLog({ id: "large", model: "big", createdAt: new Date(DAY), request: large })]);
    const preview = await look("model:big");
    await doubts(
      write(
        preview,
        sourceWith((url) => (url.endsWith("/request") ? notFound() : undefined)),
      ),
      "bodies",
      ["large"],
    );
    await doubts(
      write(
        preview,
        sourceWith((url) => (url.endsWith("/request") ? new Response(large.slice(0, 1000)) : undefined)),
      ),
      "bodies",
      ["large"],
    );
    await doubts(
      write(
        preview,
        sourceWith((url) => (url.endsWith("/logs/large") ? notFound() : undefined)),
      ),
      "bodies",
      ["large"],
    );
    assert.equal((await write(preview)).ids.length, 1);
  });

  it("is enough for a log without bodies, but not while they may still be written", async () => {
    const none = { request: null, response: null };
    gateway.store.insert([
      aLog({ id: "bare", model: "bare", createdAt: new Date(DAY - 1000), ...none }),
      aLog({ id: "young", model: "young", createdAt: new Date(Date.now() - 600_000), durationMs: 400_000, ...none }),
    ]);
    assert.equal((await write(await look("model:bare"))).ids.length, 1);
    await assert.rejects(write(await look("model:young")), (error) => {
      assert.ok(error instanceof Doubt);
      assert.deepEqual([error.about, error.logIds], ["bodies", ["young"]]);
      return error.waitMs > 90_000 && error.waitMs <= 101_000;
    });
  });

  it("goes by the API's clock, not by this machine's", async () => {
    const bare = { request: null, response: null, createdAt: new Date(Date.now() - 420_000) };
    gateway.store.insert([aLog({ id: "bare", model: "bare", ...bare })]);
    const preview = await look("model:bare");
    const behind = (ms: number) => {
      const headers = { "content-type": "application/json", date: new Date(Date.now() - ms).toUTCString() };
      return write(
        preview,
        changing((answer) => new Response(answer.body, { status: answer.status, headers })),
      );
    };
    await doubts(behind(180_000), "bodies", ["bare"]);
    assert.equal((await behind(0)).ids.length, 1);
  });

  it("is not enough for a log that does not say whether it has bodies, unless they are given", async () => {
    gateway.store.insert([
      aLog({ id: "bare", model: "bare", createdAt: new Date(DAY), request: null, response: null }),
      aLog({ id: "full", model: "full", createdAt: new Date(DAY) }),
    ]);
    const silent = changing(async (answer, url) => {
      if (!/\/logs\/\w+$/.test(url)) return answer;
      const text = await answer.text();
      return new Response(text.replaceAll(/"(request|response)_size":\d+/g, '"$1_size":null'), answer);
    });
    await doubts(write(await look("model:bare"), silent), "bodies", ["bare"]);
    assert.equal((await write(await look("model:full"), silent)).ids.length, 1);
  });

  it("is enough for bodies that were too large to be stored", async () => {
    const large = "x".repeat(6_000_000);
    gateway.store.insert([
      aLog({ id: "huge", model: "huge", createdAt: new Date(DAY), request: large, response: large }),
    ]);
    assert.equal((await write(await look("model:huge"))).ids.length, 1);
  });

  it("is not enough when the file is not what was written", async () => {
    const preview = await look();
    const onProgress = ({ count }: { count: number }) => {
      if (count === preview.ids.length) appendFileSync(`${file()}.partial`, "{}\n".repeat(300_000));
    };
    const writing = exportForDeletion(gateway.source, preview, file(), { signal, onProgress });
    await assert.rejects(writing, (error) => error instanceof ExportError && error.trouble === "changed");
  });
});
