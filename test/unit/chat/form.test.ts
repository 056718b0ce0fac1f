import assert from "node:assert/strict";
import { describe, it } from "node:test";
import { formFilePart, isFormFile, parseForm } from "../../../src/chat/body/form.ts";

const BYTES = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 1, 2, 13, 10, 45, 45, 0xff, 0xfe, 0xd8, 13, 10]);

type Field = [name: string, value: string | Buffer, extra?: string, headers?: string];

function form(fields: Field[], end = "--\r\n", newline = "\r\n"): Buffer {
  const pieces = fields.flatMap(([name, value, extra = "", headers = ""]) => [
    Buffer.from(`--xYz${newline}Content-Disposition: form-data; name="${name}"${extra}${newline}${headers}${newline}`),
    Buffer.from(value),
    Buffer.from(newline),
  ]);
  return Buffer.concat([...pieces, Buffer.from(`--xYz${end}`)]);
}

const FILE: Field = ["image", BYTES, '; filename="a b.png"', "Content-Type: image/png\r\n"];

describe("multipart forms", () => {
  it("are records of their fields, files as base64", () => {
    assert.deepEqual(parseForm(form([["model", "m"], FILE]), ""), {
      value: {
        model: "m",
        image: { filename: "a b.png", contentType: "image/png", data: BYTES.toString("base64") },
      },
      cut: false,
    });
  });

  it("are recognised by their bytes, whatever the content type says", () => {
    assert.deepEqual(parseForm(form([["a", "1"]]), "application/json")?.value, { a: "1" });
    for (const body of [
      "--",
      "-- a list\r\n-- of things",
      "text",
      "",
      '{"a":1}',
      "--b\r\nContent-Type: text/plain\r\n\r\nx",
    ]) {
      assert.equal(parseForm(body, "multipart/form-data; boundary=b"), undefined, body);
    }
    assert.equal(parseForm(null, ""), undefined);
  });

  it("have lists where fields repeat or are named as lists", () => {
    const fields: Field[] = [
      ["a", "1"],
      ["a", "2"],
      ["b[]", "3"],
      ["c[]", "4"],
      ["c[]", "5"],
    ];
    assert.deepEqual(parseForm(form(fields), "")?.value, { a: ["1", "2"], b: ["3"], c: ["4", "5"] });
  });

  it("keep texts as they were: empty, of several lines, with hyphens, in any language", () => {
    const texts: Field[] = [
      ["empty", ""],
      ["lines", "one\r\n\r\ntwo\r\n"],
      ["hyphens", "--xYzz\r\n--xYzz"],
      ["names", "Ångström 東京"],
      ["json", '{"a":1}', "", "Content-Type: application/json\r\n"],
      ["__proto__", "x"],
    ];
    const value = parseForm(form(texts), "")?.value ?? {};
    assert.deepEqual(
      Object.entries(value),
      texts.map(([name, text]) => [name, text]),
    );
  });

  it("may have line feeds alone, other headers first, and no quotation marks", () => {
    assert.deepEqual(parseForm(form([["a", "1\n2"]], "--\n", "\n"), "")?.value, { a: "1\n2" });
    const odd = "--b\r\nContent-Type: text/plain\r\nContent-Disposition: form-data; name=a\r\n\r\n1\r\n--b--";
    assert.deepEqual(parseForm(odd, "")?.value, { a: "1" });
  });

  it("name files in each of the ways clients write them", () => {
    const named = (extra: string): unknown => {
      const file = parseForm(form([["file", "x", extra]]), "")?.value.file;
      return isFormFile(file) ? file.filename : undefined;
    };
    assert.equal(named('; filename="a%22b.txt"'), 'a"b.txt');
    assert.equal(named(String.raw`; filename="a\"b;c.txt"`), 'a"b;c.txt');
    assert.equal(named("; filename*=UTF-8''na%C3%AFve.txt; filename=\"naive.txt\""), "naïve.txt");
    assert.equal(named("; filename*=UTF-8''%ZZ.txt"), "%ZZ.txt");
    assert.equal(named("; filename=plain.txt"), "plain.txt");
  });

  it("take a file in base64 and one without a name for what they are", () => {
    const fields: Field[] = [
      ["a", "aGVs\r\nbG8=", '; filename="h.txt"', "Content-Transfer-Encoding: base64\r\n"],
      ["b", BYTES, "", "Content-Type: image/png\r\n"],
    ];
    assert.deepEqual(parseForm(form(fields), "")?.value, {
      a: { filename: "h.txt", data: "aGVsbG8=" },
      b: { contentType: "image/png", data: BYTES.toString("base64") },
    });
  });

  it("stored as text keep a file of text, have one read as Latin-1 back, and say the size of one that is lost", () => {
    const fileOf = (text: string): unknown => parseForm(text, "")?.value.image;
    const told = { filename: "a b.png", contentType: "image/png" };
    assert.deepEqual(fileOf(form([FILE]).toString("latin1")), { ...told, data: BYTES.toString("base64") });
    assert.deepEqual(fileOf(form([FILE]).toString("utf8")), { ...told, characters: BYTES.toString("utf8").length });
    const lines = parseForm(form([["file", "é\n東", '; filename="l.txt"']]).toString("utf8"), "")?.value.file;
    assert.deepEqual(lines, { filename: "l.txt", data: Buffer.from("é\n東").toString("base64") });
  });

  it("cut anywhere give a part of what they hold, and say so", () => {
    const body = form([["model", "mé"], FILE, ["prompt", "Draw"]], "--");
    const whole = parseForm(body, "")?.value ?? {};
    const start = body.indexOf("form-data") + 9;
    for (let length = start; length < body.length; length++) {
      const read = parseForm(body.subarray(0, length), "");
      assert.equal(read?.cut, true, `at ${length}`);
      for (const [name, value] of Object.entries(read?.value ?? {})) {
        if (typeof value === "string") assert.ok(String(whole[name] ?? "").startsWith(value), `${name} at ${length}`);
        else if (isFormFile(value) && typeof value.data === "string") {
          assert.equal(BYTES.indexOf(Buffer.from(value.data, "base64")), 0, `at ${length}`);
        }
      }
    }
    assert.equal(parseForm(body, "")?.cut, false);
  });
});

describe("url-encoded forms", () => {
  it("are read where the content type says so", () => {
    const body = "a=1&b=x+y%C3%A9&c[]=2&a=3";
    assert.deepEqual(parseForm(body, "application/x-www-form-urlencoded; charset=utf-8"), {
      value: { a: ["1", "3"], b: "x yé", c: ["2"] },
      cut: false,
    });
    assert.deepEqual(parseForm(Buffer.from("a=1"), "application/x-www-form-urlencoded")?.value, { a: "1" });
    assert.equal(parseForm(body, "text/plain"), undefined);
  });

  it("are not what only bears their type", () => {
    assert.equal(parseForm('{"a":"b=c"}', "application/x-www-form-urlencoded"), undefined);
  });
});

describe("a form's file as a part", () => {
  it("has the type it was sent with, else that of its bytes, else the kind of its field", () => {
    const data = BYTES.toString("base64");
    assert.deepEqual(formFilePart({ filename: "a.png", contentType: "image/png; x=1", data }), {
      type: "media",
      media: "image",
      mimeType: "image/png",
      data,
      name: "a.png",
    });
    assert.equal(formFilePart({ contentType: "application/octet-stream", data })?.type, "media");
    const unknown = formFilePart({ contentType: "application/octet-stream", data: "AAAA" }, "audio");
    assert.deepEqual(unknown, { type: "media", media: "audio", mimeType: "application/octet-stream", data: "AAAA" });
    assert.deepEqual(formFilePart({ characters: 9 }, "image"), {
      type: "media",
      media: "image",
      details: { characters: 9 },
    });
  });
});
