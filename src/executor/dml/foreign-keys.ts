import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ForeignKeyConstraint, TableDescriptor } from '../../catalog/descriptors.js';
import type { UserId } from '../../commons/ids.js';
import type { SqlValue } from '../../types/value.js';
import type { Frame } from '../frame.js';
import type { Waiting } from '../waiting.js';
import { compileLookup, differ, findReferenced, type Reference, type ReferenceLookup, referencesTo } from './reference-lookup.js';
import { actOnReferences, type ChildWriters, referencingRows } from './referential-actions.js';
import type { References } from './row-writer.js';
import { missingReference, mixedNulls } from './violations.js';

/** The foreign keys of one table, in both directions. */
export class ForeignKeys implements References {
  readonly #table: TableDescriptor;
  readonly #own: readonly ForeignKeyConstraint[];
  readonly #children: ChildWriters;
  readonly #isCheck: boolean;
  readonly #lookups = new Map<ForeignKeyConstraint, ReferenceLookup>();
  #referencing: readonly Reference[] = [];
  #referencingKey: string | undefined;

  /** @param isCheck of rows that are there, which have to hold whatever applies to changes */
  constructor(table: TableDescriptor, children: ChildWriters, isCheck = false) {
    this.#table = table;
    this.#isCheck = isCheck;
    this.#own = table.constraints.filter((constraint) => constraint.kind === 'foreign key');
    this.#children = children;
  }

  /** Checked at the statement's end, so that rows of one statement may refer to each other. */
  inserted(values: readonly SqlValue[], user: UserId | undefined, frame: Frame): void {
    if (this.#own.length === 0 || !this.#applies(frame)) return;
    for (const constraint of this.#own) this.#checkLater(constraint, values, user, frame);
  }

  *updated(before: readonly SqlValue[], after: readonly SqlValue[], user: UserId | undefined, frame: Frame): Waiting<void> {
    const references = this.#references(frame.cx.catalog);
    if ((this.#own.length === 0 && references.length === 0) || !this.#applies(frame)) return;
    for (const constraint of this.#own) {
      if (differ(before, after, constraint.columns)) this.#checkLater(constraint, after, user, frame);
    }
    for (const reference of references) {
      if (differ(before, after, reference.constraint.referencedColumns)) {
        yield* actOnReferences(this.#table, reference, before, after, user, frame, this.#children);
      }
    }
  }

  *deleted(values: readonly SqlValue[], user: UserId | undefined, frame: Frame): Waiting<void> {
    const references = this.#references(frame.cx.catalog);
    if (references.length === 0 || !this.#applies(frame)) return;
    for (const reference of references) {
      yield* actOnReferences(this.#table, reference, values, undefined, user, frame, this.#children);
    }
  }

  #applies(frame: Frame): boolean {
    if (this.#isCheck) return true;
    const { keyFiring } = this.#table;
    if (keyFiring === undefined) return !frame.isReplica;
    return keyFiring === 'always' || (keyFiring === 'replica' && frame.isReplica);
  }

  #references(catalog: CatalogSnapshot): readonly Reference[] {
    if (this.#referencingKey !== catalog.key) {
      this.#referencing = referencesTo(this.#table, catalog);
      this.#referencingKey = catalog.key;
    }
    return this.#referencing;
  }

  #checkLater(constraint: ForeignKeyConstraint, values: readonly SqlValue[], user: UserId | undefined, frame: Frame): void {
    const keys = constraint.columns.map((number) => values[number - 1] ?? null);
    if (keys.includes(null)) {
      if (constraint.match === 'full' && keys.some((key) => key !== null)) throw mixedNulls(this.#table, constraint, frame.cx);
      return;
    }
    if (constraint.deferrable === true) {
      frame.cx.session.constraintChecks.add(
        {
          constraint,
          table: this.#table.oid,
          constrained: this.#table.oid,
          run: (now) => this.#checkRemaining(constraint, keys, user, now),
        },
        frame,
      );
      return;
    }
    frame.atEnd ??= [];
    frame.atEnd.push(() => this.#check(constraint, keys, user, frame));
  }

  /** The referenced row must be there now, and stay until we are done. @throws SqlError 23503 */
  *#check(constraint: ForeignKeyConstraint, keys: readonly SqlValue[], user: UserId | undefined, frame: Frame): Waiting<void> {
    const { cx } = frame;
    const lookup = this.#lookup(constraint, cx.catalog);
    if (!(yield* findReferenced(lookup, keys, user, cx, true))) throw missingReference(this.#table, lookup.parent, constraint, keys, cx);
  }

  /** The same for a key whose row may have gone meanwhile, or refer to something else. @throws SqlError 23503 */
  *#checkRemaining(constraint: ForeignKeyConstraint, keys: readonly SqlValue[], user: UserId | undefined, frame: Frame): Waiting<void> {
    const { cx } = frame;
    const lookup = this.#lookup(constraint, cx.catalog);
    if (yield* findReferenced(lookup, keys, user, cx, true)) return;
    const [row] = yield* referencingRows(lookup.parent, { child: this.#table, constraint }, keys, user, cx);
    if (row !== undefined) throw missingReference(this.#table, lookup.parent, constraint, keys, cx);
  }

  #lookup(constraint: ForeignKeyConstraint, catalog: CatalogSnapshot): ReferenceLookup {
    let lookup = this.#lookups.get(constraint);
    if (lookup === undefined) {
      lookup = compileLookup(constraint, catalog);
      this.#lookups.set(constraint, lookup);
    }
    return lookup;
  }
}
