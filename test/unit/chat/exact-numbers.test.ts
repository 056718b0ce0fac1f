// Numbers that JavaScript would change keep their digits on every way out.
import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { isDeepStrictEqual } from "node:util";
import { jsonLines } from "../../../media/kit/json-lines.ts";
import { comparableBody } from "../../../src/chat/comparable.ts";
import type { Conversation, RecordedExchange } from "../../../src/chat/conversation.ts";
import { ExactNumber } from "../../../src/chat/json/exact-number.ts";
import { parseJson } from "../../../src/chat/json/json.ts";
import { toMarkdown } from "../../../src/chat/markdown.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { redact, redactBody } from "../../../src/chat/redact/redact.ts";
import { snippet } from "../../../src/chat/snippets/index.ts";
import { toJson } from "../../../src/chat/json/to-json.ts";
import type { Log } from "../../../src/source/log.ts";
import { layOut } from "../../../src/reading/core/layout.ts";
import { FORMATS } from "../../../src/export/formats.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { bounded, conversationOf } from "../../../src/reading/core/bounded.ts";
import { THROUGH } from "./snippets/through.ts";

const gateway = { sourceId: "0123456789abcdef0123456789abcdef", collectionId: "g" };
const log: Log = {
  id: "01KH3V0W9XK2Q4T8ZB6M5N7C1D",
  createdAt: new Date("2026-11-20T00:00:00Z"),
  provider: "openai",
  path: "chat/completions",
  success: true,
  cached: false,
  metadata: {},
  customCost: false,
  raw: {},
};

/** JSON texts with a different awkward number in each place, and these numbers. */
class Values {
  readonly #random: Random;
  readonly numbers: string[] = [];

  constructor(random: Random) {
    this.#random = random;
  }

  #digits(count: number): string {
    // Neither the first nor the last is 0.
    return Array.from({ length: count }, (_, at) => this.#random.between(at === 0 || at === count - 1 ? 1 : 0, 9)).join(
      "",
    );
  }

  #number(): string {
    const random = this.#random;
    const sign = random.chance(0.3) ? "-" : "";
    const make = [
      () => this.#digits(random.between(17, 30)),
      () => `${this.#digits(random.between(5, 9))}.0`,
      () => `${this.#digits(6)}.${this.#digits(3)}${"0".repeat(random.between(1, 4))}`,
      () => `0.${this.#digits(25)}`,
      () => `${this.#digits(5)}.${this.#digits(20)}`,
      () => `${this.#digits(6)}e${random.between(400, 999)}`,
      () => `${this.#digits(6)}E-${random.between(400, 999)}`,
      () => `0.${this.#digits(6)}e1`,
      () => `${this.#digits(1)}.${this.#digits(6)}E+${random.between(1, 9)}`,
      () => `0.00000000${this.#digits(7)}`,
    ];
    const number = sign + random.pick(make)();
    this.numbers.push(number);
    return number;
  }

  value(depth = 0): string {
    const random = this.#random;
    const kind = random.between(0, depth > 3 ? 3 : 7);
    const space = random.pick(["", " "]);
    if (kind <= 1) return this.#number();
    if (kind === 2) return random.pick(["1", "-7", "2.5", "true", "null", "9007199254740991"]);
    if (kind === 3) return random.pick(['"1.0"', '"a\\"b: 1e400,"', '"\\\\"', '"é 2.50"']);
    if (kind <= 5) return this.object(depth + 1);
    const items = Array.from({ length: random.between(0, 4) }, () => this.value(depth + 1));
    return `[${items.join(`,${space}`)}]`;
  }

  object(depth = 0): string {
    const random = this.#random;
    const space = random.pick(["", " ", "\n  "]);
    const names = ["a", "b c", 'q"', "__proto__", "7", "length", "digits", "rawJSON"];
    const keys = names.filter(() => random.chance(0.4));
    const members = keys.map((key) => `${space}${JSON.stringify(key)}:${space}${this.value(depth + 1)}`);
    if (depth > 0) return `{${members.join(",")}}`;
    return `{${[`"n":${this.#number()}`, `"list":[${this.#number()},${this.#number()}]`, ...members].join(",")}}`;
  }
}

/** Whether a text has the digits as a whole number, whatever surrounds them. */
const has = (text: string, number: string): boolean => {
  for (let at = text.indexOf(number); at !== -1; at = text.indexOf(number, at + 1)) {
    if (!/[\w.+-]/.test(text.charAt(at - 1)) && !/[\w.+-]/.test(text.charAt(at + number.length))) return true;
  }
  return false;
};

function assertKept(text: string | undefined, numbers: readonly string[], where: string): void {
  for (const number of numbers)
    assert.ok(text !== undefined && has(text, number), `${where} lacks ${number}:\n${text}`);
}

const quoted = (text: string): string => JSON.stringify(text);
const RULES = { emails: true, tokens: true, cards: true, keys: true };
const ADDRESS = "someone@example.com";

/** A conversation as a page shows it after serialization. */
function shownOn(conversation: Conversation): string {
  const sent = bounded(conversation);
  // To a thread and from it, then as VS Code does it.
  const received = JSON.parse(JSON.stringify(structuredClone(sent))) as typeof sent;
  const { messages, answers, settings, tools } = conversationOf(received);
  const shown: string[] = [];
  for (const { value } of jsonLines([messages, answers, settings, tools]))
    if ("text" in value) shown.push(value.text);
    else if (value.type === "row") shown.push(...value.values.map(({ text }) => text));
  return shown.join(" | ");
}

/** A chat with an awkward value in each JSON place, and its numbers by place. */
function chat(random: Random) {
  const place = (): { text: string; numbers: string[] } => {
    const values = new Values(random);
    return { text: values.object(), numbers: values.numbers };
  };
  const [setting, tool, before, answer, rest] = [place(), place(), place(), place(), place()];
  const call = (id: string, given: string): string =>
    `{"id":"${id}","type":"function","function":{"name":"f","arguments":${given}}}`;
  const request = `{"model":"m","metadata":${setting.text},"tools":[{"type":"function","function":{"name":"f","parameters":${tool.text}}}],
    "messages":[{"role":"user","content":"Write to ${ADDRESS}"},{"role":"assistant","content":null,"tool_calls":[${call("c1", quoted(before.text))}]},
    {"role":"tool","tool_call_id":"c1","content":"ok"}]}`;
  const response = `{"id":"r","object":"chat.completion","model":"m","choices":[{"index":0,"finish_reason":"tool_calls",
    "message":{"role":"assistant","content":"${ADDRESS}","tool_calls":[${call("c2", quoted(answer.text))}]}}],"extra":${rest.text}}`;
  const cut = random.between(1, answer.text.length - 1);
  const delta = (value: string): string =>
    `data: {"id":"r","object":"chat.completion.chunk","model":"m","choices":[{"index":0,"delta":${value}}]}\n\n`;
  const piece = (text: string): string => `{"tool_calls":[{"index":0,"function":{"arguments":${quoted(text)}}}]}`;
  const stream = [
    delta(`{"role":"assistant","tool_calls":[${call("c2", '""').replace("{", '{"index":0,')}]}`),
    delta(piece(answer.text.slice(0, cut))),
    delta(piece(answer.text.slice(cut))),
    delta("{}").replace("{}", '{},"finish_reason":"tool_calls"'),
    "data: [DONE]\n\n",
  ].join("");
  const exchange = (body: string): RecordedExchange => ({
    provider: "openai",
    path: "chat/completions",
    statusCode: 200,
    request,
    response: body,
  });
  const [asked, declared] = [
    [...setting.numbers, ...tool.numbers, ...before.numbers],
    [...tool.numbers, ...before.numbers, ...answer.numbers],
  ];
  return {
    exchange: exchange(response),
    streamed: exchange(stream),
    asked,
    declared,
    answer: answer.numbers,
    rest: rest.numbers,
  };
}

describe("numbers that JavaScript changes", () => {
  it("keep their digits in 40 random chats on every way out", () => {
    const random = new Random(15);
    for (let round = 0; round < 40; round++) {
      const { exchange, streamed, asked, declared, answer, rest } = chat(random);
      const { request, response } = exchange as { request: string; response: string };
      for (const one of [exchange, streamed]) {
        const conversation = readConversation(one);
        const numbers = [...asked, ...answer];
        assertKept(shownOn(conversation), numbers, "the page");
        assertKept(toMarkdown(conversation), numbers, "Markdown");
        assertKept(toJson(conversation), numbers, "JSON");
        assertKept(toMarkdown(redact(conversation, RULES)), numbers, "redacted Markdown");
        assertKept(FORMATS.chatJsonLines.entry({ gateway, log, exchange: one }), declared, "the chat export");
        assertKept(
          FORMATS.chatJsonLines.entry({ gateway, log, exchange: one }, RULES),
          declared,
          "the redacted chat export",
        );
        assertKept(comparableBody("response", one), answer, "the compared response");
      }
      assertKept(toMarkdown(readConversation(exchange)), rest, "Markdown");
      assertKept(comparableBody("response", exchange), rest, "the compared response");
      assertKept(comparableBody("request", exchange), asked, "the compared request");
      // A shell word consists of several quoted pieces.
      const curl = snippet("curl", { ...exchange, gateway, through: THROUGH })?.replace(/'(?:\\\n)?'/g, "");
      assertKept(curl, asked, "cURL");
      for (const form of ["openaiTypescript", "openaiPython"] as const)
        assertKept(snippet(form, { ...exchange, gateway, through: THROUGH }), asked, form);
      assertKept(layOut(request), asked, "the request to send again");
      const redacted = [redactBody(request, RULES), redactBody(response, RULES)];
      assert.ok(redacted.every((body) => !body.includes(ADDRESS)));
      assertKept(redacted[0], asked, "the redacted request");
      assertKept(redacted[1], [...answer, ...rest], "the redacted response");
      for (const format of [FORMATS.jsonLines, FORMATS.har])
        assertKept(format.entry({ gateway, log, exchange }, RULES), [...asked, ...answer, ...rest], format.ending);
    }
  });

  it("keep them in each of 300 random values, which are equal to what JSON.parse gives where a double holds all of them", () => {
    const random = new Random(7);
    for (let round = 0; round < 300; round++) {
      const values = new Values(random);
      const text = values.object();
      const value = parseJson(text);
      assert.equal(JSON.stringify(value), withoutSpace(text));
      const lost = values.numbers.some((number) => /\d{17}|e\d{3}|E-/.test(number.replace(".", "")));
      if (!lost) assert.deepStrictEqual(value, JSON.parse(text));
    }
  });
});

/** JSON without white space between its tokens, and with keys that are numbers first, as JavaScript has them. */
function withoutSpace(text: string): string {
  const numbers: string[] = [];
  const marked = text.replace(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g, (token) =>
    token.startsWith('"') ? token : `"#${numbers.push(token) - 1}#"`,
  );
  return JSON.stringify(JSON.parse(marked)).replace(/"#(\d+)#"/g, (_, index: string) => numbers[Number(index)] ?? "");
}

describe("what a number is read as", () => {
  it("is a number where a double holds it, however it is spelled", () => {
    const text = '{"a":1.0,"b":[1.10,-0,0.1e1],"c":-0.0,"d":1e-7,"e":9007199254740991,"f":100000000000000000000}';
    assert.deepStrictEqual(parseJson(text), JSON.parse(text));
    assert.equal(JSON.stringify(parseJson(text)), text);
  });

  it("is what says its digits where none does", () => {
    const value = parseJson('{"a":2512292042121000001,"b":1e400,"c":0.1000000000000000055}') as Record<string, unknown>;
    assert.ok(Object.values(value).every((item) => item instanceof ExactNumber));
    assert.equal(String(value["a"]), "2512292042121000001");
    assert.equal(Number(value["b"]), Infinity);
    assert.ok(!isDeepStrictEqual(value["a"], parseJson("2512292042121000002")));
  });

  it("stays a list of numbers, of which the digits are written", () => {
    const text = "[2512292042121000001,1.50,3]";
    assert.deepStrictEqual(parseJson(text), JSON.parse(text));
    assert.equal(JSON.stringify(parseJson(text)), text);
  });

  it("does not depend on long strings and lists before it, nor on keys that are numbers or there twice", () => {
    const prose = 'He said "1.0, 2.50" \\ '.repeat(100);
    const embedding = Array.from({ length: 200 }, (_, index) => index / 7);
    for (const before of [
      { prose, embedding },
      { 2: prose, 1: embedding, b: prose },
      [[embedding, prose], [[], {}, ""], embedding],
      Array.from({ length: 60 }, () => prose),
    ]) {
      const text = `{"x":${JSON.stringify(before)},"a":12345678901234567890,"b":2.50,"z":${quoted(prose)},"c":1e400}`;
      const value = parseJson(`${text}${" ".repeat(10_000)}`);
      assert.equal(JSON.stringify(value), withoutSpace(text));
    }
    const twice = `{"a":${quoted(prose)},"a":${quoted(`${prose} and more`)},"n":1.0,"n":12345678901234567890}`;
    assert.equal(JSON.stringify((parseJson(twice + " ".repeat(10_000)) as { n: unknown }).n), "12345678901234567890");
  });

  it("tells the ids of calls apart that no double does", () => {
    const call = (id: string) => `{"id":${id},"type":"function","function":{"name":"f","arguments":"{}"}}`;
    const { answers } = readConversation({
      provider: "openai",
      path: "chat/completions",
      request: null,
      response: `{"choices":[{"message":{"role":"assistant","tool_calls":[${call("2512292042121000001")},${call("2512292042121000002")}]}}]}`,
    });
    assert.deepEqual(
      answers[0]?.parts.map((part) => part.type === "toolCall" && part.id),
      ["2512292042121000001", "2512292042121000002"],
    );
  });

  it("keeps its spelling among the settings of each format, and in an answer that is a number", () => {
    const asked = '"messages":[{"role":"user","content":"Hi"}]';
    for (const [provider, path, request, response = "{}"] of [
      ["openai", "chat/completions", `{"model":"m","temperature":1.0,${asked}}`],
      ["openai", "responses", '{"model":"m","temperature":1.0,"input":"Hi"}'],
      ["anthropic", "v1/messages", `{"model":"m","max_tokens":9,"temperature":1.0,${asked}}`],
      ["cohere", "v2/chat", `{"model":"m","temperature":1.0,${asked}}`],
      ["ollama", "api/chat", `{"model":"m","options":{"temperature":1.0},${asked}}`],
      ["replicate", "predictions", '{"input":{"prompt":"Hi","temperature":1.0}}'],
      ["workers-ai", "@cf/meta/llama", `{"temperature":1.0,${asked}}`, '{"response":2512292042121000001}'],
      ["workers-ai", "@cf/meta/llama", `{"temperature":1.0,${asked}}`, 'data: {"response":2512292042121000001}\n\n'],
    ] as const) {
      const conversation = readConversation({ provider, path, request, response });
      const temperature = Object.values(conversation.settings).find((value) => value === 1);
      assert.equal(temperature, 1, `${provider} ${path}`);
      assertKept(toMarkdown(conversation), ["1.0"], `${provider} ${path}`);
      assertKept(shownOn(conversation), ["1.0"], `${provider} ${path}`);
      if (response !== "{}") {
        const said = { type: "text", text: "2512292042121000001" };
        assert.deepEqual(conversation.answers[0]?.parts, [said], response);
      }
    }
  });

  it("keeps its spelling in redacted headers, lists of secrets and lists of pairs", () => {
    for (const text of [
      '{"tokens":[1.0,"a"],"e":"someone@example.com"}',
      '{"password":{"list":[{"port":1.0}]},"e":"someone@example.com"}',
      '{"pairs":[["a",1.0],["b",-0]],"e":"someone@example.com"}',
    ]) {
      assert.equal(redactBody(text, RULES), text.replace(ADDRESS, "[redacted: e-mail]"));
    }
  });

  it("is redacted where it is a card's", () => {
    assert.equal(redactBody('{"n":6212345678901232}', { cards: true }), '{"n":"[redacted: card]"}');
  });
});
