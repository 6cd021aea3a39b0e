import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { Close, Fetch, Open, Scroll } from '../../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../../types/oids.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { assign, moveRow } from '../assign.js';
import { dynamicSql, prepareDynamic } from '../dynamic-sql.js';
import { Expression } from '../expression.js';
import { shapeOfColumns } from '../shape.js';
import { runStatement, SqlStatement } from '../sql-statement.js';
import { type Completion, Done, type Step } from '../step.js';
import type { StepCompiler } from './compiler.js';
import { evaluated } from './plain.js';

export function compileOpen(statement: Open, compiler: StepCompiler): Step {
  const { line, cursor, scroll } = statement;
  const datum = compiler.body.datum(cursor);
  const bound = datum.kind === 'scalar' ? datum.cursor : undefined;
  const sql = statement.query ?? bound?.query;
  const query = sql === undefined ? undefined : new SqlStatement(sql);
  const args = statement.args === undefined ? undefined : new SqlStatement(statement.args);
  const dynamic = statement.dynamic === undefined ? undefined : new Expression(statement.dynamic);
  const using = statement.using.map((expr) => new Expression(expr));
  return { line, title: 'OPEN', run };

  function* run(a: Activation): Waiting<Completion> {
    if (dynamic === undefined) {
      if (query === undefined) throw new Error('an OPEN without a query');
      yield* openBoundCursor(a, cursor, args, query, scroll);
      return Done.next;
    }
    const made = yield* dynamicSql(dynamic, using, a);
    const name = freeName(a, cursor);
    const prepared = prepareDynamic(made, a);
    requireQuery(prepared.statement.type);
    try {
      setName(a, cursor, yield* a.call.statements.openCursor(name, prepared, made.values, optionsOf(scroll), a.call));
    } catch (error) {
      throw made.explain(error);
    }
    return Done.next;
  }
}

/** OPEN of a bound cursor, or for a query. @returns the portal's name */
export function* openBoundCursor(
  a: Activation,
  cursor: number,
  args: SqlStatement | undefined,
  query: SqlStatement,
  scroll: Scroll,
): Waiting<string> {
  const name = freeName(a, cursor);
  const datum = a.body.datum(cursor);
  const list = datum.kind === 'scalar' ? datum.cursor?.argumentList : undefined;
  if (args !== undefined && list !== undefined) {
    const target = list;
    yield* runStatement(
      a,
      () => args.open(a),
      args.line,
      (error) => args.explain(error),
      (batch, running) => {
        moveRow(a, target, batch[0], shapeOfColumns(running.columns ?? []));
        return false;
      },
    );
  }
  let opened: string;
  requireQuery(query.parse(a).type);
  try {
    const { statement, values } = query.prepare(a);
    opened = yield* a.call.statements.openCursor(name, statement, values, optionsOf(scroll), a.call);
  } catch (error) {
    throw query.explain(error);
  }
  setName(a, cursor, opened);
  return opened;
}

/** @throws SqlError 42P11 */
function requireQuery(type: string): void {
  if (type === 'select' || type === 'set operation' || type === 'values') return;
  if (type === 'show' || type === 'explain') return;
  throw new SqlError(SqlState.invalidCursorDefinition, `cannot open ${type.toUpperCase()} query as cursor`);
}

/** @throws SqlError 42P03 */
function freeName(a: Activation, cursor: number): string | undefined {
  const value = a.slots[cursor];
  if (typeof value !== 'string') return undefined;
  if (a.call.statements.hasCursor(value)) throw new SqlError(SqlState.duplicateCursor, `cursor "${value}" already in use`);
  return value;
}

function setName(a: Activation, cursor: number, name: string): void {
  if (a.slots[cursor] !== null) return;
  const datum = a.body.datum(cursor);
  if (datum.kind === 'scalar' && datum.isConstant) {
    throw new SqlError(SqlState.errorInAssignment, `variable "${datum.name}" is declared CONSTANT`);
  }
  assign(a, cursor, name, TypeOid.text, -1);
}

function optionsOf(scroll: Scroll): { readonly scroll?: boolean } {
  return scroll === 'as possible' ? {} : { scroll: scroll === 'scroll' };
}

export function compileFetch(statement: Fetch): Step {
  const { line, cursor, direction, into } = statement;
  const count = statement.countExpr === undefined ? undefined : new Expression(statement.countExpr);
  return { line, title: into === undefined ? 'MOVE' : 'FETCH', run };

  function* run(a: Activation): Waiting<Completion> {
    const name = nameOf(a, cursor);
    const wanted = count === undefined ? statement.count : yield* countOf(count, a);
    const { statements } = a.call;
    const fetch = { direction, count: wanted } as const;
    if (into === undefined) {
      const { moved } = yield* statements.fetch(name, { ...fetch, move: true });
      a.rowCount = moved;
      a.slots[a.body.found] = moved > 0;
      return Done.next;
    }
    const { rows, columns } = yield* statements.fetch(name, fetch);
    moveRow(a, into, rows[0], shapeOfColumns(columns));
    a.rowCount = rows.length;
    a.slots[a.body.found] = rows.length > 0;
    return Done.next;
  }
}

function* countOf(expression: Expression, a: Activation): Waiting<number> {
  const value = yield* evaluated(expression, a);
  const count = a.casts.cast(value, expression.type, expression.typmod, TypeOid.int4, -1);
  if (typeof count !== 'number') throw new SqlError(SqlState.nullValueNotAllowed, 'relative or absolute cursor position is null');
  return count;
}

/** The portal that the variable names. @throws SqlError 22004, 34000 */
function nameOf(a: Activation, cursor: number): string {
  const value = a.slots[cursor];
  if (typeof value !== 'string') {
    throw new SqlError(SqlState.nullValueNotAllowed, `cursor variable "${a.body.datum(cursor).name}" is null`);
  }
  if (!a.call.statements.hasCursor(value)) throw new SqlError(SqlState.invalidCursorName, `cursor "${value}" does not exist`);
  return value;
}

export function compileClose({ line, cursor }: Close): Step {
  return {
    line,
    title: 'CLOSE',
    run(a) {
      a.call.statements.closeCursor(nameOf(a, cursor));
      return Done.next;
    },
  };
}
