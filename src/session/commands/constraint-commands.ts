import type { Constraint } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { SchemaName } from '../../commons/system-names.js';
import type { ConstraintChecks } from '../../executor/dml/constraint-checks.js';
import { Frame } from '../../executor/frame.js';
import type { Waiting } from '../../executor/waiting.js';
import type { QName, SetConstraintsStatement } from '../../planner/parse/ast.js';
import type { Transaction } from '../../transaction/transaction.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';

/** SET CONSTRAINTS: what is IMMEDIATE from now on is checked now. @throws SqlError 42704, 42809, 3F000, 23503, 23505 */
export function* setConstraintsCommand(
  statement: SetConstraintsStatement,
  core: SessionCore,
  inMultiple: boolean,
): Waiting<OpenedStatement> {
  const transaction = core.block.enter();
  if (!core.block.isBlock && !inMultiple) {
    core.notice({
      severity: 'WARNING',
      code: SqlState.noActiveSqlTransaction,
      message: 'SET CONSTRAINTS can only be used in transaction blocks',
    });
  }
  const checks = core.services.constraintChecks;
  const { names, deferred } = statement;
  if (names === undefined) checks.setAll(deferred);
  else
    checks.set(
      names.flatMap((name) => deferrableOids(name, deferred, core)),
      deferred,
    );
  if (!deferred && !checks.isEmpty) yield* inFrame(core, transaction, (frame) => checks.runImmediate(frame));
  return new DoneCommand('SET CONSTRAINTS');
}

/** At a commit. @throws SqlError 23503, 23505 */
export function checkDeferred(core: SessionCore, transaction: Transaction): Waiting<void> {
  const checks: ConstraintChecks = core.services.constraintChecks;
  return inFrame(core, transaction, (frame) => checks.runAll(frame));
}

function* inFrame(core: SessionCore, transaction: Transaction, work: (frame: Frame) => Waiting<void>): Waiting<void> {
  const view = transaction.view();
  try {
    yield* work(new Frame(core.execution(transaction, view, [], []), 0));
  } finally {
    // A check that waited may have ended with its transaction: then the view went with it.
    if (core.block.transaction === transaction) view.release();
  }
}

/** A constraint, or the one of a constraint trigger. */
type Named = Constraint | { readonly kind: 'trigger'; readonly oid: Oid; readonly deferrable?: true };

/** Constraints of a name: all of the first schema along the search path that has any. Of those that are not deferrable nothing is asked but DEFERRED. */
function deferrableOids(name: QName, deferred: boolean, core: SessionCore): readonly Oid[] {
  for (const schema of schemasOf(name, core)) {
    const found = constraintsIn(schema, name.name, core);
    if (found.length === 0) continue;
    const isDeferrable = (constraint: Named) => constraint.kind !== 'check' && constraint.deferrable === true;
    if (deferred && !found.every(isDeferrable)) {
      throw new SqlError(SqlState.wrongObjectType, `constraint "${name.name}" is not deferrable`);
    }
    return found.filter(isDeferrable).map(({ oid }) => oid);
  }
  throw new SqlError(SqlState.undefinedObject, `constraint "${name.name}" does not exist`);
}

function schemasOf(name: QName, core: SessionCore): readonly Oid[] {
  if (name.schema === undefined) return core.searchPath().effective.map(({ oid }) => oid);
  const catalog = core.catalog();
  const schema = name.schema === SchemaName.temporary ? catalog.tempSchema : catalog.schema(name.schema);
  if (schema === undefined) throw new SqlError(SqlState.invalidSchemaName, `schema "${name.schema}" does not exist`);
  return [schema.oid];
}

function constraintsIn(schema: Oid, name: string, core: SessionCore): readonly Named[] {
  const found: Named[] = [];
  for (const relation of core.catalog().relations()) {
    if (relation.kind !== 'table' || relation.schema !== schema) continue;
    for (const constraint of relation.constraints) if (constraint.name === name) found.push(constraint);
    for (const trigger of relation.triggers ?? [])
      if (trigger.constraint !== undefined && trigger.name === name) found.push({ ...trigger, oid: trigger.constraint, kind: 'trigger' });
  }
  return found;
}
