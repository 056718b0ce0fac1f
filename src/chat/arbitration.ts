import type { Message, Part } from "./conversation.ts";
import { isEmpty, present } from "./json/json.ts";
import type { ResponseReading } from "./reader.ts";

/*
 * A streamed answer may be recorded twice: as deltas, and as the complete object that ends them or that the gateway
 * assembled. The object may lack items, and the deltas may be scattered. One rule for all formats: the object wins for
 * each item it holds, and the folded deltas fill in what it lacks.
 */

type Spoken = Extract<Part, { text: string }>;

/** Limit on pairs compared by position or beginning alone, which takes quadratic time. */
const MAX_TRIED = 10_000;

/** Returns the reading of a stream's complete object, completed from the folded deltas. */
export function arbitrate(final: ResponseReading | undefined, folded: ResponseReading): ResponseReading {
  if (final === undefined) return folded;
  // An object without content isn't the complete one.
  const isSilent = final.answers.every(({ parts }) => parts.length === 0);
  if (isSilent && folded.answers.length >= final.answers.length) {
    return {
      ...final,
      ...folded,
      answers: folded.answers.map((answer, index) => ({ ...final.answers[index], ...answer })),
    };
  }
  const answers = final.answers.map((answer, index) => arbitrateAnswer(answer, folded.answers[index]));
  const envelope = { ...folded.envelope, ...final.envelope };
  const isFinished = answers.length > 0 && answers.every(({ finishReason }) => finishReason !== undefined);
  return {
    ...folded,
    ...final,
    answers: [...answers, ...folded.answers.slice(answers.length)],
    complete: folded.complete || (final.complete && isFinished),
    ...(isEmpty(envelope) ? {} : { envelope }),
  };
}

/** Returns the complete object's text, unless it's only the beginning of what the deltas spell out. */
export function arbitrateText(final: string, folded: string): string {
  return folded.length > final.length && folded.startsWith(final) ? folded : final;
}

/** Returns the reading with events of unknown kinds added to its first answer. */
export function withStrays(reading: ResponseReading, strays: unknown[]): ResponseReading {
  if (strays.length === 0) return reading;
  const parts = strays.map((value): Part => ({ type: "unknown", value }));
  const [first = { role: "assistant", parts: [] } satisfies Message, ...others] = reading.answers;
  return { ...reading, answers: [{ ...first, parts: [...first.parts, ...parts] }, ...others] };
}

function arbitrateAnswer(final: Message, folded: Message | undefined): Message {
  if (folded === undefined) return final;
  if (final.parts.length === 0) return { ...final, ...folded, ...detailsOf(final, folded) };
  const parts = new Pairing(final.parts, folded.parts).parts();
  return { ...folded, ...final, parts, ...detailsOf(final, folded) };
}

function detailsOf(final: Message | Part, folded: Message | Part): Pick<Message, "details"> {
  return present({ details: folded.details === undefined ? final.details : { ...folded.details, ...final.details } });
}

/** Matches folded parts to the final parts that are the same items. */
class Pairing {
  readonly #final: Part[];
  readonly #folded: Part[];
  /** Final index by folded index. */
  readonly #pairs = new Map<number, number>();
  readonly #paired = new Set<number>();

  constructor(final: Part[], folded: Part[]) {
    this.#final = [...final];
    this.#folded = folded;
    this.#pairEqualTexts();
    this.#pairByKey(idKey);
    this.#pairByKey(contentKey);
    for (const type of ["text", "reasoning", "refusal"] as const) this.#coverTexts(type);
    this.#pairInPlace();
  }

  /** Returns the final parts in order, with each unmatched folded part after its predecessor. */
  parts(): Part[] {
    const before: Part[] = [];
    const after = new Map<number, Part[]>();
    let into = before;
    for (const [at, part] of this.#folded.entries()) {
      const index = this.#pairs.get(at);
      if (index === undefined) {
        into.push(part);
        continue;
      }
      into = after.get(index) ?? [];
      after.set(index, into);
    }
    return [...before, ...this.#final.flatMap((part, index) => [part, ...(after.get(index) ?? [])])];
  }

  #pair(at: number, index: number): void {
    const [final, folded] = [this.#final[index], this.#folded[at]];
    if (final === undefined || folded === undefined) return;
    this.#pairs.set(at, index);
    this.#paired.add(index);
    this.#final[index] = filled(final, folded);
  }

  /** Matches equal texts at equal positions, nearly all of them, without copying each into a key. */
  #pairEqualTexts(): void {
    for (const [at, folded] of this.#folded.entries()) {
      const final = this.#final[at];
      if (final?.type !== folded.type || !("text" in final) || !("text" in folded)) continue;
      if (final.text === folded.text) this.#pair(at, at);
    }
  }

  /** Matches parts with equal keys, in order. */
  #pairByKey(keyOf: (part: Part) => string | undefined): void {
    const open = new Map<string, number[]>();
    for (const index of this.#openFinals().reverse()) {
      const part = this.#final[index];
      const key = part === undefined ? undefined : keyOf(part);
      if (key !== undefined) open.set(key, [...(open.get(key) ?? []), index]);
    }
    if (open.size === 0) return;
    for (const at of this.#openFoldeds()) {
      const part = this.#folded[at];
      const key = part === undefined ? undefined : keyOf(part);
      const index = key === undefined ? undefined : open.get(key)?.pop();
      if (index !== undefined) this.#pair(at, index);
    }
  }

  /** Matches texts that are split differently, and texts that one side has only the beginning of. */
  #coverTexts(type: Spoken["type"]): void {
    const pieces: { index: number; text: string; start: number }[] = [];
    let whole = "";
    for (const index of this.#openFinals()) {
      const part = this.#final[index];
      if (part?.type !== type) continue;
      pieces.push({ index, text: part.text, start: whole.length });
      whole += part.text;
    }
    const foldeds = this.#openFoldeds();
    const last = pieces.at(-1);
    if (last === undefined || pieces.length * foldeds.length > MAX_TRIED) return;
    let from = 0;
    for (const at of foldeds) {
      const part = this.#folded[at];
      if (part?.type !== type || part.text === "") continue;
      const { text } = part;
      const places = [from, ...pieces.map(({ start }) => start).filter((start) => start > from)];
      const start = places.find((place) => whole.startsWith(text, place) || goesOn(text, whole, place));
      if (start === undefined) continue;
      const end = start + text.length;
      this.#pairs.set(at, pieces.findLast((piece) => piece.start <= start)?.index ?? last.index);
      for (const { index, start: first, text: said } of pieces) {
        if (first < end && (first + said.length > start || first === start)) this.#paired.add(index);
      }
      from = end;
      if (end <= whole.length) continue;
      const final = this.#final[last.index];
      if (final?.type === type) {
        this.#final[last.index] = { ...final, text: final.text + text.slice(whole.length - start) };
      }
      return;
    }
  }

  /** Matches parts with an ID on one side only, and parts of one kind between the same neighbors. */
  #pairInPlace(): void {
    const finals = this.#openFinals();
    const foldeds = this.#openFoldeds();
    if (finals.length * foldeds.length > MAX_TRIED) return;
    for (const at of foldeds) {
      const folded = this.#folded[at];
      const [low, high] = this.#placeOf(at);
      const index = finals.find((candidate) => {
        const final = this.#final[candidate];
        if (final === undefined || folded === undefined || this.#paired.has(candidate)) return false;
        return isAlike(final, folded, candidate > low && candidate < high);
      });
      if (index !== undefined) this.#pair(at, index);
    }
  }

  /** Returns the range of final parts between a folded part's matched neighbors. */
  #placeOf(at: number): [low: number, high: number] {
    let [before, after] = [at - 1, at + 1];
    while (before >= 0 && !this.#pairs.has(before)) before--;
    while (after < this.#folded.length && !this.#pairs.has(after)) after++;
    return [this.#pairs.get(before) ?? -1, this.#pairs.get(after) ?? this.#final.length];
  }

  #openFinals(): number[] {
    return [...this.#final.keys()].filter((index) => !this.#paired.has(index));
  }

  #openFoldeds(): number[] {
    return [...this.#folded.keys()].filter((at) => !this.#pairs.has(at));
  }
}

/** Whether `text` begins with all of `whole` from `place` on, and continues. */
function goesOn(text: string, whole: string, place: number): boolean {
  return (place < whole.length || whole === "") && text.startsWith(whole.slice(place));
}

function idKey(part: Part): string | undefined {
  return (part.type === "toolCall" || part.type === "toolResult") && part.id !== undefined
    ? `${part.type} ${part.id}`
    : undefined;
}

function contentKey(part: Part): string {
  return `${part.type} ${contentOf(part)}`;
}

function contentOf(part: Part): string {
  switch (part.type) {
    case "text":
    case "reasoning":
    case "refusal":
      return part.text;
    case "toolCall":
      return JSON.stringify([part.name, part.arguments]);
    case "toolResult":
      return JSON.stringify([part.name, part.parts]);
    case "media":
      return part.data ?? part.url ?? part.name ?? part.media;
    case "embedding":
      return String(part.values.length);
    case "data":
    case "unknown":
      return JSON.stringify(part.value) ?? "";
  }
}

/** Whether two parts are the same item despite different content. */
function isAlike(final: Part, folded: Part, isInPlace: boolean): boolean {
  if (final.type === "toolCall" && folded.type === "toolCall") {
    const isNamed = final.name !== "" && folded.name !== "";
    return hasOneId(final, folded) && (!isNamed || final.name === folded.name);
  }
  if (final.type === "toolResult" && folded.type === "toolResult") return isInPlace && hasOneId(final, folded);
  if (!isInPlace || final.type !== folded.type || final.type === "unknown") return false;
  return hasOneId(final.details ?? {}, folded.details ?? {});
}

function hasOneId(one: { id?: unknown }, other: { id?: unknown }): boolean {
  return isEmpty(one.id) || isEmpty(other.id) || one.id === other.id;
}

/** Returns the final part, completed from the folded one. */
function filled(final: Part, folded: Part): Part {
  const fields: Part = { ...folded, ...final, ...detailsOf(final, folded) };
  if ("text" in final && "text" in folded && "text" in fields) fields.text = arbitrateText(final.text, folded.text);
  if (final.type === "toolCall" && folded.type === "toolCall" && fields.type === "toolCall") {
    fields.arguments = argumentsOf(final.arguments, folded.arguments);
    if (final.name === "") fields.name = folded.name;
  }
  if (fields.type === "toolResult" && "parts" in folded && fields.parts.length === 0) fields.parts = folded.parts;
  return fields;
}

// Arguments that aren't valid JSON are a beginning, or were cut.
function argumentsOf(final: unknown, folded: unknown): unknown {
  if (isEmpty(final)) return isEmpty(folded) ? final : folded;
  if (typeof final !== "string") return final;
  return typeof folded === "string" ? arbitrateText(final, folded) : (folded ?? final);
}
