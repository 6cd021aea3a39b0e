import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { Statement } from '../../../../planner/parse/ast.js';
import type { Return, ReturnNext, ReturnQuery } from '../../../../planner/parse/plpgsql/ast.js';
import { SqlRecord, type SqlValue } from '../../../../types/value.js';
import type { Waiting } from '../../../waiting.js';
import type { RunningStatement } from '../../statements.js';
import type { Activation } from '../activation.js';
import { type Held, heldBy } from '../assign.js';
import { dynamicSql, prepareDynamic } from '../dynamic-sql.js';
import { Expression, LATER } from '../expression.js';
import { checkColumns, conform, shapeOfValue } from '../row-result.js';
import { shapeOfColumns } from '../shape.js';
import { runStatement, SqlStatement } from '../sql-statement.js';
import { type Completion, Done, type Step } from '../step.js';
import { notAssigned } from '../used-variables.js';
import type { StepCompiler } from './compiler.js';

const NOT_ROW = 'cannot return non-composite value from function returning composite type';

export function compileReturn({ line, variable, expr }: Return, { result }: StepCompiler): Step {
  const expression = expr === undefined ? undefined : new Expression(expr);
  return { line, title: 'RETURN', run };

  function run(a: Activation): Completion | Waiting<Completion> {
    if (result.returnsSet) return Done.returned;
    if (variable !== undefined) {
      const { value, type, typmod, shape } = heldBy(a, variable);
      return give(a, value, type, typmod, shape);
    }
    if (expression === undefined) {
      a.result = result.returnsVoid && result.kind === 'function' ? '' : null;
      a.resultType = result.type;
      return Done.returned;
    }
    const value = expression.evaluate(a);
    return value === LATER
      ? later(expression, a)
      : give(a, value, expression.type, expression.typmod, result.isRow ? expression.rowShape : undefined);
  }

  function* later(from: Expression, a: Activation): Waiting<Completion> {
    const value = yield* from.later(a);
    return give(a, value, from.type, from.typmod, result.isRow ? from.rowShape : undefined);
  }

  function give(a: Activation, value: SqlValue, type: number, typmod: number, shape: Held['shape']): Completion {
    if (result.isRow && value !== null && !(value instanceof SqlRecord)) throw new SqlError(SqlState.datatypeMismatch, NOT_ROW);
    a.result = value;
    a.resultType = type;
    a.resultTypmod = typmod;
    a.resultShape = shape;
    return Done.returned;
  }
}

const NO_SET = 'set-valued function called in context that cannot accept a set';

export function compileReturnNext({ line, variable, expr }: ReturnNext, { result }: StepCompiler): Step {
  const expression = expr === undefined ? undefined : new Expression(expr);
  return { line, title: 'RETURN NEXT', run };

  function run(a: Activation): Completion | Waiting<Completion> {
    if (variable !== undefined) {
      const datum = a.body.datum(variable);
      const held = heldBy(a, variable);
      if (datum.kind === 'record' && a.shapes[variable] === undefined) throw notAssigned(datum.name);
      return give(a, held.value, held.type, held.typmod, held.shape, datum.kind === 'scalar' ? 'scalar' : 'row');
    }
    if (expression === undefined) throw new SqlError(SqlState.syntaxError, 'RETURN NEXT must have a parameter');
    const value = expression.evaluate(a);
    return value === LATER
      ? later(expression, a)
      : give(a, value, expression.type, expression.typmod, result.isRow ? expression.rowShape : undefined, 'value');
  }

  function* later(from: Expression, a: Activation): Waiting<Completion> {
    const value = yield* from.later(a);
    return give(a, value, from.type, from.typmod, result.isRow ? from.rowShape : undefined, 'value');
  }

  function give(
    a: Activation,
    value: SqlValue,
    type: number,
    typmod: number,
    shape: Held['shape'],
    from: 'scalar' | 'row' | 'value',
  ): Completion {
    const { out } = a;
    if (out === undefined) throw new SqlError(SqlState.featureNotSupported, NO_SET);
    const wanted = result.shape;
    if (!result.isRow) {
      if (from === 'row' && value instanceof SqlRecord && wanted !== undefined && variable !== result.outVariable) {
        out.add(conform(a, value.values, shape ?? shapeOfValue(a, value, type), wanted, 'wrong record type supplied in RETURN NEXT'));
        return Done.next;
      }
      const only = from === 'row' && value instanceof SqlRecord ? (value.values[0] ?? null) : value;
      const onlyType = from === 'row' && value instanceof SqlRecord ? (value.types[0] ?? 0) : type;
      out.add([a.casts.cast(only, onlyType, typmod, wanted?.types[0] ?? result.type, wanted?.typmods[0] ?? -1)]);
      return Done.next;
    }
    if (value === null) {
      if (from === 'scalar') throw new SqlError(SqlState.datatypeMismatch, 'wrong result type supplied in RETURN NEXT');
      out.add((wanted?.types ?? []).map(() => null));
      return Done.next;
    }
    if (!(value instanceof SqlRecord)) {
      throw new SqlError(SqlState.datatypeMismatch, from === 'scalar' ? 'wrong result type supplied in RETURN NEXT' : NOT_ROW);
    }
    if (wanted === undefined) {
      out.add([...value.values]);
      return Done.next;
    }
    if (from === 'row' && variable === result.outVariable) {
      out.add(value.values.map((part, i) => a.casts.cast(part, value.types[i] ?? 0, -1, wanted.types[i] ?? 0, wanted.typmods[i] ?? -1)));
      return Done.next;
    }
    const message =
      from === 'row' ? 'wrong record type supplied in RETURN NEXT' : 'returned record type does not match expected record type';
    out.add(conform(a, value.values, shape ?? shapeOfValue(a, value, type), wanted, message));
    return Done.next;
  }
}

export function compileReturnQuery(statement: ReturnQuery, { result }: StepCompiler): Step {
  const { line, isDynamic } = statement;
  const query = new SqlStatement(statement.query);
  const text = new Expression(statement.query);
  const using = statement.using.map((sql) => new Expression(sql));
  return { line, title: 'RETURN QUERY', run };

  function* run(a: Activation): Waiting<Completion> {
    if (!isDynamic) {
      const command = commandOf(query.parse(a));
      return yield* give(
        a,
        () => query.open(a),
        query.line,
        (error) => query.explain(error),
        command,
      );
    }
    const dynamic = yield* dynamicSql(text, using, a);
    const prepared = prepareDynamic(dynamic, a);
    const open = (): ReturnType<SqlStatement['open']> => a.call.statements.open(prepared, dynamic.values, a.call);
    return yield* give(a, open, dynamic.line, dynamic.explain, commandOf(prepared.statement));
  }

  function* give(
    a: Activation,
    open: () => ReturnType<SqlStatement['open']>,
    line: string,
    explain: (error: unknown) => unknown,
    command: string,
  ): Waiting<Completion> {
    const { out } = a;
    if (out === undefined) throw new SqlError(SqlState.featureNotSupported, NO_SET);
    let count = 0;
    let isChecked = false;
    const check = (running: RunningStatement): void => {
      if (isChecked) return;
      isChecked = true;
      try {
        if (running.columns === undefined) throw new SqlError(SqlState.syntaxError, `${command} query does not return tuples`);
        if (result.shape !== undefined) {
          checkColumns(a, shapeOfColumns(running.columns), result.shape, 'structure of query does not match function result type');
        }
      } catch (error) {
        throw explain(error);
      }
    };
    const running = yield* runStatement(a, open, line, explain, (batch, under) => {
      check(under);
      for (const row of batch) out.add(row);
      count += batch.length;
      return true;
    });
    check(running);
    a.rowCount = count;
    a.slots[a.body.found] = count > 0;
    return Done.next;
  }
}

function commandOf(statement: Statement): string {
  return statement.type === 'select' && statement.into !== undefined ? 'SELECT INTO' : statement.type.toUpperCase();
}
