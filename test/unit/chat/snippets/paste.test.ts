import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text as textIn } from "node:stream/consumers";
import { after, describe, it } from "node:test";
import { snippet } from "../../../../src/chat/snippets/index.ts";
import type { RecordedCall } from "../../../../src/chat/snippets/call.ts";
import { Random } from "../../../../src/local/samples/random.ts";
import { THROUGH } from "./through.ts";

type Pasted = { prompts: number | null; arguments: string[]; body: string };

const BODIES = 100;

/** Characters that a terminal, its line discipline, readline or a shell acts on, followed by a command. */
const hostile = (mark: string): readonly string[] => [
  ...Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 33 }, (_, code) => String.fromCharCode(0x7f + code)),
  `\x03\ntouch ${mark}\n#`,
  `\x1b[201~\ntouch ${mark}\n`,
  `\x15touch ${mark}\r`,
  `\x04\x04touch ${mark}\n`,
  `\x18\x05`,
  `\u009b201~\rtouch ${mark}\r`,
  `'\ntouch ${mark}\n'`,
  `'; touch ${mark}; '`,
  `"; touch ${mark}; "`,
  `$(touch ${mark})`,
  `\`touch ${mark}\``,
  `\nEND\ntouch ${mark}\n`,
  `\n!nothing\ntouch ${mark}\n`,
  `\n^a^b\ntouch ${mark}\n`,
  ..."!!|!$|$HOME|\\|'|\"|~|*|@/etc/hostname|#|&|>out".split("|"),
  ...'|/\\\n/\r\n/\n\n/\t\t/é/®/ÿ/漢字/\u{1f600}/\u202e\u2066/\u200b\ufeff/\u2028/’/plain words/{"model":"m"}'.split(
    "/",
  ),
];

function bodiesOf(seed: number, mark: string): (string | Uint8Array)[] {
  const random = new Random(seed);
  const parts = hostile(mark);
  return Array.from({ length: BODIES }, (_, index) => {
    const few = Array.from({ length: random.between(1, 8) }, () => random.pick(parts)).join("");
    if (index % 7 === 0)
      return new Uint8Array(Array.from({ length: random.between(1, 300) }, () => random.between(0, 255)));
    if (index % 50 === 1) return few + `it's $(touch ${mark}) `.repeat(65_536).slice(0, 65_536);
    if (index % 50 === 2) return `${random.pick(["é", "'", "x"]).repeat(21_000)}${few}`;
    return few;
  });
}

/** Pastes texts into one bash. */
async function pasted(folder: string, how: { bracketed: boolean; locale: string }, texts: string[]): Promise<Pasted[]> {
  const driver = spawn("python3", [join(import.meta.dirname, "paste.py")], { stdio: ["pipe", "pipe", "inherit"] });
  driver.stdin.end(JSON.stringify({ folder, ...how, texts }));
  return JSON.parse(await textIn(driver.stdout)) as Pasted[];
}

const WAYS = [
  { bracketed: true, locale: "C.UTF-8" },
  { bracketed: false, locale: "C.UTF-8" },
  // Bytes beyond ASCII are keys here: Meta and another.
  { bracketed: false, locale: "C" },
];

// Windows lacks such pseudo-terminals. Elsewhere, and where CI is set, nothing is skipped: it fails.
const noTerminal = !process.env["CI"] && process.platform === "win32" && "Windows has no POSIX pseudo-terminals";

describe("a copied cURL in an interactive bash", { skip: noTerminal, concurrency: true }, () => {
  const folder = mkdtempSync(join(tmpdir(), "ai-gateway-logs-"));
  after(() => rmSync(folder, { recursive: true, force: true }));

  for (const [seed, how] of WAYS.entries()) {
    const named = `${how.bracketed ? "with" : "without"} bracketed paste, in the locale ${how.locale}`;
    const own = join(folder, String(seed));
    const mark = join(own, "ran");
    const recorded = (request: string | Uint8Array, index: number): RecordedCall => {
      // No address has NUL, however it is encoded.
      const [, ...odd] = hostile(mark);
      const text = odd[index % odd.length] ?? "";
      return {
        gateway: { sourceId: "a", collectionId: "g" },
        through: THROUGH,
        provider: index % 5 === 0 ? `custom-${text}` : "openai",
        path: `v1/chat${text}?x=${text}`,
        requestContentType: `text/plain${text}; a=b`,
        request,
        response: null,
      };
    };

    it(`runs nothing else, and sends the recorded bytes (${named})`, { timeout: 300_000 }, async () => {
      mkdirSync(own);
      const bodies = bodiesOf(seed, mark);
      const texts = bodies.map((body, index) => snippet("curl", recorded(body, index)) ?? "");
      for (const text of texts) assert.match(text, /^(?:curl|base64) [ -~\n]+$/);
      const results = await pasted(own, how, texts);
      assert.deepEqual([existsSync(mark), readdirSync(join(own, "empty"))], [false, []]);
      for (const [index, body] of bodies.entries()) {
        const { prompts, arguments: given = [], body: sent = "" } = results[index] ?? {};
        const about = `body ${index}: ${JSON.stringify(texts[index]?.slice(0, 500))}`;
        assert.equal(prompts, 1, about);
        const [address = "", ...others] = given;
        assert.ok(address.startsWith("https://gateway.ai.cloudflare.com/v1/a/g/"), about);
        assert.ok(!others.some((argument) => argument.startsWith("https:")), about);
        assert.ok(Buffer.from(sent, "base64").equals(Buffer.from(body)), about);
      }
    });

    it(`would run what is quoted and not escaped (${named})`, async () => {
      const other = join(folder, `open${seed}`);
      mkdirSync(other);
      await pasted(other, how, [`curl 'https://example.com' --data-raw 'x\x03\ntouch ${join(other, "ran")}\n#'\n`]);
      assert.ok(existsSync(join(other, "ran")));
    });
  }
});
