import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { snippet, snippetForms } from "../../../../src/chat/snippets/index.ts";
import type { RecordedCall } from "../../../../src/chat/snippets/call.ts";
import { Random } from "../../../../src/local/samples/random.ts";
import { THROUGH } from "./through.ts";

const recorded = (fields: Partial<RecordedCall>): RecordedCall => ({
  gateway: { sourceId: "a", collectionId: "g" },
  through: THROUGH,
  provider: "openai",
  path: "chat/completions",
  request: "{}",
  response: null,
  ...fields,
});

/** A string that PowerShell takes literally, up to its closing quote. */
const LITERAL = /'((?:[^']|'')*)'/g;
/** Returns a program without its literals, and the literals. */
function taken(program: string): { frame: string; literals: string[] } {
  const literals: string[] = [];
  const frame = program.replace(LITERAL, (_, text: string) => {
    literals.push(text.replaceAll("''", "'"));
    return "''";
  });
  return { frame, literals };
}

const HOSTILE = [
  "'",
  "''",
  "'@\n",
  "\n'@\n",
  '"',
  "`",
  "$(calc)",
  "; calc",
  "\u2018",
  "\u2019",
  "\u201a",
  "\u201b",
  "\u201d",
  "\r\n",
  "\0",
  "\x03",
];

// Without PowerShell here, the program's structure shows that nothing can end a literal.
describe("a call for PowerShell", () => {
  it("is one program whatever was recorded: only what is in its literals differs, and they are printable ASCII", () => {
    const random = new Random(5);
    const { frame } = taken(snippet("powershell", recorded({})) ?? "");
    assert.equal(
      frame,
      [
        "$request = @{",
        "  Method = ''",
        "  Uri = ''",
        "  Headers = @{",
        `    '' = "Bearer $env:CF_AIG_TOKEN"`,
        `    '' = "Bearer $env:OPENAI_API_KEY"`,
        "  }",
        "  ContentType = ''",
        "  Body = [Convert]::FromBase64String('')",
        "}",
        "Invoke-RestMethod @request",
        "",
      ].join("\n"),
    );
    for (let count = 0; count < 2000; count++) {
      const odd = () =>
        Array.from({ length: random.between(1, 6) }, () => random.pick([...HOSTILE, "a", " "])).join("");
      const bytes = new Uint8Array(Array.from({ length: random.between(1, 400) }, () => random.between(0, 255)));
      const request = random.chance(0.5) ? odd() : bytes;
      const path = `chat/${odd().replaceAll("\0", "")}`;
      const program = snippet("powershell", recorded({ request, path, requestContentType: `text/x${odd()}` })) ?? "";
      const { frame: same, literals } = taken(program);
      assert.equal(same, frame);
      assert.match(program, /^[ -~\n]*$/);
      assert.match(literals[1] ?? "", /^https:\/\/gateway\.ai\.cloudflare\.com\/v1\/a\/g\/openai\/chat[^']*$/);
      assert.match(literals.at(-1) ?? "", /^[A-Za-z0-9+/=\n]*$/);
      assert.ok(Buffer.from(literals.at(-1) ?? "", "base64").equals(Buffer.from(request)));
    }
  });

  it("has the headers that its provider asks for", () => {
    const program =
      snippet("powershell", recorded({ provider: "anthropic", requestContentType: "text/x; a='b'" })) ?? "";
    assert.match(program, /^ {4}'x-api-key' = "\$env:ANTHROPIC_API_KEY"\n {4}'anthropic-version' = '2023-06-01'$/m);
    assert.match(program, /^ {2}ContentType = 'text\/x; a=''b'''$/m);
  });

  it("is offered on Windows, beside the form for bash", () => {
    assert.deepEqual(snippetForms(recorded({}), "win32").slice(0, 2), ["curl", "powershell"]);
    for (const platform of ["linux", "darwin"] as const)
      assert.ok(!snippetForms(recorded({}), platform).includes("powershell"));
  });
});
