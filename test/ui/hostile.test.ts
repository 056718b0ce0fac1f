import assert from "node:assert/strict";
import { after, before, describe, it } from "node:test";
import type { Frame } from "playwright-core";
import { aLog, startTestGateway, type TestGateway } from "../gateway.ts";
import { openWindow, type Window } from "./window.ts";

/** Each would, if it acted, set a mark in its window, or call a host that nobody else calls. */
const ATTACKS = [
  '<img src=x onerror="window.pwned=1">',
  '<img src="https://attack.test/pixel.png">',
  "</script><script>window.pwned=1</script>",
  "</main></body><script>window.pwned=1</script>",
  "[click](javascript:window.pwned=1)",
  "![pixel](https://attack.test/markdown.png)",
  '<a href="command:workbench.action.closeWindow">close</a>',
  '<iframe src="https://attack.test/frame"></iframe>',
  '<link rel="stylesheet" href="https://attack.test/style.css"><style>*{display:none}</style>',
  '<svg onload="window.pwned=1"><script>window.pwned=1</script></svg>',
  "${window.pwned=1}{{window.pwned=1}}<%window.pwned=1%>",
  "\u001b[31mred\u001b]8;;https://attack.test\u0007link\u001b]8;;\u0007",
  "invoice\u202egnp.exe\u202c",
  '<meta http-equiv="refresh" content="0;url=https://attack.test/">',
  '<base href="https://attack.test/"><form action="https://attack.test/"><button autofocus>ok</button></form>',
  "$(alert) **bold** `code` [x](command:evil)",
];

const everything = ATTACKS.join("\n");

describe("hostile and broken recordings", () => {
  let gateway: TestGateway;
  let window: Window;
  const requests: string[] = [];
  const now = Date.now();
  let position = 0;

  const add = (id: string, fields: Parameters<typeof aLog>[0] | Omit<Parameters<typeof aLog>[0], "createdAt">) =>
    gateway.store.insert([aLog({ id, createdAt: new Date(now - position++ * 1000), ...fields })]);

  before(async () => {
    gateway = await startTestGateway();
    add("hostile", {
      model: `model-hostile ${everything}`,
      provider: `<b>provider</b>`,
      path: `chat/completions?${everything}`,
      metadata: { "<img src=x onerror=window.pwned=1>": everything, __proto__: "polluted", constructor: "polluted" },
      request: JSON.stringify({
        model: everything,
        [everything]: everything,
        tools: [
          {
            type: "function",
            function: { name: everything, description: everything, parameters: { __proto__: null } },
          },
        ],
        messages: [
          { role: "system", content: everything },
          {
            role: "user",
            name: everything,
            content: [
              { type: "text", text: everything },
              { type: everything, [everything]: everything },
            ],
          },
          { role: "user", content: [{ type: "image_url", image_url: { url: "https://attack.test/image.png" } }] },
          {
            role: "user",
            content: [
              { type: "image_url", image_url: { url: "data:image/svg+xml;base64,PHN2ZyBvbmxvYWQ9ImFsZXJ0KDEpIi8+" } },
            ],
          },
          {
            role: "user",
            content: [{ type: "image_url", image_url: { url: 'data:image/png" onerror="window.pwned=1;base64,AAAA' } }],
          },
          {
            role: "assistant",
            tool_calls: [{ id: everything, type: "function", function: { name: everything, arguments: everything } }],
          },
          { role: "tool", tool_call_id: everything, content: everything },
        ],
      }),
      response: JSON.stringify({
        choices: [
          {
            index: 0,
            finish_reason: everything,
            message: { role: "assistant", content: `${everything} the end of the answer` },
          },
        ],
      }),
    });
    add("failed", {
      model: "model-failed",
      success: false,
      statusCode: 500,
      response: JSON.stringify({ error: { message: everything, type: everything, code: everything } }),
    });
    add("not-json", { model: "model-not-json", response: "<html><h1>502 Bad Gateway</h1></html>" });
    add("wrong-type", { model: "model-wrong-type", responseContentType: "image/png" });
    add("no-bodies", { model: "model-no-bodies", request: null, response: null });
    add("cut", { model: "model-cut", response: '{"choices":[{"message":{"role":"assistant","content":"cut he' });
    const long = `${"All work and no play. ".repeat(440_000)}the end`;
    add("ten-megabytes", {
      model: "model-ten-megabytes",
      response: JSON.stringify({ choices: [{ index: 0, message: { role: "assistant", content: long } }] }),
    });
    window = await openWindow({ settings: { "aiGateway.apiBaseUrl": gateway.baseUrl } });
    window.page.on("request", (request) => requests.push(request.url()));
    window.page.on("dialog", (dialog) => void dialog.dismiss());
    await window.openNewestDay(gateway.token);
  });

  after(async () => {
    await window.close();
    await gateway.close();
  });

  async function open(id: string): Promise<Frame> {
    await window.clickRow(`model-${id}`);
    const frame = await window.webviewFrame(`[data-log="${id}"]`);
    await frame.locator("footer").waitFor();
    await frame.locator(".loading").waitFor({ state: "detached" });
    return frame;
  }

  it("runs nothing that was recorded, asks nobody for anything, and shows all of it", async () => {
    const page = await open("hostile");
    const text = await page.locator("#log").innerText();
    assert.ok(text.includes("the end of the answer"));
    assert.ok(text.includes('<img src=x onerror="window.pwned=1">'));
    for (const frame of window.page.frames()) assert.equal(await frame.evaluate("window.pwned"), undefined);
    const made = await page.evaluate<string[]>(
      '[...document.querySelectorAll("#log script, #log iframe, #log link, #log style, #log a, #log form, #log svg, #log base, #log meta, #log img")].map((e) => e.outerHTML)',
    );
    assert.deepEqual(made, []);
    assert.deepEqual(
      requests.filter((url) => url.includes("attack.test")),
      [],
    );
    assert.equal(await page.evaluate("({}).polluted"), undefined);
  });

  it("lets direction marks and escape sequences show instead of act", async () => {
    const page = await open("hostile");
    const text = await page.locator("#log").innerText();
    assert.ok(text.includes("invoice[U+202E]gnp.exe"));
    assert.ok(text.includes("␛[31mred"));
    const rows = await window.treeRows();
    assert.ok(rows.every(({ label }) => !label.includes("\u001b") && !label.includes("\u202e")));
  });

  it("has a policy that would stop what got through", async () => {
    const page = await open("hostile");
    const blocked = await page.evaluate<string>(`new Promise((resolve) => {
      document.addEventListener("securitypolicyviolation", (event) => resolve(event.violatedDirective), { once: true });
      const script = document.createElement("script");
      script.textContent = "window.pwned = 1";
      document.body.append(script);
    })`);
    assert.match(blocked, /^script-src/);
    assert.equal(await page.evaluate("window.pwned"), undefined);
  });

  it("shows the error of a failed call in red, as text", async () => {
    const page = await open("failed");
    const error = page.locator("section.error pre");
    assert.ok((await error.innerText()).includes("</script>"));
    const [colour, plain] = await page.evaluate<string[]>(
      '[".error pre", "h1"].map((selector) => getComputedStyle(document.querySelector(selector)).color)',
    );
    assert.notEqual(colour, plain);
  });

  it("shows a body that is no JSON as it is", async () => {
    const page = await open("not-json");
    assert.ok((await page.locator("#log").innerText()).includes("<h1>502 Bad Gateway</h1>"));
  });

  it("is not misled by a wrong content type", async () => {
    const page = await open("wrong-type");
    assert.ok((await page.locator("#log").innerText()).includes("Yes, two are."));
  });

  it("says that no body is stored, and why that may be", async () => {
    const page = await open("no-bodies");
    assert.equal(await page.locator(".note", { hasText: "cf-aig-collect-log-payload" }).count(), 2);
  });

  it("says of a body that was cut that it is not whole", async () => {
    const page = await open("cut");
    const text = await page.locator("#log").innerText();
    assert.ok(text.includes("cut he"));
    assert.ok(text.includes("not whole"));
  });

  it("opens ten megabytes: the beginning here, all of it as a document", async () => {
    const page = await open("ten-megabytes");
    await page.locator(".note", { hasText: "This log is long" }).waitFor();
    const shown = (await page.locator(".answers").innerText()).length;
    assert.ok(shown > 90_000 && shown < 200_000, `${shown} characters`);
    await page.getByText("Open Response").click();
    await window.page.locator(".tab", { hasText: "response.json" }).waitFor();
    await window.page.locator(".editor-instance .view-lines", { hasText: "choices" }).waitFor();
  });

  it("has left no error in the window", () => {
    const unexpected = window.errors.filter((error) => !/violates the following Content Security Policy/.test(error));
    assert.deepEqual(unexpected, []);
  });
});
