import type { TableDescriptor } from '../catalog/descriptors.js';
import type { UserId } from '../commons/ids.js';
import { KeyReader } from '../store/key-reader.js';
import { compileRowDecoder, isDeleted, type RowDecoder, rowSeq, rowUpdatedMicros } from '../store/row-codec.js';
import type { LiveQuery, RowVersion } from './live-query.js';

const NOBODY: ReadonlySet<LiveQuery> = new Set();

/** The live queries of one user or stream table, by user: a changed row is offered to its own user's only. */
export class TableWatch {
  readonly table: TableDescriptor;
  readonly #byUser = new Map<UserId, Set<LiveQuery>>();
  readonly #keys = new KeyReader();
  readonly #decode: RowDecoder;

  constructor(table: TableDescriptor) {
    this.table = table;
    this.#decode = compileRowDecoder(
      table.columns.length,
      table.columns.map((column) => column.missing ?? null),
    );
  }

  add(query: LiveQuery): void {
    const queries = this.#byUser.get(query.user);
    if (queries === undefined) this.#byUser.set(query.user, new Set([query]));
    else queries.add(query);
  }

  remove(query: LiveQuery): void {
    const queries = this.#byUser.get(query.user);
    queries?.delete(query);
    if (queries?.size === 0) this.#byUser.delete(query.user);
  }

  get isEmpty(): boolean {
    return this.#byUser.size === 0;
  }

  *queries(): Iterable<LiveQuery> {
    for (const queries of this.#byUser.values()) yield* queries;
  }

  /** The live queries of the user that a row's key is led by. */
  queriesOf(key: Uint8Array): ReadonlySet<LiveQuery> {
    this.#keys.over(key);
    return this.#byUser.get(this.#keys.text() as UserId) ?? NOBODY;
  }

  /** Undefined for no row and for a deleted one. */
  version(row: Uint8Array | undefined): RowVersion | undefined {
    if (row === undefined || isDeleted(row)) return undefined;
    return { values: this.#decode(row), seq: rowSeq(row), updatedMicros: rowUpdatedMicros(row) };
  }
}
