import type { RelationDescriptor, TriggerDescriptor, TriggerEvent } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { TargetTriggers } from '../../../planner/bind/logical.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { Predicate } from '../../expression/evaluator.js';
import type { Frame } from '../../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../../scope.js';
import type { Waiting } from '../../waiting.js';
import { fire, StatementFiring, type Transition } from './firing.js';

interface CompiledTrigger {
  readonly trigger: TriggerDescriptor;
  /** Over the old row's values and the new one's. */
  readonly when: Predicate | undefined;
}

/** Numbers of the columns that an UPDATE sets; undefined: no matter which. */
export type ChangedColumns = readonly number[] | undefined;

type RowEvent = 'insert' | 'update' | 'delete';
const NO_TRIGGERS: readonly CompiledTrigger[] = [];

/**
 * Life of a change under triggers: BEFORE STATEMENT → for each row BEFORE ROW, which may change or drop it, then the change, then its AFTER ROW
 * triggers are queued → at the statement's end the queue fires in its order, what is deferred at the commit, and AFTER STATEMENT last.
 */
export class TableTriggers {
  readonly #relation: RelationDescriptor;
  readonly #lists = new Map<string, readonly CompiledTrigger[]>();
  readonly #isOfPartition: ((values: SqlValue[], frame: Frame) => boolean) | undefined;
  readonly #none: Row;
  readonly #captured = new Set<TriggerEvent>();

  /** @param isOfPartition of a partition: whether a row may be in it */
  constructor(
    relation: RelationDescriptor,
    bound: TargetTriggers,
    scope: Scope,
    compiler: QueryCompiler,
    isOfPartition?: (values: SqlValue[], frame: Frame) => boolean,
  ) {
    this.#isOfPartition = isOfPartition;
    this.#relation = relation;
    this.#none = new Array<SqlValue>(bound.old.length).fill(null);
    const layout = new Layout([...bound.old, ...bound.new], scope, compiler);
    for (const { trigger, when } of bound.list) {
      const compiled = { trigger, when: when === undefined ? undefined : layout.predicate(when) };
      for (const event of trigger.events) {
        const key = `${trigger.timing} ${trigger.level} ${event}`;
        this.#lists.set(key, [...(this.#lists.get(key) ?? []), compiled]);
        if (trigger.oldTable !== undefined || trigger.newTable !== undefined) this.#captured.add(event);
      }
    }
  }

  #of(timing: TriggerDescriptor['timing'], level: TriggerDescriptor['level'], event: TriggerEvent): readonly CompiledTrigger[] {
    return this.#lists.get(`${timing} ${level} ${event}`) ?? NO_TRIGGERS;
  }

  /** Whether BEFORE ROW triggers may have done something to the row that is about to be changed. */
  hasBeforeRow(event: RowEvent): boolean {
    return this.#lists.has(`before row ${event}`);
  }

  /** Whether triggers do the work: of a view. */
  hasInstead(event: RowEvent): boolean {
    return this.#lists.has(`instead of row ${event}`);
  }

  /** @param values the new row, which triggers change in place @returns false: the row is not to be inserted */
  beforeInsert(values: SqlValue[], frame: Frame): Waiting<boolean> {
    return this.#beforeRow('before', 'insert', undefined, values, undefined, frame);
  }

  beforeUpdate(old: readonly SqlValue[], values: SqlValue[], changed: ChangedColumns, frame: Frame): Waiting<boolean> {
    return this.#beforeRow('before', 'update', old, values, changed, frame);
  }

  beforeDelete(old: readonly SqlValue[], frame: Frame): Waiting<boolean> {
    return this.#beforeRow('before', 'delete', old, undefined, undefined, frame);
  }

  /** INSTEAD OF triggers, of a view. @returns false: nothing was done */
  instead(event: RowEvent, old: readonly SqlValue[] | undefined, values: SqlValue[] | undefined, frame: Frame): Waiting<boolean> {
    return this.#beforeRow('instead of', event, old, values, undefined, frame);
  }

  *#beforeRow(
    timing: 'before' | 'instead of',
    event: RowEvent,
    old: readonly SqlValue[] | undefined,
    values: SqlValue[] | undefined,
    changed: ChangedColumns,
    frame: Frame,
  ): Waiting<boolean> {
    for (const { trigger, when } of this.#of(timing, 'row', event)) {
      if (!firingOf(frame).applies(trigger) || !concerns(trigger, event, changed)) continue;
      const row = values?.slice();
      if (when !== undefined && !when([...(old ?? this.#none), ...(row ?? this.#none)], frame)) continue;
      const rows = { ...(old === undefined ? {} : { old: old.slice() }), ...(row === undefined ? {} : { new: row }) };
      const result = yield* fire(trigger, this.#relation, event, rows, frame.cx);
      if (result === null) return false;
      if (values === undefined) continue;
      for (let i = 0; i < values.length; i++) values[i] = result[i] ?? null;
      if (event === 'insert' && this.#isOfPartition?.(values, frame) === false && !isOwn(trigger, this.#relation)) {
        throw movesRow(trigger, this.#relation, frame);
      }
    }
    return true;
  }

  /** Queues what fires after the row has been changed. */
  afterRow(
    event: RowEvent,
    old: readonly SqlValue[] | undefined,
    values: readonly SqlValue[] | undefined,
    changed: ChangedColumns,
    frame: Frame,
  ): void {
    const transition = this.#captured.has(event) ? this.capture(event, old, values, frame) : undefined;
    for (const { trigger, when } of this.#of('after', 'row', event)) {
      const firing = firingOf(frame);
      if (!firing.applies(trigger) || !concerns(trigger, event, changed)) continue;
      if (when !== undefined && !when([...(old ?? this.#none), ...(values ?? this.#none)], frame)) continue;
      firing.keep(old as Row | undefined);
      firing.keep(values as Row | undefined);
      const rows = {
        ...(old === undefined ? {} : { old: old as Row }),
        ...(values === undefined ? {} : { new: values as Row }),
        ...(transition === undefined ? {} : { transition }),
      };
      this.#queue(trigger, event, rows, frame);
    }
  }

  #queue(
    trigger: TriggerDescriptor,
    event: RowEvent,
    rows: { readonly old?: Row; readonly new?: Row; readonly transition?: Transition },
    frame: Frame,
  ): void {
    const relation = this.#relation;
    const { actingUser } = frame.cx;
    const run = function* (now: Frame): Waiting<void> {
      // A deferred one runs for the user whose row it is, whoever the session acts for by then.
      const leave = now.cx.actingUser === actingUser ? undefined : now.cx.session.statements.stack.actFor(actingUser);
      try {
        yield* fire(trigger, relation, event, rows, now.cx);
      } finally {
        leave?.();
      }
    };
    if (trigger.constraint !== undefined) {
      const { deferrable, initiallyDeferred } = trigger;
      const constraint = {
        oid: trigger.constraint,
        ...(deferrable === undefined ? {} : { deferrable }),
        ...(initiallyDeferred === undefined ? {} : { initiallyDeferred }),
      };
      frame.cx.session.constraintChecks.add({ constraint, table: relation.oid, constrained: relation.oid, run }, frame);
      return;
    }
    frame.atEnd ??= [];
    frame.atEnd.push(() => run(frame));
  }

  /** Keeps a changed row for REFERENCING. */
  capture(event: RowEvent, old: readonly SqlValue[] | undefined, values: readonly SqlValue[] | undefined, frame: Frame): Transition {
    const firing = firingOf(frame);
    const transition = firing.transition(this.#relation.oid, event);
    firing.keep(old as Row | undefined);
    firing.keep(values as Row | undefined);
    if (old !== undefined) transition.old.push(old as Row);
    if (values !== undefined) transition.new.push(values as Row);
    return transition;
  }

  /** Keeps a row that a statement on this table has changed in another of its tree, by this table's columns. */
  captureOther(event: RowEvent, old: readonly SqlValue[] | undefined, values: readonly SqlValue[] | undefined, frame: Frame): void {
    if (this.#captured.has(event)) this.capture(event, old, values, frame);
  }

  *beforeStatement(event: TriggerEvent, changed: ChangedColumns, frame: Frame): Waiting<void> {
    const list = this.#of('before', 'statement', event);
    if (list.length === 0 || !firingOf(frame).begin(this.#relation.oid, event)) return;
    yield* this.#statement(list, event, changed, frame);
  }

  /** Queues them, behind the rows'. @param isCascade set off by a foreign key */
  afterStatement(event: TriggerEvent, changed: ChangedColumns, frame: Frame, isCascade = false): void {
    const list = this.#of('after', 'statement', event);
    const firing = list.length === 0 ? undefined : firingOf(frame);
    if (firing?.end(this.#relation.oid, event) !== true) return;
    frame.atEnd ??= [];
    (isCascade ? firing.last : frame.atEnd).push(() => this.#statement(list, event, changed, frame));
  }

  *#statement(list: readonly CompiledTrigger[], event: TriggerEvent, changed: ChangedColumns, frame: Frame): Waiting<void> {
    const firing = firingOf(frame);
    for (const { trigger, when } of list) {
      if (!firing.applies(trigger) || !concerns(trigger, event, changed)) continue;
      if (when !== undefined && !when([...this.#none, ...this.#none], frame)) continue;
      const hasTables = trigger.oldTable !== undefined || trigger.newTable !== undefined;
      const rows = hasTables ? { transition: firing.transition(this.#relation.oid, event) } : {};
      yield* fire(trigger, this.#relation, event, rows, frame.cx);
    }
  }
}

/** A partition's own trigger may spoil the row as any: the constraint of the partition finds it. */
function isOwn({ oid }: TriggerDescriptor, relation: RelationDescriptor): boolean {
  return 'triggers' in relation && relation.triggers?.some((own) => own.oid === oid) === true;
}

function movesRow(trigger: TriggerDescriptor, relation: RelationDescriptor, { cx }: Frame): SqlError {
  const schema = cx.catalog.schemaByOid(relation.schema)?.name ?? '';
  return new SqlError(
    SqlState.featureNotSupported,
    'moving row to another partition during a BEFORE FOR EACH ROW trigger is not supported',
    {
      detail: `Before executing trigger "${trigger.name}", the row was to be in partition "${schema}.${relation.name}".`,
    },
  );
}

function firingOf(frame: Frame): StatementFiring {
  frame.firing ??= new StatementFiring(frame.cx);
  return frame.firing;
}

/** UPDATE OF: only where one of the columns is set. */
function concerns({ columns }: TriggerDescriptor, event: TriggerEvent, changed: ChangedColumns): boolean {
  if (columns === undefined || event !== 'update' || changed === undefined) return true;
  return columns.some((number) => changed.includes(number));
}
