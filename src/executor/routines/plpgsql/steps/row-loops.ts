import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { ForCursor, ForExecute, ForQuery } from '../../../../planner/parse/plpgsql/ast.js';
import type { Row } from '../../../../types/value.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation, HeldLoop } from '../activation.js';
import { moveRow } from '../assign.js';
import { breathe, ROUNDS } from '../breathe.js';
import { dynamicSql, prepareDynamic } from '../dynamic-sql.js';
import { Expression } from '../expression.js';
import { HeldBytes, LoopRows } from '../loop-rows.js';
import { type Shape, shapeOfColumns } from '../shape.js';
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

/** The rows of a cursor, one at a time; or what was left of them when the transaction ended. */
class CursorLoop implements HeldLoop {
  readonly #a: Activation;
  readonly #name: string;
  #held: { readonly rows: readonly Row[]; readonly shape: Shape; at: number } | undefined;

  constructor(a: Activation, name: string) {
    this.#a = a;
    this.#name = name;
  }

  *next(): Waiting<{ readonly rows: readonly Row[]; readonly shape: Shape }> {
    const held = this.#held;
    if (held !== undefined) return { rows: held.rows.slice(held.at, ++held.at), shape: held.shape };
    const { rows, columns } = yield* this.#a.call.statements.fetch(this.#name, { direction: 'forward', count: FETCH });
    return { rows, shape: shapeOfColumns(columns) };
  }

  *hold(): Waiting<void> {
    if (this.#held !== undefined) return;
    const rows: Row[] = [];
    const bytes = new HeldBytes();
    for (;;) {
      const next = yield* this.#a.call.statements.fetch(this.#name, { direction: 'forward', count: HELD_AT_ONCE });
      for (const row of next.rows) {
        bytes.add(row);
        rows.push(row);
      }
      if (next.rows.length === HELD_AT_ONCE) continue;
      this.#held = { rows, shape: shapeOfColumns(next.columns), at: 0 };
      return;
    }
  }

  close(): void {
    const { loops } = this.#a;
    const at = loops.indexOf(this);
    if (at >= 0) loops.splice(at, 1);
  }
}

const HELD_AT_ONCE = 1000;

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
    const fetching = new CursorLoop(a, name);
    a.loops.push(fetching);
    try {
      rounds: for (;;) {
        const { rows, shape } = yield* fetching.next();
        for (const row of rows) {
          found = true;
          moveRow(a, target, row, shape);
          const outcome: Outcome = runSteps(steps, a);
          const end = endOfRound(typeof outcome === 'number' ? outcome : yield* outcome, label, a);
          if (end !== undefined) {
            result = end;
            break rounds;
          }
          if (typeof outcome !== 'number' || ++round % ROUNDS === 0) yield* breathe(a);
        }
        if (rows.length < FETCH) {
          if (!found) moveRow(a, target, undefined, shape);
          break;
        }
      }
    } finally {
      fetching.close();
      if (statements.hasCursor(name)) statements.closeCursor(name);
    }
    if (wasNull) a.slots[cursor] = null;
    a.slots[a.body.found] = found;
    return result;
  }
}
