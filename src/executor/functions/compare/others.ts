import type { FunctionTable } from '../table.js';

const compareBools = (a: boolean, b: boolean): number => (a === b ? 0 : a ? 1 : -1);
const compareBytes = (a: Uint8Array, b: Uint8Array): number => Buffer.compare(a, b);
/** Both are 36 lower-case characters of hex digits, whose order is that of the bytes. */
const compareUuids = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

/** bool, bytea and uuid. */
export const otherComparisons: FunctionTable = {
  scalar: {
    booleq: (a: boolean, b: boolean) => a === b,
    boolne: (a: boolean, b: boolean) => a !== b,
    boollt: (a: boolean, b: boolean) => !a && b,
    boolle: (a: boolean, b: boolean) => !a || b,
    boolgt: (a: boolean, b: boolean) => a && !b,
    boolge: (a: boolean, b: boolean) => a || !b,
    btboolcmp: compareBools,

    byteaeq: (a: Uint8Array, b: Uint8Array) => a.length === b.length && compareBytes(a, b) === 0,
    byteane: (a: Uint8Array, b: Uint8Array) => a.length !== b.length || compareBytes(a, b) !== 0,
    bytealt: (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) < 0,
    byteale: (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) <= 0,
    byteagt: (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) > 0,
    byteage: (a: Uint8Array, b: Uint8Array) => compareBytes(a, b) >= 0,
    byteacmp: compareBytes,

    uuid_eq: (a: string, b: string) => a === b,
    uuid_ne: (a: string, b: string) => a !== b,
    uuid_lt: (a: string, b: string) => a < b,
    uuid_le: (a: string, b: string) => a <= b,
    uuid_gt: (a: string, b: string) => a > b,
    uuid_ge: (a: string, b: string) => a >= b,
    uuid_cmp: compareUuids,
  },
};
