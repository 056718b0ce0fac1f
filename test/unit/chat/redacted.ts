import type { Conversation } from "../../../src/chat/conversation.ts";
import { redact, type RedactionRules } from "../../../src/chat/redact/redact.ts";

/** All rules there are. */
export const ALL: RedactionRules = { keys: true, tokens: true, emails: true, cards: true };
/** An empty conversation. */
const empty: Conversation = { format: "f", messages: [], answers: [], tools: [], settings: {}, complete: true };

/** A conversation with one text. */
export const saying = (text: string): Conversation => ({
  ...empty,
  messages: [{ role: "user", parts: [{ type: "text", text }] }],
});

/** A text as it is after it was redacted. */
export function redactText(text: string, rules: RedactionRules = ALL): string {
  const part = redact(saying(text), rules).messages[0]?.parts[0];
  return part?.type === "text" ? part.text : "";
}

/** A recorded value as it is after it was redacted. */
export const redactValue = (value: unknown, rules = ALL) =>
  redact({ ...empty, settings: { value } }, rules).settings.value;

// Made up, and put together here so that no scanner of sources takes them for real.
const LETTERS = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA";
export const many = (length: number) => LETTERS.repeat(9).slice(0, length);
export const hex = (length: number) => "0f1e2d3c4b5a69788796a5b4c3d2e1f0".repeat(9).slice(0, length);
export const joined = (...pieces: string[]) => pieces.join("");
export const AWS_ID = joined("AK", "IA", "Q4EXAMPLE7WXYZ23");
export const JWT = [joined("ey", "J", many(20)), joined("ey", "J", many(40)), many(43)].join(".");
export const PEM = joined("-----BEGIN ", "RSA PRIVATE KEY-----");
export const PEM_END = joined("-----END ", "RSA PRIVATE KEY-----");

export const KEYS = [
  joined("s", "k-", many(48)),
  joined("s", "k-proj-", many(60), "_-", many(20)),
  joined("s", "k-ant-api03-", many(80), "-", many(8)),
  joined("s", "k-or-v1-", hex(64)),
  joined("AI", "za", many(35)),
  AWS_ID,
  joined("AS", "IA", "Q4EXAMPLE7WXYZ23"),
  joined("gh", "p_", many(36)),
  joined("github", "_pat_", many(22), "_", many(59)),
  joined("gl", "pat-", many(20)),
  joined("np", "m_", many(36)),
  joined("xo", "xb-", "123456789012-123456789012-", many(24)),
  joined("h", "f_", many(34)),
  joined("r", "8_", many(37)),
  joined("gs", "k_", many(52)),
  joined("ppl", "x-", many(48)),
  joined("xa", "i-", many(80)),
  joined("s", "k_live_", many(24)),
  joined("r", "k_test_", many(24)),
  joined("wh", "sec_", many(32)),
  joined("cf", "ut_", many(48)),
  joined("cf", "k_", many(48)),
];
