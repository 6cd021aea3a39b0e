import { TypeOid } from '../../types/oids.js';
import { applyTypmod } from '../../types/type-codec.js';
import type { BoundCall, BoundCase, BoundCoalesce, BoundConst, BoundExpr } from '../bind/expression.js';
import { booleanNode, constNode, logicNode } from '../bind/nodes.js';
import { forEachChild, mapExpr } from '../bind/tree/walk.js';

/**
 * Computes an expression without columns and parameters; undefined when that fails and is left for run time, if it comes to it.
 * @throws SqlError as the expression, where a statement is planned to be run at once: as PostgreSQL does
 */
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
    case 'case':
      return foldCase(expr, evaluate);
    case 'coalesce':
      return foldCoalesce(expr, evaluate);
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

/** One after the other: behind the one that decides nothing is computed, so that nothing there fails. */
function foldLogic(expr: Extract<BoundExpr, { kind: 'and' | 'or' }>, evaluate: EvaluateConstant): BoundExpr {
  const decisive = expr.kind === 'or';
  const kept: BoundExpr[] = [];
  let changed = false;
  for (const arg of expr.args) {
    const folded = fold(arg, evaluate);
    if (folded !== arg) changed = true;
    if (folded.kind === 'const' && folded.value === decisive) return booleanNode(decisive, expr.location);
    if (folded.kind === 'const' && folded.value === !decisive) changed = true;
    else kept.push(folded);
  }
  if (kept.length === 0) return booleanNode(!decisive, expr.location);
  return changed ? logicNode(expr.kind, kept, expr.location) : expr;
}

function foldOther(expr: BoundExpr, evaluate: EvaluateConstant): BoundExpr {
  const mapped = mapExpr(expr, (part) => (part === expr ? undefined : fold(part, evaluate)));
  switch (mapped.kind) {
    case 'not':
      if (mapped.arg.kind === 'const') return constNode(TypeOid.bool, -1, mapped.arg.value === null ? null : mapped.arg.value !== true);
      return mapped;
    case 'relabel':
      if (mapped.arg.kind !== 'const') return mapped;
      // An oid has no sign, so it may be another number.
      if (mapped.arg.type !== mapped.type && (mapped.arg.type === TypeOid.int4 || mapped.type === TypeOid.int4))
        return computed(mapped, evaluate);
      return withCollation(constNode(mapped.type, mapped.typmod, mapped.arg.value, mapped.location), mapped.collation);
    case 'typmod cast': {
      if (mapped.arg.kind !== 'const') return mapped;
      return applyTypmod(mapped.type, mapped.typmod, mapped.explicit) === undefined
        ? constNode(mapped.type, mapped.typmod, mapped.arg.value, mapped.location)
        : computed(mapped, evaluate);
    }
    // Nothing equals NULL, so the first argument stays; the other one is not computed.
    case 'nullif': {
      const [first, second] = mapped.equal.args;
      const isNull = (arg: BoundExpr | undefined): boolean => arg?.kind === 'const' && arg.value === null;
      if (first !== undefined && (isNull(first) || isNull(second)) && first.type === mapped.type) return first;
      return isConstantTree(mapped) ? computed(mapped, evaluate) : mapped;
    }
    case 'null test':
    case 'boolean test':
    case 'array':
    case 'array cast':
    case 'minmax':
    case 'distinct':
    case 'row compare':
      return isConstantTree(mapped) ? computed(mapped, evaluate) : mapped;
    default:
      return mapped;
  }
}

/** Up to the first constant that is not NULL. */
function foldCoalesce(expr: BoundCoalesce, evaluate: EvaluateConstant): BoundExpr {
  const args: BoundExpr[] = [];
  let changed = false;
  for (const arg of expr.args) {
    const folded = fold(arg, evaluate);
    if (folded !== arg) changed = true;
    if (folded.kind === 'const' && folded.value === null) {
      changed = true;
      continue;
    }
    if (folded.kind === 'const' && args.length === 0) return folded;
    args.push(folded);
    if (folded.kind !== 'const') continue;
    changed ||= args.length < expr.args.length;
    break;
  }
  const [first] = args;
  if (first === undefined) return constNode(expr.type, expr.typmod, null, expr.location);
  return changed ? { ...expr, args } : expr;
}

/** Arms whose condition is constant are taken or dropped, and what is not taken is not computed. */
function foldCase(expr: BoundCase, evaluate: EvaluateConstant): BoundExpr {
  const operand = expr.operand === undefined ? undefined : fold(expr.operand, evaluate);
  const whens: { readonly when: BoundExpr; readonly value: BoundExpr }[] = [];
  let changed = operand !== expr.operand;
  const rest = (otherwise: BoundExpr): BoundExpr => {
    if (whens.length === 0) return otherwise;
    if (!changed && otherwise === expr.else) return expr;
    return { ...expr, ...(operand === undefined ? {} : { operand }), whens, else: otherwise };
  };
  for (const arm of expr.whens) {
    const tested = operand?.kind === 'const' ? withOperand(arm.when, expr.slot, operand) : arm.when;
    const when = fold(tested, evaluate);
    if (when.kind === 'const') {
      changed = true;
      if (when.value === true) return rest(fold(arm.value, evaluate));
      continue;
    }
    const kept = { when: tested === arm.when ? when : arm.when, value: fold(arm.value, evaluate) };
    if (kept.when !== arm.when || kept.value !== arm.value) changed = true;
    whens.push(kept);
  }
  return rest(fold(expr.else, evaluate));
}

/** What an arm of CASE x WHEN … compares, with x in it. */
function withOperand(when: BoundExpr, slot: number, operand: BoundConst): BoundExpr {
  return mapExpr(when, (part) => (part.kind === 'placeholder' && part.slot === slot ? operand : undefined));
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
