import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { ALL, AWS_ID, JWT, KEYS, PEM, PEM_END, hex, joined, many, redactText, redactValue } from "./redacted.ts";

describe("redact: keys", () => {
  for (const key of KEYS) {
    it(`${key.slice(0, 8)}…`, () => {
      assert.equal(redactText(`my key is ${key}.`, { keys: true }).replace(/\.$/, ""), "my key is [redacted: API key]");
      assert.equal(redactText(`"a":"b\\n${key}"`, { keys: true }), '"a":"b\\n[redacted: API key]"');
      assert.equal(redactText(`?q=%20${key}&b=1`, { keys: true }), "?q=%20[redacted: API key]&b=1");
      assert.equal(redactText(`my key is ${key}`, { ...ALL, keys: false, tokens: false }), `my key is ${key}`);
    });
  }

  it("secrets without a prefix, by what stands before them", () => {
    const secret = `${many(19)}/${many(19)}+`;
    for (const said of [
      `aws_secret_access_key = ${secret}`,
      `"secretAccessKey":"${secret}"`,
      `AWS_SECRET_ACCESS_KEY=${secret}`,
      `CLOUDFLARE_API_TOKEN=${many(40)}`,
      `CF_API_KEY: ${hex(37)}`,
      `X-Auth-Key: ${hex(37)}`,
      `Cloudflare API token: "${many(40)}"`,
    ]) {
      const redacted = redactText(said, { keys: true });
      assert.match(redacted, /^[\w "-]+[=:] ?"?\[redacted: API key\]"?$/);
    }
    assert.equal(redactText(`${AWS_ID}:${secret}`, { keys: true }), "[redacted: API key]:[redacted: API key]");
  });

  it("private keys, whole, escaped and cut off", () => {
    const body = `${many(64)}\n${many(64)}`;
    const rules = { keys: true };
    assert.equal(redactText(`a\n${PEM}\n${body}\n${PEM_END}\nb`, rules), "a\n[redacted: private key]\nb");
    const header = "Proc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,00\n\n";
    assert.equal(redactText(`${PEM}\n${header}${body}\n${PEM_END}`, rules), "[redacted: private key]");
    const escaped = JSON.stringify(`${PEM}\n${body}\n${PEM_END}\n`);
    assert.equal(redactText(escaped, rules), '"[redacted: private key]\\n"');
    assert.equal(redactText(`${PEM}\n${body}`, rules), "[redacted: private key]");
    const prose = `A file that starts with ${PEM} is a key, and the lines that follow it are base64.`;
    assert.equal(redactText(prose, rules), prose);
  });
});

describe("redact: tokens", () => {
  const rules = { tokens: true };
  const mark = "[redacted: token]";

  it("authorization values, JWTs and cookies", () => {
    const basic = Buffer.from("ann:open sesame").toString("base64");
    for (const [said, expected] of [
      [`Authorization: Bearer ${many(20)}`, `Authorization: ${mark}`],
      [`curl -H "Authorization: Basic ${basic}" x`, `curl -H "Authorization: ${mark}" x`],
      [`send Bearer ${many(20)} along`, `send Bearer ${mark} along`],
      [`send Basic ${basic} along`, `send Basic ${mark} along`],
      [`the JWT ${JWT} is`, `the JWT ${mark} is`],
      [`a\\n${JWT}`, `a\\n${mark}`],
      ["Cookie: sid=abc; theme=dark\nHost: x", `Cookie: ${mark}\nHost: x`],
      ['"set-cookie":"a=b; HttpOnly"', `"set-cookie":"${mark}"`],
      ["postgres://ann:open%20sesame@db.local/x", "postgres://ann:[redacted: password]@db.local/x"],
    ] as const) {
      assert.equal(redactText(said, rules), expected);
    }
  });

  it("pairs of a secret's name and its value in text, code, URLs and JSON", () => {
    for (const [said, expected] of [
      ["password=swordfish", `password=${mark}`],
      ["DB_PASSWORD: hunter2", `DB_PASSWORD: ${mark}`],
      ['password = "open sesame"', `password = "${mark}"`],
      ["https://a.example/?a=1&api_key=abcdef&b=2", `https://a.example/?a=1&api_key=${mark}&b=2`],
      [`https://a.example/?key=${many(30)}`, `https://a.example/?key=${mark}`],
      [`https://a.example/?access_token%3D${many(30)}`, `https://a.example/?access_token%3D${mark}`],
      ['{"client_secret":"abcdefgh"}', `{"client_secret":"${mark}"}`],
      [String.raw`{\"apiKey\": \"abcdefgh\"}`, String.raw`{\"apiKey\": \"${mark}\"}`],
      [`token=${many(16)}`, `token=${mark}`],
      ["password: token=abcdefgh1", `password: ${mark}`],
      ["secret: api_key=swordfish", `secret: api_key=${mark}`],
    ] as const) {
      assert.equal(redactText(said, rules), expected);
    }
  });

  it("fields of JSON with such a name, whatever they hold", () => {
    assert.deepEqual(
      redactValue(
        {
          Authorization: "x",
          "x-api-key": "y",
          apiKey: "y",
          password: 1234,
          client_secret: ["a", "b"],
          accessToken: "z",
          token: many(12),
          cookies: "",
          secret: null,
        },
        rules,
      ),
      {
        Authorization: mark,
        "x-api-key": mark,
        apiKey: mark,
        password: mark,
        client_secret: [mark, mark],
        accessToken: mark,
        token: mark,
        cookies: "",
        secret: null,
      },
    );
  });

  it("leaves what only speaks of them", () => {
    for (const said of [
      "password: string; token: Token",
      "Password: must be at least 8 characters",
      "The bearer authentication is a basic understanding",
      "const token = next(); api_key=os.getenv('X')",
      'password: "${PASSWORD}", token=$TOKEN',
      "max_tokens=4096, token: 128000",
      "a cookie: chocolate",
    ]) {
      assert.equal(redactText(said, rules), said);
    }
    const values = [
      { token: " understanding", logprob: -1 },
      { token: "Hello1", logprob: -1 },
      { max_tokens: 5, eos_token: "</s>", next_page_token: "2" },
      { properties: { password: { type: "string", description: "The password" } }, required: ["password"] },
    ];
    assert.deepEqual(redactValue(values, rules), values);
  });
});

describe("redact: e-mail addresses", () => {
  const rules = { emails: true };
  it("in text, URLs and other scripts", () => {
    for (const address of ["ann@example.com", "a.b+c%d@mail.example.co.uk", "jörg@müller.example", "a@b-c.example"]) {
      assert.equal(redactText(`to <${address}>, now.`, rules), "to <[redacted: e-mail]>, now.");
    }
    assert.equal(redactText("?to=ann%40example.com&x", rules), "?to=[redacted: e-mail]&x");
  });

  it("not what only looks like one", () => {
    for (const said of [
      "icon@2x.png",
      "lodash@4.17.21",
      "git@github.com:a/b.git",
      "a @ b.com",
      "@scope/name",
      "x@localhost",
    ]) {
      assert.equal(redactText(said, rules), said);
    }
  });
});

describe("redact: cards", () => {
  const rules = { cards: true };
  const mark = "[redacted: card]";
  const CARDS = [
    joined("4539", "1488", "0343", "6467"),
    joined("4222", "2222", "2222", "2"),
    joined("5555", "5555", "5555", "4444"),
    joined("2223", "0031", "2200", "3222"),
    joined("3782", "822463", "10005"),
    joined("3056", "930902", "5904"),
    joined("6011", "1111", "1111", "1117"),
    joined("3530", "1113", "3330", "0000"),
  ];

  it("plain and in groups", () => {
    for (const card of CARDS) assert.equal(redactText(`pay ${card}, now`, rules), `pay ${mark}, now`);
    const groups = ["4539", "1488", "0343", "6467"];
    assert.equal(redactText(`${groups.join(" ")} 12/29 123`, rules), `${mark} 12/29 123`);
    assert.equal(redactText(`1 ${groups.join("-")}\\n${groups.join(" ")}`, rules), `1 ${mark}\\n${mark}`);
    assert.equal(redactText(["3782", "822463", "10005"].join(" "), rules), mark);
    assert.equal(redactValue(Number(CARDS[0]), rules), mark);
  });

  it("not other long numbers", () => {
    for (const said of [
      "4539148803436468",
      "order 1234567890123",
      "1763655501123",
      `0.${CARDS[0]}`,
      `a${CARDS[0]}`,
      `${CARDS[0]}${CARDS[0]}`,
      "4539-1488-0343-6467-1234",
      "41111111-1111-4111-8111-111111111111",
      "2026-11-20 10:11:12",
      "+41 44 123 45 67",
    ]) {
      assert.equal(redactText(said, rules), said);
    }
    const numbers = [1763655501123, 4539148803436468, 0.1, -4539148803436467, 1e300];
    assert.deepEqual(redactValue(numbers, rules), numbers);
  });
});
