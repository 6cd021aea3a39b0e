import {
  checkDefinition,
  columnName,
  constraintDefinition,
  type DefinitionOptions,
  indexColumnDefinition,
  indexDefinition,
  qualifiedName,
  ruleDefinition,
  storedQueryOf,
  type TextForm,
  triggerDefinition,
  viewDefinition,
} from '../../../catalog/definitions/index.js';
import type { IndexDescriptor, RelationDescriptor, TableDescriptor } from '../../../catalog/descriptors.js';
import { sequenceRelation } from '../../../catalog/sequence-relation.js';
import { ownTriggers, triggersOfTree } from '../../../catalog/tree-triggers.js';
import { isColumnUpdatable, updatableEvents } from '../../../catalog/updatability.js';
import { systemIndexByOid } from '../../../catalog/virtual/system-indexes.js';
import { FIRST_USER_OID } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import { regOidOf } from '../../../types/reg-codecs.js';
import type { FunctionContext } from '../../context.js';
import { domainValueRow } from '../../user-types/domain-checks.js';
import type { FunctionTable } from '../table.js';
import { statisticsColumns, statisticsDefinition, statisticsExpressions } from './extended-statistics.js';
import { partitionConstraintOf, partitionKeyOf } from './partitions.js';
import { isSchemaInPath, visibilityIn } from './visibility.js';

function options(pretty: boolean, cx: FunctionContext): DefinitionOptions {
  const isRoutineVisible = ({ schema }: { readonly schema: number }): boolean => isSchemaInPath(schema, cx);
  return { pretty, isVisible: visibilityIn(cx), isRoutineVisible, texts: cx.session.texts };
}

function indexOf(oid: number, cx: FunctionContext): IndexDescriptor | undefined {
  const found = cx.catalog.relationByOid(oid) ?? systemIndexByOid(cx.catalog, oid);
  return found?.kind === 'index' ? found : undefined;
}

function index(oid: number, cx: FunctionContext, pretty = false): string | null {
  const found = indexOf(oid, cx);
  return found !== undefined ? indexDefinition(cx.catalog, found, options(pretty, cx)) : null;
}

function indexColumn(oid: number, column: number, pretty: boolean, cx: FunctionContext): string | null {
  if (column === 0) return index(oid, cx, pretty);
  const found = indexOf(oid, cx);
  return found !== undefined ? indexColumnDefinition(cx.catalog, found, column, options(pretty, cx)) : null;
}

function systemDomainCheck(oid: number, pretty: boolean, cx: FunctionContext): string | undefined {
  const check = oid >= FIRST_USER_OID ? undefined : cx.catalog.builtin.domainChecks().find((candidate) => candidate.oid === oid);
  return pretty ? check?.pretty : check?.definition;
}

function constraint(oid: number, cx: FunctionContext, pretty = false): string | null {
  const owner = cx.catalog.ownerOfPart(oid);
  if (owner?.kind === 'type' && owner.form === 'domain') {
    const check = owner.checks.find((candidate) => candidate.oid === oid);
    return check === undefined ? null : checkDefinition(check, domainValueRow(owner), options(pretty, cx));
  }
  if (owner === undefined) return systemDomainCheck(oid, pretty, cx) ?? systemKey(oid, cx);
  if (owner.kind !== 'table') return null;
  const found = owner.constraints.find((candidate) => candidate.oid === oid);
  if (found !== undefined) return constraintDefinition(cx.catalog, owner, found, options(pretty, cx));
  const trigger = owner.triggers?.find((candidate) => candidate.constraint === oid);
  if (trigger === undefined) return null;
  return `TRIGGER${trigger.deferrable === true ? ' DEFERRABLE' : ''}${trigger.initiallyDeferred === true ? ' INITIALLY DEFERRED' : ''}`;
}

function systemKey(oid: number, cx: FunctionContext): string | null {
  const index = cx.catalog.builtin.systemIndexes().find(({ constraint }) => constraint === oid);
  const table = index === undefined ? undefined : cx.catalog.relationByOid(index.table);
  if (index === undefined || table === undefined) return null;
  return `${index.isPrimary ? 'PRIMARY KEY' : 'UNIQUE'} (${index.columns.map((number) => columnName(table, number)).join(', ')})`;
}

function view(oid: number, cx: FunctionContext, form: TextForm = {}): string | null {
  const found = storedQueryOf(cx.catalog.relationByOid(oid));
  return found === undefined ? null : viewDefinition(found, cx.session.texts, form);
}

function viewNamed(name: string, cx: FunctionContext, form: TextForm = {}): string | null {
  return view(regOidOf('regclass', name, cx.format), cx, form);
}

function expression(text: string, oid: number, pretty: boolean, cx: FunctionContext): string | null {
  const relation = oid === 0 ? undefined : cx.catalog.relationByOid(oid);
  if (oid !== 0 && relation === undefined) return null;
  if (relation?.kind === 'table' && relation.partitionBoundText === text) return text;
  const over = relation !== undefined && 'columns' in relation && relation.kind !== 'index' ? relation : undefined;
  return cx.session.texts.expression(text, over, { pretty });
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
  // Of these, columns have names but nothing that belongs to them.
  if (table.kind === 'index') return null;
  const column = columnNamed(table.kind === 'sequence' ? sequenceRelation(table) : table, columnName);
  const oid = column.identity?.sequence ?? column.ownedSequence;
  const sequence = oid === undefined ? undefined : cx.catalog.relationByOid(oid);
  return sequence === undefined ? null : qualifiedName(cx.catalog, sequence);
}

function trigger(oid: number, pretty: boolean, cx: FunctionContext): string | null {
  const owner = cx.catalog.ownerOfPart(oid);
  // A partition shows the triggers of the tables above it under numbers that stand nowhere.
  for (const relation of owner?.kind === 'table' || owner?.kind === 'view' ? [owner] : cx.catalog.relations()) {
    if (relation.kind !== 'table' && relation.kind !== 'view') continue;
    const held = relation.kind === 'view' ? ownTriggers(relation) : triggersOfTree(relation, cx.catalog);
    const found = held.find(({ trigger: { oid: candidate } }) => candidate === oid)?.trigger;
    if (found !== undefined) return triggerDefinition(cx.catalog, relation, found, options(pretty, cx));
  }
  return null;
}

function rule(oid: number, pretty: boolean, cx: FunctionContext): string | null {
  const owner = cx.catalog.ownerOfPart(oid) ?? cx.catalog.relationByOid(oid);
  if (owner?.kind !== 'table' && owner?.kind !== 'view') return null;
  const found = owner.rules?.find((candidate) => candidate.oid === oid);
  if (found !== undefined) return ruleDefinition(cx.catalog, owner, found, options(pretty, cx));
  if (owner.kind !== 'view' || owner.oid !== oid) return null;
  const name = qualifiedName(cx.catalog, owner);
  return `CREATE RULE "_RETURN" AS\n    ON SELECT TO ${name} DO INSTEAD ${viewDefinition(owner, cx.session.texts, { pretty })}`;
}

const nothing = (): null => null;

export const definitionFunctions: FunctionTable = {
  scalar: {
    pg_get_indexdef: (oid: number, cx: FunctionContext) => index(oid, cx),
    pg_get_indexdef_ext: indexColumn,
    pg_get_constraintdef: (oid: number, cx: FunctionContext) => constraint(oid, cx),
    pg_get_constraintdef_ext: (oid: number, pretty: boolean, cx: FunctionContext) => constraint(oid, cx, pretty),
    pg_get_viewdef: (oid: number, cx: FunctionContext) => view(oid, cx),
    pg_get_viewdef_ext: (oid: number, pretty: boolean, cx: FunctionContext) => view(oid, cx, { pretty }),
    pg_get_viewdef_wrap: (oid: number, wrapColumn: number, cx: FunctionContext) => view(oid, cx, { pretty: true, wrapColumn }),
    pg_get_viewdef_name: (name: string, cx: FunctionContext) => viewNamed(name, cx),
    pg_get_viewdef_name_ext: (name: string, pretty: boolean, cx: FunctionContext) => viewNamed(name, cx, { pretty }),
    /** Stored expressions are texts here, not trees. */
    pg_get_expr: (text: string, relation: number, cx: FunctionContext) => expression(text, relation, false, cx),
    pg_get_expr_ext: expression,
    pg_get_serial_sequence: serialSequence,
    pg_get_ruledef: (oid: number, cx: FunctionContext) => rule(oid, false, cx),
    pg_get_ruledef_ext: rule,
    pg_get_triggerdef: (oid: number, cx: FunctionContext) => trigger(oid, false, cx),
    pg_get_triggerdef_ext: trigger,
    pg_get_partkeydef: partitionKeyOf,
    pg_get_partition_constraintdef: partitionConstraintOf,
    pg_get_statisticsobjdef: statisticsDefinition,
    pg_get_statisticsobjdef_columns: statisticsColumns,
    pg_get_statisticsobjdef_expressions: statisticsExpressions,
    pg_get_replica_identity_index: nothing,
    pg_relation_is_publishable: (oid: number, cx: FunctionContext) => {
      const relation = cx.catalog.relationByOid(oid);
      if (relation === undefined) return oid < FIRST_USER_OID ? false : null;
      return relation.kind === 'table' && relation.materialized === undefined && relation.persistence === 'permanent';
    },
    pg_relation_is_updatable: (oid: number, all: boolean, cx: FunctionContext) =>
      updatableEvents(cx.catalog, cx.catalog.relationByOid(oid), all),
    pg_column_is_updatable: (oid: number, column: number, _all: boolean, cx: FunctionContext) => isColumnUpdatable(cx.catalog, oid, column),
  },
};
