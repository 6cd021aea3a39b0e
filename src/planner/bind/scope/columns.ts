import { SqlState } from '../../../commons/sqlstates.js';
import { TypeOid } from '../../../types/oids.js';
import type { QName } from '../../parse/ast.js';
import { at, errorAt } from '../errors.js';
import type { BoundExpr } from '../expression.js';
import { fieldsOfType } from '../row-type.js';
import { forEachColumn } from '../tree/walk.js';
import { ambiguousColumn, forbiddenLateral, missingTable } from './missing.js';
import { AMBIGUOUS, NOT_FOUND, type RelationItem } from './relation-item.js';
import type { NamespaceEntry, Scope } from './scope.js';

/** A column by its bare name: in this level's FROM, then in those of the queries around it. @throws SqlError 42702 */
export function findColumn(scope: Scope, name: string, location: number | undefined, isLocal = false): BoundExpr | undefined {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.nameParent) {
    let found: NamespaceEntry | undefined;
    let index = NOT_FOUND;
    for (const entry of level.namespace) {
      if (!entry.areColumnsVisible || (entry.isLateralOnly && !level.isLateralActive)) continue;
      const position = entry.item.find(name);
      if (position === NOT_FOUND) continue;
      if (position === AMBIGUOUS || found !== undefined) throw ambiguousColumn(name, location);
      found = entry;
      index = position;
    }
    if (found !== undefined) return use(scope, level, found, index, location);
    const hidden = findHidden(scope, level, name, location);
    if (hidden !== undefined) return hidden;
    if (isLocal) return undefined;
  }
  return undefined;
}

function findHidden(scope: Scope, level: Scope, name: string, location: number | undefined): BoundExpr | undefined {
  let found: BoundExpr | undefined;
  for (const entry of level.namespace) {
    if (!entry.areColumnsVisible || (entry.isLateralOnly && !level.isLateralActive)) continue;
    const column = entry.item.system(name, location);
    if (column === undefined) continue;
    if (found !== undefined) throw ambiguousColumn(name, location);
    if (entry.isLateralOnly && !entry.isLateralAllowed) throw forbiddenLateral(level, entry.item, location);
    noteColumns(scope, level, entry.item, column, name);
    found = column;
  }
  return found;
}

function use(scope: Scope, level: Scope, entry: NamespaceEntry, index: number, location: number | undefined): BoundExpr {
  if (entry.isLateralOnly && !entry.isLateralAllowed) throw forbiddenLateral(level, entry.item, location);
  const base = entry.item.baseOf(index);
  const expr = entry.item.refer(index, location);
  noteColumns(scope, level, base.item, expr, base.name);
  return expr;
}

/** Writes down who refers to whom: for LATERAL, correlation, grouping and aggregates. */
function noteColumns(scope: Scope, level: Scope, item: RelationItem, expr: BoundExpr, name: string): void {
  forEachColumn(expr, (column) => {
    if (!level.referenced.has(column.id)) level.referenced.set(column.id, { column, item, name });
    if (level.isLateralActive) level.lateralColumns.push(column.id);
    scope.noteUse(level, column.id);
  });
}

/** Marks a column of an item that is visible in the scope itself as used: for `*`, merged columns and whole rows. */
export function referTo(scope: Scope, item: RelationItem, index: number, location?: number): BoundExpr {
  const expr = item.refer(index, location);
  const base = item.baseOf(index);
  noteColumns(scope, scope, base.item, expr, base.name);
  return expr;
}

export interface FoundItem {
  readonly item: RelationItem;
  readonly level: Scope;
}

/** A FROM item by its name. @throws SqlError 42P09 */
export function findItem(scope: Scope, table: QName, location: number | undefined): FoundItem | undefined {
  for (let level: Scope | undefined = scope; level !== undefined; level = level.nameParent) {
    let found: NamespaceEntry | undefined;
    for (const entry of level.namespace) {
      if (!entry.isRelationVisible || (entry.isLateralOnly && !level.isLateralActive)) continue;
      if (!isNamed(scope, entry.item, table)) continue;
      if (found !== undefined) throw errorAt(SqlState.ambiguousAlias, `table reference "${table.name}" is ambiguous`, location);
      found = entry;
    }
    if (found === undefined) continue;
    if (found.isLateralOnly && !found.isLateralAllowed) throw forbiddenLateral(level, found.item, location);
    return { item: found.item, level };
  }
  return undefined;
}

function isNamed(scope: Scope, item: RelationItem, table: QName): boolean {
  if (table.schema === undefined) return item.alias === table.name;
  const { relation } = item;
  if (item.isNamed || relation === undefined || relation.name !== table.name) return false;
  return scope.state.catalog.schemaByOid(relation.schema)?.name === table.schema;
}

/** @throws SqlError 42P01 */
export function requireItem(scope: Scope, table: QName, location: number | undefined, column = '*'): FoundItem {
  refuseOtherDatabase(scope, table, location, column);
  const found = findItem(scope, table, location);
  if (found === undefined) throw missingTable(scope, table, location);
  return found;
}

/** A column of a given item. */
export function columnOf(scope: Scope, found: FoundItem, name: string, location: number | undefined): BoundExpr | undefined {
  const index = found.item.find(name);
  if (index === AMBIGUOUS) throw ambiguousColumn(name, location);
  const expr = index === NOT_FOUND ? found.item.system(name, location) : found.item.refer(index, location);
  if (expr !== undefined) noteColumns(scope, found.level, found.item, expr, name);
  return expr;
}

/** The item's row as one composite value. */
export function wholeRow(scope: Scope, found: FoundItem, location: number | undefined): BoundExpr {
  const { item } = found;
  const columns: BoundExpr[] = [];
  const names: string[] = [];
  for (let i = 0; i < item.size; i++) {
    const column = item.refer(i, location);
    noteColumns(scope, found.level, item, column, item.nameAt(i));
    columns.push(column);
    names.push(item.nameAt(i));
  }
  const [only] = columns;
  if (item.isScalar && only !== undefined) return only;
  const plain = columns.filter((column) => column.kind === 'column');
  if (plain.length === columns.length) {
    const fields = item.rowType === TypeOid.record ? undefined : fieldsOfType(scope.state, item.rowType);
    const renamed = fields?.some((field, i) => field.name !== names[i]) === true ? { typeNames: fields.map((field) => field.name) } : {};
    const optional = item.isOptional ? { optional: true as const } : {};
    return { kind: 'whole row', columns: plain, names, ...renamed, ...optional, type: item.rowType, typmod: -1, ...at(location) };
  }
  return { kind: 'row', fields: columns, names, type: TypeOid.record, typmod: -1, ...at(location) };
}

/**
 * @param column of the relation, for references to columns; null for a function's name
 * @throws SqlError 0A000 for a name that begins with another database
 */
export function refuseOtherDatabase(scope: Scope, name: QName, location: number | undefined, column?: string | null): void {
  if (name.catalog === undefined || name.catalog === scope.state.catalog.database().name) return;
  const written = [name.catalog, name.schema, name.name, column].filter((part) => part != null).join('.');
  throw errorAt(
    SqlState.featureNotSupported,
    `cross-database references are not implemented: ${column === undefined ? `"${written}"` : written}`,
    location,
  );
}
