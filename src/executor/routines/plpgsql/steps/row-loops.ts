import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { ForCursor, ForExecute, ForQuery } from '../../../../planner/parse/plpgsql/ast.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { moveRow } from '../assign.js';
import { breathe, ROUNDS } from '../breathe.js';
import { dynamicSql, prepareDynamic } from '../dynamic-sql.js';
import { Expression } from '../expression.js';
import { LoopRows } from '../loop-rows.js';
import { shapeOfColumns } from '../shape.js';
import { SqlStatement } from '../sql-statement.js';
import { type Completion, Done, type Outcome, runSteps, type Step } from '../step.js';
import type { StepCompiler } from './compiler.js';
import { openBoundCursor } from './cursors.js';
import { endOfRound } from './loops.js';

interface RowLoop {
  readonly label: string | undefined;
  readonly target: number;
  readonly steps: readonly Step[];
}

function* loopOver(rows: LoopRows, { label, target, steps }: RowLoop, a: Activation): Waiting<Completion> {
  let found = false;
  let result: Completion = Done.next;
  try {
    for (let round = 1; ; round++) {
      const row = yield* rows.next();
      if (row === undefined) break;
      found = true;
      moveRow(a, target, row, rows.shape);
      const outcome: Outcome = runSteps(steps, a);
      const end = endOfRound(typeof outcome === 'number' ? outcome : yield* outcome, label, a);
      if (end !== undefined) {
        result = end;
        break;
      }
      if (round % ROUNDS === 0 || typeof outcome !== 'number') yield* breathe(a);
    }
    if (!found) moveRow(a, target, undefined, rows.shape);
  } finally {
    rows.close();
    a.statementEnded();
  }
  a.slots[a.body.found] = found;
  return result;
}

export function compileForQuery(statement: ForQuery, compiler: StepCompiler): Step {
  const query = new SqlStatement(statement.query);
  const loop: RowLoop = { label: statement.label, target: statement.target, steps: compiler.steps(statement.body) };
  return { line: statement.line, title: 'FOR over SELECT rows', run };

  function* run(a: Activation): Waiting<Completion> {
    const open = () => {
      const { type } = query.parse(a);
      requireRows(type);
      return query.open(a);
    };
    const rows = yield* LoopRows.open(a, open, query.line, (error) => query.explain(error));
    return yield* loopOver(rows, loop, a);
  }
}

/** @throws SqlError 42P11 for what gives no rows by nature */
function requireRows(type: string): void {
  if (type === 'select' || type === 'set operation' || type === 'values' || type === 'insert' || type === 'update' || type === 'delete')
    return;
  if (type === 'show' || type === 'explain' || type === 'fetch' || type === 'execute' || type === 'call') return;
  throw new SqlError(SqlState.invalidCursorDefinition, `cannot open ${type.toUpperCase()} query as cursor`);
}

export function compileForExecute(statement: ForExecute, compiler: StepCompiler): Step {
  const query = new Expression(statement.query);
  const using = statement.using.map((sql) => new Expression(sql));
  const loop: RowLoop = { label: statement.label, target: statement.target, steps: compiler.steps(statement.body) };
  return { line: statement.line, title: 'FOR over EXECUTE statement', run };

  function* run(a: Activation): Waiting<Completion> {
    const dynamic = yield* dynamicSql(query, using, a);
    const open = () => {
      const prepared = prepareDynamic(dynamic, a);
      requireRows(prepared.statement.type);
      return a.call.statements.open(prepared, dynamic.values, a.call);
    };
    const rows = yield* LoopRows.open(a, open, dynamic.line, dynamic.explain);
    return yield* loopOver(rows, loop, a);
  }
}

/** One row at a time: WHERE CURRENT OF is about the loop's. */
const FETCH = 1;

export function compileForCursor(statement: ForCursor, compiler: StepCompiler): Step {
  const { label, target, cursor } = statement;
  const steps = compiler.steps(statement.body);
  const args = statement.args === undefined ? undefined : new SqlStatement(statement.args);
  const bound = compiler.body.datum(cursor);
  const query = bound.kind === 'scalar' && bound.cursor !== undefined ? new SqlStatement(bound.cursor.query) : undefined;
  return { line: statement.line, title: 'FOR over cursor', run };

  function* run(a: Activation): Waiting<Completion> {
    if (query === undefined) throw new Error('a loop over a cursor without a query');
    const wasNull = a.slots[cursor] === null;
    const name = yield* openBoundCursor(a, cursor, args, query, 'scroll');
    const { statements } = a.call;
    let found = false;
    let round = 0;
    let result: Completion = Done.next;
    try {
      fetching: for (;;) {
        const { rows, columns } = yield* statements.fetch(name, { direction: 'forward', count: FETCH });
        const shape = shapeOfColumns(columns);
        for (const row of rows) {
          found = true;
          moveRow(a, target, row, shape);
          const outcome: Outcome = runSteps(steps, a);
          const end = endOfRound(typeof outcome === 'number' ? outcome : yield* outcome, label, a);
          if (end !== undefined) {
            result = end;
            break fetching;
          }
          if (typeof outcome !== 'number' || ++round % ROUNDS === 0) yield* breathe(a);
        }
        if (rows.length < FETCH) {
          if (!found) moveRow(a, target, undefined, shape);
          break;
        }
      }
    } finally {
      if (statements.hasCursor(name)) statements.closeCursor(name);
    }
    if (wasNull) a.slots[cursor] = null;
    a.slots[a.body.found] = found;
    return result;
  }
}
