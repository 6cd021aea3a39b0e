import type { RoutineDescriptor } from '../../../catalog/descriptors.js';
import { withContext } from '../../../commons/error-context.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { type Row, SqlRecord, type SqlValue } from '../../../types/value.js';
import { type Waiting, wait } from '../../waiting.js';
import type { CompiledRoutine, RoutineCall, RowSink } from '../routine.js';
import type { RoutineStatement, RunningStatement } from '../statements.js';
import type { ResultShape } from './result.js';

/** A function or procedure in SQL, ready to run. */
export class SqlRoutine implements CompiledRoutine {
  readonly #routine: RoutineDescriptor;
  readonly #statements: readonly RoutineStatement[];
  readonly #shape: ResultShape;

  constructor(routine: RoutineDescriptor, statements: readonly RoutineStatement[], shape: ResultShape) {
    this.#routine = routine;
    this.#statements = statements;
    this.#shape = shape;
  }

  *value(args: readonly SqlValue[], call: RoutineCall): Waiting<SqlValue> {
    let result: SqlValue = null;
    const last = this.#statements.length - 1;
    for (let i = 0; i <= last; i++) {
      let taken = false;
      const isResult = i === last && this.#shape.kind !== 'nothing';
      yield* this.#run(i, args, call, (row) => {
        if (!isResult) return true;
        if (!taken) result = this.#valueOf(row);
        taken = true;
        return false;
      });
    }
    return result;
  }

  *set(args: readonly SqlValue[], call: RoutineCall, out: RowSink): Waiting<void> {
    const last = this.#statements.length - 1;
    for (let i = 0; i <= last; i++) {
      const isResult = i === last && this.#shape.kind !== 'nothing';
      yield* this.#run(i, args, call, (row) => {
        if (isResult) out.add(this.#rowOf(row));
        return true;
      });
    }
  }

  #valueOf(row: Row): SqlValue {
    const shape = this.#shape;
    return shape.kind === 'row' ? new SqlRecord(row, shape.types, shape.names) : (row[0] ?? null);
  }

  /** A whole row that came as one value is taken apart: sets of rows are their fields. */
  #rowOf(row: Row): Row {
    const [value] = row;
    return this.#shape.kind === 'value' && this.#shape.isRow && value instanceof SqlRecord ? [...value.values] : row;
  }

  /** @param use false: no more rows are wanted, where taking them changes nothing */
  *#run(i: number, args: readonly SqlValue[], call: RoutineCall, use: (row: Row) => boolean): Waiting<void> {
    const statement = this.#statements[i];
    if (statement === undefined) return;
    let running: RunningStatement | undefined;
    try {
      requireAllowed(statement);
      const opening = call.statements.open(statement, args, call);
      running = opening instanceof Promise ? yield* wait(opening) : opening;
      const { type } = statement.statement;
      const isQuery = type === 'select' || type === 'set operation' || type === 'values';
      for (;;) {
        const pulled = running.next();
        const batch = pulled instanceof Promise ? yield* wait(pulled) : pulled;
        if (batch === null) break;
        let more = true;
        for (const row of batch) more = use(row) && more;
        if (!more && isQuery) break;
      }
    } catch (error) {
      if (!(error instanceof SqlError)) throw error;
      throw withContext(error, `SQL function "${this.#routine.name}" statement ${i + 1}`);
    } finally {
      running?.close();
    }
  }
}

/** @throws SqlError 0A000 */
function requireAllowed({ statement }: RoutineStatement): void {
  if (statement.type === 'transaction') {
    throw new SqlError(SqlState.featureNotSupported, `${statement.kind.toUpperCase()} is not allowed in an SQL function`);
  }
}
