import type { Oid, UserId } from '../../commons/ids.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { ProjectedColumn, ScanColumn } from '../../planner/bind/logical.js';
import type { Row, SqlValue } from '../../types/value.js';
import { rowSeq, rowUpdatedMicros } from '../access/stored-row.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import type { CompiledTarget } from './compiled-target.js';
import type { StoredRow } from './row-writer.js';

/** RETURNING: over the row's values by column number, its system columns, and what else the statement's input has. */
export interface Returning {
  /**
   * @param row undefined for a version that is not committed yet
   * @param user whose row it is, where that is not the acting user: administrators change rows of all users
   * @param wasThere the row that ON CONFLICT found and updated
   * @param table whose row it is, where that is not the target itself but a table below it
   */
  project(
    values: readonly SqlValue[],
    row: StoredRow | undefined,
    input: Row,
    frame: Frame,
    user?: UserId,
    table?: Oid,
    wasThere?: boolean,
  ): Row;
}

export function compileReturning(
  returning: readonly ProjectedColumn[] | undefined,
  target: CompiledTarget,
  columns: readonly ScanColumn[],
  input: readonly ColumnId[],
  scope: Scope,
  compiler: QueryCompiler,
): Returning | undefined {
  if (returning === undefined) return undefined;
  const numbered = new Map<number, ColumnId>();
  for (const column of columns) if ('number' in column) numbered.set(column.number, column.id);
  const ids = target.layout.columns.map((id, i) => numbered.get(i + 1) ?? id);
  const system = columns.flatMap((column) => ('system' in column ? [column] : []));
  const layout = new Layout([...ids, ...system.map((column) => column.id), ...input], scope, compiler);
  const evaluators: readonly Evaluator[] = returning.map(({ expr }) => layout.evaluator(expr));
  const width = target.columnCount;
  return {
    project(values, stored, inputRow, frame, user = stored?.user, table = target.table.oid, wasThere = false) {
      const row: Row = [];
      for (let i = 0; i < width; i++) row.push(values[i] ?? null);
      for (const column of system) row.push(systemValue(column.system, stored, user, table, wasThere, frame));
      for (const value of inputRow) row.push(value);
      const result: Row = [];
      for (const evaluate of evaluators) result.push(evaluate(row, frame));
      return result;
    },
  };
}

/** A version that is not committed yet has no sequence number and no time. */
function systemValue(
  column: Extract<ScanColumn, { system: unknown }>['system'],
  stored: StoredRow | undefined,
  user: UserId | undefined,
  table: Oid,
  wasThere: boolean,
  frame: Frame,
): SqlValue {
  switch (column) {
    case 'tableoid':
      return table;
    case '_deleted':
      return false;
    case '_user_id':
      return user ?? frame.cx.actingUser;
    case '_seq':
      return stored === undefined ? null : rowSeq(stored.value) || null;
    case '_updated':
      return stored === undefined ? null : rowUpdatedMicros(stored.value) || null;
    case 'row key':
      return stored?.key ?? null;
    case 'xmin':
      return stored === undefined ? frame.cx.transaction.id : rowSeq(stored.value) || frame.cx.transaction.id;
    case 'xmax':
      // PostgreSQL locks the row first, which its new version still tells.
      return wasThere ? frame.cx.transaction.id : 0;
    case 'cmin':
    case 'cmax':
      return 0;
    case 'ctid':
      return null;
  }
}
