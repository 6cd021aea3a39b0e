import {
  float4Add,
  float4Divide,
  float4Multiply,
  float4Subtract,
  float8Add,
  float8Divide,
  float8Multiply,
  float8Subtract,
} from '../../../types/float.js';
import type { FunctionTable } from '../table.js';

const negate = (a: number): number => -a;
const same = (a: number): number => a;

export const floatArithmetic: FunctionTable = {
  scalar: {
    float8pl: float8Add,
    float8mi: float8Subtract,
    float8mul: float8Multiply,
    float8div: float8Divide,
    float8um: negate,
    float8up: same,
    float8abs: (a: number) => Math.abs(a),
    float4pl: float4Add,
    float4mi: float4Subtract,
    float4mul: float4Multiply,
    float4div: float4Divide,
    float4um: negate,
    float4up: same,
    float4abs: (a: number) => Math.abs(a),
    float48pl: float8Add,
    float48mi: float8Subtract,
    float48mul: float8Multiply,
    float48div: float8Divide,
    float84pl: float8Add,
    float84mi: float8Subtract,
    float84mul: float8Multiply,
    float84div: float8Divide,
  },
};
