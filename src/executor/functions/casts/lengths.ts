import { TypeOid } from '../../../types/oids.js';
import { applyTypmod } from '../../../types/type-codec.js';
import type { SqlValue } from '../../../types/value.js';
import type { ScalarFunction } from '../implementation.js';
import type { FunctionTable } from '../table.js';

const LENGTH_BASE = 4;
const WITH_BASE: ReadonlySet<number> = new Set([TypeOid.bpchar, TypeOid.varchar, TypeOid.numeric]);

/** Length coercion functions as pg_proc has them: the value, the typmod, and for texts whether the cast is explicit. */
function lengthCoercion(type: number): ScalarFunction {
  return (value: SqlValue, typmod: number, explicit: unknown) => {
    // Lengths and scales count from 4 in these three; below that there is none.
    if (typmod < LENGTH_BASE && WITH_BASE.has(type)) return value;
    const apply = applyTypmod(type, typmod, explicit === true);
    return apply === undefined ? value : apply(value);
  };
}

export const lengthCasts: FunctionTable = {
  scalar: {
    bpchar: lengthCoercion(TypeOid.bpchar),
    varchar: lengthCoercion(TypeOid.varchar),
    numeric: lengthCoercion(TypeOid.numeric),
    time_scale: lengthCoercion(TypeOid.time),
    timetz_scale: lengthCoercion(TypeOid.timetz),
    timestamp_scale: lengthCoercion(TypeOid.timestamp),
    timestamptz_scale: lengthCoercion(TypeOid.timestamptz),
    interval_scale: lengthCoercion(TypeOid.interval),
  },
};
