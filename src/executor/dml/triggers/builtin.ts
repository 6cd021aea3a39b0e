import type { CatalogSnapshot } from '../../../catalog/catalog.js';
import { FIRST_USER_OID, type Oid } from '../../../commons/ids.js';
import { SqlError } from '../../../commons/sql-error.js';
import { SqlState } from '../../../commons/sqlstates.js';
import type { Row } from '../../../types/value.js';
import type { ExecutionContext } from '../../context.js';
import { comparatorOf } from '../../expression/comparators.js';
import type { TriggerCall } from '../../routines/routine.js';
import { insertUserName, modDateTime } from './tracking.js';
import { updateTsVector } from './tsvector-update.js';

export type BuiltinTrigger = (call: TriggerCall, cx: ExecutionContext) => Row | null;

/** Trigger functions of PostgreSQL and of extensions, by pg_proc.prosrc. */
const BUILTIN: ReadonlyMap<string, BuiltinTrigger> = new Map([
  ['suppress_redundant_updates_trigger', suppressRedundant],
  ['tsvector_update_trigger_byid', updateTsVector(false)],
  ['tsvector_update_trigger_bycolumn', updateTsVector(true)],
  ['moddatetime', modDateTime],
  ['insert_username', insertUserName],
]);

/** @returns undefined for a user's function @throws SqlError 0A000 */
export function builtinTrigger(routine: Oid, catalog: CatalogSnapshot): BuiltinTrigger | undefined {
  if (routine >= FIRST_USER_OID) return undefined;
  const proc = catalog.builtin.procByOid(routine);
  const found = BUILTIN.get(proc?.source ?? '');
  if (proc !== undefined && found === undefined) {
    throw new SqlError(SqlState.featureNotSupported, `trigger function ${proc.name} is not supported yet`);
  }
  return found;
}

/** An update that changes nothing is none. @throws SqlError 39P01 */
function suppressRedundant(call: TriggerCall): Row | null {
  const refuse = (what: string): SqlError =>
    new SqlError(SqlState.triggerProtocolViolated, `suppress_redundant_updates_trigger: must be called ${what}`);
  if (call.event !== 'UPDATE') throw refuse('on update');
  if (call.when !== 'BEFORE') throw refuse('before update');
  if (call.level !== 'ROW') throw refuse('for each row');
  const { old = [], new: row = [] } = call;
  const isSame = call.columns.every((column) => {
    const before = old[column.number - 1] ?? null;
    const after = row[column.number - 1] ?? null;
    if (before === null || after === null) return before === after;
    return before === after || comparatorOf(column.storedAs ?? column.type)(before, after) === 0;
  });
  return isSame ? null : row;
}
