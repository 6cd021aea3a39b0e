import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import { findExtension } from './extensions/alter.js';
import { changeFreeStanding } from './free-standing/change.js';
import { isFreeStandingType } from './free-standing/find.js';
import { catalogOf, findRelation, findSchema, kindWord, lockRelation, noRole, ownedBy, requireOwner } from './names.js';
import { putPolicies } from './policies/create.js';
import { commentOnRoutine } from './routines/alter.js';
import { commentOnCast } from './routines/cast.js';
import { commentOnOperator } from './routines/operator.js';
import { putRules } from './rules/create.js';
import { findColumn } from './table-draft.js';
import { changeTextSearch, isTextSearchKind } from './text-search.js';
import { putTriggers } from './triggers/create.js';
import { findDomain, findForChange } from './types/find.js';

type Comment = UtilityStatement<'comment'>;

/** COMMENT ON … IS: stands in the object's descriptor. */
export async function comment(statement: Comment, cx: UtilityContext): Promise<UtilityResult> {
  const handler = COMMENTS[statement.objectType];
  if (handler === undefined) throw notSupported(`COMMENT ON ${statement.objectType.toUpperCase()}`);
  await handler(statement, cx);
  return { tag: 'COMMENT' };
}

const COMMENTS: Readonly<Record<string, (statement: Comment, cx: UtilityContext) => Promise<void> | void>> = {
  table: onRelation,
  view: onRelation,
  'materialized view': onRelation,
  index: onRelation,
  sequence: onRelation,
  column: onColumn,
  constraint: onConstraint,
  'table constraint': onConstraint,
  schema: onSchema,
  database: onDatabase,
  role: onRole,
  type: onType,
  domain: onType,
  'domain constraint': onDomainConstraint,
  trigger: onMember,
  rule: onMember,
  policy: onMember,
  extension: onExtension,
  'text search configuration': onTextSearch,
  'text search dictionary': onTextSearch,
  statistics: onFreeStanding,
  collation: onFreeStanding,
  publication: onFreeStanding,
  'large object': onFreeStanding,
  function: commentOnRoutine,
  procedure: commentOnRoutine,
  routine: commentOnRoutine,
  aggregate: commentOnRoutine,
  operator: commentOnOperator,
  cast: commentOnCast,
};

/** The object with the comment, or without one when it is NULL or empty. */
function commented<T extends { readonly comment?: string }>(object: T, statement: Comment): T {
  const { comment: _before, ...rest } = object;
  return { ...rest, ...(statement.comment ? { comment: statement.comment } : {}) } as T;
}

async function onRelation(statement: Comment, cx: UtilityContext): Promise<void> {
  const relation = findRelation(statement.name, cx);
  if (kindWord(relation) !== statement.objectType)
    throw new SqlError(
      SqlState.wrongObjectType,
      `"${relation.name}" is not a${statement.objectType === 'index' ? 'n' : ''} ${statement.objectType}`,
    );
  requireOwner(relation, cx);
  await lockRelation(relation.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const now = catalogOf(cx).relationByOid(relation.oid);
  if (now !== undefined && now.kind !== 'virtual') cx.session.catalog.put(cx.transaction, commented(now, statement));
}

async function onColumn(statement: Comment, cx: UtilityContext): Promise<void> {
  const relation = findRelation(statement.name, cx);
  requireOwner(relation, cx);
  await lockRelation(relation.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const now = catalogOf(cx).relationByOid(relation.oid);
  if (now?.kind !== 'table' && now?.kind !== 'view' && now?.kind !== 'composite')
    throw new SqlError(SqlState.wrongObjectType, `cannot set comment on column of relation "${relation.name}"`);
  const column = now.kind === 'table' ? findColumn(now, statement.member ?? '') : now.columns.find((c) => c.name === statement.member);
  if (column === undefined)
    throw new SqlError(SqlState.undefinedColumn, `column "${statement.member}" of relation "${now.name}" does not exist`);
  const columns = now.columns.map((other) => (other.number === column.number ? commented(other, statement) : other));
  cx.session.catalog.put(cx.transaction, { ...now, columns });
}

async function onConstraint(statement: Comment, cx: UtilityContext): Promise<void> {
  const relation = findRelation(statement.name, cx);
  requireOwner(relation, cx);
  await lockRelation(relation.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const now = catalogOf(cx).relationByOid(relation.oid);
  const constraint = now?.kind === 'table' ? now.constraints.find((candidate) => candidate.name === statement.member) : undefined;
  if (now?.kind !== 'table' || constraint === undefined)
    throw new SqlError(SqlState.undefinedObject, `constraint "${statement.member}" for table "${relation.name}" does not exist`);
  const constraints = now.constraints.map((other) => (other === constraint ? commented(other, statement) : other));
  cx.session.catalog.put(cx.transaction, { ...now, constraints });
}

/** A trigger or rule of a relation. */
async function onMember(statement: Comment, cx: UtilityContext): Promise<void> {
  const { objectType, member } = statement;
  const relation = findRelation(statement.name, cx);
  requireOwner(relation, cx);
  await lockRelation(relation.oid, cx, 'SHARE UPDATE EXCLUSIVE');
  const now = catalogOf(cx).relationByOid(relation.oid);
  const missing = `${objectType} "${member}" for ${objectType === 'rule' ? 'relation' : 'table'} "${relation.name}" does not exist`;
  if (now?.kind !== 'table' && now?.kind !== 'view') throw new SqlError(SqlState.undefinedObject, missing);
  const of = <T extends { readonly name: string; readonly comment?: string }>(members: readonly T[]): readonly T[] => {
    if (!members.some(({ name }) => name === member)) throw new SqlError(SqlState.undefinedObject, missing);
    return members.map((other) => (other.name === member ? commented(other, statement) : other));
  };
  if (objectType === 'trigger') putTriggers(now, of(now.triggers ?? []), cx);
  else if (objectType === 'policy') {
    if (now.kind === 'table') putPolicies(now, of(now.policies ?? []), cx);
  } else putRules(now, of(now.rules ?? []), cx);
}

async function onType(statement: Comment, cx: UtilityContext): Promise<void> {
  const type = await (statement.objectType === 'domain' ? findDomain(statement.name, cx) : findForChange(statement.name, cx));
  cx.session.catalog.put(cx.transaction, commented(type, statement));
}

async function onDomainConstraint(statement: Comment, cx: UtilityContext): Promise<void> {
  const domain = await findDomain(statement.name, cx);
  if (!domain.checks.some(({ name }) => name === statement.member))
    throw new SqlError(SqlState.undefinedObject, `constraint "${statement.member}" for domain ${domain.name} does not exist`);
  const checks = domain.checks.map((check) => (check.name === statement.member ? commented(check, statement) : check));
  cx.session.catalog.put(cx.transaction, { ...domain, checks });
}

async function onTextSearch(statement: Comment, cx: UtilityContext): Promise<void> {
  if (isTextSearchKind(statement.objectType))
    await changeTextSearch(statement.objectType, statement.name, { comment: statement.comment ?? '' }, cx);
}

async function onFreeStanding({ objectType, name, comment: text }: Comment, cx: UtilityContext): Promise<void> {
  if (isFreeStandingType(objectType)) await changeFreeStanding(objectType, name, { comment: text }, cx);
}

async function onExtension(statement: Comment, cx: UtilityContext): Promise<void> {
  const extension = await findExtension(statement.name.name, cx);
  cx.session.catalog.put(cx.transaction, commented(extension, statement));
}

function onSchema(statement: Comment, cx: UtilityContext): void {
  const schema = findSchema(statement.name.name, cx);
  if (!ownedBy(schema.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of schema ${schema.name}`);
  cx.session.catalog.put(cx.transaction, commented(schema, statement));
}

function onDatabase(statement: Comment, cx: UtilityContext): void {
  const database = catalogOf(cx).databaseNamed(statement.name.name);
  if (database === undefined) {
    // A dump may name the database that it was made from.
    const message = `database "${statement.name.name}" does not exist`;
    cx.session.notice({ severity: 'WARNING', code: SqlState.invalidCatalogName, message });
    return;
  }
  if (!ownedBy(database.owner, cx)) throw new SqlError(SqlState.insufficientPrivilege, `must be owner of database ${database.name}`);
  cx.session.catalog.put(cx.transaction, commented(database, statement));
}

function onRole(statement: Comment, cx: UtilityContext): void {
  const role = catalogOf(cx).role(statement.name.name);
  if (role === undefined) throw noRole(statement.name.name);
  if (!ownedBy(role.oid, cx))
    throw new SqlError(SqlState.insufficientPrivilege, `must be member of role "${role.name}" to comment upon it`);
  cx.session.catalog.put(cx.transaction, commented(role, statement));
}
