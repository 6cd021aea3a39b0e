import { Privilege, type RelationDescriptor } from '../../catalog/descriptors.js';
import { privilegesOf } from '../../catalog/privileges.js';
import { unreachable } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import type { LockTableStatement, QName } from '../../planner/parse/ast.js';
import { ancestorsOf, inheritors } from '../../planner/partitions/descendants.js';
import { lockTags } from '../../transaction/lock-tags.js';
import type { TableLockMode } from '../../transaction/transaction.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { findRelation, withoutPlace } from './find-relation.js';

export function* lockTableCommand(statement: LockTableStatement, core: SessionCore, inMultiple: boolean): Waiting<OpenedStatement> {
  core.block.requireBlock('LOCK TABLE', inMultiple);
  const transaction = core.block.enter();
  const { mode } = statement;
  for (const name of statement.tables) {
    const relation = findRelation(withoutPlace(name), core);
    requireLockable(relation, mode, core, name);
    for (const { oid, name: locked } of withTree(relation, name.only === true, mode, core)) {
      const held = yield* wait(transaction.lock(lockTags.relation(oid), mode, statement.nowait === true ? 'skip' : 'wait'));
      if (!held) throw new SqlError(SqlState.lockNotAvailable, `could not obtain lock on relation "${locked}"`);
    }
  }
  return new DoneCommand('LOCK TABLE');
}

/** A table is locked with those below it; and with those above where the lock keeps statements off that name only them. */
function withTree(relation: RelationDescriptor, only: boolean, mode: TableLockMode, core: SessionCore): readonly RelationDescriptor[] {
  if (relation.kind !== 'table') return [relation];
  const catalog = core.catalog();
  const above = relation.parents === undefined || WEAK.has(mode) ? [] : ancestorsOf(relation, catalog).toReversed();
  return [...above, ...(only ? [relation] : inheritors(relation, catalog))];
}

/** What statements hold while they use a table. */
const WEAK: ReadonlySet<TableLockMode> = new Set<TableLockMode>(['ACCESS SHARE', 'ROW SHARE', 'ROW EXCLUSIVE']);

function requireLockable(relation: RelationDescriptor, mode: TableLockMode, core: SessionCore, name: QName): void {
  switch (relation.kind) {
    case 'table':
    case 'view':
    case 'virtual':
      break;
    case 'index':
    case 'composite':
    case 'sequence':
      throw new SqlError(SqlState.wrongObjectType, `cannot lock relation "${relation.name}"`, {
        detail: `This operation is not supported for ${relation.kind === 'index' ? 'indexes' : relation.kind === 'composite' ? 'composite types' : 'sequences'}.`,
        position: name._location?.start,
      });
    default:
      unreachable(relation);
  }
  const held = privilegesOf(core.catalog(), core.identity().currentRole, 'table', relation);
  const strong = Privilege.update | Privilege.delete | Privilege.truncate;
  const enough = mode === 'ACCESS SHARE' ? Privilege.select : mode === 'ROW EXCLUSIVE' ? Privilege.insert | strong : strong;
  if ((held & enough) === 0) {
    const kind = relation.kind === 'view' ? 'view' : 'table';
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for ${kind} ${relation.name}`);
  }
}
