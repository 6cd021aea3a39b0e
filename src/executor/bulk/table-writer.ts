import type { TableDescriptor } from '../../catalog/descriptors.js';
import type { UserId } from '../../commons/ids.js';
import type { MaybePromise } from '../../commons/maybe-promise.js';
import type { SqlValue } from '../../types/value.js';
import { partitionOf } from '../access/index.js';
import type { UtilityContext } from '../ddl/context.js';
import { asSeenFrom } from '../dml/tree/routed-violation.js';
import { convert, route } from '../dml/tree/router.js';
import type { TableTriggers } from '../dml/triggers/table-triggers.js';
import { drive, type Waiting } from '../waiting.js';
import { type BulkTarget, bulkTarget } from './bound-target.js';

/** Inserts rows that come from anywhere, with all that INSERT checks, into the acting user's partition, or that of the user who is named. */
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
  insert(values: SqlValue[], owner?: UserId): MaybePromise<boolean> {
    const { writer, frame } = this.#bulk;
    if (writer.target.triggers !== undefined || this.#table.partitionKey !== undefined) return drive(this.#insertWith(values, owner));
    const inserting = drive(writer.insert(values, partitionOf(this.#table, owner ?? frame.cx.actingUser), frame, undefined));
    return inserting instanceof Promise ? inserting.then(() => true) : true;
  }

  /** Under triggers, or into the partition that the row belongs to. */
  *#insertWith(values: SqlValue[], owner: UserId | undefined): Waiting<boolean> {
    const { writer, children, frame } = this.#bulk;
    const { triggers: own } = writer.target;
    if (own !== undefined) {
      yield* this.#begin(own);
      if (own.hasInstead('insert')) return yield* own.instead('insert', undefined, values, frame);
    }
    const isRouted = this.#table.partitionKey !== undefined;
    const to = isRouted ? route(writer.target, values, children, frame) : { writer, values };
    const { triggers } = to.writer.target;
    if (triggers !== undefined && !(yield* triggers.beforeInsert(to.values, frame))) return false;
    const user = partitionOf(this.#table, owner ?? frame.cx.actingUser);
    const inserting = to.writer.insert(to.values, user, frame, undefined);
    yield* isRouted ? asSeenFrom(writer.target, to.writer, to.values, frame, inserting) : inserting;
    if (isRouted) own?.captureOther('insert', undefined, convert(to.writer.target.table, this.#table, to.values), frame);
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
