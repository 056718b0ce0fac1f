// A separate script (dist/media/pdf.js), because only logs with a PDF to show need it. The legacy build, because the
// oldest supported VS Code's Chromium lacks features of the other. Importing the worker sets globalThis.pdfjsWorker, so
// that pdf.js starts no worker, which the page's policy forbids.
import "pdfjs-dist/legacy/build/pdf.worker.mjs";
import { getDocument, type PDFDocumentProxy } from "pdfjs-dist/legacy/build/pdf.mjs";

/** Limit on a page's pixels: 64 MB of memory. */
const MAX_PIXELS = 16_000_000;

/** Limit on pages: a small PDF may declare millions, and each takes a frame. */
const MOST_PAGES = 500;

/** Texts: a page's name, an error in its place, and a note about omitted pages. */
type PageWords = {
  name: (page: number, of: number) => string;
  leftOut: (shown: number, leftOut: number) => string;
  failed: string;
};

async function draw(document: PDFDocumentProxy, page: number, frame: HTMLElement): Promise<void> {
  const proxy = await document.getPage(page);
  const plain = proxy.getViewport({ scale: 1 });
  const fitting = (frame.clientWidth / plain.width) * devicePixelRatio;
  const scale = Math.min(fitting, Math.sqrt(MAX_PIXELS / (plain.width * plain.height)));
  const viewport = proxy.getViewport({ scale });
  const canvas = frame.ownerDocument.createElement("canvas");
  canvas.width = Math.max(1, Math.floor(viewport.width));
  canvas.height = Math.max(1, Math.floor(viewport.height));
  frame.style.aspectRatio = `${plain.width} / ${plain.height}`;
  await proxy.render({ canvas, viewport }).promise;
  frame.replaceChildren(canvas);
  proxy.cleanup();
}

/**
 * Draws a PDF into a scrolling box: the first page at once, the others near the viewport, 500 at most. Resolves to a
 * cleanup function once the first page is drawn; rejects if the bytes aren't a readable PDF. Fetches nothing: system
 * fonts replace missing ones, and because the policy forbids WebAssembly, decoders for fax, JBIG2 and JPEG 2000 images
 * are imported as script when needed.
 */
export async function showPdf(box: HTMLElement, bytes: Uint8Array, words: PageWords): Promise<() => void> {
  const task = getDocument({
    data: bytes,
    disableWorkerRendering: true,
    useSystemFonts: true,
    useWasm: false,
    useWorkerFetch: false,
    verbosity: 0,
    wasmUrl: new URL("./", import.meta.url).href,
  });
  let observer: IntersectionObserver | undefined;
  const close = () => {
    observer?.disconnect();
    box.replaceChildren();
    void task.destroy();
  };
  try {
    const pdf = await task.promise;
    const numbers = new Map<Element, number>();
    const first = (await pdf.getPage(1)).getViewport({ scale: 1 });
    const shown = Math.min(pdf.numPages, MOST_PAGES);
    for (let page = 1; page <= shown; page++) {
      const frame = box.ownerDocument.createElement("div");
      frame.className = "pdf-page";
      frame.role = "img";
      frame.ariaLabel = words.name(page, pdf.numPages);
      frame.style.aspectRatio = `${first.width} / ${first.height}`;
      numbers.set(frame, page);
    }
    box.replaceChildren(...numbers.keys());
    if (shown < pdf.numPages) {
      const note = box.ownerDocument.createElement("p");
      note.className = "media-note";
      note.textContent = words.leftOut(shown, pdf.numPages - shown);
      box.append(note);
    }
    const [frame] = box.children;
    if (frame instanceof HTMLElement) await draw(pdf, 1, frame);
    const drawn = new Set<Element>(frame ? [frame] : []);
    observer = new IntersectionObserver(
      (entries) => {
        for (const { target, isIntersecting } of entries) {
          const page = numbers.get(target);
          if (!(target instanceof HTMLElement) || page === undefined || isIntersecting === drawn.has(target)) continue;
          if (isIntersecting) {
            drawn.add(target);
            draw(pdf, page, target).then(
              () => drawn.has(target) || target.replaceChildren(),
              () => target.replaceChildren(words.failed),
            );
          } else {
            drawn.delete(target);
            target.replaceChildren();
          }
        }
      },
      { root: box, rootMargin: "100% 0px" },
    );
    for (const element of numbers.keys()) observer.observe(element);
    return close;
  } catch (error) {
    close();
    throw error;
  }
}
