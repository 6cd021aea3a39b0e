import { Privilege, type RelationDescriptor } from '../../catalog/descriptors.js';
import { privilegesOf } from '../../catalog/privileges.js';
import { unreachable } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import type { LockTableStatement, QName } from '../../planner/parse/ast.js';
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
    const held = yield* wait(transaction.lock(lockTags.relation(relation.oid), mode, statement.nowait === true ? 'skip' : 'wait'));
    if (!held) throw new SqlError(SqlState.lockNotAvailable, `could not obtain lock on relation "${relation.name}"`);
  }
  return new DoneCommand('LOCK TABLE');
}

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
  const enough = mode === 'ACCESS SHARE' ? Privilege.select | strong : mode === 'ROW EXCLUSIVE' ? Privilege.insert | strong : strong;
  if ((held & enough) === 0) {
    const kind = relation.kind === 'view' ? 'view' : 'table';
    throw new SqlError(SqlState.insufficientPrivilege, `permission denied for ${kind} ${relation.name}`);
  }
}
