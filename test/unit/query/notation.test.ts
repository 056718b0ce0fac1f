import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { parseAuditLine } from "../../../src/sources/cloudflare/audit/query-line.ts";
import { formatFilter, parseFilter } from "../../../src/query/query-line.ts";
import { Random } from "../../../src/local/samples/random.ts";

/* Random lines in other query languages' notations, number formats and typography, each with the equivalent line. */

const NOW = new Date("2026-11-20T12:00:00Z");

/** A written line, and the intended one; undefined if there is none. */
type Written = { line: string; meant: string | undefined };

const COUNTS = ["tokens", "tokens_in", "tokens_out", "step"];
const NUMBERS = [...COUNTS, "cost", "duration", "score"];
const TEXTS = ["model", "provider", "path", "event_id", "user_agent", "dlp_action", "meta.team", "metadata.value"];

/** A digit text with a separator between its groups. */
const grouped = (digits: string, separator: string): string => digits.replaceAll(/\B(?=(?:\d{3})+$)/g, separator);
/** As in India: the last three digits, then each two. */
const lakhs = (digits: string): string =>
  digits.length > 3 ? `${digits.slice(0, -3).replaceAll(/\B(?=(?:\d\d)+$)/g, ",")},${digits.slice(-3)}` : digits;

const digitsOf = (random: Random, least: number, most: number): string =>
  String(random.between(10 ** (least - 1), 10 ** random.between(least, most) - 1));

function number(random: Random): Written {
  const key = random.pick(NUMBERS);
  const sign = random.pick(["", ">", "<"]);
  const start = `${key}:${sign}`;
  const digits = digitsOf(random, 4, 9);
  const [whole, part] = [digitsOf(random, 1, 3), digitsOf(random, 1, 4)];
  const count = random.pick(COUNTS);
  return random.pick<() => Written>([
    () => ({ line: `${start}${lakhs(digits)}`, meant: start + digits }),
    () => ({ line: `${start}${whole}e3`, meant: `${start}${whole}000` }),
    () => ({ line: `${start}${whole}${random.pick(["k", "K"])}`, meant: `${start}${whole}000` }),
    () => ({ line: `${count}:${sign}${whole}.5M`, meant: `${count}:${sign}${whole}500000` }),
    () => ({ line: `cost:${sign}$0.${part}`, meant: `cost:${sign}0.${part}` }),
    () => ({ line: `cost:${sign}${whole},${part}`, meant: `cost:${sign}${whole}.${part}` }),
    () => ({ line: `cost:${sign}0,0${part}`, meant: `cost:${sign}0.0${part}` }),
    () => ({ line: `cost:${sign}${part} ${random.pick(["USD", "$", "cents", "EUR"])}`, meant: undefined }),
    () => ({ line: `${start}${whole}%`, meant: undefined }),
    () => ({ line: `duration:${sign}${whole}${random.pick(["ms", ""])}`, meant: `duration:${sign}${whole}` }),
    () => ({ line: `duration:${sign}${whole}s`, meant: `duration:${sign}${whole}000` }),
    () => ({ line: `duration:${sign}${whole} ${random.pick(["s", "ms", "min", "seconds", "h"])}`, meant: undefined }),
    () => ({ line: `${start}${random.pick(["–", "−", "—"])}${whole}`, meant: `${start}-${whole}` }),
    () => ({
      line: `${count}:${whole}${random.pick(["..", "-", "…", " - ", " – ", " to "])}${digits}`,
      meant: undefined,
    }),
    () => ({ line: `${count}:>=${whole}`, meant: `${count}:>${Number(whole) - 1}` }),
    () => ({ line: `${count}${random.pick([">=", "≥"])}${whole}`, meant: `${count}:>${Number(whole) - 1}` }),
    () => ({ line: `${key}${random.pick(["<=", "≤", "!=", "<>"])}${whole}`, meant: undefined }),
    () => ({ line: `${key}${random.pick([">", " > ", "> ", " >"])}${whole}`, meant: `${key}:>${whole}` }),
    () => ({ line: `since:${whole} ${random.pick(["days", "hours", "h", "d"])}`, meant: undefined }),
    () => ({ line: `since:${whole}${random.pick(["d", "h"])} ago`, meant: undefined }),
    () => {
      const separators = [",", ".", "_", "'", "’", " ", "\u00A0", "\u202F", "\u2009", "٬", "，"];
      return { line: `${start}${grouped(digits, random.pick(separators))}`, meant: start + digits };
    },
    () => {
      const [thousands, decimal] = random.pick([
        [".", ","],
        [",", "."],
        ["'", "."],
        [" ", ","],
      ] as const);
      return { line: `${start}${grouped(digits, thousands)}${decimal}${part}`, meant: `${start}${digits}.${part}` };
    },
  ])();
}

const wordOf = (random: Random): string => random.pick(["gpt-4o", "blue", "v1/chat", "x7", "team_a", "claude", "日本"]);
/** A random condition or flag. */
const conditionOf = (random: Random): string =>
  random.pick([
    `${random.pick(TEXTS)}:${wordOf(random)}`,
    "cached",
    "-cached",
    "status:error",
    "since:2h",
    "cost:>0.01",
  ]);

function boolean(random: Random): Written {
  const [one, other, key] = [conditionOf(random), conditionOf(random), random.pick(TEXTS)];
  const [a, b] = [wordOf(random), wordOf(random)];
  return random.pick<Written>([
    { line: `${one} ${random.pick(["OR", "or", "||", "|", "XOR", "Or"])} ${other}`, meant: undefined },
    { line: `${one} ${random.pick(["AND", "and", "&&", "&", "And"])} ${other}`, meant: `${one} ${other}` },
    { line: `${random.pick(["NOT", "not", "-", "!", "–", "Not"])} cached`, meant: "-cached" },
    { line: `${random.pick(["!", "–", "−", "NOT:", "not:"])}${key}:${a}`, meant: `-${key}:${a}` },
    { line: `${random.pick(["!", "–", "—", "−"])}cached`, meant: "-cached" },
    { line: `+${one}`, meant: undefined },
    { line: `(${one})`, meant: one },
    { line: `(${one} ${other})`, meant: `${one} ${other}` },
    { line: `${key}:(${a}${random.pick([" OR ", "|", " || ", ",", " "])}${b})`, meant: undefined },
    { line: `${key}:${random.pick(["[]", "{}", "()"]).replace(/(?=.$)/, () => `${a},${b}`)}`, meant: undefined },
    { line: `${key}:${a}${random.pick(["|", "||", "&&"])}${b}`, meant: undefined },
    { line: `${a} OR ${b}`, meant: undefined },
    { line: `${a} AND ${b}`, meant: undefined },
    { line: `NOT ${a}`, meant: undefined },
    { line: `${key} ${random.pick(["IN", "LIKE", "IS", "BETWEEN"])} ${a}`, meant: undefined },
  ]);
}

function comparison(random: Random): Written {
  const [key, value] = [random.pick(TEXTS), wordOf(random)];
  const plain = `${key}:${value}`;
  return random.pick<Written>([
    { line: `${key}${random.pick(["=", "==", " = ", " == ", "= ", " =", "===", "：", "＝"])}${value}`, meant: plain },
    { line: `${key}${random.pick(["!=", " != ", "≠", "<>", "!=="])}${value}`, meant: `-${plain}` },
    { line: `${key}:${random.pick(["==", ":", "!=", "!", "≠", "=~", "～"])}${value}`, meant: undefined },
    { line: `${key}${random.pick(["~", "=~", "~="])}${value}`, meant: `${key}:~${value}` },
    { line: `${key}="${value}"`, meant: `${key}:"${value}"` },
    { line: `{${key}="${value}"}`, meant: undefined },
    { line: `${key}:${value}*`, meant: undefined },
    { line: `${key}:*${random.pick(["", value, `${value}*`])}`, meant: undefined },
    { line: `${key}:~${random.pick(["^", ".*"])}${value}`, meant: undefined },
    { line: `${key}:/${value}.*/`, meant: undefined },
    { line: `${key}:${value}，${value}`, meant: undefined },
    { line: `model:${random.pick(["null", "NULL", "None", "nil", "NONE"])}`, meant: "model:none" },
    { line: `model:gpt${random.pick(["–", "‑", "−"])}4o`, meant: "model:gpt-4o" },
    { line: `model:gpt${random.pick(["\u200B", "\u00AD", "\u2060"])}-4o`, meant: "model:gpt-4o" },
  ]);
}

const QUOTES = [
  "“”",
  "„“",
  "„”",
  "”“",
  "«»",
  "»«",
  "‹›",
  "‘’",
  "‚‘",
  "''",
  "``",
  "´´",
  "「」",
  "『』",
  "《》",
  "〝〞",
  "＂＂",
  "＇＇",
  "””",
  "’’",
];

function quoted(random: Random): Written {
  const [open = "", close = ""] = random.pick(QUOTES);
  const text = random.pick(["blue", "two words", "gpt-4o", "cached", "model:x"]);
  const before = random.pick(["", "-", "model:", "-provider:", "meta.team:~", "path:="]);
  const meant = before === "-" ? undefined : `${before}"${text}"`;
  return { line: `${before}${open}${text}${close}`, meant };
}

const KINDS = { number, boolean, comparison, quoted };

const read = (line: string) => {
  const { problems, ...filter } = parseFilter(line, NOW, "utc");
  return { problems, filter };
};

describe("a line in notations that are not the line's own", () => {
  for (const [kind, written] of Object.entries(KINDS)) {
    it(`(${kind}) is what was meant, or a problem in place`, () => {
      const random = new Random(8);
      let refused = 0;
      for (let round = 0; round < 5000; round++) {
        const { line: word, meant } = written(random);
        const [before, after] = random.pick([
          ["", ""],
          ["", " blue"],
          ["cached ", ""],
          ["blue ", " model:x"],
          ["model:x -cached ", " status:error"],
        ] as const);
        const line = before + word + after;
        const { problems, filter } = read(line);
        if (problems.length > 0) {
          refused++;
          for (const { start, end } of problems)
            assert.ok(start >= before.length && start <= end && end <= before.length + word.length, line);
          continue;
        }
        assert.notEqual(meant, undefined, `${line} was read as ${formatFilter(filter)}`);
        assert.deepEqual(filter, read(`${before}${meant}${after}`).filter, line);
      }
      assert.ok(refused > 2000, `only ${refused} were refused`);
    });
  }

  it("is offered in the line's own, which then is read", () => {
    const offered: Record<string, string> = {
      "tokens:>10,000": "10000",
      "tokens:>1,00,000": "100000",
      "cost:>0,05": "0.05",
      "tokens:>10 000": "10000",
      "tokens:>1k": "1000",
      "tokens:>2.5M": "2500000",
      "tokens:>1'000": "1000",
      "cost:>$0.01": "0.01",
      "status:>=400": "status:>399",
      "model=gpt-4o": "model:gpt-4o",
      "model!=gpt-4o": "-model:gpt-4o",
      'meta.team="a b"': 'meta.team:"a b"',
      "tokens<=5": "tokens:<6",
      "since=2h": "since:2h",
      "model：gpt-4o": "model:gpt-4o",
    };
    for (const [line, instead] of Object.entries(offered)) assert.equal(read(line).problems[0]?.instead, instead, line);
    for (const line of ["cost=cheap", "cost>=0.5", "colour=red", "model>5", "duration:>5m30"])
      assert.equal(read(line).problems[0]?.instead, undefined, line);
  });
});

describe("what looks like such a notation and is none", () => {
  it("is free text: words in lower case, apostrophes, and marks within words", () => {
    for (const text of [
      "not found",
      "this or that",
      "yours and mine",
      "the cat is not in",
      "don't l'eau d’accord",
      "C++ R&D AT&T f(x) a->b 50% #1",
      "NOTHING ORDER ANDROID",
      "1,000 10.5 2h 5s ago",
      "dGVzdA==",
    ]) {
      assert.deepEqual(read(text), { problems: [], filter: { conditions: [], search: text, clientSide: [] } }, text);
      const { problems, filter } = read(`model:x ${text}`);
      assert.deepEqual([problems, filter.search], [[], text], text);
    }
  });

  it("is a list, where its values are codes, whole numbers or names", () => {
    const values = (line: string) => {
      const { problems, filter } = read(line);
      assert.deepEqual(problems, [], line);
      return [...filter.conditions, ...filter.clientSide].at(-1)?.value;
    };
    assert.deepEqual(values("status:404,500,503"), [404, 500, 503]);
    assert.deepEqual(values("step:1,2"), [1, 2]);
    assert.deepEqual(values('tokens:"100","200"'), [100, 200]);
    assert.deepEqual(values("meta.user:1,2,30"), ["1", "2", "30"]);
    assert.deepEqual(values('meta.user:"10","000"'), ["10", "000"]);
    assert.deepEqual(values('cost:>"1.005"'), [1.005]);
    assert.deepEqual(values("path:/v1/chat/"), ["/v1/chat/"]);
  });

  it("is as it stands, in quotes", () => {
    const random = new Random(9);
    for (let round = 0; round < 3000; round++) {
      const text = random.pick(Object.values(KINDS))(random).line.replaceAll('"', "");
      const free = read(`model:x "${text}" cached`);
      assert.deepEqual([free.problems, free.filter.search], [[], text], text);
      const { problems, filter } = read(`model:"${text}",~x -provider:"${text}"`.replace(",~x", ""));
      assert.deepEqual([problems, filter.conditions.map(({ value }) => value)], [[], [[text], [text]]], text);
    }
  });

  it("is written in quotes", () => {
    const random = new Random(10);
    for (let round = 0; round < 3000; round++) {
      const text = random.pick(Object.values(KINDS))(random).line;
      const conditions = [
        {
          key: random.pick(["model", "provider", "id"]),
          operator: random.pick(["eq", "contains"] as const),
          value: [text],
        },
        { key: "tokens", operator: "gt" as const, value: [random.between(0, 999)] },
      ];
      const filter = { conditions, search: random.pick([text, "000", "or", "ago", "to"]), clientSide: [] };
      const line = formatFilter(filter);
      assert.deepEqual(read(line), { problems: [], filter }, line);
    }
  });

  it("is a number that keeps its digits, or is refused", () => {
    for (const digits of ["9007199254740993", "2512292042121000001"]) {
      for (const line of [`tokens:>${digits}`, `metadata.value:=${digits}`])
        assert.equal(read(line).problems[0]?.problem, "value", line);
      assert.deepEqual(read(`meta.user:${digits}`).filter.conditions[1]?.value, [digits]);
    }
    assert.deepEqual(read("tokens:>2512292042121000000").problems, []);
  });
});

describe("a line of the audit log in such notations", () => {
  const wrong: Record<string, string> = {
    "action:delete OR action:create": "or",
    "action:delete or action:create": "or",
    "action:delete AND result:failure": "and",
    "action:delete and result:failure": "and",
    "not action:delete": "not",
    "- action:delete": "not",
    "actor=bob@example.com": "comparison",
    "action = delete": "comparison",
    "actor:!bob": "comparison",
    "actor:=bob": "comparison",
    "actor:a|b": "or",
    "actor:(a)": "group",
    "actor:*@example.com": "pattern",
    "uri:/accounts/*": "pattern",
    "uri:~/x.*/": "pattern",
    "actor:“bob”": "quotes",
    "'delete'": "quotes",
    "action：delete": "comparison",
    "status:>=400": "value",
    "since:2h ago": "unit",
    "status:200 404": "separator",
    "gateway:shop–1": "lookalike",
  };
  for (const [line, problem] of Object.entries(wrong))
    it(`${line} is a problem`, () => assert.equal(parseAuditLine(line, NOW, "utc").problems[0]?.problem, problem));

  it("is read where it is ordinary text or quoted", () => {
    for (const line of ["not found", "this or that", '"a|b" actor:"“bob”"', "uri:/client/v4/", "status:200,404"])
      assert.deepEqual(parseAuditLine(line, NOW, "utc").problems, [], line);
  });
});
