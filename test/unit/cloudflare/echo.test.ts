import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { CloudflareClient } from "../../../src/sources/cloudflare/client.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";
import { CallBudgets } from "../../../src/sources/cloudflare/http/budget.ts";
import { SourceError } from "../../../src/source/errors.ts";
import { hiderOf } from "../../../src/http/secret-hiding.ts";
import { createTransport } from "../../../src/http/transport.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { send } from "../../../src/resend/send.ts";
import { echoingAnswer, echoOf, startEchoingServer, tells } from "../../echoes.ts";
import { ACCOUNT, CANARY, GATEWAY } from "../../gateway.ts";

const LOG = { ...GATEWAY, logId: "log" };
const MARKS = "-_.~!$&'()*+,;=:@/?%|^";

/** A token as they are, or with every mark that a header may hold. */
const aToken = (random: Random): string =>
  CANARY +
  random.letters(20) +
  (random.chance(0.3) ? MARKS.charAt(random.between(0, MARKS.length - 1)) + random.letters(8) : random.letters(9));

const everyWord = (error: unknown): string =>
  inspect(error, { depth: null, showHidden: true, maxStringLength: null, maxArrayLength: null });

/** All of an error's texts: for users, in the log, and in its properties. */
const told = (error: SourceError): string =>
  [
    error.message,
    error.code,
    error.requestId,
    error.path,
    String(error),
    error.stack,
    JSON.stringify(error),
    everyWord(error),
  ].join("\n");

const calls: ((client: CloudflareClient) => Promise<unknown>)[] = [
  (client) => client.listLogs(GATEWAY, {}),
  (client) => client.getLog(LOG),
  (client) => client.getRequest(LOG),
  (client) => client.getGateway(GATEWAY),
  (client) => client.listAccounts(),
  (client) => client.saveResponse(LOG, new WritableStream()),
  (client) => client.patchLog(LOG, { feedback: 1 }),
  (client) => client.deleteLogs(GATEWAY, { filters: [{ key: "id", operator: "eq", value: ["log"] }], limit: 1 }),
  (client) => client.listAuditLogs(ACCOUNT, { since: new Date(0), before: new Date(1) }),
  (client) => client.listProductCategories(ACCOUNT),
];

test("an answer that repeats the credential puts it into no error and no trace line", async (t) => {
  const random = new Random(14_07);
  let answer: Buffer = Buffer.from("");
  const server = await startEchoingServer(() => answer);
  const transport = createTransport({ retry: { attempts: 1 } });
  t.after(async () => {
    await transport.close();
    server.close();
  });
  let [failed, parsed] = [0, 0];
  for (let i = 0; i < 800; i++) {
    const secret = aToken(random);
    const token = random.chance(0.3) ? { email: "team@example.test", key: secret } : secret;
    const traced: string[] = [];
    const client = new CloudflareClient({
      baseUrl: server.url,
      token: () => Promise.resolve(token),
      fetch: transport.fetch,
      trace: (line) => traced.push(line),
      budgets: new CallBudgets(),
    });
    answer = echoingAnswer(secret, random);
    try {
      await random.pick(calls)(client);
      parsed++;
    } catch (error) {
      failed++;
      assert.ok(error instanceof SourceError, everyWord(error));
      assert.ok(!tells(told(error), secret), `${told(error)}\n\nof ${answer.toString("latin1")}`);
    }
    assert.ok(!tells(traced.join("\n"), secret), traced.join("\n"));
    assert.ok(traced.length > 0);
  }
  assert.ok(failed > 550 && parsed > 20, `${failed} failed, ${parsed} did not`);
});

test("a token's state, of which people are told, does not repeat the token", async (t) => {
  const random = new Random(14_17);
  let answer: Buffer = Buffer.from("");
  const server = await startEchoingServer(() => answer);
  const transport = createTransport({ retry: { attempts: 1 } });
  t.after(async () => {
    await transport.close();
    server.close();
  });
  for (let i = 0; i < 50; i++) {
    const secret = aToken(random);
    const body = JSON.stringify({ success: true, result: { id: "1", status: echoOf(secret, random) } });
    answer = Buffer.from(
      `HTTP/1.1 200 OK\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
    );
    const client = new CloudflareClient({
      baseUrl: server.url,
      token: () => Promise.resolve(secret),
      fetch: transport.fetch,
    });
    const { status } = await client.verifyToken();
    assert.ok(!tells(status, secret) && status !== "", status);
  }
});

test("of a gateway's answer neither errors, headers nor the words of a refusal repeat its token", async (t) => {
  const random = new Random(14_27);
  let answer: Buffer = Buffer.from("");
  const server = await startEchoingServer(() => answer);
  const transport = createTransport();
  t.after(async () => {
    await transport.close();
    server.close();
  });
  const { signal } = new AbortController();
  let [failed, refused] = [0, 0];
  for (let i = 0; i < 300; i++) {
    const token = aToken(random);
    answer = echoingAnswer(token, random);
    const sending = {
      url: `${server.url}/v1`,
      token,
      contentType: "application/json",
      headers: {},
      names: NAMES.headers,
      metadata: {},
      body: "{}",
    };
    try {
      const { bytes, status, contentType, logId } = await send(transport.fetch, sending, signal);
      const words = status >= 200 && status <= 299 ? "" : Buffer.from(bytes).toString();
      if (words) refused++;
      assert.ok(!tells([words, contentType, logId].join("\n"), token), answer.toString("latin1"));
    } catch (error) {
      failed++;
      assert.ok(error instanceof SourceError, everyWord(error));
      assert.ok(!tells(told(error), token), `${told(error)}\n\nof ${answer.toString("latin1")}`);
    }
  }
  assert.ok(failed > 30 && refused > 120, `${failed} failed, ${refused} were refused`);
  // A token that no header can hold is named in the complaint about it.
  const odd = `${CANARY}with\na line`;
  const sending = {
    url: `${server.url}/v1`,
    token: odd,
    contentType: "",
    headers: {},
    names: NAMES.headers,
    metadata: {},
    body: "{}",
  };
  await assert.rejects(
    send(transport.fetch, sending, signal),
    (error) => error instanceof SourceError && !told(error).includes(CANARY),
  );
});

test("other words stay as they are", () => {
  const hide = hiderOf(`${CANARY}abcdefghij`);
  for (const text of [
    "",
    "Invalid token",
    "100%25 of tok_CANARY",
    "\\u0041 &#65; %41",
    "tok_".repeat(5000),
    "İstanbul ſ",
  ])
    assert.equal(hide(text), text);
  assert.equal(hide(`No ${CANARY}abcdefghij, 100%25`), "No [token], 100%25");
  assert.equal(hide(`${CANARY}abcdefghij${CANARY}abcdefghij`), "[token]");
  assert.equal(hiderOf("short")("a short and a SHORT one"), "a [token] and a [token] one");
  assert.equal(hiderOf("")("all"), "all");
});
