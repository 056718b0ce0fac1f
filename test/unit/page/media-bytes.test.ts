import assert from "node:assert/strict";
import { describe, it } from "node:test";
import {
  bytesOf,
  MAX_BYTES,
  samplesOf,
  showingOf,
  sizeOf,
  textOfDataUrl,
  wavHeader,
} from "../../../media/log/media-bytes.ts";
import { mimeTypeOf, sniffMimeType } from "../../../src/chat/media.ts";

const base64 = (text: string): string => Buffer.from(text, "latin1").toString("base64");
const png = base64("\x89PNG\r\n\x1a\n1234567890");
const wav = base64("RIFF\x24\0\0\0WAVEfmt 1234");
const mp4 = base64("\0\0\0\x18ftypmp42\0\0\0\0");

describe("the bytes of a medium", () => {
  it("are what base64 stands for, in both alphabets", () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, value) => value);
    assert.deepEqual(bytesOf(Buffer.from(bytes).toString("base64")), bytes);
    assert.deepEqual(bytesOf(Buffer.from(bytes).toString("base64url")), bytes);
  });

  it("are read from base64 in lines, cut short, or with something else in it", () => {
    const text = (given: string) => Buffer.from(bytesOf(given)).toString("latin1");
    assert.equal(text("aGVs\r\nbG8="), "hello");
    assert.equal(text("aGVsb"), "hel");
    assert.equal(text("aGVs*bG8"), "hello");
    assert.equal(text("***"), "");
    assert.equal(text(""), "");
  });

  it("have their size without being decoded", () => {
    for (const text of ["", "a", "ab", "abc", "abcd"]) {
      assert.equal(sizeOf(Buffer.from(text).toString("base64")), text.length);
      assert.equal(sizeOf(Buffer.from(text).toString("base64url")), text.length);
    }
  });

  it("tell their MIME type", () => {
    assert.equal(sniffMimeType(png), "image/png");
    assert.equal(sniffMimeType(base64("RIFF\0\0\0\0WEBPVP8 ")), "image/webp");
    assert.equal(sniffMimeType(base64("\0\0\0\x1cftypheic\0\0\0\0")), "image/heic");
    assert.equal(
      sniffMimeType(Buffer.from("\xff\xfb\xff\xff\xff\xffabcdef", "latin1").toString("base64url")),
      "audio/mpeg",
    );
    assert.equal(sniffMimeType(base64("plain text, not a medium")), undefined);
    assert.equal(sniffMimeType("not base64 at all!"), undefined);
    assert.equal(mimeTypeOf("%PDF-1.7"), "application/pdf");
  });
});

describe("how a medium is shown", () => {
  const shown = (mimeType: string | undefined, data: string, media: "image" | "audio" | "video" | "file" = "file") =>
    showingOf({ type: "media", media, ...(mimeType === undefined ? {} : { mimeType }) }, data);

  it("goes by the first bytes before the MIME type", () => {
    assert.deepEqual(shown("image/jpeg", png, "image"), { as: "picture", mimeType: "image/png" });
    assert.deepEqual(shown(undefined, png), { as: "picture", mimeType: "image/png" });
    assert.deepEqual(shown("application/octet-stream", base64("%PDF-1.4 ........")), {
      as: "pdf",
      mimeType: "application/pdf",
    });
    assert.deepEqual(shown("application/pdf", base64("no PDF, but a text")), {
      as: "file",
      mimeType: "application/pdf",
    });
  });

  it("is no picture where the bytes are none that a browser only draws", () => {
    assert.deepEqual(shown("image/png", "YWJj", "image"), { as: "file", mimeType: "image/png", because: "picture" });
    assert.deepEqual(shown("image/tiff", base64("II*\0............"), "image"), {
      as: "file",
      mimeType: "image/tiff",
      because: "picture",
    });
  });

  it("is never an SVG, whatever it calls itself", () => {
    const svg = { as: "file", mimeType: "image/svg+xml", because: "svg" };
    assert.deepEqual(shown("image/svg+xml", base64("anything")), svg);
    for (const text of ["<svg onload=alert(1)>", "\xef\xbb\xbf \n<?xml version='1.0'?><svg/>", "<!-- x --><svg/>"]) {
      for (const type of ["image/png", undefined, "text/plain"])
        assert.deepEqual(shown(type, base64(text), "image"), svg);
    }
  });

  it("plays a sound in a video's container as a sound", () => {
    assert.deepEqual(shown("audio/mp4", mp4, "audio"), { as: "audio", mimeType: "audio/mp4" });
    assert.deepEqual(shown(undefined, mp4, "audio"), { as: "audio", mimeType: "audio/mp4" });
    assert.deepEqual(shown("video/mp4", mp4, "video"), { as: "video", mimeType: "video/mp4" });
  });

  it("puts samples in a container, but not twice", () => {
    assert.deepEqual(shown("audio/pcm", base64("\xff\xfb\0\0"), "audio"), {
      as: "audio",
      mimeType: "audio/wav",
      samples: { code: 1, bits: 16, rate: 24_000, channels: 1 },
    });
    assert.deepEqual(shown("audio/pcm", wav, "audio"), { as: "audio", mimeType: "audio/wav" });
  });

  it("is by name only above the limit", () => {
    const limit = Buffer.alloc(MAX_BYTES);
    limit.write("\x89PNG", "latin1");
    assert.equal(shown("image/png", limit.toString("base64"), "image").as, "picture");
    const data = Buffer.concat([limit, Buffer.alloc(1)]).toString("base64");
    assert.deepEqual(shown("image/png", data, "image"), { as: "file", mimeType: "image/png", because: "large" });
  });
});

describe("samples without a container", () => {
  it("are known by their MIME type", () => {
    const pcm = { code: 1, bits: 16, rate: 24_000, channels: 1 };
    const telephone = { bits: 8, rate: 8_000, channels: 1 };
    const known: Record<string, object> = {
      "audio/pcm": pcm,
      "audio/pcm16": pcm,
      "audio/L16;codec=pcm;rate=24000": pcm,
      "audio/pcm;rate=16000": { ...pcm, rate: 16_000 },
      "audio/l16; rate=44100; channels=2": { ...pcm, rate: 44_100, channels: 2 },
      "audio/pcm_22050": { ...pcm, rate: 22_050 },
      "audio/g711_ulaw": { ...telephone, code: 7 },
      "audio/g711_alaw": { ...telephone, code: 6 },
    };
    for (const [mimeType, samples] of Object.entries(known)) assert.deepEqual(samplesOf(mimeType), samples, mimeType);
    for (const other of ["audio/mpeg", "audio/wav", "audio/pcmfoo", "video/raw", ""]) {
      assert.equal(samplesOf(other), undefined, other);
    }
  });

  it("get the header of a WAV file", () => {
    const header = wavHeader({ code: 1, bits: 16, rate: 16_000, channels: 2 }, 1000);
    const view = new DataView(header.buffer);
    const text = Buffer.from(header).toString("latin1");
    assert.equal(header.length, 44);
    assert.equal(text.slice(0, 4) + text.slice(8, 16) + text.slice(36, 40), "RIFFWAVEfmt data");
    assert.deepEqual([view.getUint32(4, true), view.getUint32(40, true)], [1036, 1000]);
    assert.deepEqual(
      [20, 22, 32, 34].map((at) => view.getUint16(at, true)),
      [1, 2, 4, 16],
    );
    assert.deepEqual(
      [16, 24, 28].map((at) => view.getUint32(at, true)),
      [16, 16_000, 64_000],
    );
  });
});

describe("a data: URL that is not base64", () => {
  it("is text", () => {
    assert.equal(textOfDataUrl("data:text/plain,a%20b%E2%82%AC"), "a b€");
    assert.equal(textOfDataUrl("data:,100%"), "100%");
    assert.equal(textOfDataUrl("data:,%ff%20x"), "%ff%20x");
    assert.equal(textOfDataUrl("data:image/svg+xml;utf8,<svg/>"), "<svg/>");
  });

  it("is not one with base64, nor another URL", () => {
    assert.equal(textOfDataUrl("data:image/png;base64,AAAA"), undefined);
    assert.equal(textOfDataUrl("https://files.test/a,b"), undefined);
    assert.equal(textOfDataUrl("data:nothing"), undefined);
  });
});
