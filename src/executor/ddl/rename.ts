import type { RelationDescriptor, TableDescriptor, ViewDescriptor } from '../../catalog/descriptors.js';
import { isSuperuser } from '../../catalog/privileges.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { QName } from '../../planner/parse/ast.js';
import { requireNoSystemColumn } from './columns.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { renameDatabase } from './databases/alter.js';
import { changeFreeStanding } from './free-standing/change.js';
import { isFreeStandingType } from './free-standing/find.js';
import { columnInheritance, renamedWith } from './inherit/rename-in-tree.js';
import {
  catalogOf,
  findRelation,
  findSchema,
  kindWord,
  lockName,
  lockRelation,
  lookUpRelation,
  nameText,
  noRole,
  ownedBy,
  requireOwner,
  systemRelation,
} from './names.js';
import { notice } from './notices.js';
import { renamePolicy } from './policies/create.js';
import { retextAfterColumns, retextAfterName } from './renamed-texts.js';
import { renameRoutine } from './routines/alter.js';
import { renameRule } from './rules/alter.js';
import { liveColumns } from './table-draft.js';
import { changeTextSearch, isTextSearchKind } from './text-search.js';
import { renameTrigger } from './triggers/alter.js';
import { renameType } from './types/alter.js';
import { renameAttribute } from './types/composite.js';
import { renameDomainConstraint } from './types/domain.js';

type Rename = UtilityStatement<'rename'>;

async function renameTextSearch({ objectType, relation, to }: Rename, cx: UtilityContext): Promise<string> {
  if (isTextSearchKind(objectType)) await changeTextSearch(objectType, relation, { name: to }, cx);
  return `ALTER ${objectType.toUpperCase()}`;
}

async function renameFreeStanding({ objectType, relation, to }: Rename, cx: UtilityContext): Promise<string> {
  if (isFreeStandingType(objectType)) await changeFreeStanding(objectType, relation, { name: to }, cx);
  return `ALTER ${objectType.toUpperCase()}`;
}

/** ALTER … RENAME of relations, columns, constraints, schemas and roles. */
export async function rename(statement: Rename, cx: UtilityContext): Promise<UtilityResult> {
  const handler = RENAMES[statement.objectType];
  if (handler === undefined) throw notSupported(`ALTER ${statement.objectType.toUpperCase()} RENAME`);
  const before = catalogOf(cx);
  const tag = await handler(statement, cx);
  if (statement.objectType === 'column' || statement.objectType === 'attribute') retextAfterColumns(before, cx);
  else if (statement.member === undefined && statement.objectType !== 'database') retextAfterName(statement.relation.name, before, cx);
  return { tag };
}

const RENAMES: Readonly<Record<string, (statement: Rename, cx: UtilityContext) => Promise<string>>> = {
  table: renameRelation,
  view: renameRelation,
  'materialized view': renameRelation,
  index: renameRelation,
  sequence: renameRelation,
  column: renameColumn,
  constraint: renameConstraint,
  'table constraint': renameConstraint,
  schema: renameSchema,
  type: renameType,
  domain: renameType,
  'domain constraint': renameDomainConstraint,
  attribute: renameAttribute,
  'text search configuration': renameTextSearch,
  'text search dictionary': renameTextSearch,
  statistics: renameFreeStanding,
  collation: renameFreeStanding,
  publication: renameFreeStanding,
  policy: async (statement, cx) => {
    await renamePolicy(statement, cx);
    return 'ALTER POLICY';
  },
  rule: async (statement, cx) => {
    await renameRule(statement, cx);
    return 'ALTER RULE';
  },
  trigger: async (statement, cx) => {
    await renameTrigger(statement, cx);
    return 'ALTER TRIGGER';
  },
  role: renameRole,
  database: renameDatabase,
  function: renameRoutine,
  procedure: renameRoutine,
  routine: renameRoutine,
  aggregate: renameRoutine,
};

async function lockedRelation(name: QName, statement: Rename, cx: UtilityContext): Promise<RelationDescriptor | undefined> {
  if (lookUpRelation(name, cx) === undefined && statement.ifExists === true) {
    notice(cx, `relation "${nameText(name)}" does not exist, skipping`);
    return undefined;
  }
  const found = findRelation(name, cx);
  requireOwner(found, cx);
  await lockRelation(found.kind === 'index' ? found.table : found.oid, cx);
  return catalogOf(cx).relationByOid(found.oid) ?? found;
}

async function renameRelation(statement: Rename, cx: UtilityContext): Promise<string> {
  const tag = `ALTER ${statement.objectType.toUpperCase()}`;
  const relation = await lockedRelation(statement.relation, statement, cx);
  if (relation === undefined) return tag;
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  await lockName('relation', `${relation.schema} ${statement.to}`, cx);
  if (catalogOf(cx).relation(relation.schema, statement.to) !== undefined)
    throw new SqlError(SqlState.duplicateTable, `relation "${statement.to}" already exists`);
  cx.session.catalog.put(cx.transaction, { ...relation, name: statement.to });
  if (relation.kind === 'index' && relation.constraint !== undefined)
    renameConstraintOf(relation.table, relation.constraint, statement.to, cx);
  return tag;
}

function renameConstraintOf(table: number, constraint: number, to: string, cx: UtilityContext): void {
  const descriptor = catalogOf(cx).relationByOid(table);
  if (descriptor?.kind !== 'table') return;
  const constraints = descriptor.constraints.map((other) => (other.oid === constraint ? { ...other, name: to } : other));
  cx.session.catalog.put(cx.transaction, { ...descriptor, constraints });
}

async function renameColumn(statement: Rename, cx: UtilityContext): Promise<string> {
  const relation = await lockedRelation(statement.relation, statement, cx);
  if (relation === undefined) return 'ALTER TABLE';
  const tag = `ALTER ${kindWord(relation).toUpperCase()}`;
  const from = statement.member ?? '';
  if (relation.kind === 'view') {
    renameViewColumn(relation, from, statement.to, cx);
    return 'ALTER VIEW';
  }
  if (relation.kind !== 'table') throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a table`);
  const column = liveColumns(relation).find((candidate) => candidate.name === from);
  if (column === undefined) throw new SqlError(SqlState.undefinedColumn, `column "${from}" does not exist`);
  requireNoSystemColumn(statement.to);
  const only = statement.relation.only === true;
  for (const table of await renamedWith(relation, 'column', from, only, columnInheritance(from), cx)) {
    if (liveColumns(table).some((other) => other.name === statement.to))
      throw new SqlError(SqlState.duplicateColumn, `column "${statement.to}" of relation "${table.name}" already exists`);
    const columns = table.columns.map((other) => (other.name === from ? { ...other, name: statement.to } : other));
    cx.session.catalog.put(cx.transaction, { ...table, columns });
  }
  return tag;
}

function renameViewColumn(view: ViewDescriptor, from: string, to: string, cx: UtilityContext): void {
  if (!view.columns.some((column) => column.name === from)) throw new SqlError(SqlState.undefinedColumn, `column "${from}" does not exist`);
  if (view.columns.some((column) => column.name === to))
    throw new SqlError(SqlState.duplicateColumn, `column "${to}" of relation "${view.name}" already exists`);
  cx.session.catalog.put(cx.transaction, {
    ...view,
    columns: view.columns.map((column) => (column.name === from ? { ...column, name: to } : column)),
  });
}

async function renameConstraint(statement: Rename, cx: UtilityContext): Promise<string> {
  const relation = await lockedRelation(statement.relation, statement, cx);
  if (relation === undefined) return 'ALTER TABLE';
  if (relation.kind !== 'table') throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a table`);
  const constraint = relation.constraints.find((candidate) => candidate.name === statement.member);
  if (constraint === undefined)
    throw new SqlError(SqlState.undefinedObject, `constraint "${statement.member}" for table "${relation.name}" does not exist`);
  const inheritance = (table: TableDescriptor): number | undefined => {
    const own = table.constraints.find((candidate) => candidate.name === statement.member);
    return own?.kind === 'check' && own.noInherit !== true ? (own.inherited ?? 0) : undefined;
  };
  const isTree = inheritance(relation) !== undefined;
  const only = statement.relation.only === true;
  const tables = isTree ? await renamedWith(relation, 'constraint', constraint.name, only, inheritance, cx) : [relation];
  for (const table of tables) {
    if (table.constraints.some((candidate) => candidate.name === statement.to))
      throw new SqlError(SqlState.duplicateObject, `constraint "${statement.to}" for relation "${table.name}" already exists`);
    const own = table.constraints.find((candidate) => candidate.name === statement.member);
    if (own !== undefined) renameConstraintOf(table.oid, own.oid, statement.to, cx);
  }
  const index = 'index' in constraint ? catalogOf(cx).relationByOid(constraint.index) : undefined;
  if (index?.kind === 'index') cx.session.catalog.put(cx.transaction, { ...index, name: statement.to });
  return 'ALTER TABLE';
}

async function renameSchema(statement: Rename, cx: UtilityContext): Promise<string> {
  const schema = findSchema(statement.relation.name, cx);
  if (!ownedBy(schema.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of schema ${schema.name}`);
  await lockName('schema', statement.to, cx);
  if (catalogOf(cx).schema(statement.to) !== undefined)
    throw new SqlError(SqlState.duplicateSchema, `schema "${statement.to}" already exists`);
  cx.session.catalog.put(cx.transaction, { ...schema, name: statement.to });
  return 'ALTER SCHEMA';
}

/** A role's name is the owner's id of its rows in user tables: they would be left behind, so it keeps it. */
async function renameRole(statement: Rename, cx: UtilityContext): Promise<string> {
  const catalog = catalogOf(cx);
  if (catalog.role(statement.relation.name) === undefined) throw noRole(statement.relation.name);
  if (!isSuperuser(catalog, cx.session.currentRole)) throw new SqlError(SqlState.insufficientPrivilege, 'permission denied to rename role');
  throw notSupported('renaming a role', { hint: 'Rows of user tables belong to the role by its name.' });
}
