import { SqlError } from '../../../../commons/sql-error.js';
import { SqlState } from '../../../../commons/sqlstates.js';
import type { Block, Handler } from '../../../../planner/parse/plpgsql/ast.js';
import { TypeOid } from '../../../../types/oids.js';
import type { Waiting } from '../../../waiting.js';
import type { Activation } from '../activation.js';
import { assign, moveRow } from '../assign.js';
import { toSqlError } from '../context.js';
import { Expression, LATER } from '../expression.js';
import { placeOf } from '../place.js';
import { type Completion, Done, type Outcome, runSteps, type Step } from '../step.js';
import type { StepCompiler } from './compiler.js';

interface CompiledHandler {
  readonly conditions: readonly string[];
  readonly steps: readonly Step[];
}

interface Variable {
  readonly number: number;
  readonly line: number;
  readonly initial: Expression | undefined;
  /** Without a default it is just NULL. */
  readonly isPlain: boolean;
}

const INITIALIZING = 'during statement block local variable initialization';

export function compileBlock(block: Block, compiler: StepCompiler): Step {
  const { line, label } = block;
  const variables = block.declared.map((number) => compileVariable(number, compiler));
  const steps = compiler.steps(block.body);
  const exceptions = block.exceptions;
  const handlers = (exceptions?.handlers ?? []).map((handler) => compileHandler(handler, compiler));
  return { line, title: 'statement block', run };

  function run(a: Activation): Outcome {
    for (let i = 0; i < variables.length; i++) {
      const variable = variables[i];
      if (variable === undefined) break;
      a.phase = INITIALIZING;
      a.phaseLine = variable.line;
      if (!initialize(variable, a)) return later(i, a);
    }
    a.phase = undefined;
    if (exceptions !== undefined) return guarded(a);
    const outcome = runSteps(steps, a);
    return typeof outcome === 'number' ? leave(outcome, a) : leaveLater(outcome, a);
  }

  function* later(from: number, a: Activation): Waiting<Completion> {
    for (const variable of variables.slice(from)) {
      a.phase = INITIALIZING;
      a.phaseLine = variable.line;
      if (initialize(variable, a) || variable.initial === undefined) continue;
      const value = yield* variable.initial.later(a);
      assign(a, variable.number, value, variable.initial.type, variable.initial.typmod);
    }
    a.phase = undefined;
    if (exceptions !== undefined) return yield* guarded(a);
    const outcome = runSteps(steps, a);
    return leave(typeof outcome === 'number' ? outcome : yield* outcome, a);
  }

  function leave(outcome: Completion, a: Activation): Completion {
    if (outcome !== Done.exit || a.label === undefined || a.label !== label) return outcome;
    a.label = undefined;
    return Done.next;
  }

  function* leaveLater(rest: Waiting<Completion>, a: Activation): Waiting<Completion> {
    return leave(yield* rest, a);
  }

  /** With EXCEPTION: the body is a sub-transaction. */
  function* guarded(a: Activation): Waiting<Completion> {
    const { statements } = a.call;
    const around = a.step;
    const loops = a.loops.length;
    const sub = statements.beginSub();
    let handler: CompiledHandler | undefined;
    let error: SqlError | undefined;
    try {
      const outcome = runSteps(steps, a);
      const completion = typeof outcome === 'number' ? outcome : yield* outcome;
      statements.releaseSub(sub);
      a.statementEnded();
      return leave(completion, a);
    } catch (thrown) {
      const caught = toSqlError(thrown);
      // What the error ended must not be read on.
      for (const rows of a.loops.slice(loops)) rows.close();
      const own = thrown === a.rethrown && caught instanceof SqlError ? caught : undefined;
      const where = caught instanceof SqlError ? contextOf(caught, a, own !== undefined) : '';
      const line = placeOf(a);
      statements.rollbackSub(sub);
      a.statementEnded();
      a.sqlLine = undefined;
      a.phase = undefined;
      if (!(caught instanceof SqlError)) throw thrown;
      handler = caught.severity === 'ERROR' ? handlers.find((candidate) => catches(candidate, caught)) : undefined;
      if (handler === undefined) {
        // It tells where it was thrown, not where the block stands.
        const told = own ?? withLine(caught, line);
        a.rethrown = told;
        throw told;
      }
      error = own ?? withLine(caught, line);
      const before = a.caught;
      const { sqlstate = 0, sqlerrm = 0 } = exceptions ?? {};
      a.slots[sqlstate] = error.code;
      a.slots[sqlerrm] = error.message;
      a.caught = { error, context: where };
      a.rethrown = undefined;
      a.step = around;
      try {
        const outcome = runSteps(handler.steps, a);
        return leave(typeof outcome === 'number' ? outcome : yield* outcome, a);
      } finally {
        a.caught = before;
      }
    }
  }
}

/** All lines of context of an error that is caught here. */
function contextOf(error: SqlError, a: Activation, isToldAlready: boolean): string {
  const { frames } = a.call.statements.stack;
  const own = isToldAlready ? [] : [placeOf(a)];
  const outer: string[] = [];
  for (let i = frames.length - 2; i >= 0; i--) outer.push(...(frames[i]?.context() ?? []));
  return [...(error.fields.where === undefined ? [] : [error.fields.where]), ...own, ...outer].join('\n');
}

function withLine(error: SqlError, line: string): SqlError {
  const { where } = error.fields;
  const told = new SqlError(error.code, error.message, { ...error.fields, where: where === undefined ? line : `${where}\n${line}` });
  if (error.stack !== undefined) told.stack = error.stack;
  return told;
}

function catches({ conditions }: CompiledHandler, { code }: SqlError): boolean {
  return conditions.some((condition) => {
    // Cancelling and failed assertions have to be named to be caught.
    if (condition === 'others') return code !== SqlState.queryCanceled && code !== SqlState.assertFailure;
    return condition === code || (condition.endsWith('000') && condition.slice(0, 2) === code.slice(0, 2));
  });
}

function compileHandler(handler: Handler, compiler: StepCompiler): CompiledHandler {
  return { conditions: handler.conditions, steps: compiler.steps(handler.body) };
}

function compileVariable(number: number, { body }: StepCompiler): Variable {
  const datum = body.datum(number);
  const line = datum.kind === 'field' ? 0 : datum.line;
  if (datum.kind === 'scalar') {
    const quoted = `'${datum.name.replaceAll("'", "''")}'`;
    const sql = datum.cursor === undefined ? datum.default : ({ mode: 'expression', text: quoted, names: undefined } as const);
    return {
      number,
      line,
      initial: sql === undefined ? undefined : new Expression(sql, datum.type),
      isPlain: datum.type.oid < FIRST_SPECIAL,
    };
  }
  const initial = datum.kind === 'record' && datum.default !== undefined ? new Expression(datum.default) : undefined;
  return { number, line, initial, isPlain: false };
}

const FIRST_SPECIAL = 10_000;

/** @returns false where its default has to be waited for */
function initialize({ number, initial, isPlain }: Variable, a: Activation): boolean {
  if (initial !== undefined) {
    const value = initial.evaluate(a);
    if (value === LATER) return false;
    assign(a, number, value, initial.type, initial.typmod);
    return true;
  }
  if (isPlain) a.slots[number] = null;
  else if (a.body.datum(number).kind === 'scalar') assign(a, number, null, TypeOid.unknown, -1);
  else moveRow(a, number, undefined, undefined);
  return true;
}
