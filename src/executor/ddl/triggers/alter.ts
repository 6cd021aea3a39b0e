import type { FiringMode, TableDescriptor, TriggerDescriptor, ViewDescriptor } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Firing, RenameStatement, TableAlteration } from '../../../planner/parse/ast.js';
import type { UtilityContext } from '../context.js';
import { catalogOf, findRelation, lockRelation, requireOwner } from '../names.js';
import { putTriggers } from './create.js';

const MODES: Readonly<Record<Firing, FiringMode | undefined>> = {
  enable: undefined,
  disable: 'disabled',
  'enable always': 'always',
  'enable replica': 'replica',
};

/** Of a trigger or rule: when it applies from now on. */
export function withFiring<T extends { readonly firing?: FiringMode }>(object: T, firing: Firing): T {
  const { firing: _before, ...rest } = object;
  const mode = MODES[firing];
  return { ...rest, ...(mode === undefined ? {} : { firing: mode }) } as T;
}

/** ALTER TABLE ENABLE and DISABLE TRIGGER. @throws SqlError 42704 */
export function alteredTriggers(
  relation: TableDescriptor | ViewDescriptor,
  { firing, which }: Extract<TableAlteration, { readonly type: 'trigger' }>,
): readonly TriggerDescriptor[] {
  const triggers = relation.triggers ?? [];
  if (typeof which !== 'string' && !triggers.some(({ name }) => name === which.name)) throw noTrigger(which.name, relation);
  return triggers.map((trigger) => (typeof which === 'string' || trigger.name === which.name ? withFiring(trigger, firing) : trigger));
}

export function noTrigger(name: string, relation: { readonly name: string }): SqlError {
  return new SqlError(SqlState.undefinedObject, `trigger "${name}" for table "${relation.name}" does not exist`);
}

/** ALTER TRIGGER … RENAME TO. @throws SqlError 42704, 42710 */
export async function renameTrigger({ relation: name, member, to }: RenameStatement, cx: UtilityContext): Promise<void> {
  const found = findRelation(name, cx);
  if (found.kind !== 'table' && found.kind !== 'view')
    throw new SqlError(SqlState.wrongObjectType, `relation "${found.name}" cannot have triggers`);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx);
  const relation = catalogOf(cx).relationByOid(found.oid);
  if (relation?.kind !== 'table' && relation?.kind !== 'view') throw noTrigger(member ?? '', found);
  const triggers = relation.triggers ?? [];
  const trigger = triggers.find((candidate) => candidate.name === member);
  if (triggers.some((other) => other.name === to))
    throw new SqlError(SqlState.duplicateObject, `trigger "${to}" for relation "${relation.name}" already exists`);
  if (trigger === undefined) throw noTrigger(member ?? '', relation);
  putTriggers(relation, [...triggers.filter((other) => other !== trigger), { ...trigger, name: to }], cx);
}
