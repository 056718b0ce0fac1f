import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { LogIds } from "../../../src/logs/log-ids.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";

const logIds = new LogIds(NAMES.logIds);

const UUID = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";
const OTHER = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b11";
const ULID = "01JADMCQQQBWH3NXZ5GCRN98DP";
const HEX = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08";
const ACCOUNT = "0123456789abcdef0123456789abcdef";
const DASHBOARD = `https://dash.cloudflare.com/${ACCOUNT}/ai/ai-gateway/gateways/my-gateway`;

const ids = (text: string, guess?: boolean) => logIds.find(text, guess).map(({ logId }) => logId);

describe("the ids in a text", () => {
  it("are the text itself, whatever it is made of and however it is quoted", () => {
    for (const id of [UUID, ULID, HEX, "order_4711-retry", "abcdefgh"])
      for (const text of [id, `  ${id}\n`, `"${id}"`, `\`${id}\`,`, `'${id}';`, `<${id}>`, `(${id})`])
        assert.deepEqual(ids(text), [id], text);
    assert.deepEqual(ids("short"), []);
    assert.deepEqual(ids("x".repeat(129)), []);
    assert.deepEqual(ids(""), []);
  });

  it("are the value of a header, as every tool writes it", () => {
    const id = "an.opaque:id";
    for (const line of [
      `cf-aig-log-id: ${id}`,
      `CF-AIG-Log-Id:${id}`,
      `< cf-aig-log-id: ${id}\r`,
      `'cf-aig-log-id' => '${id}'`,
      `"cf-aig-log-id": "${id}",`,
      `{"name":"cf-aig-log-id","value":"${id}"}`,
      `{\n  "name": "cf-aig-log-id",\n  "value": "${id}"\n}`,
      `headers["cf-aig-log-id"] = '${id}'`,
      `| cf-aig-log-id | ${id} |`,
      `{"logId":"${id}","step":0}`,
      `log_id=${id}&x=1`,
      `env.AI.aiGatewayLogId = "${id}"`,
    ])
      assert.deepEqual(ids(line), [id], line);
    for (const line of [`cf-aig-log-id\n${UUID}`, `cf-aig-log-id\t${UUID}`, `cf-aig-log-id:\n${UUID}`])
      assert.deepEqual(ids(line), [UUID], line);
  });

  it("are not read from a header that is empty, or only spoken of", () => {
    assert.deepEqual(ids(`cf-aig-log-id:\ncf-aig-step: 1`, false), []);
    assert.deepEqual(ids(`cf-aig-log-id:\ncontent-type: text/plain`, false), []);
    assert.deepEqual(ids(`"logId": null, "eventId": undefined`, false), []);
    assert.deepEqual(ids("the cf-aig-log-id response header", false), []);
    assert.deepEqual(ids(`my-log-id: ${"x".repeat(12)}`, false), []);
  });

  it("of a whole block of headers are the log's before the event's, each once, and no other", () => {
    const block = [
      "> POST /v1/" + ACCOUNT + "/my-gateway/openai/chat/completions HTTP/2",
      "> authorization: Bearer 0f8fad5b-d9cb-469f-a165-70867728950e",
      "< HTTP/2 200",
      "< x-request-id: 7c9e6679-7425-40de-944b-e07fc1f90ae7",
      `< cf-aig-event-id: ${OTHER}`,
      `< cf-aig-request-id: ${OTHER}`,
      "< cf-aig-cache-status: MISS",
      `< cf-aig-log-id: ${UUID}`,
      "< cf-aig-step: 1",
    ];
    const place = { sourceId: ACCOUNT, collectionId: "my-gateway" };
    const wanted = [
      { logId: UUID, ...place },
      { logId: OTHER, ...place },
    ];
    assert.deepEqual(logIds.find(block.join("\n")), wanted);
    // An input box of one line makes spaces of the ends of lines.
    assert.deepEqual(logIds.find(block.join(" ")), wanted);
  });

  it("of an address come with its account and gateway", () => {
    const place = { sourceId: ACCOUNT, collectionId: "my-gateway" };
    const api = `https://api.cloudflare.com/client/v4/accounts/${ACCOUNT}/ai-gateway/gateways/my-gateway/logs`;
    for (const [address, logId] of [
      [`${DASHBOARD}/logs/${UUID}`, UUID],
      [`${DASHBOARD}/logs?log=${ULID}&page=2`, ULID],
      [`${DASHBOARD}/logs#${HEX}`, HEX],
      [`curl "${api}/${UUID}/response"`, UUID],
      [`${api}/a%2Fb%20c`, "a/b c"],
      [`${api}/50%`, "50%"],
      [`${DASHBOARD}/logs\ncf-aig-log-id: odd`, "odd"],
    ] as const)
      assert.deepEqual(logIds.find(address), [{ logId, ...place }], address);
    assert.deepEqual(logIds.find(`https://dash.cloudflare.com/${ACCOUNT}/home ${UUID}`), [
      { logId: UUID, sourceId: ACCOUNT },
    ]);
  });

  it("are none where an address names no log: neither its account nor its host is one", () => {
    for (const address of [
      DASHBOARD,
      `${DASHBOARD}/logs?page=3`,
      `https://dash.cloudflare.com/${ACCOUNT}`,
      "me@example.test",
    ])
      assert.deepEqual(ids(address), [], address);
  });

  it("are guessed only when nothing is shaped like one, and only when that is wanted", () => {
    assert.deepEqual(ids(`please look at ${UUID} yesterday_1`), [UUID]);
    assert.deepEqual(ids("please look at order_4711 thoroughly"), ["order_4711"]);
    assert.deepEqual(ids("something"), ["something"]);
    assert.deepEqual(ids("please look at order_4711", false), []);
    assert.deepEqual(ids(UUID, false), [UUID]);
  });

  it("are no secret, where nobody has pasted the text", () => {
    for (const secret of [`API_KEY=${HEX}`, `"password": "${UUID}"`, `Authorization: Bearer ${UUID}`]) {
      assert.deepEqual(ids(secret, false), [], secret);
      assert.equal(ids(secret).length, 1, secret);
    }
    assert.deepEqual(ids(`API_KEY=${HEX}\ndone: ${UUID}`, false), [UUID]);
  });

  it("are five at most", () => {
    const many = Array.from({ length: 40 }, (_, index) => `id-number-${index}`).join(" ");
    assert.equal(ids(many).length, 5);
  });

  it("stand near their name, so that what follows a name is not searched to the end of the text", () => {
    const near: Record<string, (run: number) => string> = {
      "spaces before a sign": (run) => `cf-aig-log-id${" ".repeat(run)}: odd.id`,
      "spaces behind it": (run) => `cf-aig-log-id:${" ".repeat(run)}odd.id`,
      "spaces around a member": (run) => `"name": "log_id",${" ".repeat(run)}"value"${" ".repeat(run)}: "odd.id"`,
      "ends of lines": (run) => `cf-aig-log-id:${"\n".repeat(run)}odd.id`,
    };
    for (const [name, text] of Object.entries(near)) {
      assert.deepEqual(ids(text(100), false), ["odd.id"], name);
      assert.notDeepEqual(ids(text(101), false), ["odd.id"], name);
    }
    for (const mark of ["'", "`", '"']) {
      assert.deepEqual(ids(`cf-aig-log-id${mark.repeat(4)}: ${mark.repeat(4)}odd.id`, false), ["odd.id"], mark);
      assert.deepEqual(ids(`cf-aig-log-id${mark.repeat(9)}: odd.id`, false), [], mark);
      assert.deepEqual(ids(`cf-aig-log-id: ${mark.repeat(9)}odd.id`, false), [], mark);
    }
  });

  it("are read of a text of any length that was made to take long", () => {
    const hostile = [
      "log_id ",
      'log_id:"value":',
      "cf-aig-log-id\"'`])",
      "/ai/ai-gateway/gateways/",
      "0",
      "a",
      "a-",
      "f",
    ];
    const afterName = [" ", "\n", "'", '"', "`", "]", "value", ":", " : "];
    const texts = [...hostile.map((run) => ["", run] as const), ...afterName.map((run) => ["log_id", run] as const)];
    for (const [start, run] of texts) {
      const text = (length: number) => start + run.repeat(length / run.length);
      assert.deepEqual(ids(text(100_000), false), ids(text(25_000), false), start + run);
      assert.deepEqual(ids(`${UUID} ${text(100_000)}`, false), [UUID], start + run);
      assert.ok(!ids(text(1_000_000) + UUID, false).includes(UUID), start + run);
    }
  });
});
