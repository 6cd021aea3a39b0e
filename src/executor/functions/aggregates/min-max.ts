import { type TypeName, TypeOid } from '../../../types/oids.js';
import type { SqlValue } from '../../../types/value.js';
import { type Compare, compareOf } from '../codecs.js';
import type { AggregateFunction } from '../implementation.js';
import { argType, type FunctionTable } from '../table.js';

interface Extreme {
  value: SqlValue;
}

function extreme(isBetter: (candidate: SqlValue, current: SqlValue) => boolean): AggregateFunction<Extreme> {
  return {
    strict: true,
    init: () => ({ value: null }),
    step: (state, args) => {
      const candidate = args[0] ?? null;
      if (state.value === null || isBetter(candidate, state.value)) state.value = candidate;
      return state;
    },
    final: (state) => state.value,
  };
}

type Ordered = number | bigint;
/** Numbers without NaN, and int8's mix: JavaScript's own order. */
const plainMaximum = (): AggregateFunction<Extreme> => extreme((a, b) => (a as Ordered) > (b as Ordered));
const plainMinimum = (): AggregateFunction<Extreme> => extreme((a, b) => (a as Ordered) < (b as Ordered));

const PLAIN: readonly TypeName[] = ['int2', 'int4', 'int8', 'oid', 'xid8', 'money', 'date', 'time', 'timestamp', 'timestamptz'];
const COMPARED: readonly TypeName[] = ['float4', 'float8', 'numeric', 'text', 'bpchar', 'timetz', 'interval', 'inet', 'pg_lsn', 'tid'];
const POLYMORPHIC: readonly TypeName[] = ['anyarray', 'anyenum'];

/** Of equal values that differ in form (numeric 1.0 and 1.00) the later one counts, as with PostgreSQL's *_larger and *_smaller. */
function larger(compare: Compare): AggregateFunction<Extreme> {
  return extreme((a, b) => compare(a, b) >= 0);
}

function smaller(compare: Compare): AggregateFunction<Extreme> {
  return extreme((a, b) => compare(a, b) <= 0);
}

function tableOf<T>(names: readonly TypeName[], max: (type: number) => T, min: (type: number) => T): Record<string, T> {
  const entries = names.flatMap((name): [string, T][] => {
    const type = TypeOid[name];
    return [
      [`max(${type})`, max(type)],
      [`min(${type})`, min(type)],
    ];
  });
  return Object.fromEntries(entries);
}

export const minAndMaxAggregates: FunctionTable = {
  aggregate: tableOf(PLAIN, plainMaximum, plainMinimum),
  typedAggregate: {
    ...tableOf(
      COMPARED,
      (type) => () => larger(compareOf(type)),
      (type) => () => smaller(compareOf(type)),
    ),
    ...tableOf(
      POLYMORPHIC,
      () => (types) => larger(compareOf(argType(types, 0))),
      () => (types) => smaller(compareOf(argType(types, 0))),
    ),
  },
};
