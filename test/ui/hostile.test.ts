import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { after, before, describe, it } from "node:test";
import type { Frame } from "playwright-core";
import { visible } from "../../src/panel/visible.ts";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { attacks, type Attack } from "./attacks.ts";
import { SURVEY, type Survey } from "./survey.ts";
import { openWindow, type Window } from "./window.ts";

/** Number of attacks per log. */
const GROUP = 13;

/** Words between the attacks, which must stay unchanged. */
const HARMLESS = "Nothing happens to these words.";

/** Returns an attack between marker words, so that its start and end are visible. */
const marked = ({ text }: Attack, number: number): string => `begin${number}begin\n\n${text}\n\nend${number}end`;

const harmless = { role: "user", content: HARMLESS };

/** Returns a request with an attack in each displayed place of an OpenAI request. */
function openaiMessages(attack: Attack, number: number): unknown[] {
  const text = marked(attack, number);
  if (attack.long) return [{ role: "user", content: text }, harmless];
  const hostile = attack.text;
  return [
    {
      role: "user",
      name: hostile,
      content: [
        { type: "text", text },
        { type: "image_url", image_url: { url: hostile } },
        { type: "file", file: { filename: hostile, file_data: hostile } },
        { type: "input_audio", input_audio: { data: hostile, format: hostile } },
        { type: hostile, [hostile]: hostile },
      ],
    },
    harmless,
    {
      role: "assistant",
      tool_calls: [
        {
          id: hostile,
          type: "function",
          function: { name: hostile, arguments: JSON.stringify({ [hostile]: hostile }) },
        },
        { id: `${hostile}2`, type: "function", function: { name: hostile, arguments: hostile } },
      ],
    },
    { role: "tool", tool_call_id: hostile, content: text },
  ];
}

function openaiBodies(group: Attack[], first: number): { request: string; response: string } {
  const [a, b] = group;
  const hostile = a?.text ?? "";
  return {
    request: JSON.stringify({
      model: hostile,
      [hostile]: hostile,
      stop: group.map(({ text }) => text),
      tools: group
        .filter(({ long }) => !long)
        .map(({ text }) => ({
          type: "function",
          function: { name: text, description: text, parameters: { [text]: text } },
        })),
      messages: [harmless, ...group.flatMap((attack, index) => openaiMessages(attack, first + index)), harmless],
    }),
    response: JSON.stringify({
      choices: [
        { index: 0, finish_reason: hostile, message: { role: "assistant", content: HARMLESS, refusal: b?.text } },
        { index: 1, finish_reason: b?.text, message: { role: "assistant", content: hostile } },
      ],
    }),
  };
}

/** Returns the attacks as an answer's blocks with citations, tool calls, reasoning and documents. */
function anthropicBodies(group: Attack[], first: number): { request: string; response: string } {
  const short = group.filter(({ long }) => !long);
  const documents = short.flatMap(({ text }) => [
    { type: "document", title: text, context: text, source: { type: "url", url: text } },
    { type: "image", source: { type: "base64", media_type: text, data: text } },
    { type: "search_result", source: text, title: text, content: [{ type: "text", text }] },
  ]);
  return {
    request: JSON.stringify({
      model: "claude",
      system: group.map((attack, index) => ({ type: "text", text: marked(attack, first + index) })),
      messages: [harmless, { role: "user", content: documents }, harmless],
    }),
    response: JSON.stringify({
      type: "message",
      role: "assistant",
      content: [
        ...short.map(({ text }) => ({ type: "thinking", thinking: text, signature: text })),
        ...group.map((attack, index) => ({
          type: "text",
          text: marked(attack, first + index),
          citations: attack.long
            ? []
            : [{ type: "web_search_result_location", url: attack.text, title: attack.text, cited_text: attack.text }],
        })),
        ...short.map(({ text }) => ({ type: "tool_use", id: text, name: text, input: { [text]: text } })),
      ],
      stop_reason: short[0]?.text ?? "end_turn",
    }),
  };
}

/** Returns the words of a text that stay readable however its markup is rendered. */
function wordsOf(text: string): string[] {
  const said = visible(text).replace(/&#?\w+;/g, " ");
  return [...new Set(said.match(/[\p{L}\p{N}]{3,}/gu))];
}

describe("hostile recordings", () => {
  let gateway: TestGateway;
  let window: Window;
  let victim: Server;
  let host: string;
  let groups: Attack[][];
  let usual: Survey["surroundings"];
  const asked: string[] = [];
  const opened: string[] = [];
  /** The logs in the order of the tree, each with its bodies and the numbers of its marked attacks. */
  const logs: { id: string; bodies: string[]; first: number; group: Attack[] }[] = [];

  function fill(): void {
    const now = Date.now();
    const calm = JSON.stringify({ model: "m", messages: [harmless, harmless] });
    gateway.store.insert([aLog({ id: "harmless", createdAt: new Date(now), model: "harmless", request: calm })]);
    const all = groups.flat();
    const short = all.filter(({ long }) => !long);
    const add = (kind: string, fields: Partial<Parameters<typeof aLog>[0]>, group: Attack[], first: number) => {
      const number = logs.length;
      const at = (step: number): string => short[(number * 4 + step) % short.length]?.text ?? "";
      const { request = null, response = null } = fields;
      const log = aLog({
        id: `hostile-${number}`,
        createdAt: new Date(now - (number + 1) * 1000),
        model: `hostile ${at(0)}`,
        path: `v1/${kind}?${at(1)}`,
        userAgent: at(2),
        metadata: { [at(0)]: at(1), [at(2)]: at(3) },
        ...fields,
      });
      gateway.store.insert([log]);
      logs.push({ id: `hostile-${number}`, bodies: [String(request), String(response)], first, group });
    };
    let first = 0;
    for (const group of groups) {
      add("chat/completions", openaiBodies(group, first), group, first);
      add("messages", { provider: "anthropic", ...anthropicBodies(group, first) }, group, first);
      const hostile = group.map(marked).join("\n");
      const error = { message: hostile, type: group[0]?.text, code: group[1]?.text, param: group[2]?.text };
      const bodies = { request: calm, response: JSON.stringify({ error }) };
      add(
        "chat/completions",
        { success: false, statusCode: 500, provider: group[3]?.text ?? "", ...bodies },
        [],
        first,
      );
      first += group.length;
    }
  }

  before(async () => {
    victim = createServer((request, response) => {
      asked.push(request.url ?? "");
      response.end();
    }).listen(0, "127.0.0.1");
    await once(victim, "listening");
    host = `http://127.0.0.1:${(victim.address() as AddressInfo).port}`;
    const all = attacks(host);
    assert.ok(all.length >= 60);
    groups = Array.from({ length: Math.ceil(all.length / GROUP) }, (_, index) =>
      all.slice(index * GROUP, (index + 1) * GROUP),
    );
    gateway = await startTestGateway();
    fill();
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    const server = new URL(window.page.url());
    await window.page.context().route(
      // The workbench itself requests its gallery.
      (url) => url.host !== server.host && url.host !== "open-vsx.org" && /^https?:$/.test(url.protocol),
      (route) => {
        asked.push(route.request().url());
        return route.abort();
      },
    );
    window.page.on("dialog", (dialog) => {
      opened.push(`dialog ${dialog.message()}`);
      void dialog.dismiss();
    });
    window.page.context().on("page", (page) => opened.push(`window ${page.url()}`));
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await gateway.close();
    victim.close();
  });

  /** Asserts that no attack has had any effect, anywhere. */
  async function nothingActed(what: string): Promise<void> {
    for (const frame of window.page.frames()) {
      assert.deepEqual(await frame.evaluate("[window.pwned, ({}).polluted]"), [undefined, undefined], what);
    }
    assert.deepEqual(asked, [], what);
    assert.deepEqual(opened, [], what);
    assert.deepEqual(window.errors, [], what);
    assert.equal(await window.page.locator(".monaco-dialog-box").count(), 0, what);
  }

  /** Asserts that the page looks like a harmless log's, without active content. */
  async function surveyed(page: Frame, what: string): Promise<Survey> {
    const survey = await page.evaluate<Survey>(SURVEY);
    assert.deepEqual(survey.foreign, [], `${what}: what the page never makes`);
    assert.deepEqual(survey.escaped, [], `${what}: what stands outside its bubble`);
    assert.deepEqual(survey.unread, [], `${what}: marks that cannot be read`);
    assert.deepEqual(survey.surroundings, usual, `${what}: what is around`);
    return survey;
  }

  async function firstPage(view: string): Promise<Frame> {
    await window.clickRow(/^harmless/);
    const page = await window.logPage("harmless");
    await page.getByRole("tab", { name: view }).click();
    await page.locator(`#view[aria-labelledby$="-${view.toLowerCase()}"]`).waitFor();
    const ready = await window.logPage("harmless");
    usual = (await ready.evaluate<Survey>(SURVEY)).surroundings;
    return ready;
  }

  it("are read as a conversation, word for word, and nothing in them acts", async () => {
    await firstPage("Conversation");
    for (const { id, group, first } of logs) {
      const page = await window.goTo("j", id);
      await page.evaluate(
        `for (const fold of document.querySelectorAll("#log details:not([open]) > summary")) fold.click()`,
      );
      for (const show of await page.getByRole("button", { name: "Show PDF" }).all()) {
        if (await show.isVisible()) await show.click();
      }
      const { text } = await surveyed(page, `${id} as a conversation`);
      for (const [index, attack] of group.entries()) {
        for (const mark of ["begin", "end"]) assert.ok(text.includes(`${mark}${first + index}${mark}`), attack.name);
        if (attack.long) continue;
        const missing = wordsOf(attack.text).filter((word) => !text.toLowerCase().includes(word.toLowerCase()));
        assert.deepEqual(missing, [], `${id}: the words of ${attack.name}`);
      }
      await nothingActed(`${id} as a conversation`);
    }
  });

  it("are read raw, letter for letter", async () => {
    await firstPage("Raw");
    for (const { id, group } of logs) {
      const page = await window.goTo("j", id);
      const { text } = await surveyed(page, `${id} raw`);
      for (const attack of group.filter(({ long }) => !long)) {
        assert.ok(text.includes(visible(JSON.stringify(attack.text).slice(1, -1))), `${id} raw: ${attack.name}`);
      }
      await nothingActed(`${id} raw`);
    }
  });

  it("are read as Markdown source, word for word", async () => {
    await firstPage("Markdown");
    for (const { id, group } of logs) {
      const page = await window.goTo("j", id);
      const { text } = await surveyed(page, `${id} as Markdown`);
      for (const attack of group.filter(({ long }) => !long)) {
        const missing = wordsOf(attack.text).filter((word) => !text.includes(word));
        assert.deepEqual(missing, [], `${id} as Markdown: ${attack.name}`);
      }
      await nothingActed(`${id} as Markdown`);
    }
  });

  it("have names in the tree and on the tab that do not act either", async () => {
    const names = [...(await window.treeRows()).map(({ label }) => label), ...(await window.editors())];
    assert.ok(names.length > 10);
    for (const name of names) assert.equal(visible(name), name);
  });

  it("have links that lead to the web or nowhere, and only after a yes to the whole address", async () => {
    await firstPage("Conversation");
    const page = await window.goTo("j", "hostile-0");
    const clicked = { script: 0, link: 0 };
    for (const { id } of logs.slice(1)) {
      await window.goTo("j", id);
      const titles = await page.evaluate<string[]>(`[...document.querySelectorAll("#log a")].map((a) => a.title)`);
      for (const title of titles) assert.match(title, /^https?:\/\//);
      const script = page.locator(".footnotes .link", { hasText: /^\s*javascript:/ }).first();
      if ((await script.count()) > 0) {
        await script.click();
        clicked.script++;
        await (await window.notification("Only web addresses can be opened")).waitFor();
        await window.runCommand("Notifications: Clear All Notifications");
        await page.locator("h1").click();
      }
      const link = page.locator("#log a", { hasText: "bank.test/login" }).first();
      if ((await link.count()) === 0) continue;
      await link.click();
      clicked.link++;
      const dialog = window.page.locator(".monaco-dialog-box");
      await dialog.getByText("https://attack.test/login").waitFor();
      await dialog.getByRole("button", { name: "Cancel" }).click();
      await dialog.waitFor({ state: "detached" });
      await page.locator("h1").click();
    }
    assert.ok(clicked.script > 0 && clicked.link > 0);
    await nothingActed("links");
  });

  it("would be stopped by the page's policy if they came through", async () => {
    const page = await firstPage("Conversation");
    const blocked = await page.evaluate<string[]>(`new Promise((resolve) => {
      const blocked = [];
      document.addEventListener("securitypolicyviolation", ({ effectiveDirective }) => {
        if (blocked.push(effectiveDirective) === 3) resolve(blocked.sort());
      });
      const script = document.createElement("script");
      script.textContent = "window.pwned = 1";
      const image = document.createElement("img");
      image.src = "${host}/image";
      const frame = document.createElement("iframe");
      frame.src = "${host}/frame";
      document.body.append(script, image, frame);
    })`);
    assert.deepEqual(blocked, ["frame-src", "img-src", "script-src-elem"]);
    assert.equal(await page.evaluate("window.pwned"), undefined);
    assert.deepEqual(asked, []);
  });
});
