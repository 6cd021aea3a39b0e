import {
  canonicalInt8,
  type Int8,
  int2Abs,
  int2Add,
  int2Divide,
  int2Multiply,
  int2Negate,
  int2Subtract,
  int4Abs,
  int4Add,
  int4Divide,
  int4Modulo,
  int4Multiply,
  int4Negate,
  int4Subtract,
  int8Abs,
  int8Add,
  int8Divide,
  int8Gcd,
  int8Lcm,
  int8Modulo,
  int8Multiply,
  int8Negate,
  int8Subtract,
  int8ToInt4,
} from '../../../types/integer.js';
import type { FunctionTable } from '../table.js';

/** C shifts by the low bits of the count only; PostgreSQL leaves that to the machine. */
const shift8 = (count: number): bigint => BigInt(count & 63);

function bits8(a: Int8, b: Int8, op: (x: bigint, y: bigint) => bigint): Int8 {
  return canonicalInt8(BigInt.asIntN(64, op(BigInt(a), BigInt(b))));
}
const and = (x: bigint, y: bigint): bigint => x & y;
const or = (x: bigint, y: bigint): bigint => x | y;
const xor = (x: bigint, y: bigint): bigint => x ^ y;
const isInt4 = (value: Int8): value is number => typeof value === 'number' && value === (value | 0);

/** & | # of int8: in 32 bits where both fit, which is the usual case. */
export function int8And(a: Int8, b: Int8): Int8 {
  return isInt4(a) && isInt4(b) ? a & b : bits8(a, b, and);
}
export function int8Or(a: Int8, b: Int8): Int8 {
  return isInt4(a) && isInt4(b) ? a | b : bits8(a, b, or);
}
export function int8Xor(a: Int8, b: Int8): Int8 {
  return isInt4(a) && isInt4(b) ? a ^ b : bits8(a, b, xor);
}

const toInt2 = (value: number): number => (value << 16) >> 16;
const same = <T>(value: T): T => value;

export const integerArithmetic: FunctionTable = {
  scalar: {
    int4pl: int4Add,
    int4mi: int4Subtract,
    int4mul: int4Multiply,
    int4div: int4Divide,
    int4mod: int4Modulo,
    int4um: int4Negate,
    int4up: same<number>,
    int4abs: int4Abs,
    int4inc: (a: number) => int4Add(a, 1),
    int2pl: int2Add,
    int2mi: int2Subtract,
    int2mul: int2Multiply,
    int2div: int2Divide,
    int2mod: int4Modulo,
    int2um: int2Negate,
    int2up: same<number>,
    int2abs: int2Abs,
    int24pl: int4Add,
    int24mi: int4Subtract,
    int24mul: int4Multiply,
    int24div: int4Divide,
    int42pl: int4Add,
    int42mi: int4Subtract,
    int42mul: int4Multiply,
    int42div: int4Divide,
    int8pl: int8Add,
    int8mi: int8Subtract,
    int8mul: int8Multiply,
    int8div: int8Divide,
    int8mod: int8Modulo,
    int8um: int8Negate,
    int8up: same<Int8>,
    int8abs: int8Abs,
    int8inc: (a: Int8) => int8Add(a, 1),
    int8dec: (a: Int8) => int8Subtract(a, 1),
    int84pl: int8Add,
    int84mi: int8Subtract,
    int84mul: int8Multiply,
    int84div: int8Divide,
    int48pl: int8Add,
    int48mi: int8Subtract,
    int48mul: int8Multiply,
    int48div: int8Divide,
    int82pl: int8Add,
    int82mi: int8Subtract,
    int82mul: int8Multiply,
    int82div: int8Divide,
    int28pl: int8Add,
    int28mi: int8Subtract,
    int28mul: int8Multiply,
    int28div: int8Divide,

    int2and: (a: number, b: number) => a & b,
    int2or: (a: number, b: number) => a | b,
    int2xor: (a: number, b: number) => a ^ b,
    int2not: (a: number) => ~a,
    int2shl: (a: number, count: number) => toInt2(a << count),
    int2shr: (a: number, count: number) => toInt2(a >> count),
    int4and: (a: number, b: number) => a & b,
    int4or: (a: number, b: number) => a | b,
    int4xor: (a: number, b: number) => a ^ b,
    int4not: (a: number) => ~a,
    int4shl: (a: number, count: number) => a << count,
    int4shr: (a: number, count: number) => a >> count,
    int8and: int8And,
    int8or: int8Or,
    int8xor: int8Xor,
    int8not: (a: Int8) => (isInt4(a) ? ~a : canonicalInt8(~BigInt(a))),
    int8shl: (a: Int8, count: number) => canonicalInt8(BigInt.asIntN(64, BigInt(a) << shift8(count))),
    int8shr: (a: Int8, count: number) => canonicalInt8(BigInt(a) >> shift8(count)),

    int4gcd: (a: number, b: number) => int8ToInt4(int8Gcd(a, b)),
    int4lcm: (a: number, b: number) => int8ToInt4(int8Lcm(a, b)),
    int8gcd: int8Gcd,
    int8lcm: int8Lcm,
  },
};
