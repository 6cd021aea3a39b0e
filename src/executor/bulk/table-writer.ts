import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { SqlValue } from '../../types/value.js';
import { partitionOf } from '../access/index.js';
import type { UtilityContext } from '../ddl/context.js';
import { drive, type Waiting } from '../waiting.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';

/** Inserts rows that come from anywhere, with all that INSERT checks, into the acting user's partition. */
export class TableWriter {
  readonly #bulk: BulkTarget;
  readonly #table: TableDescriptor;

  constructor(table: TableDescriptor, cx: UtilityContext) {
    this.#table = table;
    this.#bulk = bulkTarget(table, cx);
  }

  /** @param values by column number - 1, of the columns' types */
  insert(values: readonly SqlValue[]): MaybePromise<void> {
    return drive(this.#insert([...values]));
  }

  *#insert(values: SqlValue[]): Waiting<void> {
    const { writer, frame } = this.#bulk;
    yield* writer.insert(values, partitionOf(this.#table, frame.cx.actingUser), frame, undefined);
  }

  /** What waited for the end: foreign keys. */
  async finish(): Promise<void> {
    await this.#bulk.frame.runAtEnd();
  }
}
