import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import { PASSWORD, startVerifyWise, type VerifyWiseServer } from "../../verifywise-server.ts";

/** What no source asks for, so that only this tells whether the stand-in is like the server (docs/verifywise-api.md). */
describe("the stand-in for VerifyWise", () => {
  let server: VerifyWiseServer;
  before(async () => {
    server = await startVerifyWise(1);
    server.add(...Array.from({ length: 205 }, (_, n) => ({ createdAt: new Date(n * 1000) })));
  });
  after(() => server.close());

  const list = (query: string) =>
    fetch(`${server.baseUrl}/api/ai-gateway/spend/logs?${query}`, {
      headers: { authorization: `Bearer ${server.token}` },
    });

  it("logs in five times a minute", async () => {
    const logIn = (password: string) =>
      fetch(`${server.baseUrl}/api/users/login`, {
        method: "POST",
        body: JSON.stringify({ email: "a@example.com", password }),
      });
    const good = await logIn(PASSWORD);
    const { data } = (await good.json()) as { data: { token: string } };
    assert.deepEqual([good.status, data.token, good.headers.has("set-cookie")], [202, server.token, true]);
    for (let tries = 0; tries < 4; tries++) assert.equal((await logIn("wrong")).status, 401);
    const limited = await logIn(PASSWORD);
    assert.deepEqual([limited.status, limited.headers.get("retry-after")], [429, "59"]);
  });

  it("clamps numbers and cuts by dates in the first generation, and refuses both in the second", async () => {
    server.generation = 1;
    const count = async (query: string) =>
      ((await (await list(query)).json()) as { data: { rows: unknown[] } }).data.rows.length;
    const dates = `start_date=${new Date(1000).toISOString()}&end_date=${new Date(3000).toISOString()}`;
    const counts = await Promise.all(["limit=0", "limit=-5", "limit=9999", "limit=abc", dates].map(count));
    assert.deepEqual(counts, [50, 1, 200, 50, 3]);
    server.generation = 2;
    const asked = ["limit=0", "limit=501", "offset=-1", "status=bad", "source=bad", dates];
    const statuses = await Promise.all(asked.map(async (query) => (await list(query)).status));
    assert.deepEqual(statuses, [422, 422, 422, 400, 400, 500]);
  });
});
