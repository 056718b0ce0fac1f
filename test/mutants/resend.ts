// Resending and copying: to the original address, once, and nothing in it acts.
import { mutantsOf } from "./mutant.ts";

export const RESEND = [
  ...mutantsOf("src/resend/address.ts", ["resend/address.test.ts"], {
    "resend-leads-out": ['if (path === "" || !', 'if (path === "" && !'],
    "resend-any-provider": ["!SLUG.test(log.provider) || ", ""],
    "resend-sockets": ['return "webSocket"', "undefined"],
    "resend-bytes": ['typeof request !== "string" || NOT_TEXT', 'typeof request === "object" && NOT_TEXT'],
  }),
  ...mutantsOf("src/resend/send.ts", ["resend/send.test.ts"], {
    "send-follows-redirects": ['redirect: "manual"', 'redirect: "follow"'],
    "send-from-the-cache": ['[names.skipCache]: "true"', '[names.skipCache]: "false"'],
    "send-token-to-the-provider": ["[names.token]: `Bearer", "authorization: `Bearer"],
    "send-content-type-unchecked": ["/^[\\x20-\\x7e]+$/.test(sending.contentType)", "true"],
    "send-always-json": [
      "/^[\\x20-\\x7e]+$/.test(sending.contentType) ? sending.contentType :",
      "false ? sending.contentType :",
    ],
  }),
  ...mutantsOf("src/chat/snippets/curl.ts", ["chat/snippets/curl.test.ts"], {
    "curl-unquoted": ['.replaceAll("\'", String.raw', '.replaceAll("\\0", String.raw'],
    "curl-reads-files": ["--data-raw ${", "--data ${"],
    "curl-key-in-the-clear": ['$${variable}"', '${variable}"'],
  }),
  ...mutantsOf("src/chat/snippets/call.ts", ["chat/snippets/call.test.ts", "chat/snippets/curl.test.ts"], {
    "snippet-query-unencoded": ["query: encoded(withoutKeys(query)),", "query: withoutKeys(query),"],
    "snippet-key-in-the-address": ["!KEY_PARAMETER.test(pair.split", "!!(pair.split"],
  }),
  ...mutantsOf("src/chat/snippets/typescript.ts", ["chat/snippets/typescript-literal.test.ts"], {
    "typescript-prototype": ['if (name === "__proto__")', "if (false as boolean)"],
  }),
];
