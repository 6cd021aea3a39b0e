import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { SqlValue } from '../../types/value.js';
import { partitionOf } from '../access/index.js';
import type { UtilityContext } from '../ddl/context.js';
import { drive } from '../waiting.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';

/** Inserts rows that come from anywhere, with all that INSERT checks, into the acting user's partition. */
export class TableWriter {
  readonly #bulk: BulkTarget;
  readonly #table: TableDescriptor;

  constructor(table: TableDescriptor, cx: UtilityContext) {
    this.#table = table;
    this.#bulk = bulkTarget(table, cx);
  }

  /**
   * A promise only where it has to wait.
   * @param values by column number - 1, of the columns' types; kept
   */
  insert(values: SqlValue[]): Promise<unknown> | undefined {
    const { writer, frame } = this.#bulk;
    const inserting = drive(writer.insert(values, partitionOf(this.#table, frame.cx.actingUser), frame, undefined));
    return inserting instanceof Promise ? inserting : undefined;
  }

  /** What waited for the end: foreign keys. */
  async finish(): Promise<void> {
    await this.#bulk.frame.runAtEnd();
  }
}
