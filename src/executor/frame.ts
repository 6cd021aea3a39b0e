import type { MaybePromise } from '../commons/maybe-promise.js';
import { SettingName } from '../commons/setting-names.js';
import type { PhysicalPlan } from '../planner/optimize/physical.js';
import type { HashKey } from '../types/type-codec.js';
import type { Row, SqlValue } from '../types/value.js';
import type { ExecutionContext } from './context.js';
import type { NodeCounters } from './counters.js';
import type { StatementFiring } from './dml/triggers/firing.js';
import type { CteBuffer } from './operators/cte-buffer.js';
import type { KeyedRows } from './operators/keyed-scan.js';
import type { RowStore } from './operators/row-store.js';
import { drive, type Waiting } from './waiting.js';

/**
 * The state of one execution. Compiled plans and expressions are shared by all executions and hold nothing; whatever changes while a
 * statement runs lies here, by numbers that the compiler gave out.
 */
export class Frame {
  cx: ExecutionContext;
  /** Correlated columns and placeholders: written by whoever binds them, before what reads them is run. */
  readonly slots: SqlValue[];
  /** Sub-queries' cached results, made when first used. */
  readonly subqueries: (SubqueryState | undefined)[] = [];
  readonly ctes: (CteBuffer | undefined)[] = [];
  /** Tables that correlated scans keep by key. */
  #keyedRows: (KeyedRows | undefined)[] | undefined;
  /** The previous round's rows of recursive queries. */
  readonly workTables: (RowStore | undefined)[] = [];
  /** Above 0 while a sub-query of an expression runs: then nothing may wait, and scans don't give way to other sessions. */
  synchronousDepth = 0;
  /** Whoever evaluates can wait for a sub-query that takes long (patient-rows.ts). */
  isPatient = false;
  /** Rows inserted, updated or deleted by the statement's main node: the command tag's number. */
  affected = 0;
  /** Rows that this statement changed already, per storage: a row is changed at most once a statement. */
  touched: Map<number, Set<string>> | undefined;
  /** Checks that wait for the statement's end: NO ACTION foreign keys. */
  atEnd: (() => Waiting<void>)[] | undefined;
  /** What its triggers share. */
  firing: StatementFiring | undefined;
  /** EXPLAIN ANALYZE's counts, when they are wanted. */
  counters: Map<PhysicalPlan, NodeCounters> | undefined;

  constructor(cx: ExecutionContext, slotCount: number) {
    this.cx = cx;
    this.slots = slotCount === 0 ? [] : new Array<SqlValue>(slotCount).fill(null);
  }

  /** Files that no operator knows of: those of aggregates' states. */
  #isReplica: boolean | undefined;
  #afterCascades: (() => Waiting<void>)[] | undefined;
  #kept: Set<{ close(): void }> | undefined;

  /** What a scan of that number keeps. */
  keyedRows(number: number): KeyedRows {
    this.#keyedRows ??= [];
    let kept = this.#keyedRows[number];
    if (kept === undefined) {
      kept = { runs: 0, rows: undefined, isTooLarge: false };
      this.#keyedRows[number] = kept;
    }
    return kept;
  }

  /** What has outgrown its memory in the midst of a row: whoever can wait spills it in turns. */
  readonly overfull: { spill(frame: Frame): Waiting<void> }[] = [];

  /** Closed with the execution, unless it is released before. */
  keep(resource: { close(): void }): void {
    this.#kept ??= new Set();
    this.#kept.add(resource);
  }

  release(resource: { close(): void }): void {
    this.#kept?.delete(resource);
  }

  closeKept(): void {
    if (this.#kept === undefined) return;
    for (const resource of this.#kept) resource.close();
    this.#kept = undefined;
  }

  /** What a change of other tables' rows, set off by foreign keys, leaves for the end comes behind all that the statement itself leaves. */
  *cascade(work: Waiting<void>): Waiting<void> {
    const own = this.atEnd;
    this.#afterCascades ??= [];
    this.atEnd = this.#afterCascades;
    try {
      yield* work;
    } finally {
      this.atEnd = own;
    }
  }

  /** session_replication_role = replica: constraints of rows that are copied hold already, and what users made of triggers is not to be done again. */
  get isReplica(): boolean {
    this.#isReplica ??= this.cx.session.getSetting(SettingName.sessionReplicationRole, true) === 'replica';
    return this.#isReplica;
  }

  get hasEnd(): boolean {
    return this.atEnd !== undefined || this.#afterCascades !== undefined || this.firing !== undefined;
  }

  /** Checks may add further ones: a cascade's. */
  runAtEnd(): MaybePromise<null> {
    return drive(this.#runAll());
  }

  *#runAll(): Waiting<null> {
    const { atEnd } = this;
    // An array's iterator goes on to what is pushed meanwhile.
    if (atEnd !== undefined) for (const check of atEnd) yield* check();
    if (this.#afterCascades !== undefined) for (const check of this.#afterCascades) yield* check();
    if (this.firing !== undefined) for (const end of this.firing.last) yield* end();
    return null;
  }
}

/** What a sub-query remembers within one execution; its shape is the business of the mode. */
export interface SubqueryState {
  readonly results: Map<string, SqlValue>;
  /** All rows of an uncorrelated one. */
  readonly rows?: readonly Row[];
  /** It was run before it was asked for, and failed: raised when it is. */
  readonly failure?: Error;
  /** It took long before: whoever can wait for it does so at once. */
  isSlow?: boolean;
  /** Their keys, for IN. */
  members?: {
    readonly keys: ReadonlySet<HashKey>;
    readonly hasNull: boolean;
    readonly empty: boolean;
  };
}
