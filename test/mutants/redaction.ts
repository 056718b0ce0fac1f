// Redaction: everything that should be redacted is, everywhere.
import { mutantsOf } from "./mutant.ts";

const RULES = ["chat/redact-rules.test.ts"] as const;

export const REDACTION = [
  ...mutantsOf("src/chat/redact/redact.ts", RULES, {
    "redact-no-keys": ["keys === true ? KEY_RULES : []", "keys === undefined ? KEY_RULES : []"],
    "redact-no-tokens": ["tokens === true ? TOKEN_RULES : []", "tokens === undefined ? TOKEN_RULES : []"],
    "redact-no-emails": ["emails === true ? EMAIL_RULES : []", "emails === undefined ? EMAIL_RULES : []"],
  }),
  ...mutantsOf("src/chat/redact/rules.ts", RULES, {
    "rules-old-cloudflare-tokens": ["(?:cloudflare|cf|x-auth)[A-Za-z_ -]", "(?:cloudflair)[A-Za-z_ -]"],
  }),
  ...mutantsOf("src/chat/redact/rule.ts", [...RULES, "chat/redact-forms.test.ts"], {
    "rules-lose-the-rest": ["return result + text.slice(copied);", "return result;"],
    "rules-short-bytes": ["text.length >= 1024 && BYTES.test(text)", "/^[A-Za-z0-9+/=_\\r\\n-]+$/.test(text)"],
  }),
  ...mutantsOf("src/chat/redact/cards.ts", RULES, {
    "cards-every-number": ["&& isLuhn(digits)", ""],
  }),
  ...mutantsOf("src/chat/redact/redact.ts", ["chat/redact.test.ts", "chat/redact-rules.test.ts"], {
    "redact-not-the-keys": ["freeKey(redactor.text(key), key, record, counts)", "key"],
    "redact-not-numbers": ["return numberOf(value, redactor);", "return value;"],
    "redact-keys-become-one": ["} while (Object.hasOwn(record, free));", "} while (false);"],
    "redact-custom-once": ['replace(/[gy]/g, "")}g`', 'replace(/[gy]/g, "")}`'],
    "redact-kept-settings": ['"usage", "complete"', '"usage", "settings", "complete"'],
  }),
];
