import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { idsCarriedBy, idsOfResult, idsOfVariables, type Variable } from "../../../src/debugging/core/values.ts";
import { NAMES } from "../../../src/sources/cloudflare/names.ts";
import { LogIds } from "../../../src/logs/log-ids.ts";

const logIds = new LogIds(NAMES.logIds);

const ID = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b10";
const OTHER = "019a9f2e-7c11-7d3a-9b55-0c2f4e6a8b11";

const sure = (id: string) => ({ id, sure: true });
const unsure = (id: string) => ({ id, sure: false });

describe("ids in the variables of a debugger", () => {
  it("are seen as each debugger writes texts and maps", () => {
    const cases: [Variable[], unknown][] = [
      [[{ name: "id", value: `'${ID}'` }], [unsure(ID)]],
      [[{ name: "logId", value: `"order_4711-retry"` }], [unsure("order_4711-retry")]],
      [[{ name: "cf-aig-log-id", value: "'an.opaque:id-1'" }], [sure("an.opaque:id-1")]],
      [[{ name: "'cf-aig-log-id'", value: `'${ID}'` }], [sure(ID)]],
      [[{ name: "Cf-Aig-Log-Id", value: `[]string len: 1, cap: 1, ["${ID}"]` }], [sure(ID)]],
      [[{ name: "Cf-Aig-Log-Id", value: '[]string len: 1, cap: 1, ["an.opaque:id-1"]' }], [sure("an.opaque:id-1")]],
      [[{ name: '"cf-aig-log-id"', value: "['an.opaque:id-1']" }], [sure("an.opaque:id-1")]],
      [[{ name: "HTTP_CF_AIG_LOG_ID", value: '"an.opaque:id-1"' }], [sure("an.opaque:id-1")]],
      [[{ name: ":cf_aig_log_id", value: '["an.opaque:id-1"]' }], [sure("an.opaque:id-1")]],
      [[{ name: "b'cf-aig-log-id'", value: `b'${ID}'` }], [sure(ID)]],
      [[{ name: "aiGatewayLogId", value: `'${ID}'` }], [sure(ID)]],
      [[{ name: "0", value: `('cf-aig-log-id', '${ID}')` }], [sure(ID)]],
      [[{ name: "m", value: `Map(1) {'cf-aig-log-id' => '${ID}'}` }], [sure(ID)]],
      [[{ name: "h", value: `{name: 'cf-aig-log-id', value: '${ID}'}` }], [sure(ID)]],
      [
        [
          { name: "key", value: "'cf-aig-log-id'" },
          { name: "value", value: "'an.opaque:id-1'" },
        ],
        [sure("an.opaque:id-1")],
      ],
      [
        [
          { name: "0", value: "'cf-aig-log-id'" },
          { name: "1", value: `'${ID}'` },
        ],
        [sure(ID)],
      ],
      [[{ name: "m", value: "Map(2) {size: 2, cf-aig-log-id => 019a9…a8b10}" }], []],
      [[{ name: "m", value: "{'cf-aig-log-id': '01a21bbe-6aa1-74a8-b...571899cc60'}" }], []],
      [
        [
          { name: "status", value: "200" },
          { name: "text", value: "'cf-aig-log-id is a header'" },
        ],
        [],
      ],
    ];
    for (const [variables, expected] of cases)
      assert.deepEqual(idsOfVariables(logIds, variables), expected, JSON.stringify(variables));
  });

  it("are none where the name of a variable makes a secret of it", () => {
    const value = `'${ID}'`;
    const pair = (name: string) => [
      { name: "0", value: name },
      { name: "1", value },
    ];
    for (const name of ["apiKey", "TOGETHER_API_KEY", "'x-auth-token'", '"client_secret"', "sessionId", "_walletSeed"])
      for (const variables of [[{ name, value }], pair(name)])
        assert.deepEqual(idsOfVariables(logIds, variables), [], name);
    assert.deepEqual(idsOfVariables(logIds, [{ name: "options", value: `{apiKey: '${ID}', id: '${OTHER}'}` }]), [
      unsure(OTHER),
    ]);
    assert.deepEqual(idsOfVariables(logIds, [{ name: "session", value: `Map(1) {'cf-aig-log-id' => '${ID}'}` }]), [
      sure(ID),
    ]);
    assert.deepEqual(idsOfVariables(logIds, [{ name: "cf-aig-log-id", value: `'sk-${"x1".repeat(20)}'` }]), []);
    for (const expression of ["process.env.API_KEY", 'env["API_KEY"]', "client.apiKey.trim()", "getSecret()"])
      assert.deepEqual(idsOfResult(logIds, expression, value), [], expression);
  });

  it("are seen in the result of an expression", () => {
    assert.deepEqual(idsOfResult(logIds, "response.headers.get('cf-aig-log-id')", "'an.opaque:id-1'"), [
      sure("an.opaque:id-1"),
    ]);
    assert.deepEqual(idsOfResult(logIds, "id", `'${ID}'`), [unsure(ID)]);
    assert.deepEqual(idsOfResult(logIds, "1 + 1", "2"), []);
  });
});

describe("what a variable carries", () => {
  /** A tree of variables, and which of them was unfolded. */
  const tree = (nodes: Record<number, Variable[]>) => {
    const asked: number[] = [];
    const children = (reference: number) => {
      asked.push(reference);
      return Promise.resolve(nodes[reference] ?? []);
    };
    return { children, asked };
  };

  it("is found in the headers of a response, deep below it, without what would run code", async () => {
    const { children, asked } = tree({
      1: [
        { name: "status", value: "200" },
        { name: "body", value: "ReadableStream {…}", variablesReference: 2 },
        { name: "#headers", value: "_Headers {#guard: 'immutable'}", variablesReference: 3 },
        { name: "headers", value: "(...)", variablesReference: 9, presentationHint: { lazy: true } },
      ],
      3: [{ name: "#headersList", value: "_HeadersList", variablesReference: 4 }],
      4: [
        { name: "entries", value: "ƒ entries() { }", variablesReference: 8 },
        { name: "headersMap", value: "Map(2) {size: 2, cf-aig-log-id => {…}}", variablesReference: 5 },
      ],
      5: [{ name: "0", value: '{"cf-aig-log-id" => Object}', variablesReference: 6 }],
      6: [
        { name: "key", value: "'cf-aig-log-id'" },
        { name: "value", value: `{name: 'cf-aig-log-id', value: '${ID}'}`, variablesReference: 7 },
      ],
    });
    const response = { name: "response", value: "Response {status: 200}", variablesReference: 1 };
    assert.deepEqual(await idsCarriedBy(logIds, response, children, { requests: 20 }), [sure(ID)]);
    assert.deepEqual(asked, [1, 3, 4, 5, 6]);
  });

  it("is its own id where it is one, and else no more is asked than may be", async () => {
    const { children, asked } = tree({ 1: [{ name: "headers", value: "Headers", variablesReference: 1 }] });
    assert.deepEqual(
      await idsCarriedBy(logIds, { name: "cf-aig-log-id", value: `'${ID}'` }, children, { requests: 9 }),
      [sure(ID)],
    );
    assert.deepEqual(asked, []);
    const endless = { name: "headers", value: "Headers", variablesReference: 1 };
    assert.deepEqual(await idsCarriedBy(logIds, endless, children, { requests: 3 }), []);
    assert.deepEqual(asked, [1, 1, 1]);
    assert.deepEqual(
      await idsCarriedBy(logIds, { name: "f", value: "ƒ f()", variablesReference: 1 }, children, { requests: 9 }),
      [],
    );
    assert.equal(asked.length, 3);
  });

  it("is not looked for where code of the program would run", async () => {
    const { children, asked } = tree({ 1: [{ name: "cf-aig-log-id", value: `'${ID}'` }] });
    const below = { name: "headers", variablesReference: 1 };
    for (const variable of [
      { ...below, value: "(...)", presentationHint: { lazy: true } },
      ...["ƒ f()", "class A", "<class 'A'>", "<function f>", "<bound method f>", "<module 'm'>", "func()"].map(
        (value) => ({ ...below, value }),
      ),
    ])
      assert.deepEqual(await idsCarriedBy(logIds, variable, children, { requests: 9 }), [], variable.value);
    assert.deepEqual(asked, []);
    const plain = { ...below, value: "Headers", presentationHint: { lazy: false } };
    assert.deepEqual(await idsCarriedBy(logIds, plain, children, { requests: 9 }), [sure(ID)]);
  });

  it("prefers what is sure to what only looks like an id", async () => {
    const { children } = tree({
      1: [
        { name: "requestId", value: `'${OTHER}'` },
        { name: "headers", value: "Headers", variablesReference: 2 },
      ],
      2: [{ name: "cf-aig-log-id", value: `'${ID}'` }],
    });
    assert.deepEqual(
      await idsCarriedBy(logIds, { name: "r", value: "Object", variablesReference: 1 }, children, { requests: 9 }),
      [sure(ID)],
    );
  });
});
