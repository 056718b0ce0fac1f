import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { IdScanner, type SeenId } from "../../../src/debugging/core/scanner.ts";
import { Random } from "../../../src/local/samples/random.ts";
import { filledWith, overgrown } from "../../growth.ts";
import { NAMES as GATEWAY } from "../../../src/sources/cloudflare/names.ts";
import { LogIds } from "../../../src/logs/log-ids.ts";

const logIds = new LogIds(GATEWAY.logIds);

/*
 * Headers as programs print them: random maps with the gateway's ids and any other entries, in the form of each language and library.
 */

type Entry = { name: string; value: string };

/** Joins entries, each written by `one`, between an opening and a closing text. */
const joined =
  (open: string, one: (entry: Entry) => string, between: string, close: string) =>
  (entries: readonly Entry[]): string =>
    open + entries.map(one).join(between) + close;

const canonical = (name: string): string => name.replaceAll(/(?<![a-z])[a-z]/g, (letter) => letter.toUpperCase());
const snake = (name: string): string => name.replaceAll("-", "_");
const bytes = (text: string): number => Buffer.byteLength(text);

const FORMS: Readonly<Record<string, (entries: readonly Entry[]) => string>> = {
  "Go %v": joined("map[", ({ name, value }) => `${canonical(name)}:[${value}]`, " ", "]"),
  "Go %#v": joined("http.Header{", ({ name, value }) => `"${canonical(name)}":[]string{"${value}"}`, ", ", "}"),
  "Go map of texts": joined("map[", ({ name, value }) => `${name}:${value}`, " ", "]"),
  "Go structs": joined("[", ({ name, value }) => `{Name:${name} Value:${value}}`, " ", "]"),
  "Java map of lists": joined("{", ({ name, value }) => `${name}=[${value}]`, ", ", "}"),
  "Java HttpHeaders": joined(
    "java.net.http.HttpHeaders@1f { {",
    ({ name, value }) => `${name}=[${value}]`,
    ", ",
    "} }",
  ),
  "Java map": joined("{", ({ name, value }) => `${name}=${value}`, ", ", "}"),
  "Java lines": joined("", ({ name, value }) => `${name}: [${value}]`, "\n", "\n"),
  Spring: joined("[", ({ name, value }) => `${name}:"${value}"`, ", ", "]"),
  "Kotlin pairs": joined("[", ({ name, value }) => `(${name}, ${value})`, ", ", "]"),
  Scala: joined("Map(", ({ name, value }) => `${name} -> List(${value})`, ", ", ")"),
  Ruby: joined("{", ({ name, value }) => `"${name}"=>["${value}"]`, ", ", "}"),
  "Ruby 3.4": joined("{", ({ name, value }) => `"${name}" => "${value}"`, ", ", "}"),
  "Ruby symbols": joined("{", ({ name, value }) => `:${snake(name)}=>"${value}"`, ", ", "}"),
  Rack: joined("{", ({ name, value }) => `"HTTP_${snake(name).toUpperCase()}"=>"${value}"`, ", ", "}"),
  "PHP print_r of lists": joined(
    "Array\n(\n",
    ({ name, value }) => `    [${name}] => Array\n        (\n            [0] => ${value}\n        )\n`,
    "\n",
    "\n)\n",
  ),
  "PHP print_r": joined("Array\n(\n", ({ name, value }) => `    [${name}] => ${value}`, "\n", "\n)\n"),
  "PHP var_dump of lists": joined(
    "array(3) {\n",
    ({ name, value }) => `  ["${name}"]=>\n  array(1) {\n    [0]=>\n    string(${bytes(value)}) "${value}"\n  }`,
    "\n",
    "\n}\n",
  ),
  "PHP var_dump": joined(
    "array(3) {\n",
    ({ name, value }) => `  ["${name}"]=>\n  string(${bytes(value)}) "${value}"`,
    "\n",
    "\n}\n",
  ),
  "PHP var_export": joined(
    "array (\n",
    ({ name, value }) => `  '${name}' => \n  array (\n    0 => '${value}',\n  )`,
    ",\n",
    ",\n)",
  ),
  "Symfony dump": joined(
    "array:3 [\n",
    ({ name, value }) => `  "${name}" => array:1 [\n    0 => "${value}"\n  ]`,
    "\n",
    "\n]\n",
  ),
  "Python dict": joined("{", ({ name, value }) => `'${name}': '${value}'`, ", ", "}"),
  "Python tuples": joined("[", ({ name, value }) => `('${name}', '${value}')`, ", ", "]"),
  httpx: joined("Headers([", ({ name, value }) => `('${name}', '${value}')`, ", ", "])"),
  "httpx raw": joined("[", ({ name, value }) => `(b'${canonical(name)}', b'${value}')`, ", ", "]"),
  aiohttp: joined("<CIMultiDictProxy(", ({ name, value }) => `'${name}': '${value}'`, ", ", ")>"),
  "Python pprint": joined("[", ({ name, value }) => `('${name}',\n  '${value}')`, ",\n ", "]"),
  "Rust {:?}": joined("{", ({ name, value }) => `"${name}": "${value}"`, ", ", "}"),
  "Rust {:#?}": joined("{\n", ({ name, value }) => `    "${name}": "${value}"`, ",\n", ",\n}"),
  "Rust options": joined("[", ({ name, value }) => `("${name}", Some("${value}"))`, ", ", "]"),
  Elixir: joined("[\n", ({ name, value }) => `  {"${name}", "${value}"}`, ",\n", "\n]"),
  "Elixir map": joined("%{", ({ name, value }) => `"${name}" => ["${value}"]`, ", ", "}"),
  Erlang: joined("[", ({ name, value }) => `{<<"${name}">>,<<"${value}">>}`, ",\n ", "]"),
  ".NET": joined("{\n", ({ name, value }) => `  ${name}: ${value}`, "\r\n", "\r\n}"),
  ".NET pairs": joined("[", ({ name, value }) => `[${name}, ${value}]`, ", ", "]"),
  "C# anonymous": joined("", ({ name, value }) => `{ Key = ${name}, Value = ${value} }`, "\n", ""),
  PowerShell: joined("Key   Value\n---   -----\n", ({ name, value }) => `${name}    {${value}}`, "\n", "\n"),
  Swift: joined("[", ({ name, value }) => `AnyHashable("${name}"): ${value}`, ", ", "]"),
  "Objective-C": joined("{\n", ({ name, value }) => `    "${name}" = "${value}";`, "\n", "\n}"),
  R: joined("", ({ name, value }) => `$\`${name}\`\n[1] "${value}"\n`, "\n", "\n"),
  Node: joined("Headers {\n", ({ name, value }) => `  '${name}': '${value}'`, ",\n", "\n}"),
  "Node map": joined("Map(3) {", ({ name, value }) => ` '${name}' => '${value}'`, ",", " }"),
  "Node lists": joined("[\n", ({ name, value }) => `  [ '${name}', '${value}' ]`, ",\n", "\n]"),
  "Node raw": joined("[\n", ({ name, value }) => `  '${name}',\n  '${value}'`, ",\n", "\n]"),
  "JSON in a text": joined('"{', ({ name, value }) => `\\"${name}\\": \\"${value}\\"`, ", ", '}"'),
};

const chars = (random: Random, alphabet: string, length: number): string =>
  Array.from({ length }, () => random.pick(alphabet.split(""))).join("");
const hex = (random: Random, length: number): string => chars(random, "0123456789abcdef", length);

/** An ID of any shape, unique by its number. */
function idOf(random: Random, number: number): string {
  const end = String(number).padStart(3, "0");
  return random.pick([
    () => `${[8, 4, 4, 4].map((length) => hex(random, length)).join("-")}-${hex(random, 9)}${end}`,
    () => `0${chars(random, "0123456789ABCDEFGHJKMNPQRSTVWXYZ", 22)}${end}`,
    () => `${hex(random, 61)}${end}`,
    () => `order_${end}-retry`,
    () => `an.opaque:id/${end}~x`,
    () => `${end}${"-run.7".repeat(random.between(1, 20))}`,
  ])();
}

/** Other entries of a response, empty or similar to an ID, but under another name. */
function otherEntry(random: Random): Entry {
  return random.pick<Entry>([
    { name: "content-type", value: "application/json" },
    { name: "cf-aig-step", value: "0" },
    { name: "cf-aig-cache-status", value: "MISS" },
    { name: "date", value: "Fri, 20 Nov 2026 12:00:00 GMT" },
    { name: "x-request-id", value: `req_${hex(random, 20)}` },
    { name: "my-log-id", value: `mine_${hex(random, 12)}` },
    { name: "cf-ray", value: `${hex(random, 16)}-FRA` },
    { name: "x-empty-of-2", value: "" },
  ]);
}

const NAMES = ["cf-aig-log-id", "cf-aig-event-id", "cf-aig-request-id"];

/** Some of the gateway's own entries, partly without a value, among others. */
function mapOf(random: Random): { entries: Entry[]; ids: string[] } {
  const own = NAMES.filter(() => random.chance(0.6)).map((name, number) => ({
    name,
    value: random.chance(0.15) ? "" : idOf(random, random.between(0, 300) * 3 + number),
  }));
  const entries = Array.from({ length: random.between(0, 5) }, () => otherEntry(random));
  for (const one of own) entries.splice(random.between(0, entries.length), 0, one);
  return { entries, ids: own.map(({ value }) => value).filter(Boolean) };
}

function found(pieces: readonly string[]): SeenId[] {
  const scanner = new IdScanner(logIds);
  return [...pieces.flatMap((piece) => scanner.scan(piece)), ...scanner.flush()];
}

const sureIn = (pieces: readonly string[]): string[] =>
  [...new Set(found(pieces).flatMap(({ id, sure }) => (sure ? [id] : [])))].sort();

/** The text in two to nine pieces. */
function cut(random: Random, text: string): string[] {
  const places = Array.from({ length: random.between(1, 8) }, () => random.between(0, text.length)).sort(
    (a, b) => a - b,
  );
  return [...places, text.length].map((place, index) => text.slice(places[index - 1] ?? 0, place));
}

describe("ids in maps as programs print them", () => {
  for (const [form, print] of Object.entries(FORMS)) {
    it(`of ${form} are those with the gateway's names, wherever the text is cut`, () => {
      const random = new Random(15);
      let named = 0;
      for (let round = 0; round < 60; round++) {
        const { entries, ids } = mapOf(random);
        const text = `${random.pick(["", "headers: ", "2026/11/20 12:00:00 "])}${print(entries)}\n`;
        const wanted = ids.toSorted();
        named += ids.length;
        assert.deepEqual(sureIn([text]), wanted, text);
        for (let times = 0; times < 4; times++) assert.deepEqual(sureIn(cut(random, text)), wanted, text);
      }
      assert.ok(named > 60, `only ${named} ids`);
    });

    it(`of ${form} are found at every cut and character by character`, () => {
      const id = "an.opaque:id-1";
      const text = `${print([
        { name: "date", value: "today" },
        { name: "cf-aig-log-id", value: id },
        { name: "via", value: "1.1" },
      ])}\n`;
      for (let at = 0; at <= text.length; at++)
        assert.deepEqual(sureIn([text.slice(0, at), text.slice(at)]), [id], `cut at ${at}`);
      assert.deepEqual(sureIn(text.split("")), [id]);
    });
  }

  it("are read in a time that grows with the text, whatever stands behind a name", async () => {
    const runs = ["[", "(", "{", "<", "[0] => ", "0 => ", "array ", "array(1) {\n", "Array\n(\n", "[]string{", '\\"'];
    const ends = [" ", "\n", "value", "=>", ": ", "'", "some(", "cf_aig_log_id", "cf-aig-log-id=[", "HTTP_"];
    const all = ["", "cf-aig-log-id:", "logId => "].flatMap((start) =>
      [...runs, ...ends, ...runs.map((run) => `${run}\n  `), ...runs.map((run) => `cf-aig-log-id: ${run}`)].map(
        (run) => ({
          name: start + run,
          prepare: (size: number) => {
            const text = start + filledWith(run, size);
            return () => found([text]);
          },
        }),
      ),
    );
    assert.deepEqual(await overgrown(all, 8000), []);
  });
});
