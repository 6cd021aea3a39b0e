import type { BuiltinProc, DefaultedParameter } from '../../../catalog/builtin/index.js';
import { assert } from '../../../commons/assert.js';
import type { Expr } from '../../parse/ast.js';
import { coerceExplicitly } from '../coerce.js';
import type { BoundExpr } from '../expression.js';
import { Scope } from '../scope/scope.js';
import { parseExpression } from '../stored-text.js';

const parsed = new WeakMap<BuiltinProc, Map<number, Expr>>();

/** The default of a parameter that the call left out. */
export function defaultArgument(scope: Scope, proc: BuiltinProc, defaulted: readonly DefaultedParameter[], parameter: number): BoundExpr {
  const entry = defaulted.find((candidate) => candidate.parameter === parameter);
  assert(entry !== undefined, 'a parameter without argument has a default');
  const byParameter = parsed.get(proc) ?? new Map<number, Expr>();
  parsed.set(proc, byParameter);
  const expr = byParameter.get(parameter) ?? parseExpression(scope.state.cx.parser, entry.text);
  byParameter.set(parameter, expr);
  const { state } = scope;
  const inner = new Scope(state, undefined, { searchPath: [proc.namespace], hasParameters: false });
  return coerceExplicitly(state, inner.bindIn('DEFAULT', expr), { type: entry.type, typmod: -1 }, undefined);
}
