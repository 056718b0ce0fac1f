/** A whole text of this length is not said twice by chance. */
const LONG = 8;

/**
 * A text that comes in pieces. Mostly each piece is the next one; of some servers (DashScope without incremental
 * output) each repeats the text so far, and some end with the whole text once more.
 */
export class SpelledText {
  #joined = "";
  #first = "";
  #last = "";
  /** How many pieces went on after repeating the one before them, and the length of what they repeated. */
  #continued = 0;
  #repeated = 0;
  #isSoFar = true;
  #count = 0;
  /** The last piece, where it repeats all the others. */
  #whole: string | undefined;

  /** Adds a piece; an empty one says nothing. */
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

  /** All pieces, one after the other. */
  get joined(): string {
    return this.#joined;
  }

  /** The last piece, where each of them has repeated the one before it. */
  get soFar(): string | undefined {
    return this.#isSoFar && this.#last !== "" ? this.#last : undefined;
  }

  /** The text. That its pieces repeat it is not believed of short ones, or where all are repetitions of the first. */
  get text(): string {
    const isLikely = this.#continued > 1 || (this.#continued === 1 && this.#repeated > 3);
    const repeated = this.#whole ?? (isLikely ? this.soFar : undefined);
    if (repeated === undefined) return this.#joined;
    const isLong = repeated === this.#whole && repeated.length >= LONG;
    return isLong || repeated.replaceAll(this.#first, "") !== "" ? repeated : this.#joined;
  }
}
