import type { CatalogSnapshot } from '../catalog/catalog.js';
import type { TableDescriptor } from '../catalog/descriptors.js';
import type { Oid, Seq, UserId } from '../commons/ids.js';
import { type CompiledExpression, compileExpression } from '../executor/expression/compile-expression.js';
import type { FunctionLibrary } from '../executor/functions/implementation.js';
import type { ColumnId } from '../planner/bind/expression.js';
import type { ScanColumn } from '../planner/bind/logical.js';
import type { FormatContext } from '../types/format-context.js';
import type { Row, SqlValue } from '../types/value.js';
import type { LivePlan } from './analyse.js';
import { DetachedContext } from './detached-context.js';
import type { Subscriber } from './notifications.js';
import { changePayload, objectText, type PayloadColumn, payloadColumn, resyncPayload, valueTexts } from './payload.js';

/** A version of a row as the table's watch decoded it: columns by number, then the system columns. */
export interface RowVersion {
  readonly values: Row;
  readonly seq: Seq;
  readonly updatedMicros: number;
}

/** Payloads kept while the transaction of a LISTEN is open. */
const MAX_HELD = 1000;

/**
 * How one relation's live queries see a changed row. Compiled once per LISTEN.
 */
export class LiveQuery {
  readonly id: number;
  readonly channel: string;
  readonly relation: Oid;
  readonly relationName: string;
  table: TableDescriptor;
  readonly user: UserId;
  readonly subscriber: Subscriber;
  readonly sinceMicros: number;
  sinceSeq: Seq;
  notifications = 0;
  resyncs = 0;
  /** Too slow: nothing is sent until the client has read most of what waits for it, the resync message at the end of it. */
  lagging = false;
  readonly filterText: string;
  /** Whether its listener may still read it in that state of the catalog. */
  readonly stillMay: (catalog: CatalogSnapshot) => boolean;
  readonly #conditions: readonly CompiledExpression[];
  readonly #outputs: readonly CompiledExpression[];
  readonly #columns: readonly PayloadColumn[];
  readonly #keyNumbers: readonly number[];
  readonly #keyColumns: readonly PayloadColumn[];
  readonly #systemColumns: readonly ScanColumn[];
  readonly #context: DetachedContext;

  constructor(options: {
    readonly id: number;
    readonly channel: string;
    readonly relation: Oid;
    readonly relationName: string;
    readonly plan: LivePlan;
    readonly filterText: string;
    readonly user: UserId;
    readonly subscriber: Subscriber;
    readonly sinceMicros: number;
    readonly sinceSeq: Seq;
    readonly library: FunctionLibrary;
    readonly format: FormatContext;
    readonly stillMay: (catalog: CatalogSnapshot) => boolean;
  }) {
    const { plan, library } = options;
    this.id = options.id;
    this.channel = options.channel;
    this.relation = options.relation;
    this.relationName = options.relationName;
    this.table = plan.table;
    this.user = options.user;
    this.subscriber = options.subscriber;
    this.sinceMicros = options.sinceMicros;
    this.sinceSeq = options.sinceSeq;
    this.filterText = options.filterText;
    this.stillMay = options.stillMay;
    this.#systemColumns = plan.scan.columns.filter((column) => 'system' in column);
    const layout = rowLayout(plan, this.#systemColumns);
    this.#conditions = plan.conditions.map((condition) => compileExpression(condition, layout, library));
    this.#outputs = plan.columns.map((column) => compileExpression(column.expr, layout, library));
    this.#columns = plan.columns.map((column) => payloadColumn(column.name, column.type));
    this.#keyNumbers = plan.table.rowKey ?? [];
    this.#keyColumns = this.#keyNumbers.map((number) => {
      const column = plan.table.columns[number - 1];
      return payloadColumn(column?.name ?? '', column?.type ?? 0);
    });
    this.#context = new DetachedContext(options.format, options.user);
  }

  /** Payloads of the time between LISTEN and its transaction's end; undefined once it delivers at once. */
  #held: { readonly seq: Seq; readonly pid: number; readonly payload: string }[] | undefined;

  /** Collects instead of sending, until `deliver`. */
  hold(): void {
    this.#held = [];
  }

  /** Sends what was held and is newer than what the client has read itself, and from now on sends at once. */
  deliver(): void {
    const held = this.#held ?? [];
    this.#held = undefined;
    for (const { seq, pid, payload } of held) if (seq > this.sinceSeq) this.send(seq, pid, payload);
  }

  send(seq: Seq, pid: number, payload: string): void {
    if (this.#held !== undefined) {
      this.#hold(seq, pid, payload);
      return;
    }
    this.notifications++;
    this.subscriber.notify(pid, this.channel, payload);
  }

  /** A transaction that stays open for long ends up with one resync instead of a list without bound. */
  #hold(seq: Seq, pid: number, payload: string): void {
    const held = this.#held;
    if (held === undefined) return;
    if (held.length < MAX_HELD) {
      held.push({ seq, pid, payload });
      return;
    }
    this.resyncs++;
    held.length = 0;
    held.push({ seq, pid, payload: resyncPayload(seq) });
  }

  /** The same query over the table's new storage. */
  over(table: TableDescriptor): this {
    this.table = table;
    return this;
  }

  /**
   * What a change of one row is to this query.
   * @param hiddenKey stands for the key where the table has none of its own
   * @returns undefined when it is none
   */
  payloadOf(old: RowVersion | undefined, now: RowVersion | undefined, seq: Seq, hiddenKey: string): string | undefined {
    const format = this.subscriber.format();
    const before = old === undefined ? undefined : this.#project(old, format);
    const after = now === undefined ? undefined : this.#project(now, format);
    if (before === undefined) {
      if (now === undefined || after === undefined) return undefined;
      return changePayload('insert', seq, this.#key(now, format, hiddenKey), objectText(this.#columns, after), undefined);
    }
    if (old === undefined) return undefined;
    if (after === undefined)
      return changePayload('delete', seq, this.#key(old, format, hiddenKey), undefined, objectText(this.#columns, before));
    const changed = before.map((text, i) => text !== after[i]);
    if (!changed.includes(true)) return undefined;
    const oldText = objectText(this.#columns, before, (i) => changed[i] === true);
    return changePayload('update', seq, this.#key(old, format, hiddenKey), objectText(this.#columns, after), oldText);
  }

  /** The row's output columns as JSON texts; undefined when the filter does not let it in. */
  #project(version: RowVersion, format: FormatContext): readonly string[] | undefined {
    const row = this.#systemColumns.length === 0 ? version.values : [...version.values, ...this.#systemValues(version)];
    for (const condition of this.#conditions) if (condition.evaluate(row, this.#context) !== true) return undefined;
    return valueTexts(
      this.#columns,
      this.#outputs.map((output) => output.evaluate(row, this.#context)),
      format,
    );
  }

  #systemValues(version: RowVersion): SqlValue[] {
    return this.#systemColumns.map((column) => {
      if (!('system' in column)) return null;
      switch (column.system) {
        case '_seq':
          return version.seq;
        case '_updated':
          return version.updatedMicros;
        case '_deleted':
          return false;
        case '_user_id':
          return this.user;
        case 'tableoid':
          return this.table.oid;
        default:
          return null;
      }
    });
  }

  #key(version: RowVersion, format: FormatContext, hiddenKey: string): string {
    if (this.#keyNumbers.length === 0) return hiddenKey;
    const values = this.#keyNumbers.map((number) => version.values[number - 1] ?? null);
    return objectText(this.#keyColumns, valueTexts(this.#keyColumns, values, format));
  }
}

/** Positions of a decoded row: columns by number, then the scan's system columns in their order. */
function rowLayout(plan: LivePlan, systemColumns: readonly ScanColumn[]): readonly ColumnId[] {
  const unused = -1 as ColumnId;
  const layout: ColumnId[] = new Array<ColumnId>(plan.table.columns.length).fill(unused);
  for (const column of plan.scan.columns) if ('number' in column) layout[column.number - 1] = column.id;
  for (const column of systemColumns) layout.push(column.id);
  return layout;
}
