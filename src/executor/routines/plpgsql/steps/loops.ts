import { typeRecord } from '../../../../catalog/made-types.js';
import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import { typeNameIn } from '../../../../planner/bind/bind.js';
import type { ForEach, ForInteger, Loop, While } from '../../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../../types/oids.js';
import { SqlArray, type SqlValue } from '../../../../types/value.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { assign } from '../assign.js';
import { breathe, ROUNDS } from '../breathe.js';
import { baseTypeIn } from '../declared-types.js';
import { Expression } from '../expression.js';
import { type Completion, Done, type Outcome, runSteps, type Step } from '../step.js';
import type { StepCompiler } from './compiler.js';
import { evaluated, isTrue } from './plain.js';

/** What a round of a loop came to: undefined: the next one; else how the loop ends. */
export function endOfRound(outcome: Completion, label: string | undefined, a: Activation): Completion | undefined {
  switch (outcome) {
    case Done.next:
      return undefined;
    case Done.returned:
      return outcome;
    case Done.exit:
    case Done.continue: {
      if (a.label !== undefined && a.label !== label) return outcome;
      a.label = undefined;
      return outcome === Done.exit ? Done.next : undefined;
    }
  }
}

export function compileLoop({ line, label, body }: Loop, compiler: StepCompiler): Step {
  const steps = compiler.steps(body);
  return { line, title: 'LOOP', run };

  function* run(a: Activation): Waiting<Completion> {
    for (let round = 1; ; round++) {
      const outcome: Outcome = runSteps(steps, a);
      const end = endOfRound(typeof outcome === 'number' ? outcome : yield* outcome, label, a);
      if (end !== undefined) return end;
      if (round % ROUNDS === 0 || typeof outcome !== 'number') yield* breathe(a);
    }
  }
}

export function compileWhile({ line, label, condition, body }: While, compiler: StepCompiler): Step {
  const steps = compiler.steps(body);
  const expression = new Expression(condition);
  return { line, title: 'WHILE', run };

  function* run(a: Activation): Waiting<Completion> {
    for (let round = 1; ; round++) {
      let value = expression.evaluate(a);
      if (typeof value === 'symbol') value = yield* expression.later(a);
      if (!isTrue(expression, value, a)) return Done.next;
      const outcome: Outcome = runSteps(steps, a);
      const end = endOfRound(typeof outcome === 'number' ? outcome : yield* outcome, label, a);
      if (end !== undefined) return end;
      if (round % ROUNDS === 0 || typeof outcome !== 'number') yield* breathe(a);
    }
  }
}

const MAX_INTEGER = 2_147_483_647;

export function compileForInteger(statement: ForInteger, compiler: StepCompiler): Step {
  const { line, label, variable, reverse } = statement;
  const steps = compiler.steps(statement.body);
  const lower = new Expression(statement.lower);
  const upper = new Expression(statement.upper);
  const by = statement.step === undefined ? undefined : new Expression(statement.step);
  return { line, title: 'FOR with integer loop variable', run };

  function* run(a: Activation): Waiting<Completion> {
    const from = yield* bound(lower, 'lower bound of FOR loop', a);
    const to = yield* bound(upper, 'upper bound of FOR loop', a);
    const step = by === undefined ? 1 : yield* bound(by, 'BY value of FOR loop', a);
    if (step <= 0) throw new SqlError(SqlState.invalidParameterValue, 'BY value of FOR loop must be greater than zero');
    let found = false;
    let result: Completion = Done.next;
    let round = 0;
    for (let i = from; reverse ? i >= to : i <= to; ) {
      found = true;
      a.slots[variable] = i;
      const outcome: Outcome = runSteps(steps, a);
      const end = endOfRound(typeof outcome === 'number' ? outcome : yield* outcome, label, a);
      if (end !== undefined) {
        result = end;
        break;
      }
      i = reverse ? i - step : i + step;
      if (i > MAX_INTEGER || i < -MAX_INTEGER - 1) break;
      if (++round % ROUNDS === 0 || typeof outcome !== 'number') yield* breathe(a);
    }
    a.slots[a.body.found] = found;
    return result;
  }
}

function* bound(expression: Expression, what: string, a: Activation): Waiting<number> {
  const value = yield* evaluated(expression, a);
  const cast = a.casts.cast(value, expression.type, expression.typmod, TypeOid.int4, -1);
  if (typeof cast !== 'number') throw new SqlError(SqlState.nullValueNotAllowed, `${what} cannot be null`);
  return cast;
}

export function compileForEach(statement: ForEach, compiler: StepCompiler): Step {
  const { line, label, variable, slice } = statement;
  const steps = compiler.steps(statement.body);
  const expression = new Expression(statement.array);
  return { line, title: 'FOREACH over array', run };

  function* run(a: Activation): Waiting<Completion> {
    const array = yield* evaluated(expression, a);
    if (array === null) throw new SqlError(SqlState.nullValueNotAllowed, 'FOREACH expression must not be null');
    const { catalog, planner } = a.compile;
    const type = typeRecord(catalog, baseTypeIn(catalog, expression.type));
    if (!(array instanceof SqlArray) || type === undefined) {
      throw new SqlError(
        SqlState.datatypeMismatch,
        `FOREACH expression must yield an array, not type ${typeNameIn(expression.type, planner)}`,
      );
    }
    const dimensions = array.dimensions.length;
    if (slice < 0 || slice > dimensions) {
      throw new SqlError(SqlState.arraySubscriptError, `slice dimension (${slice}) is out of the valid range 0..${dimensions}`);
    }
    checkVariable(a);
    const partType = slice > 0 ? type.oid : type.element;
    let found = false;
    let result: Completion = Done.next;
    let round = 0;
    for (const part of partsOf(array, slice)) {
      found = true;
      assign(a, variable, part, partType, -1);
      const outcome: Outcome = runSteps(steps, a);
      const end = endOfRound(typeof outcome === 'number' ? outcome : yield* outcome, label, a);
      if (end !== undefined) {
        result = end;
        break;
      }
      if (++round % ROUNDS === 0 || typeof outcome !== 'number') yield* breathe(a);
    }
    a.slots[a.body.found] = found;
    return result;
  }

  function checkVariable(a: Activation): void {
    const datum = a.body.datum(variable);
    const isArray = datum.kind === 'scalar' && typeRecord(a.compile.catalog, datum.type.oid)?.isArray === true;
    if (slice > 0 && !isArray) {
      throw new SqlError(SqlState.datatypeMismatch, 'FOREACH ... SLICE loop variable must be of an array type');
    }
    if (slice === 0 && isArray) {
      throw new SqlError(SqlState.datatypeMismatch, 'FOREACH loop variable must not be of an array type');
    }
  }
}

/** Elements, or arrays of the last `slice` dimensions. */
function* partsOf(array: SqlArray, slice: number): Iterable<SqlValue> {
  if (slice === 0) {
    yield* array.elements;
    return;
  }
  const kept = array.dimensions.length - slice;
  const dimensions = array.dimensions.slice(kept);
  const bounds = array.lowerBounds.slice(kept);
  const size = dimensions.reduce((product, length) => product * length, 1);
  for (let at = 0; at < array.elements.length; at += size) yield new SqlArray(array.elements.slice(at, at + size), dimensions, bounds);
}
