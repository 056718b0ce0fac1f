import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { after, before, describe, it } from "node:test";
import type { Browser, Page } from "playwright-core";
import { launchChromium } from "../../scripts/chromium.ts";
import { root } from "../../scripts/root.ts";

/**
 * Returns a PDF with `kids` to the power of `levels` pages and one more: every level of its tree references the level
 * below many times. The last page is a separate node, because pdf.js checks that there is one.
 */
function sharedPages(kids: number, levels: number): string {
  const nodes = Array.from({ length: levels }, (_, index) => {
    const below = index === levels - 1 ? "3 0 R" : `${index + 11} 0 R`;
    const count = kids ** (levels - index);
    return `${index + 10} 0 obj<</Type/Pages/Kids[${`${below} `.repeat(kids)}]/Count ${count}>>endobj`;
  });
  return `%PDF-1.7
1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj
2 0 obj<</Type/Pages/Kids[10 0 R 5 0 R]/Count ${kids ** levels + 1}>>endobj
5 0 obj<</Type/Page/MediaBox[0 0 200 50]/Contents 4 0 R>>endobj
3 0 obj<</Type/Page/MediaBox[0 0 200 50]/Contents 4 0 R>>endobj
4 0 obj<</Length 13>>stream
0 0 9 9 re f
endstream endobj
${nodes.join("\n")}
trailer<</Root 1 0 R>>
%%EOF`;
}

type Shown = { frames: number; first: string; drawn: boolean; note: string; left: number };

describe("a PDF", () => {
  let server: Server;
  let browser: Browser;
  let page: Page;

  before(async () => {
    server = createServer((request, response) => {
      void (async () => {
        const file = (request.url ?? "").slice(1);
        const content = file === "" ? "<!doctype html>" : await readFile(join(root, "dist/media", file));
        response.setHeader("content-type", file === "" ? "text/html" : "text/javascript").end(content);
      })().catch(() => response.writeHead(404).end());
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    browser = await launchChromium();
    page = await browser.newPage();
    await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
  });

  after(async () => {
    await browser.close();
    server.close();
  });

  /** Shows a PDF in a box of the page, and returns its content. */
  const show = (pdf: string): Promise<Shown> =>
    page.evaluate(`(async () => {
      const { showPdf } = await import("/pdf.js");
      const box = document.createElement("div");
      box.style.cssText = "height: 300px; overflow: auto";
      document.body.replaceChildren(box);
      const words = {
        name: (page, of) => "page " + page + " of " + of,
        leftOut: (shown, leftOut) => shown + " shown, " + leftOut + " left out",
        failed: "failed",
      };
      const close = await showPdf(box, new TextEncoder().encode(${JSON.stringify(pdf)}), words);
      const frames = box.querySelectorAll(".pdf-page");
      const told = {
        frames: frames.length,
        first: frames[0]?.ariaLabel ?? "",
        drawn: frames[0]?.querySelector("canvas") !== null,
        note: [...box.children].filter((child) => child.className !== "pdf-page").map(({ textContent }) => textContent).join(),
      };
      close();
      return { ...told, left: box.childElementCount };
    })()`);

  it("of millions of pages shows the first 500, and says how many more there are", async () => {
    const shown = await show(sharedPages(40, 4));
    assert.deepEqual(
      [shown.frames, shown.first, shown.drawn, shown.note, shown.left],
      [500, "page 1 of 2560001", true, "500 shown, 2559501 left out", 0],
    );
  });

  it("of a few pages shows all of them, and says nothing more", async () => {
    const shown = await show(sharedPages(5, 3));
    assert.deepEqual([shown.frames, shown.first, shown.drawn, shown.note], [126, "page 1 of 126", true, ""]);
  });
});
