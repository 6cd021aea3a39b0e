import { outputParameters } from '../../../../catalog/made-routines.js';
import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import { bindCallStatement } from '../../../../planner/bind/bind.js';
import type { CallStatement, Expr } from '../../../../planner/parse/ast.js';
import type { Call } from '../../../../planner/parse/plpgsql/ast.js';
import { findName } from '../../../../planner/parse/plpgsql/names.js';
import type { Row } from '../../../../types/value.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { assign, assignField } from '../assign.js';
import { shapeOfColumns } from '../shape.js';
import { runStatement, SqlStatement } from '../sql-statement.js';
import { type Completion, Done, type Step } from '../step.js';
import { UsedVariables } from '../used-variables.js';
import type { StepCompiler } from './compiler.js';

export function compileCall(statement: Call, compiler: StepCompiler): Step {
  const sql = new SqlStatement(statement.sql);
  let targets: readonly CallTarget[] | undefined;
  return { line: statement.line, title: statement.isCall ? 'CALL' : 'DO', run };

  function* run(a: Activation): Waiting<Completion> {
    const tree = sql.parse(a);
    if (tree.type === 'call') targets ??= targetsOf(tree, a);
    let row: Row | undefined;
    const running = yield* runStatement(
      a,
      () => sql.open(a),
      sql.line,
      (error) => sql.explain(error),
      (batch) => {
        row ??= batch[0];
        return true;
      },
    );
    if (row === undefined || targets === undefined) return Done.next;
    const { types, typmods } = shapeOfColumns(running.columns ?? []);
    for (const [i, target] of targets.entries()) {
      const value = [row[i] ?? null, types[i] ?? 0, typmods[i] ?? -1] as const;
      if (typeof target === 'number') assign(a, target, ...value);
      else assignField(a, target, ...value);
    }
    return Done.next;
  }

  /** The variables that OUT and INOUT parameters come back to, in the parameters' order. @throws SqlError 42601 */
  function targetsOf({ call }: CallStatement, a: Activation): readonly CallTarget[] {
    const { catalog, planner } = a.compile;
    const variables = new UsedVariables(statement.sql.names, a);
    let bound: ReturnType<typeof bindCallStatement>;
    try {
      bound = bindCallStatement(call, { ...planner, paramTypes: a.body.paramTypes, paramsFixed: true, variables });
    } catch (error) {
      throw sql.explain(error);
    }
    const routine = catalog.routine(bound.call.proc);
    if (routine === undefined) return [];
    return outputParameters(routine).map((parameter, i) => {
      const written = call.args[bound.outputs[i] ?? -1];
      const number = written === undefined ? undefined : variableOf(written.type === 'named argument' ? written.value : written);
      if (number !== undefined) {
        requireAssignable(a, number);
        return number;
      }
      const place = routine.parameters.indexOf(parameter);
      throw new SqlError(
        SqlState.syntaxError,
        parameter.name === undefined
          ? `procedure parameter ${place + 1} is an output parameter but corresponding argument is not writable`
          : `procedure parameter "${parameter.name}" is an output parameter but corresponding argument is not writable`,
      );
    });
  }

  function variableOf(expr: Expr): CallTarget | undefined {
    if (expr.type === 'parameter') return expr.index <= compiler.body.paramTypes.length ? expr.index - 1 : undefined;
    if (expr.type !== 'ref' || expr.star === true) return undefined;
    const names = [expr.table?.schema, expr.table?.name, expr.name].filter((name) => name !== undefined);
    const [first = '', second, third] = names;
    const found = findName(statement.sql.names, false, first, second, third);
    if (found === undefined) return undefined;
    const name = names[found.words];
    return name === undefined ? found.number : { record: found.number, name };
  }
}

/** A variable, or the field of a record. */
type CallTarget = number | { readonly record: number; readonly name: string };

/** @throws SqlError 22005 */
function requireAssignable(a: Activation, target: CallTarget): void {
  const datum = a.body.datum(typeof target === 'number' ? target : target.record);
  if ((datum.kind === 'scalar' || datum.kind === 'record') && datum.isConstant) {
    throw new SqlError(SqlState.errorInAssignment, `variable "${datum.name}" is declared CONSTANT`);
  }
}
