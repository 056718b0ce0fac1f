/**
 * A text that comes in pieces. Mostly each piece is the next one; of some servers (DashScope without incremental
 * output) each repeats the text so far. That is believed where every piece begins with the one before it and the
 * pieces are no mere repetitions of the first: then the last piece is the text.
 */
export class SpelledText {
  #text = "";
  #first = "";
  #last = "";
  /** How many pieces went on where the one before them ended, and the length of what they repeated. */
  #continued = 0;
  #repeated = 0;
  #isSoFar = true;

  add(piece: string): void {
    if (piece === "") return;
    this.#text += piece;
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

  get text(): string {
    // Of two pieces the second may begin like the first by chance.
    const isRepeated = this.#isSoFar && (this.#continued > 1 || (this.#continued === 1 && this.#repeated > 3));
    return isRepeated && this.#last.replaceAll(this.#first, "") !== "" ? this.#last : this.#text;
  }
}
