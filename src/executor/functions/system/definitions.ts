import {
  checkDefinition,
  constraintDefinition,
  type DefinitionOptions,
  indexColumnDefinition,
  indexDefinition,
  qualifiedName,
  viewDefinition,
} from '../../../catalog/definitions/index.js';
import type { RelationDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import type { FunctionContext } from '../../context.js';
import type { FunctionTable } from '../table.js';
import { visibilityIn } from './visibility.js';

function options(pretty: boolean, cx: FunctionContext): DefinitionOptions {
  return pretty ? { pretty, isVisible: visibilityIn(cx) } : { isVisible: visibilityIn(cx) };
}

function index(oid: number, cx: FunctionContext, pretty = false): string | null {
  const found = cx.catalog.relationByOid(oid);
  return found?.kind === 'index' ? indexDefinition(cx.catalog, found, options(pretty, cx)) : null;
}

function indexColumn(oid: number, column: number, pretty: boolean, cx: FunctionContext): string | null {
  if (column === 0) return index(oid, cx, pretty);
  const found = cx.catalog.relationByOid(oid);
  return found?.kind === 'index' ? indexColumnDefinition(cx.catalog, found, column, pretty) : null;
}

/** Constraints have no look-up of their own: they are found through their table. */
function constraint(oid: number, cx: FunctionContext, pretty = false): string | null {
  for (const type of cx.catalog.types()) {
    const check = type.form === 'domain' ? type.checks.find((candidate) => candidate.oid === oid) : undefined;
    if (check !== undefined) return checkDefinition(check, pretty);
  }
  for (const relation of cx.catalog.relations()) {
    if (relation.kind !== 'table') continue;
    const found = relation.constraints.find((candidate) => candidate.oid === oid);
    if (found !== undefined) return constraintDefinition(cx.catalog, relation, found, options(pretty, cx));
  }
  return null;
}

function view(oid: number, cx: FunctionContext): string | null {
  const found = cx.catalog.relationByOid(oid);
  return found?.kind === 'view' ? viewDefinition(found) : null;
}

export function relationNamed(name: string, cx: FunctionContext): RelationDescriptor {
  const relation = cx.catalog.relationByOid(regOidOf('regclass', name, cx.format));
  if (relation === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${name}" does not exist`);
  return relation;
}

/** @throws SqlError 42703 */
export function columnNamed(table: RelationDescriptor, name: string): TableDescriptor['columns'][number] {
  const column =
    table.kind === 'index' || table.kind === 'sequence'
      ? undefined
      : table.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
  if (column === undefined) {
    throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${table.name}" does not exist`);
  }
  return column;
}

function serialSequence(tableName: string, columnName: string, cx: FunctionContext): string | null {
  const table = relationNamed(tableName, cx);
  const column = columnNamed(table, columnName);
  const oid = column.identity?.sequence ?? column.ownedSequence;
  const sequence = oid === undefined ? undefined : cx.catalog.relationByOid(oid);
  return sequence === undefined ? null : qualifiedName(cx.catalog, sequence);
}

const nothing = (): null => null;

export const definitionFunctions: FunctionTable = {
  scalar: {
    pg_get_indexdef: (oid: number, cx: FunctionContext) => index(oid, cx),
    pg_get_indexdef_ext: indexColumn,
    pg_get_constraintdef: (oid: number, cx: FunctionContext) => constraint(oid, cx),
    pg_get_constraintdef_ext: (oid: number, pretty: boolean, cx: FunctionContext) => constraint(oid, cx, pretty),
    pg_get_viewdef: view,
    pg_get_viewdef_ext: (oid: number, _pretty: boolean, cx: FunctionContext) => view(oid, cx),
    pg_get_viewdef_wrap: (oid: number, _columns: number, cx: FunctionContext) => view(oid, cx),
    pg_get_viewdef_name: (name: string, cx: FunctionContext) => view(regOidOf('regclass', name, cx.format), cx),
    pg_get_viewdef_name_ext: (name: string, _pretty: boolean, cx: FunctionContext) => view(regOidOf('regclass', name, cx.format), cx),
    /** Stored expressions are texts here, not trees. */
    pg_get_expr: (text: string) => text,
    pg_get_expr_ext: (text: string) => text,
    pg_get_serial_sequence: serialSequence,
    pg_get_ruledef: nothing,
    pg_get_ruledef_ext: nothing,
    pg_get_triggerdef: nothing,
    pg_get_triggerdef_ext: nothing,
    pg_get_partkeydef: nothing,
    pg_get_partition_constraintdef: nothing,
    pg_get_statisticsobjdef: nothing,
    pg_get_statisticsobjdef_columns: nothing,
    pg_get_statisticsobjdef_expressions: nothing,
    pg_get_replica_identity_index: nothing,
    pg_relation_is_publishable: () => false,
    pg_relation_is_updatable: (oid: number, _all: boolean, cx: FunctionContext) =>
      cx.catalog.relationByOid(oid)?.kind === 'table' ? 28 : 0,
    pg_column_is_updatable: (oid: number, column: number, _all: boolean, cx: FunctionContext) =>
      column > 0 && cx.catalog.relationByOid(oid)?.kind === 'table',
  },
};
