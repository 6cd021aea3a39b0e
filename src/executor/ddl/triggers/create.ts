import {
  Privilege,
  type RelationDescriptor,
  type TableDescriptor,
  type TriggerDescriptor,
  type ViewDescriptor,
} from '../../../catalog/descriptors.js';
import { privilegesOf } from '../../../catalog/privileges.js';
import { triggersOfTree } from '../../../catalog/tree-triggers.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { CreateTriggerStatement } from '../../../planner/parse/ast.js';
import { requireNoWaitingChecks } from '../../dml/constraint-checks.js';
import { checkPrivileges } from '../../privileges.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from '../context.js';
import { catalogOf, findRelation, lockRelation, nameText, systemRelation } from '../names.js';
import { findProc } from '../routines/find.js';
import { requireMaySeeRows } from '../scalar.js';
import { newOid } from '../table-draft.js';
import { duplicateTrigger, partitionsBelow } from './parts.js';
import { checkReferencing } from './referencing.js';
import { checkedWhen } from './when.js';

const TRIGGER_TYPE = 2279;

/** CREATE [OR REPLACE] [CONSTRAINT] TRIGGER, with PostgreSQL's checks in its order (CreateTriggerFiringOn). */
export async function createTrigger(statement: UtilityStatement<'create trigger'>, cx: UtilityContext): Promise<UtilityResult> {
  if (statement.constraint === true && statement.orReplace === true)
    throw new SqlError(SqlState.featureNotSupported, 'CREATE OR REPLACE CONSTRAINT TRIGGER is not supported');
  const found = findRelation(statement.relation, cx);
  await lockRelation(found.oid, cx, 'SHARE ROW EXCLUSIVE');
  const relation = catalogOf(cx).relationByOid(found.oid) ?? found;
  requireTriggers(relation, statement);
  const constraintTable = statement.from === undefined ? undefined : findRelation(statement.from, cx).oid;
  if ((privilegesOf(catalogOf(cx), cx.session.currentRole, 'table', relation) & Privilege.trigger) === 0)
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for ${relation.kind} ${relation.name}`);
  requireMaySeeRows('trigger', relation, cx);
  requireSense(statement);
  const tables = checkReferencing(statement, relation);
  const whenText = statement.when === undefined ? undefined : checkedWhen(statement, statement.when, relation, cx);
  const routine = findTriggerRoutine(statement, cx);
  const before = relation.triggers?.find(({ name }) => name === statement.name);
  if (relation.kind === 'table') await takeNameInTree(relation, statement, cx);
  if (before !== undefined) requireReplaceable(before, statement, relation);
  if (before !== undefined && relation.kind === 'table')
    requireNoWaitingChecks(cx.session.constraintChecks, relation, 'CREATE OR REPLACE TRIGGER');
  const columns = statement.columns === undefined ? undefined : columnNumbers(statement.columns, relation);
  const trigger: TriggerDescriptor = {
    oid: before?.oid ?? newOid(cx),
    name: statement.name,
    routine,
    timing: statement.timing,
    level: statement.level,
    events: statement.events,
    ...(columns === undefined ? {} : { columns }),
    ...(whenText === undefined ? {} : { whenText }),
    args: statement.args,
    ...tables,
    ...(statement.constraint === true ? { constraint: newOid(cx) } : {}),
    ...(constraintTable === undefined ? {} : { constraintTable }),
    ...(statement.deferrable === true ? { deferrable: true as const } : {}),
    ...(statement.initiallyDeferred === true ? { initiallyDeferred: true as const } : {}),
  };
  putTriggers(relation, [...(relation.triggers ?? []).filter((other) => other !== before), trigger], cx);
  return { tag: 'CREATE TRIGGER' };
}

/** In the order in which they fire. */
export function putTriggers(relation: TableDescriptor | ViewDescriptor, triggers: readonly TriggerDescriptor[], cx: UtilityContext): void {
  const { triggers: _before, ...rest } = relation;
  const sorted = [...triggers].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  cx.session.catalog.put(cx.transaction, sorted.length === 0 ? rest : { ...rest, triggers: sorted });
}

const PLURALS: Readonly<Record<string, string>> = { sequence: 'sequences', index: 'indexes', composite: 'composite types' };

/** @throws SqlError 42809 */
function requireTriggers(
  relation: RelationDescriptor,
  { timing, level, events }: CreateTriggerStatement,
): asserts relation is TableDescriptor | ViewDescriptor {
  if (relation.kind === 'virtual') throw systemRelation(relation.name);
  const refuse = (message: string, detail: string): SqlError => new SqlError(SqlState.wrongObjectType, message, { detail });
  if (relation.kind === 'table') {
    if (timing === 'instead of') throw refuse(`"${relation.name}" is a table`, 'Tables cannot have INSTEAD OF triggers.');
    return;
  }
  if (relation.kind === 'view') {
    if (timing !== 'instead of' && level === 'row')
      throw refuse(`"${relation.name}" is a view`, 'Views cannot have row-level BEFORE or AFTER triggers.');
    if (events.includes('truncate')) throw refuse(`"${relation.name}" is a view`, 'Views cannot have TRUNCATE triggers.');
    return;
  }
  throw refuse(
    `relation "${relation.name}" cannot have triggers`,
    `This operation is not supported for ${PLURALS[relation.kind] ?? relation.kind}.`,
  );
}

/** @throws SqlError 0A000 */
function requireSense({ timing, level, events, when, columns }: CreateTriggerStatement): void {
  const refuse = (message: string): SqlError => new SqlError(SqlState.featureNotSupported, message);
  if (level === 'row' && events.includes('truncate')) throw refuse('TRUNCATE FOR EACH ROW triggers are not supported');
  if (timing !== 'instead of') return;
  if (level !== 'row') throw refuse('INSTEAD OF triggers must be FOR EACH ROW');
  if (when !== undefined) throw refuse('INSTEAD OF triggers cannot have WHEN conditions');
  if (columns !== undefined) throw refuse('INSTEAD OF triggers cannot have column lists');
}

/** @throws SqlError 42883, 42501, 42P17 */
function findTriggerRoutine({ routine }: CreateTriggerStatement, cx: UtilityContext): number {
  const proc = findProc({ name: routine, arguments: [] }, 'routine', cx, true);
  if (proc === undefined) throw new SqlError(SqlState.undefinedFunction, `function ${nameText(routine)}() does not exist`);
  checkPrivileges([{ objectKind: 'function', oid: proc.oid, privileges: Privilege.execute }], {
    catalog: catalogOf(cx),
    session: cx.session,
  });
  if (proc.returnType !== TRIGGER_TYPE)
    throw new SqlError(SqlState.invalidObjectDefinition, `function ${nameText(routine)} must return type trigger`);
  return proc.oid;
}

/** @throws SqlError 42710 */
function requireReplaceable(before: TriggerDescriptor, statement: CreateTriggerStatement, relation: RelationDescriptor): void {
  if (statement.orReplace !== true)
    throw new SqlError(SqlState.duplicateObject, `trigger "${before.name}" for relation "${relation.name}" already exists`);
  if (before.constraint !== undefined)
    throw new SqlError(SqlState.duplicateObject, `trigger "${before.name}" for relation "${relation.name}" is a constraint trigger`);
}

/** The name must be free among the parts of triggers that the table has, and in the partitions that get a part. @throws SqlError 42710 */
async function takeNameInTree(
  table: TableDescriptor,
  { name, level, orReplace }: CreateTriggerStatement,
  cx: UtilityContext,
): Promise<void> {
  const catalog = catalogOf(cx);
  if (triggersOfTree(table, catalog).some(({ trigger, parent }) => trigger.name === name && parent !== 0)) {
    if (orReplace !== true) throw duplicateTrigger(name, table);
    throw new SqlError(SqlState.duplicateObject, `trigger "${name}" for relation "${table.name}" is an internal or a child trigger`);
  }
  if (level !== 'row') return;
  for (const { oid } of partitionsBelow(table, catalog)) {
    await lockRelation(oid, cx, 'SHARE ROW EXCLUSIVE');
    const part = catalogOf(cx).relationByOid(oid);
    if (part?.kind !== 'table' || part.triggers?.some((own) => own.name === name) !== true) continue;
    if (orReplace !== true) throw duplicateTrigger(name, part);
    const others = part.triggers.filter((own) => own.name !== name);
    putTriggers(part, others, cx);
  }
}

/** @throws SqlError 42703, 42701 */
function columnNumbers(names: readonly string[], relation: TableDescriptor | ViewDescriptor): readonly number[] {
  const numbers: number[] = [];
  for (const name of names) {
    const column = relation.columns.find((candidate) => candidate.name === name && candidate.dropped !== true);
    if (column === undefined)
      throw new SqlError(SqlState.undefinedColumn, `column "${name}" of relation "${relation.name}" does not exist`);
    if (numbers.includes(column.number)) throw new SqlError(SqlState.duplicateColumn, `column "${name}" specified more than once`);
    numbers.push(column.number);
  }
  return numbers;
}
