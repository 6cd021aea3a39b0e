const PIECES = 512;

/**
 * A text put together of very many pieces, flat: one that grows by `+=` is a tree of all its pieces in V8, which takes many times its
 * size and holds up the garbage collector.
 */
export class TextBuilder {
  #pieces: string[] = [];
  #flat: string[] = [];
  length = 0;

  add(piece: string): void {
    this.length += piece.length;
    if (this.#pieces.push(piece) < PIECES) return;
    this.#flat.push(this.#pieces.join(''));
    this.#pieces = [];
    if (this.#flat.length < PIECES) return;
    this.#flat = [this.#flat.join('')];
  }

  toString(): string {
    return this.#flat.join('') + this.#pieces.join('');
  }
}
