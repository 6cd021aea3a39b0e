import type { RelationDescriptor, TypeDescriptor } from './descriptors.js';

/** How many objects of each kind a snapshot has: what the planner knows of the catalog's own relations. */
export interface CatalogCounts {
  readonly relations: number;
  readonly tables: number;
  readonly views: number;
  readonly indexes: number;
  readonly sequences: number;
  /** Of all relations, system columns too. */
  readonly columns: number;
  readonly constraints: number;
  readonly types: number;
  readonly schemas: number;
}

/** System columns of a table, ours and PostgreSQL's. */
const SYSTEM_COLUMNS = 9;

export function countObjects(relations: readonly RelationDescriptor[], types: readonly TypeDescriptor[], schemas: number): CatalogCounts {
  const of = { table: 0, view: 0, index: 0, sequence: 0, virtual: 0, composite: 0 };
  let columns = 0;
  let constraints = 0;
  for (const relation of relations) {
    of[relation.kind]++;
    columns += relation.kind === 'sequence' ? SYSTEM_COLUMNS : relation.columns.length;
    if (relation.kind !== 'table') continue;
    columns += SYSTEM_COLUMNS;
    constraints += relation.constraints.length;
  }
  return {
    relations: relations.length,
    tables: of.table,
    views: of.view,
    indexes: of.index,
    sequences: of.sequence,
    columns,
    constraints,
    types: types.length,
    schemas,
  };
}
