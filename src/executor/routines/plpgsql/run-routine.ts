import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { type Row, SqlRecord, type SqlValue } from '../../../types/value.js';
import { type Waiting, wait } from '../../waiting.js';
import type { CompiledRoutine, RoutineCall, TriggerCall } from '../routine.js';
import { Activation } from './activation.js';
import { assign, heldBy } from './assign.js';
import { breathe } from './breathe.js';
import type { CompiledBody } from './compile-routine.js';
import { leaving } from './context.js';
import { conform, shapeOfValue } from './row-result.js';
import { Done } from './step.js';
import { fillTriggerVariables, rowOfTrigger, type TriggerNumbers } from './trigger-variables.js';

/** A compiled body as the executor calls it. */
export function runnable(compiled: CompiledBody): CompiledRoutine {
  const { result, trigger } = compiled;
  if (result.kind === 'trigger') {
    return {
      value: (_args, call) => notTrigger(call.routine.name),
      *trigger(given, call) {
        const a = enter(compiled, call);
        try {
          yield* breathe(a);
          if (trigger !== undefined) fillTriggerVariables(a, trigger, given);
          yield* runBlock(compiled, a);
          return rowOfResult(trigger, given, a);
        } catch (error) {
          throw leaving(error, a);
        } finally {
          leave(a);
        }
      },
    };
  }
  const routine: CompiledRoutine = {
    *value(args, call) {
      const a = enter(compiled, call);
      try {
        const { interrupt } = call.cx;
        if (interrupt.shouldYield()) yield* wait(interrupt.turn());
        storeArguments(compiled, args, a);
        yield* runBlock(compiled, a);
        return resultOf(compiled, a);
      } catch (error) {
        throw leaving(error, a);
      } finally {
        leave(a);
      }
    },
  };
  if (!result.returnsSet) return routine;
  return {
    ...routine,
    *set(args, call, out) {
      const a = enter(compiled, call);
      try {
        yield* breathe(a);
        a.out = out;
        storeArguments(compiled, args, a);
        yield* runBlock(compiled, a);
      } catch (error) {
        throw leaving(error, a);
      } finally {
        leave(a);
      }
    },
  };
}

function enter({ body }: CompiledBody, call: RoutineCall): Activation {
  const a = new Activation(body, call);
  call.statements.stack.frames.push(a);
  return a;
}

function leave(a: Activation): void {
  const { frames } = a.call.statements.stack;
  const depth = frames.lastIndexOf(a);
  if (depth >= 0) frames.length = depth;
  a.close();
}

function rowOfResult(trigger: TriggerNumbers | undefined, given: TriggerCall, a: Activation): Row | null {
  a.begin('during function exit');
  const row = a.result;
  if (given.level === 'STATEMENT' || given.when === 'AFTER' || !(row instanceof SqlRecord)) return null;
  const wanted = trigger === undefined ? undefined : a.body.typedShapes[trigger.new];
  const from = a.resultShape ?? shapeOfValue(a, row, a.resultType);
  const message = 'returned row structure does not match the structure of the triggering table';
  return rowOfTrigger(wanted === undefined ? row.values : conform(a, row.values, from, wanted, message), given);
}

// biome-ignore lint/correctness/useYield: an error needs no waiting.
function* notTrigger(name: string): Waiting<SqlValue> {
  throw new SqlError(SqlState.featureNotSupported, 'trigger functions can only be called as triggers', {
    where: `compilation of PL/pgSQL function "${name}" near line 1`,
  });
}

function storeArguments({ inputs, body }: CompiledBody, args: readonly SqlValue[], a: Activation): void {
  for (let i = 0; i < inputs.length; i++) {
    const input = inputs[i];
    if (input === undefined) break;
    const { number, type } = input;
    const value = args[i] ?? null;
    if (body.datum(number).kind === 'scalar') {
      a.slots[number] = value;
      continue;
    }
    a.begin('while storing call arguments into local variables');
    assign(a, number, value, type, -1);
    a.phase = undefined;
  }
  a.slots[body.found] = false;
}

function* runBlock({ block, result }: CompiledBody, a: Activation): Waiting<void> {
  a.slots[a.body.found] = false;
  a.step = block;
  const outcome = block.run(a);
  const completion = typeof outcome === 'number' ? outcome : yield* outcome;
  a.step = undefined;
  if (completion === Done.returned) return;
  // What ends without RETURN, where that may be left out.
  if (result.outVariable !== undefined && !result.returnsSet) {
    const held = heldBy(a, result.outVariable);
    a.result = held.value;
    a.resultType = held.type;
    a.resultTypmod = held.typmod;
    a.resultShape = held.shape;
    return;
  }
  if (result.returnsSet || result.kind === 'procedure' || result.kind === 'block') return;
  if (result.returnsVoid) {
    a.result = '';
    a.resultType = result.type;
    return;
  }
  const what = result.kind === 'trigger' ? 'trigger procedure' : 'function';
  throw new SqlError(SqlState.noReturnStatement, `control reached end of ${what} without RETURN`);
}

function resultOf({ result }: CompiledBody, a: Activation): SqlValue {
  const value = a.result;
  if (result.kind === 'block' || result.returnsVoid) return result.kind === 'procedure' || result.kind === 'block' ? null : '';
  a.begin("while casting return value to function's return type");
  if (!result.isRow) {
    return a.casts.cast(value, a.resultType, a.resultTypmod, result.type, -1);
  }
  if (value === null || !(value instanceof SqlRecord) || result.shape === undefined) return value;
  const { shape } = result;
  const from = a.resultShape ?? shapeOfValue(a, value, a.resultType);
  const row: Row = conform(a, value.values, from, shape, 'returned record type does not match expected record type');
  return new SqlRecord(row, shape.types, shape.names);
}
