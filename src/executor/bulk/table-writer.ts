import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { SqlValue } from '../../types/value.js';
import { partitionOf } from '../access/index.js';
import type { UtilityContext } from '../ddl/context.js';
import type { TableTriggers } from '../dml/triggers/table-triggers.js';
import { drive, type Waiting } from '../waiting.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';

/** Inserts rows that come from anywhere, with all that INSERT checks, into the acting user's partition. */
export class TableWriter {
  readonly #bulk: BulkTarget;
  readonly #table: TableDescriptor;
  #hasBegun = false;

  constructor(table: TableDescriptor, cx: UtilityContext) {
    this.#table = table;
    this.#bulk = bulkTarget(table, cx);
  }

  /**
   * A promise only where it has to wait.
   * @param values by column number - 1, of the columns' types; kept
   * @returns false: a trigger has dropped the row
   */
  insert(values: SqlValue[]): MaybePromise<boolean> {
    return drive(this.#insert(values));
  }

  *#insert(values: SqlValue[]): Waiting<boolean> {
    const { writer, frame } = this.#bulk;
    const { triggers } = writer.target;
    if (triggers !== undefined) {
      yield* this.#begin(triggers);
      if (triggers.hasInstead('insert')) return yield* triggers.instead('insert', undefined, values, frame);
      if (!(yield* triggers.beforeInsert(values, frame))) return false;
    }
    yield* writer.insert(values, partitionOf(this.#table, frame.cx.actingUser), frame, undefined);
    return true;
  }

  *#begin(triggers: TableTriggers): Waiting<void> {
    if (this.#hasBegun) return;
    this.#hasBegun = true;
    yield* triggers.beforeStatement('insert', undefined, this.#bulk.frame);
  }

  /** What waited for the end: foreign keys, AFTER triggers. */
  async finish(): Promise<void> {
    const { writer, frame } = this.#bulk;
    const { triggers } = writer.target;
    if (triggers !== undefined) {
      await drive(this.#begin(triggers));
      triggers.afterStatement('insert', undefined, frame);
    }
    await frame.runAtEnd();
  }
}
