import { filledWith, pairsOf } from "./growth.ts";

/** An API row as its caller can make it, with two texts of this length. */
export type HostileRow = { name: string; row: (size: number) => Record<string, unknown> };

type Row = Record<string, unknown>;
type Field = { name: string; put: (row: Row, text: string) => Row };

const tagsOf = (row: Row): Row => (typeof row["metadata"] === "object" ? (row["metadata"] as Row) : {});

const textField = (key: string): Field => ({ name: key, put: (row, text) => ({ ...row, [key]: text }) });

/** Caller-written fields of a row, or those of an API that lies; the most used ones first. */
const FIELDS: readonly Field[] = [
  ...["path", "model", "provider", "event_id", "user_agent"].map(textField),
  { name: "a metadata value", put: (row, text) => ({ ...row, metadata: { ...tagsOf(row), user: text } }) },
  { name: "a metadata name", put: (row, text) => ({ ...row, metadata: { ...tagsOf(row), [text]: "x" } }) },
  {
    name: "metadata entries",
    put: (row, text) => {
      const pieces = text.match(/.{1,8}/gs) ?? [];
      const entries = pieces.map((piece, index) => [`${piece}${index}`, piece]);
      return { ...row, metadata: { ...tagsOf(row), ...Object.fromEntries(entries) } };
    },
  },
  ...["id", "request_content_type", "response_content_type", "model_type", "request_type", "dlp_action"].map(textField),
  ...["cost", "usage_metadata"].map(textField),
];

/** Where functions truncate texts, or what they look for in them. */
const PIECES = [
  "a/",
  "/",
  "v1/",
  ":",
  "chat/completions/",
  "?a=b&",
  "#",
  "-2024-01-01",
  "$(a)",
  "%2e%2e/",
  "..\\",
  '"',
  "<",
  "\u202e",
  "\ud83d\ude00",
  "A",
  "1",
  "sk-",
  "a@b.",
  "](",
  "\n",
  "{",
  "=",
  " ",
];

const MAIN: ReadonlySet<Field> = new Set(FIELDS.slice(0, 6));

/**
 * Returns rows in which every two texts are hostile together. Main texts have every hostile text in both, and each
 * combined with another; the others combine three texts in turns.
 */
export function hostileRows(): HostileRow[] {
  const base: Row = { id: "01", created_at: "2026-11-20T12:00:00Z", step: 1, provider: "openai", path: "v1/messages" };
  return pairsOf(FIELDS).flatMap(([one, other], pair) =>
    PIECES.flatMap((piece, index): HostileRow[] => {
      const isMain = MAIN.has(one) && MAIN.has(other);
      if (!isMain && (pair + index) % 8 !== 0) return [];
      const second = isMain && index % 2 === 1 ? (PIECES[(index * 7 + pair) % PIECES.length] ?? piece) : piece;
      return [
        {
          name: `${one.name} of ${JSON.stringify(piece)}, ${other.name} of ${JSON.stringify(second)}`,
          row: (size) => other.put(one.put(base, filledWith(piece, size)), filledWith(second, size)),
        },
      ];
    }),
  );
}
