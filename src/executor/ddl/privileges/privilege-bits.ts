import { Privilege } from '../../../catalog/descriptors.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';

const PRIVILEGE_BITS: Readonly<Record<string, number>> = {
  insert: Privilege.insert,
  select: Privilege.select,
  update: Privilege.update,
  delete: Privilege.delete,
  truncate: Privilege.truncate,
  references: Privilege.references,
  trigger: Privilege.trigger,
  usage: Privilege.usage,
  create: Privilege.create,
  temporary: Privilege.temporary,
  temp: Privilege.temporary,
  connect: Privilege.connect,
  execute: Privilege.execute,
  set: Privilege.set,
  'alter system': Privilege.alterSystem,
};

/** A privilege's bit, which must be one of those that make sense. @throws SqlError 42601, 0LP01 */
export function privilegeBit(name: string, among: number, kind: string): number {
  const bit = PRIVILEGE_BITS[name];
  if (bit === undefined) throw new SqlError(SqlState.syntaxError, `unrecognized privilege type "${name}"`);
  if ((among & bit) === 0) throw invalidPrivilege(bit, kind);
  return bit;
}

export function invalidPrivilege(bit: number, kind: string): SqlError {
  const name = Object.keys(PRIVILEGE_BITS).find((candidate) => PRIVILEGE_BITS[candidate] === bit) ?? '';
  return new SqlError(SqlState.invalidGrantOperation, `invalid privilege type ${name.toUpperCase()} for ${kind}`);
}
