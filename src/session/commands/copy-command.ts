import type { RelationDescriptor } from '../../catalog/descriptors.js';
import { inheritsFrom } from '../../catalog/privileges.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { RoleOid } from '../../commons/system-names.js';
import { isPartitioned } from '../../executor/access/index.js';
import { compileExpression } from '../../executor/expression/compile-expression.js';
import { checkPrivileges } from '../../executor/privileges.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import { bindCopyTarget, bindScalar } from '../../planner/bind/bind.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { LogicalInsert } from '../../planner/bind/logical.js';
import type { PlannerContext } from '../../planner/context.js';
import type { CopyStatement, QName } from '../../planner/parse/ast.js';
import type { QueryStatement } from '../../planner/plan.js';
import { lockTags } from '../../transaction/lock-tags.js';
import { ClientDestination, type CopyDestination, FileDestination } from '../copy/copy-destination.js';
import { CopyFrom, type CopyTarget } from '../copy/copy-from.js';
import { copyFromFile } from '../copy/copy-from-file.js';
import { copyOptions } from '../copy/copy-options.js';
import { type CopiedTable, type RowWriter, rowWriter } from '../copy/copy-to.js';
import { openForWriting } from '../copy/server-file.js';
import { maySeeAllUsers } from '../identity.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import { openQuery } from '../run/open-query.js';
import type { SessionCore } from '../session-core.js';
import { CachedStatement } from '../statement/cached-statement.js';
import { ContextOfUtility } from '../utility-context.js';
import { findRelation, withoutPlace } from './find-relation.js';

export function* copyCommand(statement: CopyStatement, text: string, core: SessionCore): Waiting<OpenedStatement> {
  core.block.enter();
  if (statement.file !== undefined) requireServerFiles(statement, core);
  const rows = statement.direction === 'from' ? yield* copyFrom(statement, core) : yield* copyTo(statement, text, core);
  return new DoneCommand(`COPY ${rows}`);
}

/** @throws SqlError 42501, 0A000 for a program */
function requireServerFiles({ program, direction }: CopyStatement, core: SessionCore): void {
  const [role, words] =
    program === true
      ? [RoleOid.executeServerProgram, `pg_execute_server_program role to COPY to or from an external program`]
      : direction === 'from'
        ? [RoleOid.readServerFiles, `pg_read_server_files role to COPY from a file`]
        : [RoleOid.writeServerFiles, `pg_write_server_files role to COPY to a file`];
  if (!inheritsFrom(core.catalog(), core.identity().currentRole, role) && !core.identity().isSuperuser)
    throw new SqlError(SqlState.insufficientPrivilege, `must be superuser or have privileges of the ${words}`, {
      hint: "Anyone can COPY to stdout or from stdin. psql's \\copy command also works for anyone.",
    });
  if (program === true) throw notSupported('COPY with a program on the server');
}

function* copyFrom(statement: CopyStatement, core: SessionCore): Waiting<number> {
  const transaction = core.block.enter();
  const { table: name } = statement;
  if (name === undefined) throw new SqlError(SqlState.syntaxError, 'COPY FROM needs a table');
  const relation = findRelation(withoutPlace(name), core);
  if (transaction.options.readOnly)
    throw new SqlError(SqlState.readOnlySqlTransaction, 'cannot execute COPY FROM in a read-only transaction');
  yield* wait(transaction.lock(lockTags.relation(relation.oid), 'ROW EXCLUSIVE'));
  const unfit = noCopyTarget(relation);
  if (unfit !== undefined) throw refusedLate(unfit, statement, statement.columns?.length ?? columnCount(relation), core);
  const view = transaction.view();
  const cx = new ContextOfUtility(core, transaction, view);
  try {
    const userField = userFieldOf(relation, statement.columns, core);
    const columns = userField === undefined ? statement.columns : statement.columns?.filter((_, i) => i !== userField);
    const bound = bindCopyTarget(name, columns, cx.planner);
    checkPrivileges(bound.privileges, cx);
    if (bound.plan.kind !== 'insert') throw new Error('COPY is bound as INSERT');
    const options = copyOptions(statement);
    const isFresh = transaction.isFreshInSavepoint(bound.plan.target.table.storage);
    const copy = new CopyFrom({ ...copyTarget(bound.plan, statement, cx), userField }, options, cx);
    if (options.freeze && !isFresh) throw refusedLate(notFresh(), statement, copy.columnCount, core);
    if (statement.file !== undefined) return yield* wait(copyFromFile(statement.file, copy, core.interrupt));
    core.copyIn = copy;
    core.output.copyInResponse(options.format === 'binary', copy.columnCount);
    return yield* wait(copy.finished);
  } finally {
    core.copyIn = undefined;
    view.release();
  }
}

const USER_COLUMN = '_user_id';

/** Which of the columns that are listed is the hidden one that says whose a row is: administrators bring back rows of all users so. */
function userFieldOf(relation: RelationDescriptor, columns: readonly string[] | undefined, core: SessionCore): number | undefined {
  const at = columns?.indexOf(USER_COLUMN) ?? -1;
  if (at < 0 || relation.kind !== 'table' || !isPartitioned(relation)) return undefined;
  return maySeeAllUsers(core.catalog(), core.identity().currentRole) ? at : undefined;
}

/** PostgreSQL asks its client for the data first: so does psql know what the lines behind the command are. */
function refusedLate(error: SqlError, statement: CopyStatement, columns: number, core: SessionCore): SqlError {
  const { format } = copyOptions(statement);
  if (statement.file === undefined) core.output.copyInResponse(format === 'binary', columns);
  return error;
}

function columnCount(relation: RelationDescriptor): number {
  return 'columns' in relation ? relation.columns.length : 0;
}

/** Why it takes no rows, if so. */
function noCopyTarget(relation: RelationDescriptor): SqlError | undefined {
  const { name } = relation;
  switch (relation.kind) {
    case 'table':
    case 'virtual':
      return undefined;
    case 'view':
      if (relation.triggers?.some(({ timing, events }) => timing === 'instead of' && events.includes('insert')) === true) return undefined;
      return new SqlError(SqlState.wrongObjectType, `cannot copy to view "${name}"`, {
        hint: 'To enable copying to a view, provide an INSTEAD OF INSERT trigger.',
      });
    case 'sequence':
      return new SqlError(SqlState.wrongObjectType, `cannot copy to sequence "${name}"`);
    default:
      return new SqlError(SqlState.wrongObjectType, `cannot copy to non-table relation "${name}"`);
  }
}

function copyTarget(insert: LogicalInsert, statement: CopyStatement, cx: ContextOfUtility): Omit<CopyTarget, 'userField'> {
  const { table } = insert.target;
  if (statement.where === undefined) return { table, insert, where: undefined };
  const planner: PlannerContext = cx.planner;
  const { expr, columns } = bindScalar(statement.where, planner, { clause: 'COPY WHERE', row: table });
  const layout = table.columns.map((column) => {
    const bound = columns.find((candidate) => 'number' in candidate && candidate.number === column.number);
    return bound?.id ?? NO_COLUMN;
  });
  return { table, insert, where: compileExpression(expr, layout, cx.library) };
}

/** A dropped column's place. */
const NO_COLUMN = -1 as ColumnId;

function* copyTo(statement: CopyStatement, text: string, core: SessionCore): Waiting<number> {
  const options = copyOptions(statement);
  const table = statement.table === undefined ? undefined : tableToCopy(statement.table, core);
  const query = statement.query ?? tableQuery(statement, table, core.identity().allUsers);
  const cached = new CachedStatement({ statement: query, text, offset: 0 }, [], true);
  const opened = yield* wait(openQuery(core, cached, [], []));
  try {
    const { columns } = opened;
    if (columns === undefined) throw new SqlError(SqlState.featureNotSupported, 'COPY query must have a RETURNING clause');
    const rows = rowWriter(columns, options, table);
    if (statement.file === undefined) {
      core.output.copyOutResponse(options.format === 'binary', columns.length);
      return yield* sendRows(opened, rows, new ClientDestination(core.output), core);
    }
    const file = new FileDestination(yield* wait(openForWriting(statement.file)), statement.file);
    try {
      return yield* sendRows(opened, rows, file, core);
    } finally {
      yield* wait(file.close());
    }
  } finally {
    opened.close();
  }
}

function* sendRows(opened: OpenedStatement, writer: RowWriter, destination: CopyDestination, core: SessionCore): Waiting<number> {
  const { interrupt, format } = core;
  let rows = 0;
  const header = writer.header();
  if (header !== undefined) destination.write(header);
  for (;;) {
    const next = opened.next();
    const batch = next instanceof Promise ? yield* wait(next) : next;
    if (batch === null) break;
    for (const row of batch) {
      const full = destination.write(writer.row(row, format));
      rows++;
      if (full !== undefined) yield* wait(full);
    }
    interrupt.check();
    if (interrupt.shouldYield()) yield* wait(interrupt.turn());
  }
  const trailer = writer.trailer();
  if (trailer !== undefined) destination.write(trailer);
  const ending = destination.done();
  if (ending !== undefined) yield* wait(ending);
  return rows;
}

/** COPY t (a, b) TO is SELECT a, b FROM t. */
function tableQuery({ table: name, columns }: CopyStatement, relation: CopiedTable | undefined, allUsers: boolean): QueryStatement {
  if (name === undefined || relation === undefined) throw new SqlError(SqlState.syntaxError, 'COPY needs a table or a query');
  for (const column of columns ?? []) {
    if (relation.columns.some((candidate) => candidate.name === column && candidate.dropped !== true)) continue;
    if (column === USER_COLUMN && allUsers) continue;
    throw new SqlError(SqlState.undefinedColumn, `column "${column}" of relation "${relation.name}" does not exist`);
  }
  const names =
    columns ?? relation.columns.filter((column) => column.dropped !== true && column.generatedText === undefined).map((c) => c.name);
  return {
    type: 'select',
    columns: names.map((column) => ({ expr: { type: 'ref', name: column } })),
    from: [{ type: 'table', name: { ...name, only: true } }],
  };
}

function tableToCopy(name: QName, core: SessionCore): CopiedTable {
  const relation = findRelation(withoutPlace(name), core);
  if (relation.kind === 'view') {
    throw new SqlError(SqlState.wrongObjectType, `cannot copy from view "${relation.name}"`, {
      hint: 'Try the COPY (SELECT ...) TO variant.',
    });
  }
  if (relation.kind === 'sequence' || relation.kind === 'index') {
    throw new SqlError(SqlState.wrongObjectType, `cannot copy from ${relation.kind} "${relation.name}"`);
  }
  return relation;
}

function notFresh(): SqlError {
  return new SqlError(
    SqlState.objectNotInPrerequisiteState,
    'cannot perform COPY FREEZE because the table was not created or truncated in the current subtransaction',
  );
}
