/** The rows that a client has of a live query by applying what it is told. */
export class KeptRows {
  readonly #rows = new Map<string, unknown>();

  constructor(rows: readonly { readonly key: unknown; readonly row: unknown }[] = []) {
    for (const { key, row } of rows) this.#rows.set(JSON.stringify(key), row);
  }

  /** @throws Error where the change can't be: that row is there already, or is not */
  apply(change: Change): void {
    const key = JSON.stringify(change.key);
    const isThere = this.#rows.has(key);
    switch (change.op) {
      case 'insert':
        if (isThere) throw new Error(`inserted twice: ${JSON.stringify(change)}`);
        this.#rows.set(key, change.row);
        return;
      case 'update': {
        if (!isThere) throw new Error(`updated but not there: ${JSON.stringify(change)}`);
        this.#rows.set(key, change.row);
        return;
      }
      case 'delete':
        if (!this.#rows.delete(key)) throw new Error(`deleted but not there: ${JSON.stringify(change)}`);
        return;
      case 'current':
        return;
      default:
        throw new Error(`unexpected: ${JSON.stringify(change)}`);
    }
  }

  /** As texts, sorted: a set of rows in which each counts. */
  sorted(): string[] {
    return [...this.#rows.values()].map((row) => JSON.stringify(row)).sort();
  }
}

export interface Change {
  readonly op: string;
  readonly seq: string;
  readonly key?: unknown;
  readonly row?: unknown;
  readonly old?: unknown;
  readonly last?: boolean;
}
