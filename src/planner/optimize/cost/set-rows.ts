import type { BuiltinCatalog } from '../../../catalog/builtin/index.js';
import { SqlArray } from '../../../types/value.js';
import type { BoundExpr } from '../../bind/expression.js';

/** PostgreSQL's guess for an array that is not known yet. */
const UNKNOWN_ARRAY = 10;
const UNKNOWN_SET = 1000;

/** How many rows a call in FROM is likely to give: by its arguments where they are known, else by what the catalog says of the function. */
export function rowsOfCall(call: BoundExpr, builtin: BuiltinCatalog): number {
  if (call.kind !== 'call' || !call.returnsSet) return 1;
  const [first, second, third] = call.args;
  switch (call.source) {
    case 'array_unnest':
      return first === undefined ? UNKNOWN_ARRAY : elementsOf(first);
    case 'generate_series_int4':
    case 'generate_series_int8':
      return seriesRows(first, second, 1) ?? UNKNOWN_SET;
    case 'generate_series_step_int4':
    case 'generate_series_step_int8': {
      const step = numberOf(third);
      return (step === undefined || step === 0 ? undefined : seriesRows(first, second, step)) ?? UNKNOWN_SET;
    }
    default:
      return builtin.procByOid(call.proc)?.rows || UNKNOWN_SET;
  }
}

function elementsOf(array: BoundExpr): number {
  if (array.kind === 'array') return array.elements.length;
  if (array.kind !== 'const') return UNKNOWN_ARRAY;
  return array.value instanceof SqlArray ? array.value.elements.length : 0;
}

function seriesRows(first: BoundExpr | undefined, last: BoundExpr | undefined, step: number): number | undefined {
  const from = numberOf(first);
  const to = numberOf(last);
  return from === undefined || to === undefined ? undefined : Math.max(Math.floor((to - from) / step) + 1, 0);
}

function numberOf(expr: BoundExpr | undefined): number | undefined {
  if (expr?.kind !== 'const') return undefined;
  return typeof expr.value === 'number' || typeof expr.value === 'bigint' ? Number(expr.value) : undefined;
}
