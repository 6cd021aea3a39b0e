import type { RelationDescriptor, TableDescriptor } from '../../catalog/descriptors.js';
import { isMemberOf } from '../../catalog/privileges.js';
import type { Oid } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { withoutPosition } from '../../planner/bind/stored-text.js';
import type { RoleSpec, TableAlteration } from '../../planner/parse/ast.js';
import { inheritors } from '../../planner/partitions/descendants.js';
import { requireNotInUse, requireNoWaitingChecks } from '../dml/constraint-checks.js';
import { alteredIndex } from './alter-index.js';
import { alteredView } from './alter-view.js';
import { ALTERATIONS, type AlterTarget, buildLater, checkLater } from './alterations.js';
import { lockReferenced } from './constraints.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { alterDatabaseOwner } from './databases/alter.js';
import { alterExtensionSchema } from './extensions/alter.js';
import { changeFreeStanding } from './free-standing/change.js';
import { isFreeStandingType } from './free-standing/find.js';
import { attachIndex } from './inherit/align-index.js';
import { alterChild, type ChildWork, type Reach } from './inherit/alter-child.js';
import { alterTreeOf, isTreeChange } from './inherit/alter-tree.js';
import { refuseIdentityInTree, refuseInTree } from './inherit/refusals.js';
import {
  catalogOf,
  findRelation,
  findRole,
  findSchema,
  kindWord,
  lockRelation,
  lookUpRelation,
  nameText,
  requireOwner,
  systemRelation,
} from './names.js';
import { notice } from './notices.js';
import { relationWithNewOwner, withNewOwner } from './privileges/new-owner.js';
import { retextAfterColumns, retextAfterName } from './renamed-texts.js';
import { setRoutineOwner, setRoutineSchema } from './routines/alter.js';
import { setOperatorOwner, setOperatorSchema } from './routines/operator.js';
import { liveColumns, putDraft } from './table-draft.js';
import { changeTextSearch, isTextSearchKind } from './text-search.js';
import { setTypeOwner, setTypeSchema } from './types/alter.js';
import { alterComposite } from './types/composite.js';

/** ALTER TABLE with any number of changes: they are applied to one draft in order, then rows are made to fit in one pass. */
export async function alterTable(statement: UtilityStatement<'alter table'>, cx: UtilityContext): Promise<UtilityResult> {
  if (statement.objectType === 'type') return alterComposite(statement, cx);
  const tag = `ALTER ${statement.objectType.toUpperCase()}`;
  const found = lookUpRelation(statement.table, cx);
  if (found === undefined && statement.ifExists === true) {
    notice(cx, `relation "${nameText(statement.table)}" does not exist, skipping`);
    return { tag };
  }
  const relation = findRelation(statement.table, cx);
  requireOwner(relation, cx);
  const onlyReferences = statement.changes.every((change) => change.type === 'add constraint' && change.constraint.type === 'foreign key');
  // Nobody has to wait for a new partition but those who write to the default one.
  const onlyAttaches = statement.changes.every((change) => change.type === 'attach partition');
  const mode = onlyAttaches ? 'SHARE UPDATE EXCLUSIVE' : onlyReferences ? 'SHARE ROW EXCLUSIVE' : 'ACCESS EXCLUSIVE';
  await lockRelation(relation.kind === 'index' ? relation.table : relation.oid, cx, mode);
  for (const change of statement.changes) {
    if (change.type === 'add constraint') await lockReferenced([change.constraint], cx);
    if (change.type === 'add column') await lockReferenced(change.column.constraints, cx);
  }
  const now = catalogOf(cx).relationByOid(relation.oid) ?? relation;
  if (now.kind === 'index' && statement.changes[0]?.type === 'attach partition') {
    await attachIndex(now, statement.changes[0].partition, cx);
    return { tag };
  }
  if (now.kind !== 'table') {
    alterOther(now, statement.changes, cx);
    return { tag };
  }
  requireNotInUse(cx.session, now, 'ALTER TABLE');
  requireNoWaitingChecks(cx.session.constraintChecks, now, 'ALTER TABLE');
  await alterTree(now, inPasses(statement.changes), statement.table.only === true, cx);
  return { tag };
}

/** PostgreSQL's passes: what goes before what changes its type before what is added (tablecmds.c, AT_PASS_…). */
const PASSES: Partial<Record<TableAlteration['type'], number>> = {
  'drop column': 0,
  'drop constraint': 0,
  'drop default': 0,
  'drop not null': 0,
  'drop identity': 0,
  'drop expression': 0,
  'set type': 1,
  'add column': 4,
  'set not null': 6,
  'add constraint': 8,
  'set default': 9,
  'add identity': 9,
};
const MISCELLANEOUS = 10;

function passOf(change: TableAlteration): number {
  const pass = PASSES[change.type] ?? MISCELLANEOUS;
  const isKey = change.type === 'add constraint' && (change.constraint.type === 'primary key' || change.constraint.type === 'unique');
  return change.type === 'add constraint' && !isKey ? pass + 1 : pass;
}

function inPasses(changes: readonly TableAlteration[]): readonly TableAlteration[] {
  return changes.length === 1 ? changes : [...changes].sort((one, other) => passOf(one) - passOf(other));
}

/** A table and those that inherit from it, as far as each change is theirs too. */
async function alterTree(table: TableDescriptor, changes: readonly TableAlteration[], only: boolean, cx: UtilityContext): Promise<void> {
  if (catalogOf(cx).childrenOf(table.oid).length === 0 && !changes.some(isTreeChange)) {
    await alterOneTable(
      table,
      (target) => {
        for (const change of changes) {
          refuseInTree(target.draft.table, change, false, cx);
          applyChange(target, change, cx);
        }
      },
      cx,
    );
    return;
  }
  // One after the other: what a child makes of a change depends on what its parent was before that.
  for (const change of changes) {
    if (isTreeChange(change)) await alterTreeOf(table.oid, change, cx);
    else await alterWithChildren(table.oid, change, only, cx);
  }
}

async function alterWithChildren(oid: Oid, change: TableAlteration, only: boolean, cx: UtilityContext): Promise<void> {
  const before = catalogOf(cx).relationByOid(oid);
  if (before?.kind !== 'table') return;
  const hasChildren = catalogOf(cx).childrenOf(oid).length > 0;
  refuseInTree(before, change, only && hasChildren, cx);
  if (hasChildren && change.type === 'add column') refuseIdentityInTree(change.column);
  const isAlone = only && hasChildren && before.partitionKey !== undefined;
  await alterOneTable(
    before,
    (target) => {
      applyChange(target, change, cx);
      if (isAlone)
        target.draft.indexes.forEach((index, i) => {
          target.draft.indexes[i] = { ...index, invalid: true };
        });
    },
    cx,
  );
  const tree = new Set(inheritors(before, catalogOf(cx)).map((table) => table.oid));
  await alterChildren(before, change, { only, tree }, cx);
}

async function alterChildren(before: TableDescriptor, change: TableAlteration, reach: Reach, cx: UtilityContext): Promise<void> {
  for (const { oid } of catalogOf(cx).childrenOf(before.oid)) {
    await lockRelation(oid, cx);
    const child = catalogOf(cx).relationByOid(oid);
    const after = catalogOf(cx).relationByOid(before.oid);
    if (child?.kind !== 'table' || after?.kind !== 'table') continue;
    requireNoWaitingChecks(cx.session.constraintChecks, child, 'ALTER TABLE');
    let follow: TableAlteration | undefined;
    await alterOneTable(
      child,
      (target) => {
        follow = alterChild(target, change, { before, after }, reach, CHILD_WORK, cx);
      },
      cx,
    );
    if (follow !== undefined) await alterChildren(child, follow, reach, cx);
  }
}

const CHILD_WORK: ChildWork = { alter: applyChange, checkLater, buildLater };

async function alterOneTable(table: TableDescriptor, apply: (target: AlterTarget) => void, cx: UtilityContext): Promise<void> {
  const schema = catalogOf(cx).schemaByOid(table.schema);
  if (schema === undefined) throw new SqlError(SqlState.undefinedTable, `relation "${table.name}" does not exist`);
  const target: AlterTarget = {
    before: table,
    draft: { table, schema, indexes: [], sequences: [] },
    afterwards: [],
    conversions: [],
    owners: undefined,
  };
  const before = catalogOf(cx);
  apply(target);
  putDraft(target.draft, cx);
  // A new name may be one that a view's USING has merged, and joins with an alias count their columns.
  if (liveColumns(target.draft.table).length !== liveColumns(table).length || target.draft.table.columns.length > table.columns.length)
    retextAfterColumns(before, cx);
  for (const step of target.afterwards) await step(target, cx);
}

function applyChange(target: AlterTarget, change: TableAlteration, cx: UtilityContext): void {
  if (change.type === 'owner') {
    changeOwner(target.draft.table, change.to, cx, (changed) => {
      if (changed.kind === 'table') target.draft.table = changed;
    });
    return;
  }
  const alter = ALTERATIONS[change.type] as ((target: AlterTarget, change: TableAlteration, cx: UtilityContext) => void) | undefined;
  if (alter === undefined) throw notSupported(`ALTER TABLE ${change.type === 'unsupported' ? change.what : change.type.toUpperCase()}`);
  // PostgreSQL tells no places of what it reads after the statement itself.
  if (change.type === 'set default' || (change.type === 'add constraint' && change.constraint.type === 'check'))
    withoutPosition(() => alter(target, change, cx));
  else alter(target, change, cx);
}

/** Views, sequences and indexes have an owner and little else to alter. */
function alterOther(relation: RelationDescriptor, changes: readonly TableAlteration[], cx: UtilityContext): void {
  let now = relation;
  for (const change of changes) {
    if (now.kind === 'view' && change.type !== 'owner') {
      now = alteredView(now, change, cx);
      cx.session.catalog.put(cx.transaction, now);
      continue;
    }
    if (now.kind === 'index' && change.type !== 'owner') {
      now = alteredIndex(now, change, cx);
      cx.session.catalog.put(cx.transaction, now);
      continue;
    }
    if (now.kind === 'sequence' && change.type === 'persistence') {
      now = { ...now, persistence: change.logged ? 'permanent' : 'unlogged' };
      cx.session.catalog.put(cx.transaction, now);
      continue;
    }
    if (change.type !== 'owner') throw notSupported(`ALTER ${kindWord(relation).toUpperCase()} ${change.type.toUpperCase()}`);
    changeOwner(now, change.to, cx, (changed) => {
      now = changed;
      if (changed.kind !== 'virtual') cx.session.catalog.put(cx.transaction, changed);
    });
  }
}

/** The new owner gets what the old one had of the table's indexes and sequences too. */
function changeOwner(relation: RelationDescriptor, to: RoleSpec, cx: UtilityContext, put: (changed: RelationDescriptor) => void): void {
  const catalog = catalogOf(cx);
  const owner = findRole(to, cx);
  if (!isMemberOf(catalog, cx.session.currentRole, owner))
    throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${catalog.roleByOid(owner)?.name ?? ''}"`);
  put(relationWithNewOwner(relation, owner));
  if (relation.kind !== 'table') return;
  for (const index of catalog.indexesOf(relation.oid)) cx.session.catalog.put(cx.transaction, { ...index, owner });
  for (const other of catalog.relations())
    if (other.kind === 'sequence' && other.ownedBy?.table === relation.oid)
      cx.session.catalog.put(cx.transaction, relationWithNewOwner(other, owner));
}

const isTypeWord = (word: string): boolean => word === 'type' || word === 'domain';

export async function alterOwner(statement: UtilityStatement<'alter owner'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = `ALTER ${statement.objectType.toUpperCase()}`;
  if (isTypeWord(statement.objectType)) return setTypeOwner(statement, cx);
  if (statement.routine !== undefined) return setRoutineOwner(statement, cx);
  if (statement.operator !== undefined) return setOperatorOwner(statement, cx);
  if (isTextSearchKind(statement.objectType)) {
    await changeTextSearch(statement.objectType, statement.name, { owner: findRole(statement.to, cx) }, cx);
    return { tag };
  }
  if (isFreeStandingType(statement.objectType)) {
    await changeFreeStanding(statement.objectType, statement.name, { owner: findRole(statement.to, cx) }, cx);
    return { tag };
  }
  if (statement.objectType === 'database') return alterDatabaseOwner(statement, cx);
  if (statement.objectType !== 'schema') throw notSupported(`${tag} OWNER`);
  const schema = findSchema(statement.name.name, cx);
  const owner = findRole(statement.to, cx);
  const catalog = catalogOf(cx);
  if (!isMemberOf(catalog, cx.session.currentRole, schema.owner))
    throw new SqlError(SqlState.insufficientPrivilege, `must be owner of schema ${schema.name}`);
  cx.session.catalog.put(cx.transaction, withNewOwner(schema, owner));
  return { tag };
}

export async function alterObjectSchema(statement: UtilityStatement<'alter object schema'>, cx: UtilityContext): Promise<UtilityResult> {
  const before = catalogOf(cx);
  const result = await moveObject(statement, cx);
  retextAfterName(statement.name.name, before, cx);
  return result;
}

async function moveObject(statement: UtilityStatement<'alter object schema'>, cx: UtilityContext): Promise<UtilityResult> {
  if (isTypeWord(statement.objectType)) return setTypeSchema(statement, cx);
  if (statement.routine !== undefined) return setRoutineSchema(statement, cx);
  if (statement.operator !== undefined) return setOperatorSchema(statement, cx);
  if (statement.objectType === 'extension') return alterExtensionSchema(statement, cx);
  if (isTextSearchKind(statement.objectType)) {
    await changeTextSearch(statement.objectType, statement.name, { schema: findSchema(statement.schema, cx).oid }, cx);
    return { tag: `ALTER ${statement.objectType.toUpperCase()}` };
  }
  const tag = `ALTER ${statement.objectType.toUpperCase()}`;
  if (isFreeStandingType(statement.objectType)) {
    await changeFreeStanding(statement.objectType, statement.name, { schema: findSchema(statement.schema, cx).oid }, cx);
    return { tag };
  }
  const found = lookUpRelation(statement.name, cx);
  if (found === undefined && statement.ifExists === true) {
    notice(cx, `relation "${nameText(statement.name)}" does not exist, skipping`);
    return { tag };
  }
  const relation = findRelation(statement.name, cx);
  requireOwner(relation, cx);
  const schema = findSchema(statement.schema, cx);
  await lockRelation(relation.oid, cx);
  const catalog = catalogOf(cx);
  if (catalog.relation(schema.oid, relation.name) !== undefined)
    throw new SqlError(SqlState.duplicateTable, `relation "${relation.name}" already exists in schema "${schema.name}"`);
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  cx.session.catalog.put(cx.transaction, { ...relation, schema: schema.oid });
  if (relation.kind === 'table') {
    for (const index of catalog.indexesOf(relation.oid)) cx.session.catalog.put(cx.transaction, { ...index, schema: schema.oid });
    for (const other of catalog.relations())
      if (other.kind === 'sequence' && other.ownedBy?.table === relation.oid)
        cx.session.catalog.put(cx.transaction, { ...other, schema: schema.oid });
  }
  return { tag };
}
