// The panel: recorded text can't act, and the page can do no more than it must.
import { mutantsOf } from "./mutant.ts";

export const PANEL = [
  ...mutantsOf("src/panel/html.ts", ["panel/html.test.ts"], {
    "csp-default": ["\"default-src 'none'\"", '"default-src *"'],
    "csp-scripts": ["`script-src 'nonce-${nonce}'`", "`script-src 'nonce-${nonce}' 'unsafe-inline'`"],
    "csp-pictures": ['"img-src data: blob:"', '"img-src https: data: blob:"'],
    "csp-forms": ["\"form-action 'none'\",", ""],
    "csp-base": ["\"base-uri 'none'\",", ""],
    "html-unescaped": ["/[&<>\"']/g", "/[&]/g"],
  }),
  ...mutantsOf("src/panel/intents.ts", ["panel/intents.test.ts"], {
    "intent-of-objects": ['!Object.hasOwn(fields, message["type"])', '!(message["type"] in fields)'],
    "intent-any-field": [".every(([name, isRight])", ".some(([name, isRight])"],
    "intent-half-a-log": [".every((id) => isText(id)", ".some((id) => isText(id)"],
    "link-of-any-scheme": ['(url.protocol !== "https:" && url.protocol !== "http:")', 'url.protocol === "javascript:"'],
    "link-with-password": ['url.username === "" && url.password === "" && ', ""],
    "link-of-any-length": ["text.length > LONGEST_ADDRESS ? null : URL.parse(text)", "URL.parse(text)"],
  }),
  ...mutantsOf("src/panel/remote-media.ts", ["panel/remote-media.test.ts"], {
    "media-over-http": ['mayBeHere : url.protocol === "https:"', "mayBeHere : true"],
    "media-of-this-machine": ["isLoopback(url) ? mayBeHere", "isLoopback(url) ? true"],
    "media-of-any-kind": ["!KINDS.test(contentType)", "false"],
    "media-redirects-for-ever": ["redirects <= REDIRECTS", "redirects <= 1e9"],
  }),
  ...mutantsOf("src/logs/link.ts", ["logs/link.test.ts"], {
    "link-to-other-paths": ["path !== PATH || ", ""],
    "link-with-more": ["if (pairs.length !== 3) return undefined;", ""],
    "link-id-of-dots": ["(?!\\.+$)", ""],
    "link-id-of-any-length": ["[\\w.:~-]{1,128}$", "[\\w.:~-]+$"],
  }),
  ...mutantsOf("src/logs/format.ts", ["logs/format.test.ts"], {
    "text-of-controls": ["[\\p{Cc}\\u061c", "[\\u061c"],
    "text-of-directions": ["\\u202a-\\u202e", ""],
    "text-of-icons": ['"\\\\$("', '"$("'],
  }),
  ...mutantsOf("src/chat/markdown-text.ts", ["chat/markdown-text.test.ts", "chat/markdown.test.ts"], {
    "markdown-html": ["/<[a-z/!?]|!\\[", "/!\\["],
    "markdown-images": ["|!\\[|", "|"],
    "markdown-short-fence": ["longestRun(text, 2) + 1", "3"],
    "markdown-code": ["longestRun(line, 0) + 1", "1"],
    "markdown-words": ["[\\\\`*_[\\]<>&#|~$!^]", "[`*_]"],
    "markdown-links": ['/^https?:\\/\\/[^\\s\\p{Cc}<>"`\\\\]+$/iu.test(url)', "true"],
  }),
  ...mutantsOf("src/reading/core/bounded.ts", ["reading/bounded.test.ts"], {
    "page-of-any-picture": ["data.length <= this.#limits.media", "true"],
  }),
];
