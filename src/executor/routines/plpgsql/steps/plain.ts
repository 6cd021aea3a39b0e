import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { Indirection } from '../../../../planner/parse/ast.js';
import type { Assert, Assign, Case, Exit, If, Perform, SqlText } from '../../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../../types/oids.js';
import { SqlRecord, type SqlValue } from '../../../../types/value.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { assign, fieldPlace, heldBy } from '../assign.js';
import { type AssignedPart, PartTarget, typeOfPart } from '../assign-part.js';
import { Expression, LATER } from '../expression.js';
import { runStatement, SqlStatement } from '../sql-statement.js';
import { type Completion, Done, type Outcome, runSteps, type Step } from '../step.js';
import type { StepCompiler } from './compiler.js';

/** A value, waiting for it where it takes that. */
export function* evaluated(expression: Expression, a: Activation): Waiting<SqlValue> {
  const now = expression.evaluate(a);
  return now === LATER ? yield* expression.later(a) : now;
}

/** A condition: NULL is false. */
export function isTrue(expression: Expression, value: SqlValue, a: Activation): boolean {
  if (typeof value === 'boolean') return value;
  return a.casts.cast(value, expression.type, expression.typmod, TypeOid.bool, -1) === true;
}

export function compileAssign(statement: Assign, { body }: StepCompiler): Step {
  const { variable } = statement;
  const datum = body.datum(variable);
  const target = datum.kind === 'scalar' || datum.kind === 'record' ? datum.type : undefined;
  const expression = new Expression(statement.expr, target);
  const plainType =
    datum.kind === 'scalar' && !datum.notNull && datum.type.typmod < 0 && datum.type.oid < FIRST_SPECIAL ? datum.type.oid : 0;
  let part: PartTarget | null | undefined;
  return {
    line: statement.line,
    title: 'assignment',
    run(a) {
      if (part === undefined) {
        const { steps, stepShift } = expression.parse(a);
        part = steps === undefined ? null : partOf(a, steps, stepShift ?? 0);
      }
      if (part !== null) return assignPart(part, a);
      if (expression.append(a)) return Done.next;
      const value = expression.evaluate(a);
      if (value === LATER) return assignLater(a);
      if (plainType !== 0 && expression.type === plainType) a.slots[variable] = value;
      else assignValue(a, value);
      return Done.next;
    },
  };

  function partOf(a: Activation, steps: readonly Indirection[], shift: number): PartTarget {
    const type = datum.kind === 'field' ? heldBy(a, variable).type : (target?.oid ?? 0);
    expression.retarget(typeOfPart(a, type, steps));
    return new PartTarget(steps, statement.expr, shift, type);
  }

  function* assignLater(a: Activation): Waiting<Completion> {
    assignValue(a, yield* expression.later(a));
    return Done.next;
  }

  function assignValue(a: Activation, value: SqlValue): void {
    const { type, typmod } = expression;
    try {
      // The target is looked up as the SQL is planned, and so are constants cast.
      if (datum.kind === 'field') fieldPlace(a, datum.record, datum.name);
      if (datum.kind === 'record' && value !== null && !(value instanceof SqlRecord)) {
        a.slots[variable] = rowFrom(a, value, datum.type.oid);
        return;
      }
      assign(a, variable, value, type, typmod);
    } catch (error) {
      const isPlanned = (datum.kind === 'field' || (datum.kind === 'scalar' && expression.isConstant)) && !isRefused(error);
      throw isPlanned ? expression.explain(error) : error;
    }
  }

  function rowFrom(a: Activation, value: SqlValue, row: number): SqlValue {
    if (row === TypeOid.record) {
      throw new SqlError(SqlState.featureNotSupported, 'input of anonymous composite types is not implemented');
    }
    return a.casts.cast(value, expression.type, expression.typmod, row, -1);
  }

  function* assignPart(target: PartTarget, a: Activation): Waiting<Completion> {
    const value = yield* evaluated(expression, a);
    let whole: AssignedPart | undefined;
    try {
      whole = yield* target.assigned(a, variable, value, expression.type, expression.typmod);
    } catch (error) {
      throw error instanceof SqlError && error.fields.position !== undefined ? expression.explain(error) : error;
    }
    if (whole !== undefined) assign(a, variable, whole.value, whole.type, -1);
    return Done.next;
  }
}

/** What a variable or its domain says of a value, however it came. */
const REFUSALS: ReadonlySet<string> = new Set([SqlState.nullValueNotAllowed, SqlState.checkViolation, SqlState.notNullViolation]);

function isRefused(error: unknown): boolean {
  return error instanceof SqlError && REFUSALS.has(error.code);
}

const FIRST_SPECIAL = 10_000;

interface Arm {
  readonly condition: Expression;
  readonly body: readonly Step[];
}

function compileArms(
  arms: readonly { readonly condition: SqlText; readonly body: If['arms'][number]['body'] }[],
  compiler: StepCompiler,
): Arm[] {
  return arms.map(({ condition, body }) => ({ condition: new Expression(condition), body: compiler.steps(body) }));
}

/** The first arm whose condition is true. */
function runArms(arms: readonly Arm[], otherwise: (a: Activation) => Outcome, a: Activation): Outcome {
  for (let i = 0; i < arms.length; i++) {
    const arm = arms[i];
    if (arm === undefined) break;
    const value = arm.condition.evaluate(a);
    if (value === LATER) return runArmsLater(arms, i, otherwise, a);
    if (value === true || isTrue(arm.condition, value, a)) return runSteps(arm.body, a);
  }
  return otherwise(a);
}

function* runArmsLater(arms: readonly Arm[], from: number, otherwise: (a: Activation) => Outcome, a: Activation): Waiting<Completion> {
  for (const arm of arms.slice(from)) {
    const value = yield* evaluated(arm.condition, a);
    if (!isTrue(arm.condition, value, a)) continue;
    const outcome = runSteps(arm.body, a);
    return typeof outcome === 'number' ? outcome : yield* outcome;
  }
  const outcome = otherwise(a);
  return typeof outcome === 'number' ? outcome : yield* outcome;
}

export function compileIf(statement: If, compiler: StepCompiler): Step {
  const arms = compileArms(statement.arms, compiler);
  const otherwise = compiler.steps(statement.otherwise ?? []);
  const runOtherwise = (a: Activation): Outcome => runSteps(otherwise, a);
  return { line: statement.line, title: 'IF', run: (a) => runArms(arms, runOtherwise, a) };
}

export function compileCase(statement: Case, compiler: StepCompiler): Step {
  const arms = compileArms(statement.arms, compiler);
  const otherwise = statement.otherwise === undefined ? undefined : compiler.steps(statement.otherwise);
  const operand = statement.operand === undefined ? undefined : new Expression(statement.operand.expr);
  const variable = statement.operand?.variable ?? -1;
  const runOtherwise = (a: Activation): Outcome => {
    if (otherwise !== undefined) return runSteps(otherwise, a);
    throw new SqlError(SqlState.caseNotFound, 'case not found', { hint: 'CASE statement is missing ELSE part.' });
  };
  const setOperand = (a: Activation, expression: Expression, value: SqlValue): void => {
    a.body.caseTypes.set(variable, { type: expression.type, typmod: expression.typmod });
    a.slots[variable] = value;
  };
  return {
    line: statement.line,
    title: 'CASE',
    run(a) {
      if (operand === undefined) return runArms(arms, runOtherwise, a);
      const value = operand.evaluate(a);
      if (value === LATER) return runLater(operand, a);
      setOperand(a, operand, value);
      return runArms(arms, runOtherwise, a);
    },
  };

  function* runLater(expression: Expression, a: Activation): Waiting<Completion> {
    setOperand(a, expression, yield* expression.later(a));
    const outcome = runArms(arms, runOtherwise, a);
    return typeof outcome === 'number' ? outcome : yield* outcome;
  }
}

export function compileExit(statement: Exit): Step {
  const { label, condition: sql } = statement;
  const condition = sql === undefined ? undefined : new Expression(sql);
  const completion = statement.isContinue ? Done.continue : Done.exit;
  const leave = (a: Activation): Completion => {
    a.label = label;
    return completion;
  };
  return {
    line: statement.line,
    title: statement.isContinue ? 'CONTINUE' : 'EXIT',
    run(a) {
      if (condition === undefined) return leave(a);
      const value = condition.evaluate(a);
      if (value === LATER) return later(condition, a);
      return isTrue(condition, value, a) ? leave(a) : Done.next;
    },
  };

  function* later(expression: Expression, a: Activation): Waiting<Completion> {
    const value = yield* expression.later(a);
    return isTrue(expression, value, a) ? leave(a) : Done.next;
  }
}

export function compilePerform(statement: Perform): Step {
  const query = new SqlStatement(statement.query);
  return { line: statement.line, title: 'PERFORM', run };

  function* run(a: Activation): Waiting<Completion> {
    let rows = 0;
    yield* runStatement(
      a,
      () => query.open(a),
      query.line,
      (error) => query.explain(error),
      (batch) => {
        rows += batch.length;
        return true;
      },
    );
    a.rowCount = rows;
    a.slots[a.body.found] = rows > 0;
    return Done.next;
  }
}

export function compileAssert(statement: Assert): Step {
  const condition = new Expression(statement.condition);
  const message = statement.message === undefined ? undefined : new Expression(statement.message);
  return { line: statement.line, title: 'ASSERT', run };

  function* run(a: Activation): Waiting<Completion> {
    if (a.call.statements.setting('plpgsql.check_asserts') === 'off') return Done.next;
    if (isTrue(condition, yield* evaluated(condition, a), a)) return Done.next;
    const value = message === undefined ? null : yield* evaluated(message, a);
    const text =
      message === undefined || value === null ? 'assertion failed' : a.casts.cast(value, message.type, message.typmod, TypeOid.text, -1);
    throw new SqlError(SqlState.assertFailure, String(text));
  }
}
