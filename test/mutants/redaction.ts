// Redaction: what is asked to be taken out is taken out, everywhere.
import { mutantsOf } from "./mutant.ts";

const RULES = ["chat/redact-rules.test.ts"] as const;

export const REDACTION = [
  ...mutantsOf("src/chat/redact-rules.ts", RULES, {
    "rules-no-private-keys": ["-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY", "-----BEGIN [A-Z0-9 ]{0,30}SECRET KEY"],
    "rules-no-sk": ["(sk-[A-Za-z0-9_-]{20,})", "(sk-[A-Za-z0-9_-]{200,})"],
    "rules-no-google": ["AIza[A-Za-z0-9_-]{30,}", "AIzb[A-Za-z0-9_-]{30,}"],
    "rules-no-github": ["gh[pousr]_", "gh[x]_"],
    "rules-no-slack": ["xox[abeoprs]-", "xox[z]-"],
    "rules-no-aws": ['A[KS]IA[A-Z0-9]{16}",', 'A[Z]IA[A-Z0-9]{16}",'],
    "rules-no-jwt": ["(eyJ[\\w-]{8,}\\.eyJ", "(eyK[\\w-]{8,}\\.eyJ"],
    "rules-no-bearer": ["/(Bearer(?:\\s{1,3}|%20|\\+))", "/(Bearr(?:\\s{1,3}|%20|\\+))"],
    "rules-no-cookie": ["`(cookie${IS})", "`(cokie${IS})"],
    "rules-no-database-password": ['mark: "password"', 'accepts: () => false, mark: "password"'],
    "rules-no-email": ["(?:@|%40)", "(?:%40)"],
    "rules-no-secret-field": ["SECRET_NAME.test(plain);", "false;"],
    "rules-keeps-what-follows": ["copied = match.index + whole.length;", "copied = start;"],
  }),
  ...mutantsOf("src/chat/redact-cards.ts", RULES, {
    "cards-every-number": ["&& isLuhn(digits)", ""],
    "cards-no-groups": [
      "sizes.push(group.length);",
      "if (at > start) return undefined;\n    sizes.push(group.length);",
    ],
  }),
  ...mutantsOf("src/chat/redact.ts", ["chat/redact.test.ts", "chat/redact-rules.test.ts"], {
    "redact-not-the-keys": ["freeKey(redactor.text(key), key, record, counts)", "key"],
    "redact-not-lists": [
      "for (const item of value) items.push(valueOf(item, redactor));",
      "for (const item of value) items.push(item);",
    ],
    "redact-not-numbers": ["return numberOf(value, redactor);", "return value;"],
    "redact-not-named-lists": [
      "return value.map((item) => memberOf(key, item, redactor));",
      "return value.map((item) => valueOf(item, redactor));",
    ],
    "redact-keys-become-one": ["} while (Object.hasOwn(record, free));", "} while (false);"],
    "redact-not-errors": ['key === "error" && typeof value', 'key === "error" && false && typeof value'],
    "redact-custom-once": ['replace(/[gy]/g, "")}g`', 'replace(/[gy]/g, "")}`'],
    "redact-kept-settings": ['"usage", "complete"', '"usage", "settings", "complete"'],
  }),
  ...mutantsOf("src/chat/redact.ts", ["export/formats.test.ts"], {
    "redact-body-as-it-was": ["redacted === JSON.stringify(value) ? body : redacted", "body"],
    "redact-text-body-as-it-was": ["return textRedactor(rules)(body);", "return body;"],
  }),
];
