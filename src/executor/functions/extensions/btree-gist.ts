import { outOfRange } from '../../../types/input-errors.js';
import { canonicalInt8, type Int8 } from '../../../types/integer.js';
import type { FunctionTable } from '../table.js';

/** How far apart two numbers are. @throws SqlError 22003 */
const within = (type: string, limit: number) => (a: number, b: number) => {
  const distance = Math.abs(a - b);
  if (distance > limit) throw outOfRange(type);
  return distance;
};

const MAX_INT8 = 2n ** 63n - 1n;

function distance8(type: string): (a: Int8, b: Int8) => Int8 {
  return (a, b) => {
    const difference = BigInt(a) - BigInt(b);
    const distance = difference < 0n ? -difference : difference;
    if (distance > MAX_INT8) throw outOfRange(type);
    return canonicalInt8(distance);
  };
}

/** The operator <-> over numbers and dates. Those over times and intervals answer 0A000. */
export const distanceFunctions: FunctionTable = {
  scalar: {
    int2_dist: within('smallint', 32_767),
    int4_dist: within('integer', 2_147_483_647),
    int8_dist: distance8('bigint'),
    cash_dist: distance8('money'),
    oid_dist: within('oid', 4_294_967_295),
    date_dist: (a: number, b: number) => Math.abs(a - b),
    float4_dist: (a: number, b: number) => Math.fround(Math.abs(a - b)),
    float8_dist: (a: number, b: number) => Math.abs(a - b),
  },
};
