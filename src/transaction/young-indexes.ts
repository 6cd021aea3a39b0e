import type { Oid, Seq } from '../commons/ids.js';

/**
 * Indexes that were filled at a commit which some open transaction's snapshot is older than. The snapshot has the table's rows, but not the
 * index's entries, so it must not be read through the index.
 */
export class YoungIndexes {
  #indexes: { readonly database: Oid; readonly oid: Oid; readonly seq: Seq }[] = [];

  get isEmpty(): boolean {
    return this.#indexes.length === 0;
  }

  add(database: Oid, oid: Oid, seq: Seq): void {
    this.#indexes.push({ database, oid, seq });
  }

  newerThan(database: Oid, seq: Seq): readonly Oid[] {
    return this.#indexes.filter((index) => index.database === database && index.seq > seq).map(({ oid }) => oid);
  }

  /** No snapshot is left that is older. */
  forgetUpTo(seq: Seq): void {
    this.#indexes = this.#indexes.filter((index) => index.seq > seq);
  }
}
