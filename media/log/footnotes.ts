import type { Citation, Part } from "../../src/chat/conversation.ts";

export type Footnote = { number: number; title?: string; url?: string; text?: string };

export type Footnotes = {
  notes: Footnote[];
  /** Footnote numbers after a part, by part index. */
  marks: ReadonlyMap<number, number[]>;
};

const textOf = (value: unknown): string | undefined => (typeof value === "string" && value !== "" ? value : undefined);

/** Returns a citation's text; a citation without known fields is shown as is. */
function noteOf(citation: Citation): Omit<Footnote, "number"> {
  const [title, url, text] = [textOf(citation.title), textOf(citation.url), textOf(citation.text)];
  if (title === undefined && url === undefined && text === undefined) return { text: JSON.stringify(citation) };
  return {
    ...(title === undefined ? {} : { title }),
    ...(url === undefined ? {} : { url }),
    ...(text === undefined ? {} : { text }),
  };
}

/** Returns a message's citations as footnotes numbered from 1, one for each source. */
export function footnotesOf(parts: readonly Part[]): Footnotes {
  const notes = new Map<string, Footnote>();
  const marks = new Map<number, number[]>();
  for (const [index, part] of parts.entries()) {
    if (part.type !== "text" || !part.citations) continue;
    const numbers = new Set<number>();
    for (const citation of part.citations) {
      const note = noteOf(citation);
      const key = note.url ?? JSON.stringify(note);
      const known = notes.get(key) ?? { ...note, number: notes.size + 1 };
      notes.set(key, known);
      numbers.add(known.number);
    }
    if (numbers.size > 0) marks.set(index, [...numbers]);
  }
  return { notes: [...notes.values()], marks };
}
