import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { redactBody, redactValue } from "../../../src/chat/redact/redact.ts";
import { enough, parse, traffic } from "../../traffic.ts";
import { VECTORS } from "./redact-vectors.ts";
import { ALL } from "./redacted.ts";

/**
 * Correct redactions in the recorded traffic, checked by hand: addresses, a link's signature, and an API key echoed by
 * an error.
 */
const RIGHT = /\bjohn\.doe@example\.com\b|&sig=|Invalid API key: /;

/** Each string of a value, keys left out. */
function* stringsIn(value: unknown): Generator<string> {
  if (typeof value === "string") yield value;
  else if (typeof value === "object" && value !== null) for (const item of Object.values(value)) yield* stringsIn(item);
}

/** Returns a body's parsed JSON: itself, or that of each line. */
function valuesOf(body: string): unknown[] {
  const whole: unknown = parse(body);
  if (typeof whole === "object") return [whole];
  return body.split(/\r?\n/).map((line): unknown => parse(line.replace(/^data: ?/, "")) ?? line);
}

describe("redactBody on the traffic", () => {
  it("changes less than 1 % of the bodies, and of the strings in them, that hold nothing to redact", () => {
    const wrong = new Set<string>();
    const count = { bodies: 0, changedBodies: 0, strings: 0, changed: 0, right: 0 };
    for (const recorded of traffic()) {
      for (const side of ["request", "response"] as const) {
        const body = recorded[side];
        if (body === "" || recorded[`${side}_encoding`] !== undefined) continue;
        count.bodies++;
        if (redactBody(body, ALL) !== body) count.changedBodies++;
        for (const value of valuesOf(body)) {
          const before = [...stringsIn(value)];
          const after = [...stringsIn(redactValue(value, ALL))];
          count.strings += before.length;
          for (const [index, text] of before.entries()) {
            if (after[index] === text) continue;
            count.changed++;
            if (RIGHT.test(text)) count.right++;
            else wrong.add(text.slice(0, 80));
          }
        }
      }
    }
    console.log(`${JSON.stringify(count)}, false alarms: ${JSON.stringify([...wrong])}`);
    assert.ok(count.bodies > enough(500) && count.strings > enough(60_000));
    assert.ok(count.changedBodies < 0.02 * count.bodies, "bodies, those with something to redact included");
    assert.ok(count.changed - count.right < 0.0001 * count.strings, "strings");
  });
});

/** Repetitions of near matches for each pattern. */
const HOSTILE = [
  "sk-",
  "eyJ",
  "-eyJ",
  "eyJaaaaaaaa.eyJ.",
  "AKIA",
  "-",
  "é",
  "a@",
  "a.",
  "a@b.",
  "4 ",
  "4.",
  "4111 ",
  "1",
  "A",
  "aB3",
  "_",
  "\\\\",
  "\\n",
  "%40",
  "%25",
  "&amp;",

  "token:",
  "token=token=",
  "password=",
  'password="a ',
  'token="a b',
  "password='",
  'password="a"a',
  "password=${",
  "password: password: ",
  "api key ",
  "api ",

  "Bearer+",
  "Basic ",
  "Authorization: ",
  "authorization: Digest a",
  "cookie:",
  "cookie: a=",
  "://a:",
  "a://b:c@",
  "a:b@tcp(",
  "&password=",
  "?key=",

  "the password is a ",
  "password was changed to ",
  "password for ",
  "password ",
  "is ",
  "パスワード",
  "密码",
  "＠",
  "\u200B",

  "<password>",
  "<password ",
  "<",
  ">password</a><b>",
  'value="a',
  '"value":"x","name":"password"',
  '"name":"password",',
  '["password",',
  "'password',",

  "|",
  "| password | a",
  "password,a\n",
  "user,password\na,b\n",
  "password:\n ",
  "password: |\n a\n",
  "secrets:\n a: b\n",
  "\n ",
  " - a\n",
  'name="password"\r\n',

  "--",
  "--password ",
  "-u a:",
  "curl -u ",
  "mysql -p",
  "curl ",
  "-----BEGIN PRIVATE KEY-----a-",
  "PuTTY-User-Key-File-3:a\n",
  "Private-Lines: 1 ",

  '{"a":',
  "[",
  '[["a",1],',
  '"',
  "(",
  "{",
  'data: {"a":"b"}\n\n',
  "data: x\n",
  '{"a":1}\n',
  "order number: ",
  "4111-1111-1111-1111 ",
];
const SIZE = 100_000;
/** Nonlinear code would take minutes for a text of this size. */
const MOST_MS = 4000;

describe("redactBody takes time in proportion to", () => {
  const of = (unit: string): number => {
    const text = `x ${unit.repeat(Math.ceil(SIZE / unit.length))}`;
    const started = performance.now();
    redactBody(text, ALL);
    return performance.now() - started;
  };

  for (const unit of HOSTILE) {
    it(`${JSON.stringify(unit)}, repeated`, () => {
      const took = of(unit);
      assert.ok(took < MOST_MS, `${Math.round(took)} ms`);
    });
  }

  it("the beginnings of each key, repeated", () => {
    for (const [row, [key = ""]] of Object.entries(VECTORS)) {
      for (const end of [Math.floor(key.length / 2), key.length - 1]) {
        const took = of(key.slice(0, end));
        assert.ok(took < MOST_MS, `${row}: ${Math.round(took)} ms`);
      }
    }
  });
});
