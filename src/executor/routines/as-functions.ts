import type { Oid } from '../../commons/ids.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { ExecutionContext } from '../context.js';
import type { AsyncFunction, CallTypes, ScalarFunction, SetFunction, WaitingSetFunction } from '../functions/implementation.js';
import { drive } from '../waiting.js';
import { RoutineSite, runNow } from './call.js';

/** Users' routines as the function library gives them: for places that can wait, and for those that can't. */

export function routineAsync(oid: Oid, types: CallTypes): AsyncFunction {
  const site = new RoutineSite(oid, types);
  return (args, cx) => drive(site.value(args, cx));
}

/** Called with its arguments and the context behind them. */
export function routineScalar(oid: Oid, types: CallTypes): ScalarFunction {
  const site = new RoutineSite(oid, types);
  const call = (...parts: (SqlValue | ExecutionContext)[]): SqlValue => {
    const cx = parts.pop() as ExecutionContext;
    return runNow(site.value(parts as SqlValue[], cx), cx.session.statements);
  };
  return call;
}

export function routineSet(oid: Oid, types: CallTypes): WaitingSetFunction {
  const site = new RoutineSite(oid, types);
  return (args, cx, out) => site.set(args, cx, out);
}

export function routineSetNow(oid: Oid, types: CallTypes): SetFunction {
  const site = new RoutineSite(oid, types);
  return setNow((args, cx, out) => site.set(args, cx, out));
}

/** For places that can't wait. */
export function setNow(run: WaitingSetFunction): SetFunction {
  return (args, cx) => {
    const rows: Row[] = [];
    runNow(run(args, cx, { add: (row) => rows.push(row) }), cx.session.statements);
    return rows;
  };
}
