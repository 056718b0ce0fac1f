import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { textOf } from "../../../src/chat/body/utf8.ts";
import { layOut } from "../../../src/reading/core/layout.ts";

describe("layOut", () => {
  it("shows server-sent events one a line, with every character of them", () => {
    const stream = 'event: a\ndata: {"x":1}\n\nevent: b\r\ndata: {"y":2}\r\n\r\n: ping\n\n\ndata: [DONE]\n\n';
    const lines = 'event: a data: {"x":1}\nevent: b data: {"y":2}\n: ping\ndata: [DONE]\n';
    assert.equal(layOut(stream), lines);
    assert.equal(layOut(stream).replace(/\s/g, ""), stream.replace(/\s/g, ""));
  });

  it("keeps the events that the gateway assembles on one line each, and indents what is around them", () => {
    const body = { id: 1, streamed_data: [{ a: [1, { b: {} }] }, {}, [1, 2]], usage: { n: [1] } };
    const laidOut = layOut(JSON.stringify(body));
    assert.deepEqual(laidOut.split("\n"), [
      "{",
      '  "id": 1,',
      '  "streamed_data": [',
      '    {"a": [1, {"b": {}}]},',
      "    {},",
      "    [1, 2]",
      "  ],",
      '  "usage": {',
      '    "n": [',
      "      1",
      "    ]",
      "  }",
      "}",
      "",
    ]);
    assert.deepEqual(JSON.parse(laidOut), body);
  });

  it("takes only a list of that name for events", () => {
    for (const body of [{ streamed_data: { a: [1] } }, ["streamed_data", [[1]]], { streamed_data: "x", a: [[1]] }])
      assert.equal(layOut(JSON.stringify(body)), `${JSON.stringify(body, undefined, 2)}\n`);
    assert.equal(layOut('{"streamed_data":[]}'), '{\n  "streamed_data": []\n}\n');
  });

  it("leaves other text as it is", () => {
    for (const text of ["", "plain\n\ntext", "<html>\n\n</html>", '{"a":1}\n{"b":2}\n'])
      assert.equal(layOut(text), text);
  });

  it("lays out many events at once", () => {
    const event = `data: {"delta":"${"y".repeat(150)}"}\n\n`;
    assert.equal(layOut(event.repeat(50_000)).split("\n").length, 50_001);
  });
});

describe("textOf", () => {
  it("is the text of text and of UTF-8, and nothing of other bytes", () => {
    assert.equal(textOf("a"), "a");
    assert.equal(textOf(new TextEncoder().encode("日本")), "日本");
    assert.equal(textOf(Uint8Array.of(0xff, 0xd8)), undefined);
  });
});
