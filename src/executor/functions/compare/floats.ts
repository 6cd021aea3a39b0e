import { compareFloats } from '../../../types/float.js';
import type { FunctionTable } from '../table.js';

/** NaN equals itself and is above everything, unlike in JavaScript; the tests for it come last, where numbers seldom get. */
const eq = (a: number, b: number): boolean => a === b || (Number.isNaN(a) && Number.isNaN(b));
const ne = (a: number, b: number): boolean => a !== b && !(Number.isNaN(a) && Number.isNaN(b));
const lt = (a: number, b: number): boolean => a < b || (Number.isNaN(b) && !Number.isNaN(a));
const le = (a: number, b: number): boolean => a <= b || Number.isNaN(b);
const gt = (a: number, b: number): boolean => a > b || (Number.isNaN(a) && !Number.isNaN(b));
const ge = (a: number, b: number): boolean => a >= b || Number.isNaN(a);

const larger = (a: number, b: number): number => (compareFloats(a, b) > 0 ? a : b);
const smaller = (a: number, b: number): number => (compareFloats(a, b) < 0 ? a : b);

export const floatComparisons: FunctionTable = {
  scalar: {
    float8eq: (a: number, b: number) => a === b || (Number.isNaN(a) && Number.isNaN(b)),
    float8ne: (a: number, b: number) => a !== b && !(Number.isNaN(a) && Number.isNaN(b)),
    float8lt: (a: number, b: number) => a < b || (Number.isNaN(b) && !Number.isNaN(a)),
    float8le: (a: number, b: number) => a <= b || Number.isNaN(b),
    float8gt: (a: number, b: number) => a > b || (Number.isNaN(a) && !Number.isNaN(b)),
    float8ge: (a: number, b: number) => a >= b || Number.isNaN(a),
    float4eq: eq,
    float4ne: ne,
    float4lt: lt,
    float4le: le,
    float4gt: gt,
    float4ge: ge,
    float48eq: eq,
    float48ne: ne,
    float48lt: lt,
    float48le: le,
    float48gt: gt,
    float48ge: ge,
    float84eq: eq,
    float84ne: ne,
    float84lt: lt,
    float84le: le,
    float84gt: gt,
    float84ge: ge,
    btfloat4cmp: compareFloats,
    btfloat8cmp: compareFloats,
    btfloat48cmp: compareFloats,
    btfloat84cmp: compareFloats,
    float4larger: larger,
    float4smaller: smaller,
    float8larger: larger,
    float8smaller: smaller,
  },
};
