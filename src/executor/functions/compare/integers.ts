import type { Int8 } from '../../../types/integer.js';
import type { FunctionTable } from '../table.js';

/**
 * Comparisons of integers of all sizes. int8 mixes numbers and bigints, which JavaScript compares by value; `===` is right too, since
 * the canonical form of a value is unique. int4's and int8's functions are literals of their own, so that each stays monomorphic.
 */
const shortEq = (a: number, b: number): boolean => a === b;
const shortNe = (a: number, b: number): boolean => a !== b;
const shortLt = (a: number, b: number): boolean => a < b;
const shortLe = (a: number, b: number): boolean => a <= b;
const shortGt = (a: number, b: number): boolean => a > b;
const shortGe = (a: number, b: number): boolean => a >= b;

const longEq = (a: Int8, b: Int8): boolean => a === b;
const longNe = (a: Int8, b: Int8): boolean => a !== b;
const longLt = (a: Int8, b: Int8): boolean => a < b;
const longLe = (a: Int8, b: Int8): boolean => a <= b;
const longGt = (a: Int8, b: Int8): boolean => a > b;
const longGe = (a: Int8, b: Int8): boolean => a >= b;

const compareShort = (a: number, b: number): number => (a < b ? -1 : a > b ? 1 : 0);
const compareLong = (a: Int8, b: Int8): number => (a < b ? -1 : a > b ? 1 : 0);

const oidEq = (a: number, b: number): boolean => a === b;
const oidNe = (a: number, b: number): boolean => a !== b;

export const integerComparisons: FunctionTable = {
  scalar: {
    int4eq: (a: number, b: number) => a === b,
    int4ne: (a: number, b: number) => a !== b,
    int4lt: (a: number, b: number) => a < b,
    int4le: (a: number, b: number) => a <= b,
    int4gt: (a: number, b: number) => a > b,
    int4ge: (a: number, b: number) => a >= b,

    int8eq: (a: Int8, b: Int8) => a === b,
    int8ne: (a: Int8, b: Int8) => a !== b,
    int8lt: (a: Int8, b: Int8) => a < b,
    int8le: (a: Int8, b: Int8) => a <= b,
    int8gt: (a: Int8, b: Int8) => a > b,
    int8ge: (a: Int8, b: Int8) => a >= b,

    int2eq: shortEq,
    int2ne: shortNe,
    int2lt: shortLt,
    int2le: shortLe,
    int2gt: shortGt,
    int2ge: shortGe,
    int24eq: shortEq,
    int24ne: shortNe,
    int24lt: shortLt,
    int24le: shortLe,
    int24gt: shortGt,
    int24ge: shortGe,
    int42eq: shortEq,
    int42ne: shortNe,
    int42lt: shortLt,
    int42le: shortLe,
    int42gt: shortGt,
    int42ge: shortGe,

    int48eq: longEq,
    int48ne: longNe,
    int48lt: longLt,
    int48le: longLe,
    int48gt: longGt,
    int48ge: longGe,
    int84eq: longEq,
    int84ne: longNe,
    int84lt: longLt,
    int84le: longLe,
    int84gt: longGt,
    int84ge: longGe,
    int28eq: longEq,
    int28ne: longNe,
    int28lt: longLt,
    int28le: longLe,
    int28gt: longGt,
    int28ge: longGe,
    int82eq: longEq,
    int82ne: longNe,
    int82lt: longLt,
    int82le: longLe,
    int82gt: longGt,
    int82ge: longGe,

    oideq: oidEq,
    oidne: oidNe,
    oidlt: shortLt,
    oidle: shortLe,
    oidgt: shortGt,
    oidge: shortGe,
    xideq: oidEq,
    xidneq: oidNe,
    cideq: oidEq,
    xid8eq: longEq,
    xid8ne: longNe,
    xid8lt: longLt,
    xid8le: longLe,
    xid8gt: longGt,
    xid8ge: longGe,

    btint2cmp: compareShort,
    btint4cmp: compareShort,
    btoidcmp: compareShort,
    btint24cmp: compareShort,
    btint42cmp: compareShort,
    btint8cmp: compareLong,
    btint48cmp: compareLong,
    btint84cmp: compareLong,
    btint28cmp: compareLong,
    btint82cmp: compareLong,
    xid8cmp: compareLong,

    int2larger: (a: number, b: number) => Math.max(a, b),
    int2smaller: (a: number, b: number) => Math.min(a, b),
    int4larger: (a: number, b: number) => Math.max(a, b),
    int4smaller: (a: number, b: number) => Math.min(a, b),
    int8larger: (a: Int8, b: Int8) => (a > b ? a : b),
    int8smaller: (a: Int8, b: Int8) => (a < b ? a : b),
    oidlarger: (a: number, b: number) => Math.max(a, b),
    oidsmaller: (a: number, b: number) => Math.min(a, b),
    xid8_larger: (a: Int8, b: Int8) => (a > b ? a : b),
    xid8_smaller: (a: Int8, b: Int8) => (a < b ? a : b),
  },
};
