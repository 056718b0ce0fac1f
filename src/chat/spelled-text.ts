/**
 * A text that comes in pieces. Mostly each piece is the next one; of some servers (DashScope without incremental
 * output) each repeats the text so far.
 */
export class SpelledText {
  #joined = "";
  #first = "";
  #last = "";
  /** How many pieces went on after repeating the one before them, and the length of what they repeated. */
  #continued = 0;
  #repeated = 0;
  #isSoFar = true;

  /** Adds a piece; an empty one says nothing. */
  add(piece: string): void {
    if (piece === "") return;
    this.#joined += piece;
    if (!this.#isSoFar) return;
    if (!piece.startsWith(this.#last)) {
      this.#isSoFar = false;
      return;
    }
    if (this.#last === "") this.#first = piece;
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

  /**
   * The text. That its pieces repeat it is believed of two only where the first is no mere beginning, and never where
   * they are repetitions of the first.
   */
  get text(): string {
    const isLikely = this.#continued > 1 || (this.#continued === 1 && this.#repeated > 3);
    const { soFar } = this;
    return soFar !== undefined && isLikely && soFar.replaceAll(this.#first, "") !== "" ? soFar : this.#joined;
  }
}
