import { FIRST_USER_OID } from '../../../commons/ids.js';
import type { SqlValue } from '../../../types/value.js';
import type { BoundCall, BoundExpr, BoundSubquery } from '../expression.js';
import { forEachChild } from './walk.js';

/** Do two expressions say the same, wherever they stand in the text of one query? */
export function sameExpr(a: BoundExpr, b: BoundExpr): boolean {
  return a === b || compare(a, b, new Map());
}

/** Casts that the user didn't write don't count at the top of a target: ORDER BY lower(name) finds the select list's, whatever was put around it. */
export function sameTarget(target: BoundExpr, expr: BoundExpr): boolean {
  return sameExpr(withoutImplicitCast(target), expr) || (withoutImplicitCast(expr) !== expr && sameExpr(target, expr));
}

function withoutImplicitCast(expr: BoundExpr): BoundExpr {
  switch (expr.kind) {
    case 'relabel':
    case 'io cast':
    case 'typmod cast':
    case 'domain cast':
      return expr.explicit ? expr : withoutImplicitCast(expr.arg);
    case 'call': {
      const [arg] = expr.args;
      return expr.cast === 'implicit' && arg !== undefined ? withoutImplicitCast(arg) : expr;
    }
    default:
      return expr;
  }
}

/** Slots of placeholders are numbered through the statement: `slots` tells which of b's stands for a's. */
function compare(a: BoundExpr, b: BoundExpr, slots: Map<number, number>): boolean {
  if (a.kind !== b.kind || a.type !== b.type || a.typmod !== b.typmod || a.collation !== b.collation) return false;
  if (a.kind === 'subquery') return b.kind === 'subquery' && sameSubquery(a, b);
  return sameNode(a, b, slots) && sameChildren(a, b, slots);
}

function sameNode(a: BoundExpr, b: BoundExpr, slots: Map<number, number>): boolean {
  switch (a.kind) {
    case 'const':
      return b.kind === 'const' && sameValue(a.value, b.value);
    case 'param':
      return b.kind === 'param' && a.source === b.source && a.index === b.index;
    case 'column':
      return b.kind === 'column' && a.id === b.id;
    case 'call':
      return b.kind === 'call' && a.proc === b.proc && a.variadicArray === b.variadicArray;
    case 'null test':
      return b.kind === 'null test' && a.negated === b.negated && a.rowwise === b.rowwise;
    case 'boolean test':
      return b.kind === 'boolean test' && a.negated === b.negated && a.test === b.test;
    case 'distinct':
      return b.kind === 'distinct' && a.negated === b.negated;
    case 'case':
      if (b.kind !== 'case') return false;
      slots.set(a.slot, b.slot);
      return a.whens.length === b.whens.length && (a.operand === undefined) === (b.operand === undefined);
    case 'array cast':
      if (b.kind !== 'array cast') return false;
      slots.set(a.slot, b.slot);
      return true;
    case 'quantified':
      if (b.kind !== 'quantified') return false;
      slots.set(a.slot, b.slot);
      return a.quantifier === b.quantifier;
    case 'placeholder':
      return b.kind === 'placeholder' && slots.get(a.slot) === b.slot;
    case 'minmax':
      return b.kind === 'minmax' && a.op === b.op;
    case 'subscript':
      return b.kind === 'subscript' && a.slice === b.slice && sameBounds(a.subscripts, b.subscripts);
    case 'field':
      return b.kind === 'field' && a.index === b.index;
    case 'row compare':
      return b.kind === 'row compare' && a.op === b.op;
    case 'subquery':
      return false;
    default:
      return true;
  }
}

type Bounds = Extract<BoundExpr, { kind: 'subscript' }>['subscripts'];

function sameBounds(a: Bounds, b: Bounds): boolean {
  return (
    a.length === b.length &&
    a.every(
      (bound, i) =>
        (bound.lower === undefined) === (b[i]?.lower === undefined) && (bound.upper === undefined) === (b[i]?.upper === undefined),
    )
  );
}

function sameChildren(a: BoundExpr, b: BoundExpr, slots: Map<number, number>): boolean {
  const ours: BoundExpr[] = [];
  const theirs: BoundExpr[] = [];
  forEachChild(a, (child) => ours.push(child));
  forEachChild(b, (child) => theirs.push(child));
  return (
    ours.length === theirs.length &&
    ours.every((child, i) => {
      const other = theirs[i];
      return other !== undefined && compare(child, other, slots);
    })
  );
}

/** Written alike, at one level: the names in them mean the same. */
function sameSubquery(a: BoundSubquery, b: BoundSubquery): boolean {
  return (
    a.mode === b.mode &&
    a.written.length > 0 &&
    a.outerColumns.length === b.outerColumns.length &&
    a.outerColumns.every((id) => b.outerColumns.includes(id)) &&
    sameText(a.written, b.written)
  );
}

/** Syntax trees but for where they stand. */
export function sameText(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  const ours = Object.entries(a).filter(([key]) => key !== '_location');
  const theirs = new Map(Object.entries(b).filter(([key]) => key !== '_location'));
  return ours.length === theirs.size && ours.every(([key, value]) => theirs.has(key) && sameText(value, theirs.get(key)));
}

/** Of one type: simple values by themselves, others by their content. */
function sameValue(a: SqlValue, b: SqlValue): boolean {
  if (a === b) return true;
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return Object.is(a, b);
  return sameContent(a, b);
}

function sameContent(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (a instanceof Map && b instanceof Map) return a.size === b.size && sameContent([...a], [...b]);
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  return keys.every((key) => right.has(key) && sameContent(left.get(key), right.get(key)));
}

/** An equality that comparing values by their type's own rules decides: users' operators of that name may mean anything. */
export function isOwnEquality(call: BoundCall): boolean {
  return call.operator?.symbol === '=' && call.args.length === 2 && call.proc < FIRST_USER_OID;
}
