import assert from "node:assert/strict";
import { describe, it } from "node:test";
import type { Conversation, Message, Part } from "../../../src/chat/conversation.ts";
import { toMarkdown } from "../../../src/chat/markdown.ts";
import { readConversation } from "../../../src/chat/read.ts";
import { bodyOf, traffic } from "../../traffic.ts";

const empty: Conversation = { format: "f", messages: [], answers: [], tools: [], settings: {}, complete: true };

const saying = (...parts: Part[]): Conversation => ({ ...empty, messages: [{ role: "user", parts }] });
const bodyOfUser = (...parts: Part[]) =>
  toMarkdown(saying(...parts))
    .split("## User\n\n")[1]
    ?.trimEnd();
const text = (said: string): Part => ({ type: "text", text: said });
const prose = (said: string) => bodyOfUser(text(said));

/** The texts of headings outside of fences and quotes. */
function headings(markdown: string): string[] {
  const found: string[] = [];
  let open: string | undefined;
  for (const line of markdown.split(/\r\n|\n|\r/)) {
    const mark = /^ {0,3}(`{3,}(?=[^`]*$)|~{3,})(.*)$/.exec(line);
    if (open !== undefined) {
      if (mark?.[1]?.startsWith(open) === true && mark[2]?.trim() === "") open = undefined;
    } else if (mark?.[1] !== undefined) open = mark[1];
    else if (/^ {0,3}#/.test(line)) found.push(line);
  }
  assert.equal(open, undefined);
  return found;
}

describe("toMarkdown", () => {
  it("tells the whole of a conversation", () => {
    const conversation: Conversation = {
      format: "openai-chat",
      model: "m-1",
      messages: [
        { role: "system", parts: [text("Be **brief**.")] },
        { role: "user", name: "ann", parts: [text("Weather?")] },
        { role: "assistant", parts: [{ type: "toolCall", id: "c1", name: "weather", arguments: { city: "Bern" } }] },
        { role: "tool", parts: [{ type: "toolResult", id: "c1", parts: [text("sunny")], isError: true }] },
      ],
      answers: [
        {
          role: "assistant",
          finishReason: "stop",
          parts: [{ type: "reasoning", text: "hm\nso" }, text("It is sunny.")],
        },
        { role: "assistant", parts: [{ type: "refusal", text: "No." }] },
      ],
      tools: [{ name: "weather" }],
      settings: { temperature: 1 },
      usage: { tokensIn: 9, tokensCached: 4, tokensOut: 3, tokensTotal: 12 },
      complete: true,
    };
    assert.equal(
      toMarkdown(conversation),
      `# Conversation

- Model: \`m-1\`
- Format: \`openai-chat\`
- Usage: 9 tokens in, 4 of them cached, 3 tokens out, 12 in total

<details>
<summary>Tools (1)</summary>

\`\`\`json
[
  {
    "name": "weather"
  }
]
\`\`\`

</details>

<details>
<summary>Settings</summary>

\`\`\`json
{
  "temperature": 1
}
\`\`\`

</details>

## System

Be **brief**.

## User \`ann\`

Weather?

## Assistant

### Tool call \`weather\` (\`c1\`)

\`\`\`json
{
  "city": "Bern"
}
\`\`\`

## Tool

### Tool result \`weather\` (\`c1\`): error

\`\`\`
sunny
\`\`\`

## Answer 1 of 2, finish reason \`stop\`

### Reasoning

> hm
> so

### Text

It is sunny.

## Answer 2 of 2

### Refusal

No.
`,
    );
  });

  it("tells media by kind, type, size and address, never by their base64", () => {
    const data = Buffer.alloc(1000, 7).toString("base64");
    assert.equal(
      bodyOfUser({ type: "media", media: "image", mimeType: "image/png", name: "a.png", data }),
      "### Image\n\n`a.png`, `image/png`, 1000 bytes",
    );
    assert.equal(
      bodyOfUser({ type: "media", media: "audio", url: "https://a.example/b.mp3" }),
      "### Audio\n\n<https://a.example/b.mp3>",
    );
    assert.equal(bodyOfUser({ type: "media", media: "file", name: "id-1" }), "### File\n\n`id-1`");
    assert.equal(bodyOfUser({ type: "media", media: "video" }), "### Video\n\n(video without content)");
    assert.equal(
      bodyOfUser({ type: "media", media: "image", url: "javascript:alert(1)" }),
      "### Image\n\n`javascript:alert(1)`",
    );
    assert.equal(
      bodyOfUser({ type: "media", media: "image", url: `data:image/png;base64;${data}` }),
      `### Image\n\ndata URL of ${data.length + 22} characters`,
    );
    const unknown = bodyOfUser({ type: "unknown", value: { a: data, b: `data:image/png;base64,${data}`, c: "short" } });
    assert.equal(
      unknown,
      '### Unknown\n\n```json\n{\n  "a": "[base64, 1000 bytes]",\n  "b": "[base64, 1000 bytes]",\n  "c": "short"\n}\n```',
    );
  });

  it("tells embeddings by their length and first numbers", () => {
    const values = Array.from({ length: 1536 }, (_, index) => index / 2);
    assert.equal(
      bodyOfUser({ type: "embedding", values }),
      "### Embedding\n\n1536 dimensions: 0, 0.5, 1, 1.5, 2, 2.5, 3, 3.5, …",
    );
    assert.equal(bodyOfUser({ type: "embedding", values: [1] }), "### Embedding\n\n1 dimensions: 1");
  });

  it("makes footnotes of citations, one a source", () => {
    const a = { title: "A [1]", url: "https://a.example/?q=1", text: "two\nlines" };
    const b = { url: "no url" };
    const said = bodyOfUser(
      { type: "text", text: "x", citations: [a, b, a] },
      { type: "text", text: "y", citations: [b, { source: "s" }] },
    );
    assert.equal(
      said,
      "x\n\nSources: [^1] [^2]\n\ny\n\nSources: [^2] [^3]\n\n" +
        '[^1]: A \\[1\\], <https://a.example/?q=1>, “two lines”\n\n[^2]: `no url`\n\n[^3]: `{ "source": "s" }`',
    );
  });

  it("tells what is missing, what failed, and the steps", () => {
    const said = toMarkdown({
      ...empty,
      complete: false,
      unstored: true,
      error: { message: "too *many*", type: "rate_limit", code: 429, details: { retry: 1 } },
      steps: [
        {
          provider: "openai",
          path: "chat/completions",
          shown: true,
          request: { query: { told: 1 }, headers: { h: 2 } },
        },
        { provider: "anthropic", path: "v1/messages", shown: false, request: { query: { untold: 3 } } },
      ],
      envelope: { id: "r" },
    });
    for (const part of [
      "- Not stored: ",
      "- Incomplete: ",
      "## Error `rate_limit` `429`\n\ntoo *many*\n",
      '"retry": 1',
      "### Step 1: `openai` `chat/completions` (shown above)",
      '"h": 2',
      "### Step 2: `anthropic` `v1/messages`\n",
      '"untold": 3',
      '"id": "r"',
    ]) {
      assert.ok(said.includes(part), part);
    }
    assert.ok(!said.includes('"told"'));
  });

  it("leaves harmless text as it is", () => {
    for (const said of [
      "a\r\n\r\n- b\n  - c\n\n> d\n\n| e |\n|---|\n| f |",
      "```js\n# <b> [^1] ![x](y)\n```\nafter #hash a < b",
      "~~~\n```\n~~~",
    ]) {
      assert.equal(prose(said), said);
    }
  });

  it("quotes text whose headings or fences would be the document's", () => {
    for (const said of [
      "# Title",
      "- ## User",
      "User\n===",
      "User\r\n---",
      "```js\nlet a;",
      "1. x\n   ```\n   y\n   ```",
    ]) {
      const quoted = said.split(/\r?\n/).map((line) => `> ${line}`);
      assert.equal(prose(said), quoted.join("\n"));
    }
  });

  it("shows the source of text that reaches beyond a quote", () => {
    for (const said of [
      "</blockquote><h2>User</h2>",
      "<!-- hidden",
      "![spy](https://a.example/x.png)",
      "[^1]: false source",
      "[a]: https://a.example",
      "$$ x",
      "```\n``` x\n```\n<details>",
      "  ```\n```\n<details>\n```",
    ]) {
      const longest = Math.max(2, ...[...said.matchAll(/`+/g)].map(([run]) => run.length));
      const marks = "`".repeat(longest + 1);
      assert.equal(prose(said), `${marks}markdown\n${said}\n${marks}`);
    }
  });

  it("lets nothing recorded out of its fence, quote or line", () => {
    const evil = "x`\r\n````\n~~~~~\n</details>\n## User\n\n# Title\r### Tool call";
    const hostile = (parts: Part[]): Message => ({ role: "user", name: evil, finishReason: evil, parts });
    const said = toMarkdown({
      ...empty,
      format: evil,
      model: evil,
      messages: [
        hostile([
          text(evil),
          { type: "reasoning", text: evil },
          { type: "toolCall", id: evil, name: evil, arguments: evil },
          { type: "toolResult", id: evil, parts: [text(evil), { type: "reasoning", text: evil }] },
          { type: "media", media: "image", url: evil, name: evil, mimeType: evil },
          { type: "text", text: "ok", citations: [{ title: evil, url: evil, text: evil }] },
          { type: "unknown", value: { [evil]: evil } },
        ]),
      ],
      tools: [{ name: evil }],
      settings: { [evil]: evil },
      error: { message: evil, type: evil },
      steps: [{ provider: evil, path: evil, shown: true, request: evil }],
    });
    assert.deepEqual(
      headings(said).map((line) => line.split(/[ :]/, 2).join(" ")),
      [
        "# Conversation",
        "## User",
        "### Reasoning",
        "### Tool",
        "### Tool",
        "#### Reasoning",
        "### Image",
        "### Text",
        "### Unknown",
        "## Error",
        "## Steps",
        "### Step",
      ],
    );
  });

  it("labels a summary that stands for earlier messages, and shows it like no answer", () => {
    const summary = (text: string, redacted: object = {}): Part => ({
      type: "reasoning",
      text,
      ...redacted,
      details: { type: "compaction" },
    });
    const parts = [summary("So far."), summary("", { redacted: true }), text("Yes.")];
    const said = toMarkdown({ ...empty, answers: [{ role: "assistant", parts }] });
    assert.deepEqual(headings(said).slice(-4), [
      "## Answer",
      "### Compaction",
      "### Compaction (redacted by the provider)",
      "### Text",
    ]);
    assert.ok(said.includes("### Compaction\n\n> So far.\n"));
  });

  it("takes deep results and large hostile texts", () => {
    let part: Part = text("inmost");
    for (let level = 0; level < 400; level++) part = { type: "toolResult", parts: [part] };
    assert.ok(toMarkdown(saying(part)).includes("inmost"));
    for (const unit of ["`", "- ", "> ", "```\n", "=", "[", "<", "\\", "#"]) {
      const said = unit.repeat(1_000_000 / unit.length);
      assert.ok(toMarkdown(saying(text(said))).length >= said.length);
    }
  });

  it("has each text of the exchanges in it", () => {
    const unquoted = (markdown: string) => markdown.replace(/^(?:> ?)+/gm, "");
    for (const recorded of traffic()) {
      const conversation = readConversation({
        provider: recorded.provider,
        path: recorded.path,
        request: bodyOf(recorded.request, recorded.request_encoding),
        response: bodyOf(recorded.response, recorded.response_encoding),
      });
      const said = toMarkdown(conversation);
      assert.equal(toMarkdown(conversation), said);
      const plain = unquoted(said);
      for (const { parts } of [...conversation.messages, ...conversation.answers]) {
        for (const inner of parts.flatMap((part) => (part.type === "toolResult" ? part.parts : [part]))) {
          if (inner.type === "text")
            assert.ok(said.includes(inner.text) || plain.includes(unquoted(inner.text)), recorded.id);
        }
      }
    }
  });
});
