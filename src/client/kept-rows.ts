/** One notification of a live query, or one row of kalamdb.changes(). */
export interface Change {
  readonly op: 'insert' | 'update' | 'delete' | 'current' | 'resync' | 'end';
  readonly seq: string;
  readonly key?: unknown;
  readonly row?: unknown;
  /** Compares as the rows do in the order that the query asks for. */
  readonly order?: string;
  /** The last one of a commit. */
  readonly last?: boolean;
  readonly reason?: string;
}

interface Kept {
  readonly row: unknown;
  readonly order: string | undefined;
}

/** A query's rows, kept current by its changes: always those of a whole commit. */
export class KeptRows<Row> {
  #rows = new Map<string, Kept>();
  #list: readonly Row[] | undefined;
  /** Of a commit that is not complete yet. */
  #partial: Change[] = [];
  /** The newest commit that is in. */
  seq = 0n;

  /** All rows anew. */
  replace(changes: readonly Change[]): void {
    this.#rows = new Map();
    this.catchUp(changes);
  }

  /** What has changed since `seq`, each whatever it was before. */
  catchUp(changes: readonly Change[]): void {
    this.#list = undefined;
    this.#partial = [];
    for (const change of changes) {
      if (change.op === 'current') this.seq = BigInt(change.seq);
      else this.#write(change);
    }
  }

  /** @returns true when a commit is complete: then there is something to show. Older ones than are in already pass by. */
  apply(change: Change): boolean {
    if (BigInt(change.seq) <= this.seq) return false;
    this.#partial.push(change);
    if (change.last !== true) return false;
    for (const each of this.#partial) this.#write(each);
    this.#partial = [];
    this.#list = undefined;
    this.seq = BigInt(change.seq);
    return true;
  }

  /** What is left of a commit whose end will not come. */
  forgetPartial(): void {
    this.#partial = [];
  }

  #write({ op, key, row, order }: Change): void {
    const text = JSON.stringify(key);
    if (op === 'delete') this.#rows.delete(text);
    else if (op === 'insert' || op === 'update') this.#rows.set(text, { row, order });
  }

  /** The rows, in the order that the query asks for; the same array until something changes. */
  list(): readonly Row[] {
    if (this.#list === undefined) {
      const kept = [...this.#rows.values()];
      if (kept.some(({ order }) => order !== undefined)) kept.sort((a, b) => compare(a.order ?? '', b.order ?? ''));
      // Rows are what the query gives as JSON: the caller says what that is.
      this.#list = kept.map(({ row }) => row as Row);
    }
    return this.#list;
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a === b ? 0 : 1;
}
