import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, it } from "node:test";
import { KEY_SHAPES } from "../../../src/chat/redact/keys.ts";
import { redactBody } from "../../../src/chat/redact/redact.ts";
import { CARRIERS, NAMED_CARRIERS } from "./redact-forms.ts";
import { SPECIAL } from "./redact-special.ts";
import { VECTORS } from "./redact-vectors.ts";
import { ALL, joined, many } from "./redacted.ts";

type Tried = { row: string; form: string; text: string; secret: string };

/** Required share of redacted cases; known exceptions are in a table. */
const LEAST = 0.98;

/** Returns a text after all decoding that anyone could do. */
function decoded(text: string): string {
  let result = text.replaceAll("\u200B", "");
  for (let level = 0; level < 3; level++) {
    result = result
      .replace(/%([0-7][\dA-F])/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/\\+u([\da-f]{4})/g, (_all, code: string) => String.fromCharCode(Number.parseInt(code, 16)))
      .replace(/&#(\d+);/g, (_all, code: string) => String.fromCharCode(Number(code)));
  }
  return result.replaceAll("\\", "");
}

function isLeft({ text, secret }: Tried): boolean {
  const left = decoded(redactBody(text, ALL));
  return [secret, secret.slice(-6)].some((part) => left.includes(decoded(part)) || left.includes(part));
}

function assertCaught(tried: readonly Tried[]): void {
  const slipped = tried.filter(isLeft);
  const table = slipped.map(({ row, form, text }) => `  ${row} | ${form} | ${redactBody(text, ALL).slice(0, 120)}`);
  if (slipped.length > 0) console.log(`${slipped.length} of ${tried.length} slip:\n${table.slice(0, 50).join("\n")}`);
  assert.ok(tried.length - slipped.length >= LEAST * tried.length, `${slipped.length} of ${tried.length} slip`);
}

describe("redactBody: each form of a key", () => {
  const rows = Object.entries(VECTORS);

  for (const [row, { shapes }] of Object.entries(KEY_SHAPES)) {
    it(`${row} has a key for each of its forms, and all of it is caught`, () => {
      const keys = rows.find(([name]) => name === row)?.[1] ?? [];
      for (const shape of shapes) {
        const pattern = new RegExp(`^(?:https://(?:acme\\.)?)?(?:${shape})/?`);
        assert.ok(
          keys.some((key) => pattern.test(key)),
          `no key for ${shape}`,
        );
      }
      for (const key of keys) {
        const redacted = redactBody(`It is ${key} now`, { keys: true });
        assert.match(redacted, /^It is (?:https:\/\/(?:acme\.)?)?\[redacted: API key\]\/? now$/, key.slice(0, 8));
      }
    });
  }

  it("in whatever it is written down", () => {
    assertCaught(
      rows.flatMap(([row, keys]) =>
        keys.flatMap((secret) =>
          Object.entries(CARRIERS).map(([form, write]) => ({ row, form, text: write(secret), secret })),
        ),
      ),
    );
  });
});

describe("redactBody: what has a name", () => {
  const NAMES =
    "password passwords DB_PASSWORD passphrase apiKey x-api-key api_keys client_secret secretKey accessToken authorization STRIPE_SECRET_KEY_PROD".split(
      " ",
    );
  const SECRETS = [
    "hunter2xyzzy",
    "S3cr3t!Pa55",
    "$ecr3tPa55",
    "(abc123)x",
    "*Abc123!",
    "{abc}1x9",
    "correct-horse-7",
    many(12),
  ];

  it("in whatever it is written down", () => {
    assertCaught(
      NAMES.flatMap((name) =>
        SECRETS.flatMap((secret) =>
          Object.entries(NAMED_CARRIERS).map(([form, write]) => ({
            row: `${name} ${secret}`,
            form,
            text: write(secret, name),
            secret,
          })),
        ),
      ),
    );
  });

  for (const [text, secret] of SPECIAL) {
    it(JSON.stringify(text).slice(0, 60), () => {
      assert.ok(!redactBody(text, ALL).includes(secret), redactBody(text, ALL));
    });
  }

  it("leaves what is no secret", () => {
    for (const text of [
      JSON.stringify({ max_tokens: 4096, token_count: "128000", tokenizer: "cl100k_base", session_id: many(20) }),
      JSON.stringify({
        secretary: "Ann Example",
        keyboard: "QWERTY-105",
        key: many(20),
        prompt_cache_key: "user-1234",
      }),
      JSON.stringify({ usage: { tokens: { input_tokens: 379, output_tokens: 164 } }, next_page_token: "CAUQAA1234" }),
      JSON.stringify({ required: ["password", "email"], enum: ["token", "id_token"] }),
      JSON.stringify({
        properties: { passwords: { type: "array", items: { type: "string" }, description: "All of them" } },
      }),
      "The password is required, and the token is invalid.",
      "Your password is incorrect.\nThe secret is safe.",
      "Set --max-tokens 100 --token-count 5 and docker run -p 8080:80 -u node:node",
      "order number 4539148803436467",
      "password reset email sent; token usage: 1234 tokens; cookie policy: strict; auth: none; token_type: bearer",
      "const { password } = req.body;\nif (password === confirmPassword) return;\npassword = input('Password: ')",
      "SELECT password FROM users; Authorization header is missing; https://a.example/reset-password?lang=en",
      '<input type="password" name="password"> and pass: 10, fail: 2',
      "password: ${{ secrets.DB_PASSWORD }}\ntoken: <your token>\napi_key: {{ api_key }}\nsecret: ********",
      "| token | description |\n|---|---|\n| `<s>` | begins a text |",
      "http://localhost:3000/@vite/client and https://cdn.example:443/npm/@scope/name",
      joined("chatcmpl-", many(29)),
      joined("msg_01", many(22)),
      joined("resp_", many(48)),
      joined("call_", many(24)),
      joined("toolu_01", many(22)),
    ]) {
      assert.equal(redactBody(text, ALL), text);
    }
  });
});

describe("README", () => {
  it("names what the table of keys has, as it is", () => {
    const readme = readFileSync(join(import.meta.dirname, "../../../README.md"), "utf8");
    const names = Object.keys(KEY_SHAPES).filter((name) => !/^(?:a |others)/.test(name));
    assert.ok(readme.replaceAll(/\s+/g, " ").includes(`Keys of ${names.join(", ")}`), `Keys of ${names.join(", ")}`);
  });
});
