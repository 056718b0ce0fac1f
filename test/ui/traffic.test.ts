import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import { root } from "../../scripts/root.ts";
import { GATEWAY, startTestGateway, type TestGateway } from "../gateway.ts";
import { bodyOf, expectedText, traffic, trafficMissing, type Recorded } from "../traffic.ts";
import { openWindow, type Window } from "./window.ts";

const PICTURES = join(root, "dist/pictures");

/** Twelve that differ most: the first of each kind, then chats of the other providers. */
function twelve(all: Recorded[]): Recorded[] {
  const kinds = [...Map.groupBy(all, ({ kind }) => kind).values()].flatMap(([first]) => (first ? [first] : []));
  const chats = all.filter(
    ({ kind, status }) => (kind === "openai-chat" || kind === "anthropic-messages") && status === 200,
  );
  const streams = [...Map.groupBy(chats, ({ kind, streaming }) => `${kind} ${streaming}`).values()].flatMap((group) =>
    group.slice(1, 2),
  );
  return [...new Set([...streams, ...kinds])].slice(0, 12);
}

describe("recorded traffic in the window", { skip: trafficMissing }, () => {
  let gateway: TestGateway;
  let window: Window;
  const chosen = twelve(traffic());

  before(async () => {
    mkdirSync(PICTURES, { recursive: true });
    gateway = await startTestGateway();
    gateway.store.insert(
      chosen.map((recorded, index) => ({
        ...GATEWAY,
        id: recorded.id,
        createdAt: new Date(Date.now() - index * 1000),
        provider: recorded.provider,
        model: `traffic-${index}`,
        path: recorded.path,
        durationMs: 1,
        success: recorded.status < 400,
        statusCode: recorded.status,
        request: bodyOf(recorded.request, recorded.request_encoding),
        response: bodyOf(recorded.response, recorded.response_encoding),
        requestContentType: recorded.request_content_type,
        responseContentType: recorded.response_content_type,
      })),
    );
    window = await openWindow({
      settings: { "aiGateway.apiBaseUrl": gateway.baseUrl },
      viewport: { width: 1280, height: 900 },
    });
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  for (const [index, recorded] of chosen.entries()) {
    it(`${index}: ${recorded.kind} of ${recorded.provider}${recorded.streaming ? ", streamed" : ""}`, async () => {
      await window.clickRow(new RegExp(`^traffic-${index},`));
      const page = await window.webviewFrame(`[data-log="${recorded.id}"]`);
      await page.locator(".loading").waitFor({ state: "detached" });
      await page.locator("section").first().waitFor();
      if (recorded.kind === "openai-chat" || recorded.kind === "anthropic-messages") {
        const texts = await page.locator(".answers > .message:last-child > .parts > .text").allTextContents();
        assert.equal(texts.join(""), recorded.status === 200 ? expectedText(recorded) : "");
      }
      assert.ok((await page.locator(".text, .json, .picture, .error pre").count()) > 0);
      await window.screenshot(join(PICTURES, `traffic-${index}.png`));
    });
  }

  it("has left no error in the window", () => assert.deepEqual(window.errors, []));
});
