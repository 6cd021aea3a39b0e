/** Something that is in at most one list, and knows where. */
export interface Placed {
  /** Its index; -1: in none. The list's own. */
  place: number;
}

/** A bag with cheap adding and removing, in no order: for what comes and goes with every statement. A Set would hash each. */
export class PlacedList<T extends Placed> {
  readonly #items: T[] = [];

  get size(): number {
    return this.#items.length;
  }

  add(item: T): void {
    item.place = this.#items.length;
    this.#items.push(item);
  }

  /** Nothing happens when it is not there. */
  remove(item: T): void {
    const { place } = item;
    if (place < 0) return;
    item.place = -1;
    const last = this.#items.pop();
    if (last === undefined || last === item) return;
    this.#items[place] = last;
    last.place = place;
  }

  /** Those that are in it now, whatever becomes of it meanwhile. */
  all(): readonly T[] {
    return this.#items.slice();
  }
}
