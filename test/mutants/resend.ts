// What is sent again or copied: to where it went, once, and nothing of it acts.
import { mutantsOf } from "./mutant.ts";

export const RESEND = [
  ...mutantsOf("src/resend/address.ts", ["resend/address.test.ts"], {
    "resend-leads-out": ['before.split("/").every((part) => !/^(?:\\.|%2e){1,2}$/i.test(part))', "true"],
    "resend-backslashes": ["!/[\\\\\\p{Cc}\\s]|", "!/"],
    "resend-anywhere": ["if (!href.startsWith(new URL(below).href)) throw", "if (false as boolean) throw"],
    "resend-any-provider": ["!SLUG.test(log.provider) || ", ""],
    "resend-guesses-the-region": ['return "noRegion"', "return undefined"],
    "resend-sockets": ['return "webSocket"', "undefined"],
    "resend-bytes": ['typeof request !== "string" || NOT_TEXT', 'typeof request === "object" && NOT_TEXT'],
    "resend-own-of-objects": [
      "Object.hasOwn(OWN_BEGINNINGS, provider) ? OWN_BEGINNINGS[provider] : undefined",
      "OWN_BEGINNINGS[provider]",
    ],
  }),
  ...mutantsOf("src/resend/send.ts", ["resend/send.test.ts"], {
    "send-follows-redirects": ['redirect: "manual"', 'redirect: "follow"'],
    "send-from-the-cache": ['"cf-aig-skip-cache": "true"', '"cf-aig-skip-cache": "false"'],
    "send-token-to-the-provider": ['"cf-aig-authorization": `Bearer', "authorization: `Bearer"],
    "send-any-content-type": [
      "/^[\\x20-\\x7e]+$/.test(sending.contentType) ? sending.contentType :",
      "false ? sending.contentType :",
    ],
    "send-reads-for-ever": ["if (size > MOST_BYTES) return", "if (false as boolean) return"],
    "send-metadata-without-mark": ['["resent_from", logId], ', ""],
    "send-timeout-is-offline": ['deadline.signal.aborted || name.endsWith("_TIMEOUT")', "deadline.signal.aborted"],
  }),
  ...mutantsOf("src/chat/snippets/curl.ts", ["chat/snippets/curl.test.ts"], {
    "curl-unquoted": ["text.replaceAll(\"'\", String.raw`'\\''`)", "text"],
    "curl-reads-files": ["--data-raw ${text}", "--data ${text}"],
    "curl-key-in-the-clear": ['$${variable}"', '${variable}"'],
  }),
  ...mutantsOf("src/chat/snippets/call.ts", ["chat/snippets/call.test.ts", "chat/snippets/curl.test.ts"], {
    "snippet-leads-out": [
      'if (path.split("/").some((part) => /^(?:\\.|%2e){1,2}$/i.test(part))) return undefined;',
      "",
    ],
    "snippet-key-in-the-address": ["!KEY_PARAMETER.test(pair.split", "!!(pair.split"],
    "snippet-unencoded": ["const path = encoded(address);", "const path = address;"],
    "snippet-ids-unencoded": [".map(encodeURIComponent).join", ".join"],
  }),
  ...mutantsOf("src/chat/snippets/typescript.ts", ["chat/snippets/call.test.ts", "chat/snippets/typescript.test.ts"], {
    "typescript-prototype": ['if (name === "__proto__")', "if (false as boolean)"],
    "typescript-bare-keys": ["? name : JSON.stringify(name)", "? name : name"],
  }),
  ...mutantsOf("src/chat/snippets/python.ts", ["chat/snippets/python.test.ts"], {
    "python-bare-base": ["base_url=${JSON.stringify(baseUrl)}", 'base_url="${baseUrl.slice(1)}"'],
    "python-unknown-fields-lost": ["!named.has(name)", "false"],
  }),
];
