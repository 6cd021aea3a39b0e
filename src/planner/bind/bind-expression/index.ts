/**
 * Life of an expression: a node of the syntax tree is dispatched by its type → its parts are bound → names are looked up in the scope
 * (scope/), functions and operators in the catalog (call/), implicit casts are put in (coerce.ts) → a BoundExpr whose type is known, except that
 * a literal or parameter without context stays of type unknown until whoever uses it decides.
 */
import { InvariantError } from '../../../commons/assert.js';
import { notSupported } from '../../../commons/sql-error.js';
import type { Expr } from '../../parse/ast.js';
import { bindCall } from '../call/function.js';
import { bindGroupingMask } from '../call/grouping-mask.js';
import { locationOf } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import type { Scope } from '../scope/scope.js';
import { bindArray, bindSubscript } from './arrays.js';
import { bindCast, bindCollate } from './casts.js';
import { bindCase, bindCoalesce, bindMinMax, bindNullIf } from './conditional.js';
import { bindKeyword } from './keywords.js';
import {
  bindBitString,
  bindBoolean,
  bindDefault,
  bindInteger,
  bindLifted,
  bindNull,
  bindNumeric,
  bindParameter,
  bindString,
} from './literals.js';
import { bindBinary, bindQuantified, bindTernary, bindUnary } from './operators.js';
import { bindField, bindReference } from './references.js';
import { bindRow } from './rows.js';
import { bindArraySelect, bindExists, bindSubquery } from './subqueries.js';

type ExpressionBinders = { readonly [T in Expr['type']]: (scope: Scope, node: Extract<Expr, { type: T }>) => BoundExpr };

const binders: ExpressionBinders = {
  integer: bindInteger,
  numeric: bindNumeric,
  string: bindString,
  'bit string': bindBitString,
  boolean: bindBoolean,
  null: bindNull,
  default: bindDefault,
  parameter: bindParameter,
  lifted: bindLifted,
  ref: bindReference,
  field: bindField,
  unary: bindUnary,
  binary: bindBinary,
  ternary: bindTernary,
  quantified: bindQuantified,
  cast: bindCast,
  collate: bindCollate,
  case: bindCase,
  call: bindCall,
  keyword: bindKeyword,
  coalesce: bindCoalesce,
  nullif: bindNullIf,
  minmax: bindMinMax,
  grouping: bindGroupingMask,
  array: bindArray,
  arrayIndex: bindSubscript,
  row: bindRow,
  list: () => {
    throw new InvariantError('a list stands only behind IN');
  },
  subquery: bindSubquery,
  exists: bindExists,
  'array select': bindArraySelect,
  'current of': (_scope, node) => {
    throw notSupported('WHERE CURRENT OF', { position: locationOf(node) });
  },
};

/** @throws SqlError with position; 54001 when nested too deeply */
export function bindExpression(scope: Scope, node: Expr): BoundExpr {
  scope.state.enter();
  // The one place where a node's type and its binder lose each other for the compiler: ExpressionBinders has paired them.
  const binder = binders[node.type] as (scope: Scope, node: Expr) => BoundExpr;
  const expr = binder(scope, node);
  scope.state.leave();
  return expr;
}
