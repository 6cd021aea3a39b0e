/** Gives out the places of a frame that a compilation needs. */
export class Slots {
  readonly #placeholders = new Map<number, number>();
  slotCount: number;

  /** @param first where they begin in a frame that others have places in too */
  constructor(first = 0) {
    this.slotCount = first;
  }

  newSlot(): number {
    return this.slotCount++;
  }

  /** Of a placeholder: unique in the statement. */
  placeholder(slot: number): number {
    let own = this.#placeholders.get(slot);
    if (own === undefined) {
      own = this.newSlot();
      this.#placeholders.set(slot, own);
    }
    return own;
  }
}
