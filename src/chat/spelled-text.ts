/** A text of this length isn't repeated by chance. */
const LONG = 8;

/**
 * A text in pieces. Usually each piece continues the text; on some servers (DashScope without incremental output) each
 * repeats the text so far, and some end with the whole text again.
 */
export class SpelledText {
  #joined = "";
  #first = "";
  #last = "";
  /** Number of pieces that continued after repeating the previous one, and the length of the repetitions. */
  #continued = 0;
  #repeated = 0;
  #isSoFar = true;
  #count = 0;
  /** The last piece, if it repeats all others. */
  #whole: string | undefined;

  /** Adds a piece; empty ones are ignored. */
  add(piece: string): void {
    if (piece === "") return;
    const isWhole = piece.length === this.#joined.length && piece === this.#joined;
    this.#whole = isWhole ? piece : undefined;
    this.#count++;
    this.#joined += piece;
    if (!this.#isSoFar) return;
    if (!piece.startsWith(this.#last)) {
      this.#isSoFar = false;
      return;
    }
    if (this.#count === 1) this.#first = piece;
    else if (piece.length > this.#last.length) {
      this.#continued++;
      this.#repeated += this.#last.length;
    }
    this.#last = piece;
  }

  /** All pieces, concatenated. */
  get joined(): string {
    return this.#joined;
  }

  /** The last piece, if every piece repeated the one before it. */
  get soFar(): string | undefined {
    return this.#isSoFar && this.#last !== "" ? this.#last : undefined;
  }

  /** The text. Short pieces, or repetitions of only the first piece, don't count as repetition. */
  get text(): string {
    const isLikely = this.#continued > 1 || (this.#continued === 1 && this.#repeated > 3);
    const repeated = this.#whole ?? (isLikely ? this.soFar : undefined);
    if (repeated === undefined) return this.#joined;
    const isLong = repeated === this.#whole && repeated.length >= LONG;
    return isLong || repeated.replaceAll(this.#first, "") !== "" ? repeated : this.#joined;
  }
}
