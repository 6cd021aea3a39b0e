import { assert } from '../../commons/assert.js';
import type { BoundExpr } from '../../planner/bind/expression.js';
import type { Layout } from '../scope.js';
import { compileArray, compileArrayCast, compileQuantified } from './arrays.js';
import { compileCall, compileDistinct, compileNullIf } from './calls.js';
import { compileDomainCast, compileIoCast, compileRelabel, compileTypmodCast } from './casts.js';
import { compileCase, compileCoalesce, compileMinMax } from './conditionals.js';
import type { Evaluator, Predicate } from './evaluator.js';
import { compileAnd, compileBooleanTest, compileNot, compileNullTest, compileOr } from './logic.js';
import { compileField, compileRow, compileRowCompare, compileWholeRow } from './rows.js';
import { compileSubquery } from './subqueries.js';
import { compileSubscript } from './subscripts.js';

type ExprByKind = { [E in BoundExpr as E['kind']]: E };
type ExprCompilers = { readonly [K in keyof ExprByKind]: (expr: ExprByKind[K], layout: Layout) => Evaluator };

const COMPILERS: ExprCompilers = {
  const:
    ({ value }) =>
    () =>
      value,
  param: ({ source, index }) =>
    source === 'param' ? (_row, frame) => frame.cx.params[index] ?? null : (_row, frame) => frame.cx.lifted[index] ?? null,
  column: (expr, layout) => {
    const position = layout.position(expr.id);
    if (position !== undefined) return (row) => row[position] ?? null;
    const slot = layout.scope.slot(expr.id);
    assert(slot !== undefined, `column "${expr.name}" (${expr.id}) is neither in the input nor outside`);
    return (_row, frame) => frame.slots[slot] ?? null;
  },
  placeholder: (expr, layout) => {
    const slot = layout.compiler.placeholder(expr.slot);
    return (_row, frame) => frame.slots[slot] ?? null;
  },
  call: compileCall,
  and: compileAnd,
  or: compileOr,
  not: compileNot,
  'null test': compileNullTest,
  'boolean test': compileBooleanTest,
  distinct: compileDistinct,
  case: compileCase,
  coalesce: compileCoalesce,
  nullif: compileNullIf,
  minmax: compileMinMax,
  relabel: compileRelabel,
  'io cast': compileIoCast,
  'array cast': compileArrayCast,
  'typmod cast': compileTypmodCast,
  'domain cast': compileDomainCast,
  array: compileArray,
  subscript: compileSubscript,
  row: compileRow,
  field: compileField,
  'row compare': compileRowCompare,
  quantified: compileQuantified,
  subquery: compileSubquery,
  'whole row': compileWholeRow,
};

/** A bound expression → a closure over rows of the layout. @throws SqlError 0A000 where a function has no implementation */
export function compileEvaluator(expr: BoundExpr, layout: Layout): Evaluator {
  return dispatch(expr.kind, expr, layout);
}

function dispatch<K extends keyof ExprByKind>(kind: K, expr: ExprByKind[K], layout: Layout): Evaluator {
  return COMPILERS[kind](expr, layout);
}

/** As a condition: NULL counts as false, which lets AND and OR do without three-valued logic. */
export function compilePredicate(expr: BoundExpr, layout: Layout): Predicate {
  if (expr.kind === 'and' || expr.kind === 'or') {
    const parts = expr.args.map((arg) => compilePredicate(arg, layout));
    const [first, second] = parts;
    assert(first !== undefined && second !== undefined, `${expr.kind} of one`);
    if (parts.length === 2) {
      return expr.kind === 'and'
        ? (row, frame) => first(row, frame) && second(row, frame)
        : (row, frame) => first(row, frame) || second(row, frame);
    }
    if (expr.kind === 'and') {
      return (row, frame) => {
        for (const part of parts) if (!part(row, frame)) return false;
        return true;
      };
    }
    return (row, frame) => {
      for (const part of parts) if (part(row, frame)) return true;
      return false;
    };
  }
  const evaluate = compileEvaluator(expr, layout);
  return (row, frame) => evaluate(row, frame) === true;
}
