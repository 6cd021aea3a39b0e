import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { BoundCall } from '../../planner/bind/expression.js';
import type { SqlValue } from '../../types/value.js';
import type { Evaluator } from './evaluator.js';

/**
 * The calls that statements are full of, done in place instead of through the function library: comparisons of values that JavaScript
 * compares as PostgreSQL does, and int4 and int8 arithmetic. Keyed by pg_proc.prosrc, like the library. int8 values mix numbers and bigints
 * in canonical form, which `===` and `<` treat rightly.
 */
type Intrinsic = (left: Evaluator, right: Evaluator) => Evaluator;
type Orderable = number | bigint;

const INTEGER_PAIRS = ['int2', 'int4', 'int8', 'int24', 'int42', 'int28', 'int82', 'int48', 'int84'];
const PLAIN_ORDER = [...INTEGER_PAIRS, 'oid', 'date_', 'timestamp_', 'time_'];
/** Equality only: texts are ordered by code points, which JavaScript's `<` does not do. */
const PLAIN_EQUALITY = [...PLAIN_ORDER, 'text', 'bool', 'name', 'uuid_'];

const INTRINSICS: ReadonlyMap<string, Intrinsic> = new Map<string, Intrinsic>([
  ...PLAIN_EQUALITY.flatMap((type): [string, Intrinsic][] => [
    [`${type}eq`, equal],
    [`${type}ne`, notEqual],
  ]),
  ['nameeqtext', equal],
  ['texteqname', equal],
  ...PLAIN_ORDER.flatMap((type): [string, Intrinsic][] => [
    [`${type}lt`, less],
    [`${type}le`, lessOrEqual],
    [`${type}gt`, greater],
    [`${type}ge`, greaterOrEqual],
  ]),
  ...['int4', 'int24', 'int42'].flatMap((type): [string, Intrinsic][] => [
    [`${type}pl`, addInt4],
    [`${type}mi`, subtractInt4],
    [`${type}mul`, multiplyInt4],
  ]),
  ...['int8', 'int48', 'int84', 'int28', 'int82'].flatMap((type): [string, Intrinsic][] => [
    [`${type}pl`, addInt8],
    [`${type}mi`, subtractInt8],
    [`${type}mul`, multiplyInt8],
  ]),
]);

/** Casts that leave the value as it is. */
const IDENTITIES: ReadonlySet<string> = new Set(['i2toi4', 'int28', 'int48']);

/** @returns undefined where the library is to be asked */
export function intrinsicCall(expr: BoundCall, args: readonly Evaluator[]): Evaluator | undefined {
  const [left, right] = args;
  if (left !== undefined && right === undefined) return IDENTITIES.has(expr.source) ? left : undefined;
  if (left === undefined || right === undefined || args.length !== 2) return undefined;
  const constant = expr.args[1];
  if (constant?.kind === 'const') {
    const { value } = constant;
    if (value === null) return expr.strict ? () => null : undefined;
    const special = CONSTANT_INTRINSICS.get(expr.source)?.(left, value);
    if (special !== undefined) return special;
  }
  return INTRINSICS.get(expr.source)?.(left, right);
}

type ConstantIntrinsic = (left: Evaluator, constant: SqlValue) => Evaluator;
const equalConstant: ConstantIntrinsic = (left, constant) => (row, frame) => {
  const a = left(row, frame);
  return a === null ? null : a === constant;
};
const CONSTANT_INTRINSICS: ReadonlyMap<string, ConstantIntrinsic> = new Map(
  PLAIN_EQUALITY.map((type): [string, ConstantIntrinsic] => [`${type}eq`, equalConstant]),
);

function equal(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : a === b;
  };
}

function notEqual(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : a !== b;
  };
}

// The casts below say what the binder has seen to: both sides are numbers or bigints.
function less(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : (a as Orderable) < (b as Orderable);
  };
}

function lessOrEqual(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : (a as Orderable) <= (b as Orderable);
  };
}

function greater(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : (a as Orderable) > (b as Orderable);
  };
}

function greaterOrEqual(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : (a as Orderable) >= (b as Orderable);
  };
}

const INT4_MAX = 0x7fffffff;
const INT4_MIN = -0x80000000;
const INT8_MAX = (1n << 63n) - 1n;
const INT8_MIN = -(1n << 63n);

function int4(value: number): number {
  if (value > INT4_MAX || value < INT4_MIN) throw new SqlError(SqlState.numericValueOutOfRange, 'integer out of range');
  return value;
}

function int8(value: bigint): number | bigint {
  if (value > INT8_MAX || value < INT8_MIN) throw new SqlError(SqlState.numericValueOutOfRange, 'bigint out of range');
  return value >= BigInt(Number.MIN_SAFE_INTEGER) && value <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(value) : value;
}

function addInt4(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : int4((a as number) + (b as number));
  };
}

function subtractInt4(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    return a === null || b === null ? null : int4((a as number) - (b as number));
  };
}

function multiplyInt4(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    // + 0 makes -0 the one zero that integers have.
    return a === null || b === null ? null : int4((a as number) * (b as number)) + 0;
  };
}

function addInt8(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    if (a === null || b === null) return null;
    if (typeof a === 'number' && typeof b === 'number') {
      const sum = a + b;
      if (Number.isSafeInteger(sum)) return sum;
    }
    return int8(BigInt(a as Orderable) + BigInt(b as Orderable));
  };
}

function subtractInt8(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    if (a === null || b === null) return null;
    if (typeof a === 'number' && typeof b === 'number') {
      const difference = a - b;
      if (Number.isSafeInteger(difference)) return difference;
    }
    return int8(BigInt(a as Orderable) - BigInt(b as Orderable));
  };
}

function multiplyInt8(left: Evaluator, right: Evaluator): Evaluator {
  return (row, frame) => {
    const a = left(row, frame);
    const b = right(row, frame);
    if (a === null || b === null) return null;
    if (typeof a === 'number' && typeof b === 'number') {
      const product = a * b;
      if (Number.isSafeInteger(product)) return product + 0;
    }
    return int8(BigInt(a as Orderable) * BigInt(b as Orderable));
  };
}
