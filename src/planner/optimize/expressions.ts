import type { BuiltinCatalog } from '../../catalog/builtin/index.js';
import { TypeOid } from '../../types/oids.js';
import type { BoundCall, BoundColumn, BoundExpr, ColumnId } from '../bind/expression.js';
import type { SortKey } from '../bind/logical.js';
import { logicNode } from '../bind/nodes.js';
import { forEachChild, someExpr } from '../bind/tree/walk.js';

/** What the optimizer asks of expressions. */

export type ColumnSet = ReadonlySet<ColumnId>;

/** All columns that an expression needs, those that its sub-queries use from outside among them. */
export function addColumns(expr: BoundExpr, into: Set<ColumnId>): void {
  if (expr.kind === 'column') {
    into.add(expr.id);
    return;
  }
  if (expr.kind === 'subquery') {
    const produced = new Set(expr.outputs);
    for (const id of expr.outerColumns) into.add(id);
    if (expr.compare !== undefined) {
      const compared = new Set<ColumnId>();
      addColumns(expr.compare, compared);
      for (const id of compared) if (!produced.has(id)) into.add(id);
    }
    return;
  }
  forEachChild(expr, (child) => addColumns(child, into));
}

export function columnsOf(expr: BoundExpr): Set<ColumnId> {
  const columns = new Set<ColumnId>();
  addColumns(expr, columns);
  return columns;
}

export function usesAny(expr: BoundExpr, columns: ColumnSet): boolean {
  if (expr.kind === 'column') return columns.has(expr.id);
  if (expr.kind === 'const' || expr.kind === 'param') return false;
  for (const id of columnsOf(expr)) if (columns.has(id)) return true;
  return false;
}

export function hasSubquery(expr: BoundExpr): boolean {
  return someExpr(expr, (part) => part.kind === 'subquery');
}

export function isVolatile(expr: BoundExpr): boolean {
  return someExpr(expr, (part) => part.kind === 'call' && part.volatility === 'v');
}

/** The parts of a condition that must all hold. */
export function conjunctsOf(condition: BoundExpr | undefined): readonly BoundExpr[] {
  if (condition === undefined) return [];
  return condition.kind === 'and' ? condition.args.flatMap(conjunctsOf) : [condition];
}

export function conjoin(conditions: readonly BoundExpr[]): BoundExpr | undefined {
  return conditions.length === 0 ? undefined : logicNode('and', conditions);
}

/** Without casts that change nothing but the name of the type. */
export function withoutRelabel(expr: BoundExpr): BoundExpr {
  return expr.kind === 'relabel' ? withoutRelabel(expr.arg) : expr;
}

/** An operator call of two arguments. */
export interface OperatorCall {
  readonly call: BoundCall;
  readonly operator: number;
  readonly left: BoundExpr;
  readonly right: BoundExpr;
}

export function asOperator(expr: BoundExpr): OperatorCall | undefined {
  if (expr.kind !== 'call' || expr.operator === undefined || expr.args.length !== 2) return undefined;
  const [left, right] = expr.args;
  return left === undefined || right === undefined ? undefined : { call: expr, operator: expr.operator.oid, left, right };
}

const INTEGERS: ReadonlySet<number> = new Set([TypeOid.int2, TypeOid.int4, TypeOid.int8]);
const TEXTS: ReadonlySet<number> = new Set([TypeOid.text, TypeOid.varchar, TypeOid.name]);

/** Types whose values compare, hash and make keys alike. */
export function areAlike(a: number, b: number): boolean {
  return a === b || (INTEGERS.has(a) && INTEGERS.has(b)) || (TEXTS.has(a) && TEXTS.has(b));
}

export function isTrue(expr: BoundExpr): boolean {
  return expr.kind === 'const' && expr.value === true;
}

/** A condition that no row passes. */
export function isNeverTrue(expr: BoundExpr): boolean {
  return expr.kind === 'const' && expr.value !== true;
}

/** One column of an order. */
export interface OrderKey {
  readonly id: ColumnId;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** Sort keys as an order of columns; undefined when one is more than a column. */
export function orderOf(keys: readonly SortKey[]): readonly OrderKey[] | undefined {
  const order: OrderKey[] = [];
  for (const { expr, descending, nullsFirst } of keys) {
    const column = withoutRelabel(expr);
    if (column.kind !== 'column' || column.collation !== expr.collation) return undefined;
    order.push({ id: column.id, descending, nullsFirst });
  }
  return order;
}

export function isColumn(expr: BoundExpr): expr is BoundColumn {
  return expr.kind === 'column';
}

/** Tells nothing of its arguments but by its result: no error, no side effect. */
export function isLeakproof(expr: BoundExpr, builtin: BuiltinCatalog): boolean {
  return !someExpr(expr, (part) => {
    switch (part.kind) {
      case 'call':
        return builtin.procByOid(part.proc)?.leakproof !== true;
      case 'const':
      case 'param':
      case 'column':
      case 'placeholder':
      case 'and':
      case 'or':
      case 'not':
      case 'null test':
      case 'boolean test':
      case 'relabel':
      case 'quantified':
      case 'distinct':
        return false;
      default:
        return true;
    }
  });
}
