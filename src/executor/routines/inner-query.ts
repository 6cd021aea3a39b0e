import { placed, withContext } from '../../commons/error-context.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Row } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import { type Waiting, wait } from '../waiting.js';
import { callBuiltin } from './call.js';
import type { RoutineCall } from './routine.js';

/** The query that a built-in function is given as a text (ts_stat, ts_rewrite). */
export interface InnerQuery {
  readonly text: string;
  /** The function that runs it. */
  readonly caller: string;
  /** @throws SqlError where its columns are not what the function wants */
  readonly requireColumns: (types: readonly Oid[]) => void;
}

/** Gives each row to `take`, as long as that gives true. */
export function innerRows(query: InnerQuery, cx: ExecutionContext, take: (row: Row) => boolean): Waiting<void> {
  return callBuiltin(query.caller, cx, (call) => rowsOf(query, call, take));
}

function* rowsOf({ text, requireColumns }: InnerQuery, call: RoutineCall, take: (row: Row) => boolean): Waiting<void> {
  const { statements, cx } = call;
  const statement = requireOne(text, call);
  const columns = told(text, () => statements.describe(statement));
  if (columns === undefined) {
    const command = statement.statement.type.toUpperCase();
    throw new SqlError(SqlState.invalidCursorDefinition, `cannot open ${command} query as cursor`);
  }
  told(text, () => statements.requireReadOnly(statement));
  const running = yield* wait(told(text, () => statements.open(statement, [], call)));
  try {
    requireColumns(columns.map(({ type }) => type));
    for (;;) {
      const batch = yield* wait(told(text, () => running.next()));
      if (batch === null) return;
      for (const row of batch) if (!take(row)) return;
      cx.interrupt.check();
      if (statements.stack.synchronous === 0 && cx.interrupt.shouldYield()) yield* wait(cx.interrupt.turn());
    }
  } finally {
    running.close();
  }
}

/** @throws SqlError 42601, 42P11 */
function requireOne(text: string, { statements }: RoutineCall): ReturnType<RoutineCall['statements']['dynamic']> {
  try {
    return statements.dynamic(text, []);
  } catch (error) {
    if (error instanceof SqlError && error.fields.position === undefined && error.fields.internalPosition === undefined) {
      throw new SqlError(SqlState.invalidCursorDefinition, 'cannot open multi-query plan as cursor');
    }
    throw error;
  }
}

/** An error without a place in the text gets the text as its context. */
function told<T>(text: string, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    const error = placed(thrown, text);
    if (!(error instanceof SqlError) || error.fields.internalQuery === text) throw error;
    throw withContext(error, `SQL statement "${text}"`);
  }
}
