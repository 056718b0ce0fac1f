import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import { createTransport } from "../../../src/http/transport.ts";
import { LARGEST_MEDIUM, loadMedia } from "../../../src/panel/remote-media.ts";

const PNG = Buffer.from("89504e470d0a1a0a", "hex");

describe("loadMedia", () => {
  let server: Server;
  let base: string;
  const requests: IncomingMessage[] = [];

  before(async () => {
    server = createServer((request, response) => {
      requests.push(request);
      const send = (type: string, body: Buffer | string) => response.writeHead(200, { "content-type": type }).end(body);
      switch (request.url) {
        case "/a.png":
          return void send("image/png; charset=x", PNG);
        case "/page.html":
          return void send("text/html", "<script>alert(1)</script>");
        case "/big.png":
          return void send("image/png", Buffer.alloc(LARGEST_MEDIUM + 1));
        case "/moved":
          return void response.writeHead(302, { location: "/a.png", "set-cookie": "a=b" }).end();
        case "/loop":
          return void response.writeHead(302, { location: "/loop" }).end();
        case "/away":
          return void response.writeHead(302, { location: "file:///etc/passwd" }).end();
        case "/never":
          return;
        default:
          return void response.writeHead(404).end();
      }
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });

  after(() => {
    server.closeAllConnections();
    server.close();
  });

  const { signal } = new AbortController();
  const load = (url: string, mayBeHere = true) =>
    loadMedia(url, mayBeHere, (options) => createTransport(options), signal);

  it("gives the bytes and their type, also where they have moved, and takes no cookie along", async () => {
    const expected = { state: "loaded", mimeType: "image/png", data: PNG.toString("base64") };
    assert.deepEqual(await load(`${base}/a.png`), expected);
    requests.length = 0;
    assert.deepEqual(await load(`${base}/moved`), expected);
    assert.equal(requests.length, 2);
    for (const { headers } of requests)
      assert.deepEqual([headers.cookie, headers.referer, headers.authorization], [undefined, undefined, undefined]);
  });

  it("refuses what is no medium, too large, missing, or moves for ever", async () => {
    assert.deepEqual(await load(`${base}/page.html`), { type: "contentType", contentType: "text/html" });
    assert.deepEqual(await load(`${base}/big.png`), { type: "tooLarge" });
    assert.deepEqual(await load(`${base}/nothing`), { type: "status", status: 404 });
    assert.deepEqual(await load(`${base}/loop`), { type: "address" });
    assert.deepEqual(await load(`${base}/away`), { type: "address" });
  });

  it("asks nobody at an address that is not to be asked", async () => {
    requests.length = 0;
    for (const url of [
      "data:image/png,x",
      "file:///a.png",
      "https://me:secret@127.0.0.1/a.png",
      "ftp://127.0.0.1/a.png",
    ])
      assert.deepEqual(await load(url), { type: "address" });
    for (const url of [`${base}/a.png`, "https://localhost/a.png", "http://example.com/a.png"])
      assert.deepEqual(await load(url, false), { type: "address" });
    for (const host of ["127.1", "[::1]", "[::ffff:127.0.0.1]", "0.0.0.0", "[::]", "a.localhost", "a.localhost."])
      assert.deepEqual(await load(`https://${host}/a.png`, false), { type: "address" }, host);
    assert.equal(requests.length, 0);
  });

  it("stops when nobody waits for it any more", async () => {
    const abort = new AbortController();
    const loading = loadMedia(`${base}/never`, true, (options) => createTransport(options), abort.signal);
    abort.abort();
    await assert.rejects(loading, { name: "AbortError" });
  });
});
