/** One notification of a live query, or one row of kalamdb.changes(). */
export interface Change {
  readonly op: string;
  readonly seq: string;
  readonly user?: string;
  readonly key?: unknown;
  readonly row?: JsonRow;
  readonly old?: JsonRow;
  readonly order?: string;
  readonly last?: boolean;
  readonly reason?: string;
}
export type JsonRow = Readonly<Record<string, unknown>>;

interface Kept {
  readonly row: JsonRow | undefined;
  readonly order: string | undefined;
}

/** The rows that a client has of a live query by applying what it is told, believing nothing: what does not fit is an error. */
export class KeptRows {
  #rows = new Map<string, Kept>();
  /** A bag of rows, where the client has read them without keys. */
  #bag: Map<string, number> | undefined;
  /** The newest commit that is in. */
  seq = 0n;
  /** The commit that is being told. */
  #partial: string | undefined;

  /** Rows as SELECT gives them. */
  readRows(rows: readonly JsonRow[]): void {
    this.#rows = new Map();
    this.#bag = new Map();
    for (const row of rows) this.#count(JSON.stringify(row), 1);
  }

  /** All that kalamdb.changes() gives. @throws Error */
  readAll(changes: readonly Change[]): void {
    this.#rows = new Map();
    this.#bag = undefined;
    for (const change of changes) {
      if (change.op === 'insert') this.#insert(change);
      else if (change.op !== 'current') throw new Error(`unexpected among all rows: ${JSON.stringify(change)}`);
    }
    this.#current(changes);
  }

  /** All that kalamdb.changes(since) gives: rows are there or gone, whatever was before. @throws Error */
  catchUp(changes: readonly Change[]): void {
    for (const change of changes) {
      const key = JSON.stringify(change.key);
      if (change.op === 'insert') this.#rows.set(key, { row: change.row, order: change.order });
      else if (change.op === 'delete') this.#rows.delete(key);
      else if (change.op !== 'current') throw new Error(`unexpected among what was missed: ${JSON.stringify(change)}`);
    }
    this.#current(changes);
  }

  #current(changes: readonly Change[]): void {
    const last = changes.at(-1);
    if (last?.op !== 'current') throw new Error(`does not end with the commit that it is of: ${JSON.stringify(last)}`);
    this.seq = BigInt(last.seq);
    this.#partial = undefined;
  }

  /** @throws Error where the change can't be: that row is there already, or is not, or was not what it is said to have been */
  apply(change: Change): void {
    const { seq, last } = change;
    if (this.#partial !== undefined && this.#partial !== seq)
      throw new Error(`commit ${this.#partial} has no end: ${JSON.stringify(change)}`);
    if (BigInt(seq) <= this.seq) throw new Error(`an older commit than ${this.seq}: ${JSON.stringify(change)}`);
    if (this.#bag === undefined) this.#applyByKey(change);
    else this.#applyByRow(change);
    this.#partial = last === true ? undefined : seq;
    if (last === true) this.seq = BigInt(seq);
  }

  #applyByKey(change: Change): void {
    const key = JSON.stringify(change.key);
    const kept = this.#rows.get(key);
    if (change.op === 'insert') {
      this.#insert(change);
      return;
    }
    if (kept === undefined) throw new Error(`not there: ${JSON.stringify(change)}`);
    const before = change.op === 'update' ? { ...change.row, ...change.old } : change.old;
    if (JSON.stringify(before) !== JSON.stringify(kept.row)) throw new Error(`was ${JSON.stringify(kept.row)}: ${JSON.stringify(change)}`);
    if (change.op === 'update') this.#rows.set(key, { row: change.row, order: change.order });
    else if (change.op === 'delete') this.#rows.delete(key);
    else throw new Error(`unexpected: ${JSON.stringify(change)}`);
  }

  #insert({ key, row, order }: Change): void {
    const text = JSON.stringify(key);
    if (this.#rows.has(text))
      throw new Error(`there already: ${text} as ${JSON.stringify(this.#rows.get(text))}, now ${JSON.stringify(row)}`);
    this.#rows.set(text, { row, order });
  }

  #applyByRow({ op, row, old }: Change): void {
    if (op !== 'insert') this.#count(JSON.stringify(op === 'update' ? { ...row, ...old } : old), -1);
    if (op !== 'delete') this.#count(JSON.stringify(row), 1);
  }

  #count(text: string, by: 1 | -1): void {
    const count = (this.#bag?.get(text) ?? 0) + by;
    if (count < 0) throw new Error(`deleted but not there: ${text}`);
    if (count === 0) this.#bag?.delete(text);
    else this.#bag?.set(text, count);
  }

  /** As texts; in the query's order where it has one (rows that tie are sorted by their text), else sorted. */
  list(): { readonly rows: readonly string[]; readonly orders: readonly (string | undefined)[] } {
    if (this.#bag !== undefined) {
      const rows = [...this.#bag].flatMap(([text, count]) => Array<string>(count).fill(text)).sort();
      return { rows, orders: rows.map(() => undefined) };
    }
    const kept = [...this.#rows.values()].map(({ row, order }) => ({ text: JSON.stringify(row), order }));
    kept.sort((a, b) => compare(a.order ?? '', b.order ?? '') || compare(a.text, b.text));
    return { rows: kept.map(({ text }) => text), orders: kept.map(({ order }) => order) };
  }

  /** Keys, rows and their order: for comparing two clients. */
  whole(): string {
    return JSON.stringify([...this.#rows].sort(([a], [b]) => compare(a, b)));
  }
}

/** What is different between rows that were kept and those that the query gives now; undefined: nothing. */
export function difference(kept: KeptRows, fresh: readonly JsonRow[]): string | undefined {
  const { rows, orders } = kept.list();
  const wanted = fresh.map((row) => JSON.stringify(row));
  const said = `kept ${rows.join(' ')}\nbut it is ${wanted.join(' ')}`;
  if (JSON.stringify(wanted.toSorted()) !== JSON.stringify(rows.toSorted())) return said;
  if (orders.some((order) => order === undefined)) return undefined;
  // Rows that tie may stand in any order.
  for (let start = 0; start < rows.length; ) {
    let end = start + 1;
    while (end < rows.length && orders[end] === orders[start]) end++;
    if (JSON.stringify(wanted.slice(start, end).sort()) !== JSON.stringify(rows.slice(start, end).sort()))
      return `in another order: ${said}`;
    start = end;
  }
  return undefined;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a === b ? 0 : 1;
}
