import assert from "node:assert/strict";
import type { Message, Part } from "../../src/chat/conversation.ts";
import { CAPABILITIES } from "../../src/source/capabilities.ts";
import { Entries } from "../../src/audit/entries.ts";
import { Bodies } from "../../src/reading/bodies.ts";
import { LogDocuments } from "../../src/documents/documents.ts";
import { Recordings } from "../../src/reading/recordings.ts";
import { SCHEME } from "../../src/documents/uris.ts";
import { assembleStream } from "../../src/local/assemble.ts";
import { readLog } from "../../src/reading/content.ts";
import { logView } from "../../src/panel/view.ts";
import { unpackConversation } from "../../src/reading/core/packed.ts";
import { contentOf } from "../../src/panel/views.ts";
import type { CollectionRef } from "../../src/source/log.ts";
import { ACCOUNT, GATEWAY } from "../gateway.ts";
import { bodyOf, enough, expectedText, traffic, type Body, type Recorded } from "../traffic.ts";
import { startWorld, type World } from "./world.ts";

const textOf = (message: Message | undefined): string =>
  (message?.parts ?? []).map((part) => (part.type === "text" ? part.text : "")).join("");

const shows = (parts: Part[]): boolean => parts.some((part) => ("text" in part ? part.text !== "" : true));

async function lastOf<T>(given: AsyncIterable<T>): Promise<T | undefined> {
  let last: T | undefined;
  for await (const one of given) last = one;
  return last;
}

/** All recorded exchanges in the local gateway; streams both as sent and as the live gateway stores them. */
const stored = (recorded: Recorded): [form: string, response: Body][] => {
  const sent = bodyOf(recorded.response, recorded.response_encoding);
  const assembled = recorded.streaming && typeof sent === "string" ? assembleStream(sent) : undefined;
  return [["sent", sent], ...(assembled === undefined ? [] : [["assembled", assembled] satisfies [string, Body]])];
};

describe("traffic", function () {
  let world: World;
  const all = traffic();

  before(async () => {
    world = await startWorld({ rateLimit: { limit: 100_000, windowMs: 300_000 } });
    await world.signIn();
    world.gateway.store.insert(
      all.flatMap((recorded, index) =>
        stored(recorded).map(([form, response]) => ({
          ...GATEWAY,
          id: `${recorded.id} ${form}`,
          createdAt: new Date(Date.now() - 60_000 - index * 1000),
          provider: recorded.provider,
          model: recorded.model,
          path: recorded.path,
          durationMs: 1,
          success: recorded.status < 400,
          statusCode: recorded.status,
          request: bodyOf(recorded.request, recorded.request_encoding),
          response,
          requestContentType: recorded.request_content_type,
          responseContentType: form === "assembled" ? "application/json" : recorded.response_content_type,
        })),
      ),
    );
  });

  after(() => world?.close());

  it("opens, each one in each form, and shows its text or its JSON", async function () {
    this.timeout(120_000);
    const source = await world.sessions.sourceOf(GATEWAY);
    assert.ok(source && all.length > enough(278));
    let streams = 0;
    for (const recorded of all) {
      for (const [form] of stored(recorded)) {
        const ref = { ...GATEWAY, logId: `${recorded.id} ${form}` };
        const bodies = new Bodies((of) => world.sessions.sourceOf(of));
        const { signal } = new AbortController();
        const { read, format } = world;
        const reading = await lastOf(readLog(ref, { source, bodies, read, format }, signal));
        assert.ok(reading, ref.logId);
        const content = await contentOf(reading, "conversation", read, format, signal);
        const log = world.ratings.shown(ref, reading.log);
        const state = { type: "ready", content } as const;
        const shown = {
          ref,
          log,
          round: undefined,
          state,
          gist: reading.conversation.gist,
          view: "conversation",
          steps: [],
          media: {},
          isDeleting: false,
          can: CAPABILITIES,
          service: undefined,
        } as const;
        const view = logView(shown, format);
        const conversation = unpackConversation(content.conversation);
        const { answers, messages, settings } = conversation;
        if (recorded.request !== "")
          assert.ok(
            messages.some(({ parts }) => shows(parts)) || Object.keys(settings).length > 0,
            `the request of ${ref.logId}`,
          );
        const answered = answers.some(({ parts }) => shows(parts)) || view.error !== undefined;
        if (recorded.response !== "") assert.ok(answered, `the response of ${ref.logId}`);
        if ((recorded.kind === "openai-chat" || recorded.kind === "anthropic-messages") && recorded.status < 400) {
          assert.equal(conversation.format, recorded.kind);
          assert.equal(textOf(answers.at(-1)), expectedText(recorded), ref.logId);
        }
        if (form === "assembled") streams++;
        // The page's messages survive serialization.
        assert.deepEqual(structuredClone(view), view);
      }
    }
    assert.ok(streams > enough(100), `${streams} streams were also read as the gateway assembles them`);
  });

  it("has a document for each body, with every character of it", async function () {
    this.timeout(120_000);
    const { read, format, sessions } = world;
    const sourceOf = (of: CollectionRef) => sessions.sourceOf(of);
    const bodies = new Bodies(sourceOf);
    const recordings = new Recordings(sourceOf, bodies);
    const entries = new Entries((sourceId) => sessions.clientOf(sourceId));
    const documents = new LogDocuments({ bodies, recordings, entries, read, format });
    const { Uri } = await import("vscode");
    for (const recorded of all) {
      const path = `/${[ACCOUNT, GATEWAY.collectionId, `${recorded.id} sent`].map(encodeURIComponent).join("/")}/response.json`;
      if (recorded.response === "") continue;
      const bytes = await documents.readFile(Uri.from({ scheme: SCHEME, path }));
      const body = bodyOf(recorded.response, recorded.response_encoding);
      const dense = (text: string) => text.replace(/\s/g, "");
      if (typeof body === "string") assert.equal(dense(new TextDecoder().decode(bytes)), dense(body), recorded.id);
      else assert.deepEqual(bytes, body, recorded.id);
    }
  });
});
