import type { ColumnDescriptor, CompositeDescriptor } from '../../../catalog/descriptors.js';
import { storedAs, typeRecord } from '../../../catalog/made-types.js';
import { notSupported, SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { ColumnDef, TableAlteration } from '../../../planner/parse/ast.js';
import { formatType } from '../../../types/format-type.js';
import { findCollation } from '../collations.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, creationSchema, describeRelation } from '../names.js';
import { notice } from '../notices.js';
import { initialPrivileges } from '../privileges/default-privileges.js';
import { dataType } from '../scalar.js';
import { newOid } from '../table-draft.js';
import { findForChange, requireFreeTypeName, requireNotMadeOf } from './find.js';
import { usesOfType } from './uses.js';

/** CREATE TYPE … AS (…). */
export async function createComposite(statement: UtilityStatement<'create composite'>, cx: UtilityContext): Promise<UtilityResult> {
  const schema = creationSchema(statement.name, false, cx);
  const { name } = statement.name;
  await requireFreeTypeName(schema, name, cx);
  if (catalogOf(cx).relation(schema.oid, name) !== undefined)
    throw new SqlError(SqlState.duplicateTable, `relation "${name}" already exists`);
  const columns: ColumnDescriptor[] = [];
  for (const definition of statement.columns) columns.push(newAttribute(columns, definition, cx));
  cx.session.catalog.put(cx.transaction, {
    kind: 'composite',
    oid: newOid(cx),
    name,
    schema: schema.oid,
    owner: cx.session.currentRole,
    ...initialPrivileges('type', cx.session.currentRole, schema.oid, cx),
    persistence: schema.oid === catalogOf(cx).tempSchema?.oid ? 'temporary' : 'permanent',
    columns,
    rowArrayType: newOid(cx),
    rowType: newOid(cx),
  });
  return { tag: 'CREATE TYPE' };
}

function newAttribute(columns: readonly ColumnDescriptor[], definition: ColumnDef, cx: UtilityContext): ColumnDescriptor {
  const { name } = definition;
  if (columns.some((column) => column.name === name && column.dropped !== true))
    throw new SqlError(SqlState.duplicateColumn, `column "${name}" specified more than once`);
  const { type, typmod } = dataType(definition.dataType, cx);
  const catalog = catalogOf(cx);
  if (typeRecord(catalog, type)?.kind === 'p')
    throw new SqlError(SqlState.invalidTableDefinition, `column "${name}" has pseudo-type ${formatType(type, -1)}`);
  const stored = storedAs(catalog, type);
  return {
    number: columns.length + 1,
    name,
    type,
    typmod,
    notNull: false,
    ...(stored === undefined ? {} : { storedAs: stored }),
    ...(definition.collate === undefined ? {} : { collation: findCollation(definition.collate, cx) }),
  };
}

/** ALTER TYPE … ADD, DROP and ALTER ATTRIBUTE. */
export async function alterComposite(statement: UtilityStatement<'alter table'>, cx: UtilityContext): Promise<UtilityResult> {
  const found = await findForChange(statement.table, cx);
  if (found.kind !== 'composite') throw new SqlError(SqlState.wrongObjectType, `"${found.name}" is not a composite type`);
  let type = found;
  for (const change of statement.changes) type = changed(type, change, cx);
  if (type !== found) cx.session.catalog.put(cx.transaction, type);
  return { tag: 'ALTER TYPE' };
}

function changed(type: CompositeDescriptor, change: TableAlteration, cx: UtilityContext): CompositeDescriptor {
  switch (change.type) {
    case 'add column':
      if (type.columns.some((column) => column.name === change.column.name && column.dropped !== true))
        throw new SqlError(SqlState.duplicateColumn, `column "${change.column.name}" of relation "${type.name}" already exists`);
      return { ...type, columns: [...type.columns, notItself(type, newAttribute(type.columns, change.column, cx), cx)] };
    case 'drop column': {
      const column = findAttribute(type, change.column);
      if (column === undefined) {
        if (change.ifExists !== true) throw noAttribute(type, change.column);
        notice(cx, `column "${change.column}" of relation "${type.name}" does not exist, skipping`);
        return type;
      }
      refuseStored(type, cx);
      return { ...type, columns: type.columns.map((other) => (other === column ? { ...other, dropped: true as const } : other)) };
    }
    case 'set type': {
      const column = findAttribute(type, change.column);
      if (column === undefined) throw noAttribute(type, change.column);
      const target = dataType(change.dataType, cx);
      refuseStored(type, cx);
      const { storedAs: _before, ...rest } = column;
      const stored = storedAs(catalogOf(cx), target.type);
      const after: ColumnDescriptor = { ...rest, ...target, ...(stored === undefined ? {} : { storedAs: stored }) };
      notItself(type, after, cx);
      return { ...type, columns: type.columns.map((other) => (other === column ? after : other)) };
    }
    default:
      throw notSupported('this change of a composite type');
  }
}

/** @throws SqlError 42P16 */
function notItself(type: CompositeDescriptor, attribute: ColumnDescriptor, cx: UtilityContext): ColumnDescriptor {
  requireNotMadeOf(attribute.type, type, cx);
  return attribute;
}

function findAttribute(type: CompositeDescriptor, name: string): ColumnDescriptor | undefined {
  return type.columns.find((column) => column.name === name && column.dropped !== true);
}

function noAttribute(type: CompositeDescriptor, name: string): SqlError {
  return new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${type.name}" does not exist`);
}

/** Stored values have the type's shape as it was. @throws SqlError 0A000 as PostgreSQL words it */
function refuseStored(type: CompositeDescriptor, cx: UtilityContext): void {
  const use = usesOfType(type.rowType, cx).find(({ relation }) => relation?.kind === 'table');
  if (use?.relation === undefined) return;
  if (use.isWhole === true && use.column === undefined)
    throw new SqlError(SqlState.dependentObjectsStillExist, `cannot alter type "${type.name}" because it is the type of a typed table`, {
      hint: 'Use ALTER ... CASCADE to alter the typed tables too.',
    });
  throw new SqlError(
    SqlState.featureNotSupported,
    `cannot alter type "${type.name}" because column "${describeRelation(use.relation, cx).replace(/^table /, '')}.${use.column}" uses it`,
  );
}

/** ALTER TYPE … RENAME ATTRIBUTE. */
export async function renameAttribute(statement: UtilityStatement<'rename'>, cx: UtilityContext): Promise<string> {
  const type = await findForChange(statement.relation, cx);
  if (type.kind !== 'composite') throw new SqlError(SqlState.wrongObjectType, `"${type.name}" is not a composite type`);
  const column = findAttribute(type, statement.member ?? '');
  if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `column "${statement.member}" does not exist`);
  if (findAttribute(type, statement.to) !== undefined)
    throw new SqlError(SqlState.duplicateColumn, `column "${statement.to}" of relation "${type.name}" already exists`);
  cx.session.catalog.put(cx.transaction, {
    ...type,
    columns: type.columns.map((other) => (other === column ? { ...other, name: statement.to } : other)),
  });
  return 'ALTER TYPE';
}
