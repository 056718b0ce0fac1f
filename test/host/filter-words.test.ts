import assert from "node:assert/strict";
import { parseFilter, parseQueryLine } from "../../src/query/query-line.ts";
import { choiceIn, nextChoice, withChoice } from "../../src/filter/toggles.ts";
import { describeFilter, explainProblem } from "../../src/filter/words.ts";
import { formatFor } from "../../src/logs/format.ts";

const format = formatFor("en", "utc");

describe("a filter in words", () => {
  const described = {
    "": "",
    "status:error model:gpt-4o,gpt-5 cost:>0.01 since:2h free text":
      "failed · model gpt-4o or gpt-5 · cost over $0.01 · since 2 hours ago · “free text”",
    "-cached duration:<2s tokens:>5000": "not cached · duration under 2,000 ms · tokens over 5,000",
    "feedback:down feedback:none": "rated down · unrated",
    "meta.user:42 -meta.team:blue": "user 42 · team not blue",
    "model:~gpt user_agent:none": "model contains gpt · user agent none",
    "since:yesterday until:2026-11-20": "since yesterday · before 2026-11-20",
    "created_at:>2026-11-20T09:30:00Z": "time after Nov 20, 2026, 09:30:00",
    "model:a,b,c,d,e,f": "model a, b, c, or 3 more",
    "path:chat status:429 source:key": "path contains chat · status code 429 · with a key",
    "-path:chat path:=v1/chat step:>1": "path doesn't contain chat · path v1/chat · step over 1",
    'one modle:x "two': 'modle:x · "two · “one”',
  };
  for (const [line, words] of Object.entries(described)) {
    it(line || "nothing", () => assert.equal(describeFilter(line, format), words));
  }

  it("says what is wrong with each piece, quotes it and says what could stand there", () => {
    const explained: Record<string, RegExp> = {
      "modle:x": /no key “modle”.*Did you mean model/,
      "zzzzzzzz:x": /no key “zzzzzzzz”.*quotes/,
      "cost:cheap": /“cheap”.*“cost”.*a number or none/,
      "cost:~1": /“~1”.*“cost” takes :, -…:, :<, or :>/,
      "cost:": /After “cost:”.*a number/,
      "model:a,,b": /After “model:”.*a text or none/,
      'model:"gpt': /quote before “gpt” is never closed/,
      "-since:2h": /minus.*“since”/,
      "-word": /“-word”.*minus/,
      "since:>2h": /“since:” no sign.*a time like 2h/,
      "since:soon": /“soon”.*“since”.*a time like 2h/,
      "status:bad": /“bad”.*success or error/,
      "feedback:good": /“good”.*up, down, a number, or none/,
      "duration:long": /“long”.*a duration like 500ms/,
      "source:me": /“me”.*playground or key/,
      "tokens:>10,000": /“10,000”.*Write 10000/,
      "tokens:1,000,5": /“1,000,5”.*each value in quotes/,
      "tokens:>1k": /“1k” isn't a valid value for “tokens”. Write 1000/,
      "model:a OR model:b": /“OR”.*model:gpt-4o,gpt-5/,
      "model:a AND cached": /“AND”.*all words must match/,
      "NOT cached": /“NOT”.*minus.*-model:gpt-4o/,
      "(cached)": /“\(cached\)”.*brackets/,
      "model=gpt-5": /“model=gpt-5”: write model:gpt-5/,
      "a=b": /“a=b” can't compare.*colon/,
      "model:gpt*": /“gpt\*”.*model:~gpt/,
      "model:‘x’": /straight double quotes/,
      "model:a，b": /plain comma/,
      "model:gpt–5": /dash/,
      "since:2h ago": /“ago”.*2h/,
      "model:null": /“null”.*none.*“model”/,
    };
    for (const [line, words] of Object.entries(explained)) {
      const [problem] = parseFilter(line, new Date()).problems;
      assert.ok(problem, line);
      assert.match(explainProblem(problem, line), words, line);
    }
  });
});

const read = (line: string) => parseQueryLine(line, new Date());

describe("the toggles of a line", () => {
  it("change their own words and leave the others", () => {
    assert.equal(withChoice(read("model:x free "), "status", "status:error"), "status:error model:x free ");
    assert.equal(
      withChoice(read('a status:error model:"x  y"'), "status", "status:success"),
      'status:success a model:"x  y"',
    );
    assert.equal(withChoice(read("status:429 status:error"), "status", ""), "status:429 ");
    assert.equal(withChoice(read("-cached x"), "cache", "cached"), "cached x");
    assert.equal(withChoice(read('model:"open'), "source", "source:key"), 'source:key model:"open');
  });

  it("know what the line says, in any of its words for it", () => {
    assert.equal(choiceIn(read("x"), "status"), "");
    assert.equal(choiceIn(read("success:false"), "status"), "status:error");
    assert.equal(choiceIn(read("cached:false"), "cache"), "-cached");
    assert.equal(choiceIn(read("status:error,success"), "status"), undefined);
    assert.equal(choiceIn(read("cached -cached"), "cache"), undefined);
  });

  it("go round", () => {
    for (const toggle of ["status", "cache", "source"] as const) {
      const lines = ["text"];
      for (let turn = 0; turn < 3; turn++) {
        const line = lines.at(-1) ?? "";
        lines.push(withChoice(read(line), toggle, nextChoice(read(line), toggle)));
      }
      assert.equal(new Set(lines).size, 3);
      assert.equal(lines[3], "text");
    }
    assert.equal(nextChoice(read("cached -cached"), "cache"), "");
  });
});
