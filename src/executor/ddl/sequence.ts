import type { SequenceDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { UtilityContext, UtilityResult, UtilityStatement } from './context.js';
import {
  catalogOf,
  creationSchema,
  findRelation,
  lockName,
  lockRelation,
  lookUpRelation,
  nameText,
  requireFreeName,
  requireOwner,
} from './names.js';
import { notice } from './notices.js';
import { initialPrivileges } from './privileges/default-privileges.js';
import { sequenceOptions } from './sequence-options.js';
import { findColumn, newOid } from './table-draft.js';

export async function createSequence(statement: UtilityStatement<'create sequence'>, cx: UtilityContext): Promise<UtilityResult> {
  const temporary = statement.persistence === 'temporary';
  const schema = creationSchema(statement.name, temporary, cx);
  const { name } = statement.name;
  await lockName('relation', `${schema.oid} ${name}`, cx);
  if (statement.ifNotExists === true && catalogOf(cx).relation(schema.oid, name) !== undefined) {
    notice(cx, `relation "${name}" already exists, skipping`);
    return { tag: 'CREATE SEQUENCE' };
  }
  requireFreeName(schema, name, cx);
  const { definition, ownedBy } = sequenceOptions(statement.options);
  const sequence: SequenceDescriptor = {
    kind: 'sequence',
    oid: newOid(cx),
    name,
    owner: cx.session.currentRole,
    ...initialPrivileges('sequence', cx.session.currentRole, schema.oid, cx),
    schema: schema.oid,
    persistence: statement.persistence ?? (temporary ? 'temporary' : 'permanent'),
    storage: cx.session.catalog.allocateStorage(),
    ...definition,
  };
  cx.session.catalog.put(cx.transaction, withOwner(sequence, ownedBy, cx));
  return { tag: 'CREATE SEQUENCE' };
}

/** A change of options keeps the value reached, unless RESTART says otherwise: then the sequence takes new storage, which starts over. */
export async function alterSequence(statement: UtilityStatement<'alter sequence'>, cx: UtilityContext): Promise<UtilityResult> {
  const tag = 'ALTER SEQUENCE';
  if (statement.ifExists === true && lookUpRelation(statement.name, cx) === undefined) {
    notice(cx, `relation "${nameText(statement.name)}" does not exist, skipping`);
    return { tag };
  }
  const found = findSequence(statement.name, cx);
  requireOwner(found, cx);
  await lockRelation(found.oid, cx);
  const sequence = catalogOf(cx).relationByOid(found.oid);
  if (sequence?.kind !== 'sequence') throw new SqlError(SqlState.undefinedTable, `relation "${nameText(statement.name)}" does not exist`);
  const { definition, restart, ownedBy } = sequenceOptions(statement.options, sequence);
  const changed: SequenceDescriptor = { ...sequence, ...definition };
  cx.session.catalog.put(cx.transaction, restartedAt(withOwner(changed, ownedBy, cx), restart, cx));
  return { tag };
}

export function restartedAt(sequence: SequenceDescriptor, value: number | bigint | undefined, cx: UtilityContext): SequenceDescriptor {
  if (value === undefined) return sequence;
  const { restartAt: _before, ...rest } = sequence;
  cx.access.dropCounter(sequence.storage, cx.transaction);
  const storage = cx.session.catalog.allocateStorage();
  return BigInt(value) === BigInt(sequence.start) ? { ...rest, storage } : { ...rest, storage, restartAt: value };
}

function findSequence(name: UtilityStatement<'alter sequence'>['name'], cx: UtilityContext): SequenceDescriptor {
  const relation = findRelation(name, cx);
  if (relation.kind !== 'sequence') throw new SqlError(SqlState.wrongObjectType, `"${relation.name}" is not a sequence`);
  return relation;
}

function withOwner(sequence: SequenceDescriptor, ownedBy: readonly string[] | null | undefined, cx: UtilityContext): SequenceDescriptor {
  if (ownedBy !== undefined && sequence.identity === true) {
    const owner = catalogOf(cx).relationByOid(sequence.ownedBy?.table ?? 0);
    throw new SqlError(SqlState.featureNotSupported, 'cannot change ownership of identity sequence', {
      detail: `Sequence "${sequence.name}" is linked to table "${owner?.name ?? ''}".`,
    });
  }
  if (ownedBy === undefined) return sequence;
  const { ownedBy: _before, ...rest } = sequence;
  if (ownedBy === null) return rest;
  if (ownedBy.length < 2)
    throw new SqlError(SqlState.syntaxError, 'invalid OWNED BY option', { hint: 'Specify OWNED BY table.column or OWNED BY NONE.' });
  const [columnName, tableName, schemaName] = [...ownedBy].reverse();
  const table = findRelation(schemaName === undefined ? { name: tableName ?? '' } : { schema: schemaName, name: tableName ?? '' }, cx);
  if (table.kind === 'index' || table.kind === 'sequence' || table.kind === 'composite') throw notForOwning(table);
  requireSameHome(sequence, table);
  if (table.kind !== 'table') throw notForOwning(table);
  return { ...rest, ownedBy: { table: table.oid, column: findColumn(table, columnName ?? '').number } };
}

const KINDS = { index: 'indexes', sequence: 'sequences', composite: 'composite types', view: 'views', virtual: 'system catalogs' } as const;

function notForOwning({ kind, name }: { readonly kind: keyof typeof KINDS; readonly name: string }): SqlError {
  return new SqlError(SqlState.wrongObjectType, `sequence cannot be owned by relation "${name}"`, {
    detail: `This operation is not supported for ${KINDS[kind]}.`,
  });
}

function requireSameHome(sequence: SequenceDescriptor, table: { readonly owner: Oid; readonly schema: Oid }): void {
  const differs = (a: Oid, b: Oid, what: string) => {
    if (a !== b) throw new SqlError(SqlState.objectNotInPrerequisiteState, `sequence must ${what} as table it is linked to`);
  };
  differs(sequence.owner, table.owner, 'have same owner');
  differs(sequence.schema, table.schema, 'be in same schema');
}
