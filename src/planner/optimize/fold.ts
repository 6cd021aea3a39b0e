import { TypeOid } from '../../types/oids.js';
import { applyTypmod } from '../../types/type-codec.js';
import type { BoundCall, BoundConst, BoundExpr } from '../bind/expression.js';
import { booleanNode, constNode, logicNode } from '../bind/nodes.js';
import { forEachChild, mapExpr } from '../bind/tree/walk.js';

/** Computes an expression without columns and parameters; undefined when that fails, which then happens at run time, if it comes to it. */
export type EvaluateConstant = (expr: BoundExpr) => BoundConst['value'] | undefined;

/**
 * Computes what doesn't depend on anything, and what that decides (PostgreSQL's eval_const_expressions). Unchanged trees stay the same
 * object. Sub-queries are left alone.
 */
export function fold(expr: BoundExpr, evaluate: EvaluateConstant): BoundExpr {
  switch (expr.kind) {
    case 'const':
    case 'param':
    case 'column':
    case 'placeholder':
    case 'subquery':
    case 'whole row':
      return expr;
    case 'call': {
      const args = foldAll(expr.args, evaluate);
      return foldCall(args === expr.args ? expr : { ...expr, args }, evaluate);
    }
    case 'and':
    case 'or':
      return foldLogic(expr, evaluate);
    default:
      return foldOther(expr, evaluate);
  }
}

function foldAll(exprs: readonly BoundExpr[], evaluate: EvaluateConstant): readonly BoundExpr[] {
  let changed = false;
  const folded = exprs.map((expr) => {
    const result = fold(expr, evaluate);
    if (result !== expr) changed = true;
    return result;
  });
  return changed ? folded : exprs;
}

function foldCall(call: BoundCall, evaluate: EvaluateConstant): BoundExpr {
  if (call.returnsSet) return call;
  if (call.strict && call.volatility !== 'v' && call.args.some((arg) => arg.kind === 'const' && arg.value === null)) {
    return constNode(call.type, call.typmod, null, call.location);
  }
  if (call.volatility !== 'i' || !call.args.every((arg) => arg.kind === 'const')) return call;
  return computed(call, evaluate);
}

function computed(expr: BoundExpr, evaluate: EvaluateConstant): BoundExpr {
  const value = evaluate(expr);
  return value === undefined ? expr : withCollation(constNode(expr.type, expr.typmod, value, expr.location), expr.collation);
}

function withCollation(constant: BoundConst, collation: number | undefined): BoundConst {
  return collation === undefined ? constant : { ...constant, collation };
}

function foldLogic(expr: Extract<BoundExpr, { kind: 'and' | 'or' }>, evaluate: EvaluateConstant): BoundExpr {
  const decisive = expr.kind === 'or';
  const args = foldAll(expr.args, evaluate);
  const kept: BoundExpr[] = [];
  for (const arg of args) {
    if (arg.kind === 'const' && arg.value === decisive) return booleanNode(decisive, expr.location);
    if (arg.kind === 'const' && arg.value === !decisive) continue;
    kept.push(arg);
  }
  if (kept.length === 0) return booleanNode(!decisive, expr.location);
  if (kept.length === expr.args.length && args === expr.args) return expr;
  return logicNode(expr.kind, kept, expr.location);
}

function foldOther(expr: BoundExpr, evaluate: EvaluateConstant): BoundExpr {
  const mapped = mapExpr(expr, (part) => (part === expr ? undefined : fold(part, evaluate)));
  switch (mapped.kind) {
    case 'not':
      if (mapped.arg.kind === 'const') return constNode(TypeOid.bool, -1, mapped.arg.value === null ? null : mapped.arg.value !== true);
      return mapped;
    case 'relabel':
      return mapped.arg.kind === 'const'
        ? withCollation(constNode(mapped.type, mapped.typmod, mapped.arg.value, mapped.location), mapped.collation)
        : mapped;
    case 'typmod cast': {
      if (mapped.arg.kind !== 'const') return mapped;
      return applyTypmod(mapped.type, mapped.typmod, mapped.explicit) === undefined
        ? constNode(mapped.type, mapped.typmod, mapped.arg.value, mapped.location)
        : computed(mapped, evaluate);
    }
    case 'null test':
    case 'boolean test':
    case 'array':
    case 'array cast':
    case 'minmax':
    case 'distinct':
    case 'nullif':
    case 'row compare':
      return isConstantTree(mapped) ? computed(mapped, evaluate) : mapped;
    case 'coalesce': {
      const args = mapped.args.filter((arg) => arg.kind !== 'const' || arg.value !== null);
      const [first] = args;
      if (first === undefined) return constNode(mapped.type, mapped.typmod, null, mapped.location);
      if (first.kind === 'const') return first;
      return args.length === mapped.args.length ? mapped : { ...mapped, args };
    }
    case 'case':
      return foldCase(mapped);
    default:
      return mapped;
  }
}

/** Arms whose condition is constant are taken or dropped. */
function foldCase(expr: Extract<BoundExpr, { kind: 'case' }>): BoundExpr {
  if (expr.operand !== undefined) return expr;
  const whens: { readonly when: BoundExpr; readonly value: BoundExpr }[] = [];
  for (const arm of expr.whens) {
    if (arm.when.kind === 'const') {
      if (arm.when.value !== true) continue;
      return whens.length === 0 ? arm.value : { ...expr, whens, else: arm.value };
    }
    whens.push(arm);
  }
  if (whens.length === 0) return expr.else;
  return whens.length === expr.whens.length ? expr : { ...expr, whens };
}

/** Only constants and what immutably follows from them. An array of an unknown number of steps: elements are folded already. */
function isConstantTree(expr: BoundExpr): boolean {
  switch (expr.kind) {
    case 'const':
    case 'placeholder':
      return true;
    case 'param':
    case 'column':
    case 'subquery':
    case 'io cast':
    case 'domain cast':
    case 'whole row':
      return false;
    case 'call':
      if (expr.volatility !== 'i' || expr.returnsSet) return false;
      break;
    default:
      break;
  }
  let constant = true;
  forEachChild(expr, (child) => {
    constant &&= isConstantTree(child);
  });
  return constant;
}
