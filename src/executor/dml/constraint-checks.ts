import type { ForeignKeyConstraint, KeyConstraint } from '../../catalog/descriptors.js';
import { triggersOfTree } from '../../catalog/tree-triggers.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Frame } from '../frame.js';
import type { Waiting } from '../waiting.js';

type DeferrableConstraint = Pick<KeyConstraint | ForeignKeyConstraint, 'oid' | 'deferrable' | 'initiallyDeferred'>;

/** A constraint that a changed row may violate. Holds no context: it runs in that of the statement's end, of SET CONSTRAINTS, or of the commit. */
export interface ConstraintCheck {
  readonly constraint: DeferrableConstraint;
  /** The table whose rows were changed. */
  readonly table: Oid;
  /** The table that has the constraint. */
  readonly constrained: Oid;
  /** @throws SqlError 23503, 23505 */
  readonly run: (frame: Frame) => Waiting<void>;
}

/** SET CONSTRAINTS: what ALL said, and what was said of single ones since. */
interface Modes {
  readonly all: boolean | undefined;
  readonly named: ReadonlyMap<Oid, boolean>;
}

interface Mark {
  readonly modes: Modes;
  readonly waiting: ConstraintCheck[];
  readonly count: number;
}

const AS_MADE: Modes = { all: undefined, named: new Map() };

/** Law 6: a check keeps the values of a key. */
const MAX_WAITING_CHECKS = 4_000_000;

/**
 * Constraint checks of one session's transaction. A statement hands in what it may have violated → what is not deferred is checked at the
 * statement's end → the rest waits for SET CONSTRAINTS … IMMEDIATE or the commit. Checks look at the rows as they are then, so that it does not
 * matter how they came to be so. A savepoint that is rolled back takes what was handed in since with it, and brings back what was done.
 */
export class ConstraintChecks {
  #modes = AS_MADE;
  #waiting: ConstraintCheck[] = [];
  #marks: Mark[] = [];

  get isEmpty(): boolean {
    return this.#waiting.length === 0;
  }

  isDeferred({ oid, deferrable, initiallyDeferred }: DeferrableConstraint): boolean {
    if (deferrable !== true) return false;
    return this.#modes.named.get(oid) ?? this.#modes.all ?? initiallyDeferred === true;
  }

  /** @throws SqlError 54000 */
  add(check: ConstraintCheck, frame: Frame): void {
    if (!this.isDeferred(check.constraint)) {
      frame.atEnd ??= [];
      frame.atEnd.push(() => check.run(frame));
      return;
    }
    if (this.#waiting.length >= MAX_WAITING_CHECKS) {
      throw new SqlError(
        SqlState.programLimitExceeded,
        `more than ${MAX_WAITING_CHECKS} checks of deferred constraints wait for the commit`,
        {
          hint: 'Split the work into several transactions, or use SET CONSTRAINTS ... IMMEDIATE now and then.',
        },
      );
    }
    this.#waiting.push(check);
  }

  hasWaiting(table: Oid): boolean {
    return this.#waiting.some((check) => check.table === table);
  }

  setAll(deferred: boolean): void {
    this.#modes = { all: deferred, named: AS_MADE.named };
  }

  set(constraints: Iterable<Oid>, deferred: boolean): void {
    const named = new Map(this.#modes.named);
    for (const oid of constraints) named.set(oid, deferred);
    this.#modes = { all: this.#modes.all, named };
  }

  /** Checks what is not deferred any more. @throws SqlError 23503, 23505 */
  *runImmediate(frame: Frame): Waiting<void> {
    const due = this.#waiting.filter((check) => !this.isDeferred(check.constraint));
    if (due.length === 0) return;
    this.#waiting = this.#waiting.filter((check) => this.isDeferred(check.constraint));
    yield* runThose(due, frame);
  }

  /** At the commit. @throws SqlError 23503, 23505 */
  *runAll(frame: Frame): Waiting<void> {
    const due = this.#waiting;
    this.#waiting = [];
    yield* runThose(due, frame);
  }

  savepoint(): void {
    this.#marks.push({ modes: this.#modes, waiting: this.#waiting, count: this.#waiting.length });
  }

  /** @param depth of the savepoint, from 1 */
  rollbackTo(depth: number): void {
    const mark = this.#marks[depth - 1];
    if (mark === undefined) return;
    this.#marks.length = depth;
    this.#modes = mark.modes;
    this.#waiting = mark.waiting;
    this.#waiting.length = mark.count;
  }

  release(depth: number): void {
    this.#marks.length = depth - 1;
  }

  /** The transaction is over. */
  clear(): void {
    if (this.#modes !== AS_MADE) this.#modes = AS_MADE;
    if (this.#waiting.length > 0) this.#waiting = [];
    if (this.#marks.length > 0) this.#marks = [];
  }
}

/** A constraint that is gone meanwhile asks for nothing. */
function* runThose(checks: readonly ConstraintCheck[], frame: Frame): Waiting<void> {
  const { catalog, interrupt } = frame.cx;
  const isThere = new Map<Oid, boolean>();
  for (const check of checks) {
    const { oid } = check.constraint;
    let there = isThere.get(oid);
    if (there === undefined) {
      const table = catalog.relationByOid(check.constrained);
      there =
        table?.kind === 'table' &&
        (table.constraints.some((constraint) => constraint.oid === oid) ||
          triggersOfTree(table, catalog).some(({ trigger }) => trigger.constraint === oid));
      isThere.set(oid, there);
    }
    if (!there) continue;
    interrupt.check();
    if (interrupt.shouldYield()) yield interrupt.turn();
    yield* check.run(frame);
  }
}

/** @throws SqlError 55006: its definition must not change under checks that wait */
export function requireNoWaitingChecks(
  checks: ConstraintChecks,
  table: { readonly oid: Oid; readonly name: string },
  command: string,
): void {
  if (checks.isEmpty || !checks.hasWaiting(table.oid)) return;
  throw new SqlError(SqlState.objectInUse, `cannot ${command} "${table.name}" because it has pending trigger events`);
}

/** @throws SqlError 55006: the table must stay as it is while a query of the same session works on it */
export function requireNotInUse(
  session: { isInUse(relation: Oid): boolean },
  table: { readonly oid: Oid; readonly name: string },
  command: string,
): void {
  if (!session.isInUse(table.oid)) return;
  throw new SqlError(SqlState.objectInUse, `cannot ${command} "${table.name}" because it is being used by active queries in this session`);
}
