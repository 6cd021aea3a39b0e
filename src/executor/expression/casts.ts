import { assert } from '../../commons/assert.js';
import { notSupported } from '../../commons/sql-error.js';
import type { BoundDomainCast, BoundIoCast, BoundRelabel, BoundTypmodCast } from '../../planner/bind/expression.js';
import { TypeOid } from '../../types/oids.js';
import { applyTypmod, castValue, formatType } from '../../types/type-codec.js';
import type { Layout } from '../scope.js';
import { codecOf } from './comparators.js';
import type { Evaluator } from './evaluator.js';

export function compileIoCast(expr: BoundIoCast, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const from = codecOf(expr.arg.type);
  const to = codecOf(expr.type);
  if (from === undefined || to === undefined) {
    throw notSupported(`a cast from ${formatType(expr.arg.type)} to ${formatType(expr.type)}`);
  }
  return (row, frame) => {
    const value = arg(row, frame);
    return value === null ? null : to.input(from.output(value, frame.cx.format), frame.cx.format, -1);
  };
}

/** The same bits as another type: the same value, but for oids, which have no sign. */
export function compileRelabel(expr: BoundRelabel, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const from = expr.arg.type;
  if (from === expr.type || (from !== TypeOid.int4 && expr.type !== TypeOid.int4)) return arg;
  const cast = castValue(from, expr.type);
  if (cast === undefined) return arg;
  return (row, frame) => {
    const value = arg(row, frame);
    return value === null ? null : cast(value, frame.cx.format);
  };
}

export function compileTypmodCast(expr: BoundTypmodCast, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const apply = applyTypmod(expr.type, expr.typmod, expr.explicit);
  if (apply === undefined) return arg;
  return (row, frame) => {
    const value = arg(row, frame);
    return value === null ? null : apply(value);
  };
}

export function compileDomainCast(expr: BoundDomainCast, layout: Layout): Evaluator {
  const arg = layout.evaluator(expr.arg);
  const { type } = expr;
  return (row, frame) => {
    const value = arg(row, frame);
    const { format } = frame.cx;
    const domain = format.userTypes?.find(type);
    assert(domain?.check !== undefined, 'a domain is known to the session');
    return domain.check(value, format);
  };
}
