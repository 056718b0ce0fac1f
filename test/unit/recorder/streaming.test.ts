// Nothing waits in the recorder, and nothing piles up there.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import { type IncomingMessage, request as httpRequest, type ServerResponse } from "node:http";
import { describe, it } from "node:test";
import { setTimeout as wait } from "node:timers/promises";
import { recordingServer } from "../../recorder.ts";

const MB = 1_048_576;

describe("streams through the recorder", () => {
  it("arrive event by event: the next is sent only when the last has come", async (t) => {
    const upstream = Promise.withResolvers<ServerResponse>();
    const { url, heard } = await recordingServer(t, (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" }).flushHeaders();
      upstream.resolve(response);
    });
    const request = httpRequest(url);
    request.end();
    // The headers come before any event is sent.
    const [response] = (await once(request, "response")) as [IncomingMessage];
    assert.equal(heard[0]?.status, 200);
    const sender = await upstream.promise;
    for (let number = 0; number < 200; number++) {
      const event = `data: {"number":${number}}\n\n`;
      sender.write(event);
      const [chunk] = (await once(response, "data")) as [Buffer];
      assert.equal(chunk.toString(), event);
      assert.equal(
        Buffer.concat(heard[0]?.response ?? [])
          .toString()
          .endsWith(event),
        true,
      );
    }
    sender.end();
    response.resume();
    await once(response, "end");
    assert.equal((await heard[0]?.ended)?.outcome, "finished");
  });

  it("stop if the program stops reading", async (t) => {
    const size = 256;
    let sent = 0;
    const digest = createHash("sha256");
    const { url } = await recordingServer(
      t,
      (_request, response) => {
        const piece = Buffer.alloc(MB, "stream ");
        const send = (): void => {
          while (sent < size) {
            sent++;
            digest.update(piece);
            if (!response.write(piece)) {
              response.once("drain", send);
              return;
            }
          }
          response.end();
        };
        send();
      },
      { observer: () => undefined },
    );
    const request = httpRequest(url);
    request.end();
    const [response] = (await once(request, "response")) as [IncomingMessage];
    const stopped = await settled(() => sent);
    assert.ok(stopped < 40, `${stopped} MB were sent ahead`);
    const received = createHash("sha256");
    for await (const chunk of response as AsyncIterable<Buffer>) received.update(chunk);
    assert.equal(sent, size);
    assert.equal(received.digest("hex"), digest.digest("hex"));
  });

  it("stop if the provider stops reading", async (t) => {
    const size = 256;
    const upstream = Promise.withResolvers<IncomingMessage>();
    const { url } = await recordingServer(
      t,
      (request, response) => {
        upstream.resolve(request);
        request.once("end", () => response.end("read"));
      },
      { observer: () => undefined },
    );
    let sent = 0;
    const request = httpRequest(url, { method: "POST" });
    const piece = Buffer.alloc(MB);
    const send = (): void => {
      while (sent < size) {
        sent++;
        if (!request.write(piece)) {
          request.once("drain", send);
          return;
        }
      }
      request.end();
    };
    send();
    const received = await upstream.promise;
    const stopped = await settled(() => sent);
    assert.ok(stopped < 40, `${stopped} MB were sent ahead`);
    let length = 0;
    received.on("data", (chunk: Buffer) => (length += chunk.length));
    const [response] = (await once(request, "response")) as [IncomingMessage];
    response.resume();
    assert.equal(length, size * MB);
  });
});

/** Returns a number once it has been the same for a while. */
async function settled(read: () => number): Promise<number> {
  for (let last = -1, same = 0; ; last = read()) {
    await wait(10);
    same = read() === last ? same + 1 : 0;
    if (same === 20) return last;
  }
}
