import { float8ToFloat4, floatToInt2, floatToInt4, floatToInt8 } from '../../../types/float.js';
import { outOfRange } from '../../../types/input-errors.js';
import { type Int8, int4ToInt2, int8ToInt2, int8ToInt4, int8ToOid } from '../../../types/integer.js';
import {
  numericOfFloat4,
  numericOfFloat8,
  numericToFloat4,
  numericToFloat8,
  numericToInt2,
  numericToInt4,
  numericToInt8,
} from '../../../types/numeric/conversions.js';
import { numericOfInteger } from '../../../types/numeric/numeric.js';
import type { FunctionTable } from '../table.js';

const same = (value: number): number => value;
const wide = (value: Int8): number => Number(value);

/** "char" is a signed byte. */
function charToInt4(value: string): number {
  return ((value.codePointAt(0) ?? 0) << 24) >> 24;
}

function int4ToChar(value: number): string {
  if (value < -128 || value > 127) throw outOfRange('"char"');
  return value === 0 ? '' : String.fromCharCode(value & 0xff);
}

export const numberCasts: FunctionTable = {
  scalar: {
    i2toi4: same,
    int28: same,
    int48: same,
    int82: int8ToInt2,
    int84: int8ToInt4,
    i4toi2: int4ToInt2,
    i2tof: same,
    i2tod: same,
    i4tof: (value: number) => Math.fround(value),
    i4tod: same,
    i8tof: (value: Int8) => Math.fround(Number(value)),
    i8tod: wide,
    ftod: same,
    dtof: float8ToFloat4,
    ftoi2: floatToInt2,
    ftoi4: floatToInt4,
    ftoi8: floatToInt8,
    dtoi2: floatToInt2,
    dtoi4: floatToInt4,
    dtoi8: floatToInt8,
    int2_numeric: numericOfInteger,
    int4_numeric: numericOfInteger,
    int8_numeric: numericOfInteger,
    float4_numeric: numericOfFloat4,
    float8_numeric: numericOfFloat8,
    numeric_int2: numericToInt2,
    numeric_int4: numericToInt4,
    numeric_int8: numericToInt8,
    numeric_float4: numericToFloat4,
    numeric_float8: numericToFloat8,
    int4_bool: (value: number) => value !== 0,
    bool_int4: (value: boolean) => (value ? 1 : 0),
    i8tooid: int8ToOid,
    oidtoi8: same,
    xid8toxid: (value: Int8) => Number(BigInt.asUintN(32, BigInt(value))),
    chartoi4: charToInt4,
    i4tochar: int4ToChar,
  },
};
