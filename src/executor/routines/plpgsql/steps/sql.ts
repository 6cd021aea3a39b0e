import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { ExecuteDynamic, ExecuteSql } from '../../../../planner/parse/plpgsql/ast.js';
import type { Row } from '../../../../types/value.js';
import type { Waiting } from '../../../waiting.js';
import type { RoutineStatement, RunningStatement } from '../../statements.js';
import type { Activation } from '../activation.js';
import { moveRow } from '../assign.js';
import { dynamicSql, statementsOf } from '../dynamic-sql.js';
import { Expression } from '../expression.js';
import { noteExtra } from '../extra-checks.js';
import { shapeOfColumns } from '../shape.js';
import { contextLine, explainSqlError } from '../sql-context.js';
import { runStatement, SqlStatement } from '../sql-statement.js';
import { type Completion, Done, type Step } from '../step.js';

const CHANGES: ReadonlySet<string> = new Set(['insert', 'update', 'delete', 'merge']);
const READS: ReadonlySet<string> = new Set(['select', 'set operation', 'values']);

/** Whether a statement's success sets FOUND. */
function setsFound(type: string): boolean {
  return CHANGES.has(type) || READS.has(type);
}

export function compileSql(statement: ExecuteSql): Step {
  const { line, into, strict } = statement;
  const sql = new SqlStatement(statement.sql);
  return { line, title: 'SQL statement', run };

  function* run(a: Activation): Waiting<Completion> {
    const tree = sql.parse(a);
    if (tree.type === 'transaction') throw new SqlError(SqlState.featureNotSupported, 'unsupported transaction command in PL/pgSQL');
    if (tree.type === 'copy' && tree.file === undefined) {
      throw new SqlError(SqlState.featureNotSupported, 'cannot COPY to/from client in PL/pgSQL');
    }
    const isChange = CHANGES.has(tree.type);
    const single = into !== undefined ? new SingleRow(isChange, strict || a.tooManyRows !== undefined) : undefined;
    const running = yield* runStatement(
      a,
      () => sql.open(a),
      sql.line,
      (error) => sql.explain(error),
      (batch) => {
        if (single !== undefined) return single.take(batch);
        // Nobody takes the rows: that is an error, told below.
        return isChange;
      },
    );
    if (single === undefined) {
      if (running.columns !== undefined && tree.type !== 'call') throw noDestination(READS.has(tree.type));
      a.rowCount = running.processed;
      if (setsFound(tree.type)) a.slots[a.body.found] = running.processed > 0;
      return Done.next;
    }
    a.rowCount = isChange ? running.processed : single.count;
    a.slots[a.body.found] = single.count > 0;
    moveSingle(a, into ?? 0, single, running, strict, isChange, () => usedParameters(sql, a), SINGLE_ROW);
    return Done.next;
  }
}

const SINGLE_ROW = 'Make sure the query returns a single row, or use LIMIT 1.';

function noDestination(isSelect: boolean): SqlError {
  return new SqlError(SqlState.syntaxError, 'query has no destination for result data', {
    hint: isSelect ? 'If you want to discard the results of a SELECT, use PERFORM instead.' : undefined,
  });
}

/** The first row of a result, and whether there are more. */
class SingleRow {
  row: Row | undefined;
  count = 0;
  readonly #all: boolean;
  readonly #looksForMore: boolean;

  /** @param all the statement has to run to its end */
  constructor(all: boolean, looksForMore: boolean) {
    this.#all = all;
    this.#looksForMore = looksForMore || all;
  }

  take(batch: readonly Row[]): boolean {
    this.row ??= batch[0];
    this.count += batch.length;
    if (this.#all) return true;
    const limit = this.#looksForMore ? 2 : 1;
    if (this.count < limit) return true;
    this.count = limit;
    return false;
  }
}

function moveSingle(
  a: Activation,
  target: number,
  single: SingleRow,
  running: RunningStatement,
  strict: boolean,
  isChange: boolean,
  parameters: () => string | undefined,
  hint?: string,
): void {
  if (running.columns === undefined) throw new SqlError(SqlState.syntaxError, 'INTO used with a command that cannot return data');
  const shape = shapeOfColumns(running.columns);
  if (single.row === undefined) {
    if (strict) throw new SqlError(SqlState.noDataFound, 'query returned no rows', { detail: parameters() });
    moveRow(a, target, undefined, shape);
    return;
  }
  const level = strict || isChange ? 'ERROR' : a.tooManyRows;
  if (single.count > 1 && level !== undefined) {
    if (level === 'ERROR') {
      throw new SqlError(SqlState.tooManyRows, 'query returned more than one row', { detail: parameters(), hint });
    }
    noteExtra(a, SqlState.tooManyRows, 'query returned more than one row', hint === undefined ? {} : { hint });
  }
  moveRow(a, target, single.row, shape);
}

/** print_strict_params: the values of the variables that the statement uses. */
function usedParameters(sql: SqlStatement, a: Activation): string | undefined {
  if (!a.body.printStrictParams) return undefined;
  const used = sql.usedScalars();
  if (used.length === 0) return undefined;
  return `parameters: ${used
    .map((number) => {
      const datum = a.body.datum(number);
      const type = datum.kind === 'scalar' ? datum.type.oid : 0;
      return `${datum.name} = ${printed(a, a.slots[number] ?? null, type)}`;
    })
    .join(', ')}`;
}

function printed(a: Activation, value: Row[number], type: number): string {
  if (value === null) return 'NULL';
  return `'${a.casts.text(value, type).replaceAll("'", "''")}'`;
}

export function compileExecute(statement: ExecuteDynamic): Step {
  const { line, into, strict } = statement;
  const query = new Expression(statement.query);
  const using = statement.using.map((sql) => new Expression(sql));
  return { line, title: 'EXECUTE', run };

  function* run(a: Activation): Waiting<Completion> {
    const dynamic = yield* dynamicSql(query, using, a);
    const statements = statementsOf(dynamic, a);
    for (const [i, made] of statements.entries()) {
      const isLast = i === statements.length - 1;
      const single = into !== undefined && isLast ? new SingleRow(CHANGES.has(made.statement.type), strict) : undefined;
      const running = yield* runMade(a, made, dynamic, single);
      if (!isLast) continue;
      a.rowCount = single === undefined || CHANGES.has(made.statement.type) ? running.processed : single.count;
      if (single === undefined || into === undefined) continue;
      moveSingle(a, into, single, running, strict, false, () => {
        if (!a.body.printStrictParams || dynamic.values.length === 0) return undefined;
        return `parameters: ${dynamic.values.map((value, n) => `$${n + 1} = ${printed(a, value, dynamic.types[n] ?? 0)}`).join(', ')}`;
      });
    }
    return Done.next;
  }

  function runMade(
    a: Activation,
    made: RoutineStatement,
    { values, text }: { readonly values: Parameters<typeof a.call.statements.open>[1]; readonly text: string },
    single: SingleRow | undefined,
  ): Waiting<RunningStatement> {
    const open = () => a.call.statements.open(made, values, a.call);
    const explain = (error: unknown) => explainSqlError(error, 'statement', text, made.text, 0);
    return runStatement(a, open, contextLine('statement', text), explain, (batch) => single?.take(batch) ?? true);
  }
}
