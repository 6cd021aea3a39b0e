import { quoteIdentifier } from '../../catalog/definitions/index.js';
import type { BoundExpr } from '../bind/expression.js';
import type { Aggregate, SortKey, WindowCall } from '../bind/logical.js';
import type { WindowDef } from '../parse/ast.js';
import { direction } from './direction.js';
import type { Printer } from './printer.js';
import { windowOfCall } from './windows.js';

/** get_agg_expr */
export function aggregateCall(p: Printer, call: Aggregate): void {
  p.put(`${p.names.proc(call.proc)}(`);
  if (call.distinct) p.put('DISTINCT ');
  if (call.direct !== undefined) {
    p.list(call.direct);
    p.put(') WITHIN GROUP (ORDER BY ');
    sortKeys(p, call.orderBy);
  } else {
    args(p, call.args, call.star, p.isVariadic(call.proc));
    if (call.orderBy.length > 0) {
      p.put(' ORDER BY ');
      sortKeys(p, call.orderBy);
    }
  }
  filter(p, call.filter);
  p.put(')');
}

/** get_windowfunc_expr */
export function windowCall(p: Printer, call: WindowCall, window: WindowDef): void {
  p.put(`${p.names.proc(call.proc)}(`);
  args(p, call.args, call.star, p.isVariadic(call.proc));
  filter(p, call.filter);
  p.put(') OVER ');
  if (window.name === undefined) windowOfCall(p, window);
  else p.put(quoteIdentifier(window.name));
}

function args(p: Printer, exprs: readonly BoundExpr[], star: boolean, isVariadic: boolean): void {
  if (star) {
    p.put('*');
    return;
  }
  exprs.forEach((expr, i) => {
    if (i > 0) p.put(', ');
    if (isVariadic && i === exprs.length - 1) p.put('VARIADIC ');
    p.expr(expr, true);
  });
}

function filter(p: Printer, condition: BoundExpr | undefined): void {
  if (condition === undefined) return;
  p.put(') FILTER (WHERE ');
  p.expr(condition, false);
}

function sortKeys(p: Printer, keys: readonly SortKey[]): void {
  keys.forEach(({ expr, descending, nullsFirst }, i) => {
    if (i > 0) p.put(', ');
    p.sortExpr(expr);
    p.put(direction(descending, nullsFirst));
  });
}
