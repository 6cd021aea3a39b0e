import type { Oid } from '../../commons/ids.js';
import { TypeOid } from '../../types/oids.js';
import type { SqlValue } from '../../types/value.js';
import type { BoundColumn, BoundConst, BoundExpr, BoundLogic, ColumnId } from './expression.js';
import type { OutputColumn } from './logical.js';

/** Makers of the bound nodes that are made most often. */

export function constNode(type: Oid, typmod: number, value: SqlValue, location?: number): BoundConst {
  return location === undefined ? { kind: 'const', type, typmod, value } : { kind: 'const', type, typmod, value, location };
}

export function booleanNode(value: boolean, location?: number): BoundConst {
  return constNode(TypeOid.bool, -1, value, location);
}

export function columnNode(id: ColumnId, name: string, type: Oid, typmod: number, collation?: Oid, location?: number): BoundColumn {
  if (collation === undefined) {
    if (location === undefined) return { kind: 'column', id, name, type, typmod };
    return { kind: 'column', id, name, type, typmod, location };
  }
  if (location === undefined) return { kind: 'column', id, name, type, typmod, collation };
  return { kind: 'column', id, name, type, typmod, collation, location };
}

/** A reference to an output of the plan below. */
export function referenceTo(column: OutputColumn, location?: number): BoundColumn {
  return columnNode(column.id, column.name, column.type, column.typmod, column.collation, location);
}

export function outputColumn(id: ColumnId, name: string, of: { type: Oid; typmod: number; collation?: Oid }): OutputColumn {
  if (of.collation === undefined) return { id, name, type: of.type, typmod: of.typmod };
  return { id, name, type: of.type, typmod: of.typmod, collation: of.collation };
}

/** AND or OR over the arguments; conditions that are of the same kind themselves are merged in, as PostgreSQL's lists are. */
export function logicNode(kind: 'and' | 'or', args: readonly BoundExpr[], location?: number): BoundExpr {
  const flat: BoundExpr[] = [];
  for (const arg of args) {
    if (arg.kind === kind) flat.push(...arg.args);
    else flat.push(arg);
  }
  const [only] = flat;
  if (flat.length === 1 && only !== undefined) return only;
  const node: BoundLogic = { kind, args: flat, type: TypeOid.bool, typmod: -1 };
  return location === undefined ? node : { ...node, location };
}

/** The conjunction of those conditions that are there. */
export function conjunction(conditions: readonly (BoundExpr | undefined)[]): BoundExpr | undefined {
  const present = conditions.filter((condition) => condition !== undefined);
  return present.length === 0 ? undefined : logicNode('and', present);
}

/** `{ recheck }` for a plan node: what must hold of a row that changed while it was waited for. */
export function recheck(conditions: readonly (BoundExpr | undefined)[]): { readonly recheck?: BoundExpr } {
  const all = conjunction(conditions);
  return all === undefined ? {} : { recheck: all };
}
