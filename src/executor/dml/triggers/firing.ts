import type { ColumnDescriptor, RelationDescriptor, TriggerDescriptor, TriggerEvent } from '../../../catalog/descriptors.js';
import { SettingName } from '../../../commons/setting-names.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Row } from '../../../types/value.js';
import type { ExecutionContext } from '../../context.js';
import { rowBytes } from '../../operators/memory.js';
import { callTrigger } from '../../routines/call.js';
import type { TransitionTable, TriggerCall } from '../../routines/routine.js';
import type { Waiting } from '../../waiting.js';
import { builtinTrigger } from './builtin.js';

/** What rows of one statement may wait in memory for its AFTER triggers (law 6). */
const MAX_WAITING_BYTES = 512 * 1024 * 1024;

const WHEN = { before: 'BEFORE', after: 'AFTER', 'instead of': 'INSTEAD OF' } as const;
const EVENT = { insert: 'INSERT', update: 'UPDATE', delete: 'DELETE', truncate: 'TRUNCATE' } as const;

/** The rows that a statement has changed in a table, for REFERENCING OLD TABLE and NEW TABLE. */
export interface Transition {
  readonly old: Row[];
  readonly new: Row[];
}

/** What one statement's triggers share. Made when the first of them is come upon. */
export class StatementFiring {
  readonly #isReplica: boolean;
  /** Statement triggers fire once for a table and event, whatever parts of the statement change it. */
  readonly #begun = new Set<string>();
  readonly #ended = new Set<string>();
  readonly #transitions = new Map<string, Transition>();
  /** AFTER STATEMENT triggers of tables that foreign keys' actions have changed. */
  readonly last: (() => Waiting<void>)[] = [];
  #bytes = 0;

  constructor(cx: ExecutionContext) {
    this.#isReplica = cx.session.getSetting(SettingName.sessionReplicationRole, true) === 'replica';
  }

  applies({ firing }: TriggerDescriptor): boolean {
    if (firing === undefined) return !this.#isReplica;
    return firing === 'always' || (firing === 'replica' && this.#isReplica);
  }

  /** @returns false: it has begun before */
  begin(table: number, event: TriggerEvent): boolean {
    const key = `${table} ${event}`;
    if (this.#begun.has(key)) return false;
    this.#begun.add(key);
    return true;
  }

  end(table: number, event: TriggerEvent): boolean {
    const key = `${table} ${event}`;
    if (this.#ended.has(key)) return false;
    this.#ended.add(key);
    return true;
  }

  transition(table: number, event: TriggerEvent): Transition {
    const key = `${table} ${event}`;
    let transition = this.#transitions.get(key);
    if (transition === undefined) {
      transition = { old: [], new: [] };
      this.#transitions.set(key, transition);
    }
    return transition;
  }

  /** @throws SqlError 53200 */
  keep(row: Row | undefined): void {
    if (row === undefined) return;
    this.#bytes += rowBytes(row);
    if (this.#bytes > MAX_WAITING_BYTES) {
      throw new SqlError(SqlState.outOfMemory, 'out of memory', {
        detail: `The rows that wait for AFTER triggers take more than ${MAX_WAITING_BYTES} bytes.`,
        hint: 'Change fewer rows in one statement.',
      });
    }
  }
}

/** Calls a trigger's function. @returns the row to go on with; null: nothing is to be done */
export function* fire(
  trigger: TriggerDescriptor,
  relation: RelationDescriptor,
  event: TriggerEvent,
  rows: { readonly old?: Row; readonly new?: Row; readonly transition?: Transition },
  cx: ExecutionContext,
): Waiting<Row | null> {
  const call: TriggerCall = {
    name: trigger.name,
    when: WHEN[trigger.timing],
    level: trigger.level === 'row' ? 'ROW' : 'STATEMENT',
    event: EVENT[event],
    relation,
    columns: columnsOf(relation),
    ...(rows.old === undefined ? {} : { old: rows.old }),
    ...(rows.new === undefined ? {} : { new: rows.new }),
    args: trigger.args,
    ...(rows.transition === undefined ? {} : { transitionTables: transitionTables(trigger, relation, rows.transition) }),
  };
  const { stack } = cx.session.statements;
  stack.triggers++;
  try {
    const builtin = builtinTrigger(trigger.routine, cx.catalog);
    return builtin === undefined ? yield* callTrigger(trigger.routine, call, cx) : builtin(call, cx);
  } finally {
    stack.triggers--;
  }
}

function transitionTables(
  { oldTable, newTable }: TriggerDescriptor,
  relation: RelationDescriptor,
  transition: Transition,
): readonly TransitionTable[] {
  const columns = columnsOf(relation);
  const tables: TransitionTable[] = [];
  if (oldTable !== undefined) tables.push({ name: oldTable, columns, rows: transition.old, count: transition.old.length });
  if (newTable !== undefined) tables.push({ name: newTable, columns, rows: transition.new, count: transition.new.length });
  return tables;
}

function columnsOf(relation: RelationDescriptor): readonly ColumnDescriptor[] {
  return relation.kind === 'table' || relation.kind === 'view' ? relation.columns : [];
}
