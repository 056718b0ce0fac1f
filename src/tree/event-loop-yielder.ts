/** So many steps are taken in one turn of the event loop: some milliseconds of making items. */
const STEPS = 250;

/** Spreads very many small steps over turns of the event loop, so that nothing else has to wait for all of them. */
export class EventLoopYielder {
  #taken = 0;
  /** When each turn is over. */
  #turns: Promise<void>[] = [];

  /** Undefined while there is room in this turn; else the end of the turn before the one with room. */
  next(): Promise<void> | undefined {
    const index = Math.floor(this.#taken++ / STEPS);
    if (this.#turns.length <= index) this.#addTurn();
    return this.#turns[index - 1];
  }

  #addTurn(): void {
    const turn = this.#turnAfter(this.#turns.at(-1));
    this.#turns.push(turn);
    void this.#restAfter(turn);
  }

  async #turnAfter(before: Promise<void> | undefined): Promise<void> {
    await before;
    await new Promise((resolve) => setImmediate(resolve));
  }

  /** Starts again after the last turn. */
  async #restAfter(turn: Promise<void>): Promise<void> {
    await turn;
    if (this.#turns.at(-1) !== turn) return;
    this.#turns = [];
    this.#taken = 0;
  }
}
