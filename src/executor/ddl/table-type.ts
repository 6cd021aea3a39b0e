import type { ForeignKeyConstraint, TableDescriptor, TableType } from '../../catalog/descriptors.js';
import { isMemberOf } from '../../catalog/privileges.js';
import { type UserId, userId } from '../../commons/ids.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { RoleOid } from '../../commons/system-names.js';
import { isPartitioned } from '../../planner/bind/scope/table-shape.js';
import { ancestorsOf, inheritors } from '../../planner/partitions/descendants.js';
import { TypeOid } from '../../types/oids.js';
import { checkRows, type RowOwners } from '../bulk/index.js';
import { evaluateExpression } from '../expression/compile-expression.js';
import type { AlterTarget } from './alterations.js';
import { conversionOf } from './column-type.js';
import type { UtilityContext } from './context.js';
import { catalogOf, lockRelation } from './names.js';
import { bindOverTable, callsRoutines } from './scalar.js';
import { findColumn } from './table-draft.js';

/**
 * ALTER TABLE … SET (type = …): the rows move between the one space of all and the users' partitions, in the statement's transaction. Whose they
 * become has to be said (`user_id_column`, `user_id`); what they were can be kept (`user_id_column`).
 */

/** Options of the change itself, which no table keeps. */
export interface OwnerOptions {
  /** Names each row's user: read where rows become users', written where they are shared from now on. */
  readonly userIdColumn?: string;
  /** Gets all rows. */
  readonly userId?: string;
}

const isPrivate = (type: TableType): boolean => type === 'user' || type === 'stream';

/**
 * The checks, and what is to be done to the rows; `target.draft.table` has its new type already.
 * @throws SqlError 42501, 42830, 0A000, 22023
 */
export function changeTableType(target: AlterTarget, owners: OwnerOptions, cx: UtilityContext): void {
  const { before } = target;
  const after = target.draft.table;
  requireAdministrator(before, after, cx);
  if (before.materialized !== undefined)
    throw new SqlError(SqlState.wrongObjectType, `"${before.name}" is a materialized view: its rows are everybody's`);
  const toPrivate = !isPrivate(before.tableType) && isPrivate(after.tableType);
  const isMove = isPrivate(before.tableType) !== isPrivate(after.tableType);
  refuseOwnerOptions(before, after, owners, isMove);
  if (isPrivate(after.tableType)) {
    refuseMaterializedViews(after, cx);
    refuseForeignDefinitions(after, cx);
  }
  if (after.tableType === 'stream' && after.columns.some(({ generatedText, dropped }) => generatedText !== undefined && dropped !== true))
    throw notSupported('generated columns in stream tables');
  checkReferences(target, toPrivate, cx);
  // Most common values of a shared table are users' own from now on.
  if (catalogOf(cx).statistics(before.oid) !== undefined) cx.session.catalog.remove(cx.transaction, 'statistics', before.oid);
  target.owners = toPrivate ? newOwners(target, owners, cx) : isMove ? formerOwners(target, owners, cx) : undefined;
}

function requireAdministrator(before: TableDescriptor, after: TableDescriptor, cx: UtilityContext): void {
  if (isMemberOf(catalogOf(cx), cx.session.currentRole, RoleOid.admin)) return;
  throw new SqlError(SqlState.insufficientPrivilege, `permission denied to change the type of table "${before.name}"`, {
    detail: `Rows would go from ${before.tableType} to ${after.tableType}: whose they are, or who sees them, changes.`,
    hint: 'Only administrators (superusers and members of kalamdb_admin) change the type of a table.',
  });
}

function refuseOwnerOptions(before: TableDescriptor, after: TableDescriptor, owners: OwnerOptions, isMove: boolean): void {
  const refuse = (message: string) => new SqlError(SqlState.invalidParameterValue, message);
  const given = owners.userIdColumn !== undefined ? 'user_id_column' : owners.userId !== undefined ? 'user_id' : undefined;
  if (given === undefined) return;
  if (!isMove) throw refuse(`parameter "${given}" is for changing a table between shared and user or stream`);
  if (isPrivate(after.tableType)) {
    if (owners.userIdColumn !== undefined && owners.userId !== undefined)
      throw refuse('parameters "user_id" and "user_id_column" exclude each other');
    if (owners.userId === '') throw refuse('parameter "user_id" must not be empty');
  } else if (owners.userId !== undefined) {
    throw refuse(`parameter "user_id" has no meaning where rows of ${before.tableType} table "${before.name}" become shared`);
  }
}

/** Each user would see the rows of whoever refreshes them. */
function refuseMaterializedViews(table: TableDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const queue = [...catalog.dependentViews(table.oid)];
  const seen = new Set(queue);
  for (const oid of queue) {
    const view = catalog.relationByOid(oid);
    if (view?.kind === 'table')
      throw notSupported(`a materialized view over ${table.tableType} table "${table.name}"`, {
        detail: `Materialized view "${view.name}" reads it.`,
        hint: 'Each user would see the rows of whoever refreshes it. Use a view.',
      });
    for (const next of catalog.dependentViews(oid)) {
      if (seen.has(next)) continue;
      seen.add(next);
      queue.push(next);
    }
  }
}

/** What its owner has defined would be handed the rows of all users: then the owner must be one who may see them. @throws SqlError 42501 */
function refuseForeignDefinitions(table: TableDescriptor, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  if (isMemberOf(catalog, table.owner, RoleOid.admin)) return;
  const what =
    (table.triggers ?? []).length > 0
      ? 'triggers'
      : (table.rules ?? []).length > 0
        ? 'rules'
        : callsRoutines(table, catalog.indexesOf(table.oid), cx)
          ? 'functions in definitions'
          : undefined;
  if (what === undefined) return;
  throw new SqlError(SqlState.insufficientPrivilege, `table "${table.name}" has ${what} of an owner who may not see all users' rows`, {
    hint: `Drop them, or give the table to an administrator: ALTER TABLE ${table.name} OWNER TO CURRENT_USER.`,
  });
}

/** @throws SqlError 42830; rows that refer to this table's are looked at again, since what each finds there changes */
function checkReferences(target: AlterTarget, toPrivate: boolean, cx: UtilityContext): void {
  const catalog = catalogOf(cx);
  const { before } = target;
  const after = target.draft.table;
  const top = ancestorsOf(before, catalog).at(-1) ?? before;
  const tree = new Set(inheritors(top, catalog).map(({ oid }) => oid));
  for (const constraint of after.constraints) {
    if (constraint.kind !== 'foreign key') continue;
    if (tree.has(constraint.referencedTable)) {
      if (tree.size > 1) throw notSupported('changing the type of a partitioned table that refers to itself');
      continue;
    }
    const referenced = catalog.relationByOid(constraint.referencedTable);
    if (referenced?.kind === 'table' && after.tableType === 'shared' && isPartitioned(referenced)) throw sharedRefers(after, referenced);
  }
  for (const referencing of catalog.referencingTables(before.oid)) {
    if (tree.has(referencing.oid) && referencing.oid !== before.oid) continue;
    const keys = referencing.constraints.filter(
      (constraint): constraint is ForeignKeyConstraint => constraint.kind === 'foreign key' && constraint.referencedTable === before.oid,
    );
    if (after.tableType === 'stream')
      throw new SqlError(SqlState.invalidForeignKey, `cannot reference stream table "${after.name}": its rows expire`, {
        detail: `Table "${referencing.name}" references it.`,
      });
    if (referencing.oid !== before.oid && referencing.tableType === 'shared' && isPartitioned(after))
      throw sharedRefers(referencing, after, `Change table "${referencing.name}" first.`);
    if (!toPrivate) continue;
    if (tree.size > 1) throw notSupported(`changing the type of a table tree that table "${referencing.name}" refers to`);
    recheckLater(target, referencing, keys);
  }
}

function sharedRefers(table: TableDescriptor, referenced: TableDescriptor, hint?: string): SqlError {
  return new SqlError(SqlState.invalidForeignKey, `a shared table cannot reference ${referenced.tableType} table "${referenced.name}"`, {
    detail: `Table "${table.name}" references it. Rows of a user table exist for their owner only.`,
    ...(hint === undefined ? {} : { hint }),
  });
}

function recheckLater(target: AlterTarget, referencing: TableDescriptor, keys: readonly ForeignKeyConstraint[]): void {
  target.afterwards.push(async (_, cx) => {
    await lockRelation(referencing.oid, cx, 'SHARE ROW EXCLUSIVE');
    const now = catalogOf(cx).relationByOid(referencing.oid);
    if (now?.kind !== 'table') return;
    const unchecked = new Set(keys.map(({ oid }) => oid));
    await checkRows({ ...now, constraints: now.constraints.filter(({ oid }) => !unchecked.has(oid)) }, now, cx);
  });
}

/** Whose each row becomes. @throws SqlError 42703, 23502, 55000 */
function newOwners(target: AlterTarget, { userIdColumn, userId: one }: OwnerOptions, cx: UtilityContext): RowOwners {
  const { before } = target;
  if (one !== undefined) return { ownerOf: () => userId(one) };
  if (userIdColumn === undefined)
    return {
      ownerOf() {
        throw new SqlError(SqlState.objectNotInPrerequisiteState, `table "${before.name}" has rows, and it is not said whose they become`, {
          hint: `Say which column names each row's user (SET (type = '${target.draft.table.tableType}', user_id_column = '…')), or who gets all rows (user_id = '…').`,
        });
      },
    };
  const column = findColumn(before, userIdColumn);
  const asText = conversionOf(target, column, { name: column.name, type: TypeOid.text, typmod: -1 }, textOf(column.name), cx);
  return {
    ownerOf(values): UserId {
      const owner = asText.evaluate(values, cx);
      if (typeof owner === 'string' && owner !== '') return userId(owner);
      throw new SqlError(
        owner === null ? SqlState.notNullViolation : SqlState.invalidParameterValue,
        `column "${column.name}" of relation "${before.name}" contains ${owner === null ? 'null' : 'empty'} values`,
        { detail: 'It is to name the user of each row.', table: before.name, column: column.name },
      );
    },
  };
}

function textOf(column: string): Parameters<typeof conversionOf>[3] {
  return { type: 'cast', operand: { type: 'ref', name: column }, to: { schema: 'pg_catalog', name: 'text' } };
}

/** Whose each row was goes into a column, where that is asked for. @throws SqlError 42703, 42804, 22P02 … */
function formerOwners(target: AlterTarget, { userIdColumn }: OwnerOptions, cx: UtilityContext): RowOwners | undefined {
  if (userIdColumn === undefined) return undefined;
  const column = findColumn(target.draft.table, userIdColumn);
  if (column.generatedText !== undefined)
    throw new SqlError(SqlState.generatedAlways, `column "${column.name}" can only be updated to DEFAULT`, {
      detail: `Column "${column.name}" is a generated column.`,
    });
  let last: { readonly user: string; readonly value: ReturnType<typeof evaluateExpression> } | undefined;
  return {
    column: column.number,
    valueOf(user) {
      // A user's rows lie together.
      if (last?.user === user) return last.value;
      const { expr } = bindOverTable({ type: 'string', value: user }, undefined, { clause: 'DEFAULT', target: column }, cx);
      last = { user, value: evaluateExpression(expr, cx.library, cx) };
      return last.value;
    },
  };
}

/** Nothing but the type: what a tree's other tables take over of the change. */
export function isTypeOption(name: string): boolean {
  return name === 'type' || name === 'ttl' || name === 'user_id' || name === 'user_id_column';
}
