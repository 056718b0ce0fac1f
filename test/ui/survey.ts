/** The appearance of a page around recorded content, and unexpected findings in that content. */
export type Survey = {
  /** Position and look of the page's own elements, independent of the content. */
  surroundings: unknown;
  /** Elements and attributes that the page never creates itself. */
  foreign: string[];
  /** Visible parts outside the message that they belong to. */
  escaped: string[];
  /** Marks in the text (`end7end`) that exist but are hidden. */
  unread: string[];
  /** All text of the page with tooltips, with white space collapsed. */
  text: string;
};

const TAGS =
  "main header div h1 h2 h3 h4 h5 h6 bdi span button article section nav footer p pre code em strong s b q sup " +
  "blockquote ul ol li table thead tbody tr th td hr details summary a figure figcaption img audio video canvas " +
  "vscode-button vscode-progress-ring svg path line";

/** Runs in the page. */
export const SURVEY = `(() => {
  const root = document.querySelector("#log");
  const tags = new Set("${TAGS}".split(" "));
  const looks = ["color", "background-color", "background-image", "font-size", "font-family", "display", "visibility",
    "opacity", "position", "direction", "z-index", "transform", "filter", "pointer-events", "cursor", "content"];
  const lookOf = (element) => {
    const style = getComputedStyle(element);
    return looks.map((name) => style.getPropertyValue(name)).join(" ");
  };
  const boxOf = (element, ...sides) => {
    const box = element.getBoundingClientRect();
    return sides.map((side) => Math.round(box[side]));
  };
  const of = (selector, ...sides) => [...document.querySelectorAll(selector)]
    .map((element) => [element.tagName, boxOf(element, ...sides), lookOf(element)]);
  // Elements skipped as out of view have no layout, and thus no position yet.
  const all = new CSSStyleSheet();
  all.insertRule("* { content-visibility: visible !important }");
  document.adoptedStyleSheets.push(all);
  const harmless = new Set([...root.querySelectorAll("article.user")]
    .filter((article) => article.textContent.includes("Nothing happens to these words."))
    .map((article) => JSON.stringify([boxOf(article, "left", "width"), lookOf(article), lookOf(article.firstElementChild)])));
  document.adoptedStyleSheets.pop();
  const surroundings = {
    page: [...document.documentElement.children, ...document.body.children].map(({ tagName }) => tagName)
      .filter((name) => name !== "SCRIPT"),
    parts: [...root.children].map(({ tagName, id }) => tagName + id).filter((name) => name !== "SECTION"),
    frame: of("html, body, main", "left", "width"),
    head: of(".bar, .bar .tabs, .bar .tabs button, .goes, .goes button, .title-row", "left", "top", "width", "height"),
    foot: of("footer", "left", "width", "height"),
    wider: document.documentElement.scrollWidth > document.documentElement.clientWidth,
    harmless: document.querySelector(".source") ? [] : [...harmless],
  };
  const foreign = [];
  for (const element of root.querySelectorAll("*")) {
    if (!tags.has(element.localName)) foreign.push("<" + element.localName + ">");
    for (const { name, value } of element.attributes) {
      const bad = /^on|^(href|srcset|srcdoc|action|formaction|background|ping|is|slot|target)$/.test(name) ||
        (name === "src" && !value.startsWith("blob:")) || (name === "style" && /url\\(|position|expression/.test(value));
      if (bad) foreign.push(element.localName + " " + name + "=" + value.slice(0, 100));
    }
  }
  for (const element of document.querySelectorAll("head > *, body > script")) {
    const from = element.src || element.href || "";
    if (from && !/\\/dist\\/media\\/[\\w.-]+$/.test(from)) foreign.push(from);
  }
  const clips = new Map();
  const clipsOf = (element) => {
    if (!clips.has(element)) clips.set(element, getComputedStyle(element).overflowX !== "visible");
    return clips.get(element);
  };
  const escaped = [];
  for (const article of root.querySelectorAll("article:not(.far)")) {
    const around = article.getBoundingClientRect();
    if (around.right > innerWidth) escaped.push("message " + article.id);
    const walk = (element) => {
      const box = element.getBoundingClientRect();
      const out = box.left < around.left - 1 || box.right > around.right + 1 || box.top < around.top - 1 || box.bottom > around.bottom + 1;
      if (out && box.width > 0 && box.height > 0 && element.checkVisibility({ contentVisibilityAuto: true }))
        escaped.push(article.id + " " + element.localName + "." + element.className + " " + element.textContent.slice(0, 40));
      if (!clipsOf(element)) for (const child of element.children) walk(child);
    };
    for (const child of article.children) walk(child);
  }
  const unread = [];
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    texts.push(node.data);
    const mark = /\\b(begin|end)\\d+\\1/.exec(node.data);
    if (mark && !node.parentElement.checkVisibility({ opacityProperty: true, visibilityProperty: true }) &&
      !node.parentElement.closest("details:not([open])")) unread.push(mark[0]);
  }
  const titles = [...root.querySelectorAll("[title]")].map((element) => element.title);
  return { surroundings, foreign, escaped: escaped.slice(0, 20), unread, text: texts.join("") + " " + titles.join(" ") };
})()`;
