import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import { executeUtility, isUtility, type UtilityType } from '../../executor/ddl/index.js';
import { type Waiting, wait } from '../../executor/waiting.js';
import type { SelectFromStatement, Statement } from '../../planner/parse/ast.js';
import { auditedChange } from '../audit/audited-change.js';
import { DoneCommand, type OpenedStatement } from '../opened-statement.js';
import type { SessionCore } from '../session-core.js';
import { ContextOfUtility, type QueryParams } from '../utility-context.js';
import { executeArguments } from './prepared-commands.js';

export type UtilityStatement = Extract<Statement, { readonly type: UtilityType }>;

/** Hands a utility statement to the executor, with what it may need of the session's planner. */
export function* utilityCommand(
  statement: UtilityStatement,
  core: SessionCore,
  inMultiple: boolean,
  own?: QueryParams,
): Waiting<OpenedStatement> {
  requireOutsideBlock(statement, core, inMultiple);
  const transaction = core.block.enter();
  const view = transaction.view();
  try {
    const { utility, params = own } = withPrepared(statement, core);
    const result = yield* wait(executeUtility(utility, new ContextOfUtility(core, transaction, view, params)));
    const change = auditedChange(utility);
    if (change !== undefined) transaction.onCommit(() => record(change, core));
    return new DoneCommand(result.tag, result.columns, result.rows);
  } finally {
    // A utility statement that waited may have ended with its transaction: then the view went with it.
    if (core.block.transaction === transaction) view.release();
  }
}

/** It has committed. */
function record(detail: string, core: SessionCore): void {
  const { sessionUser, actingUser } = core.identity();
  const entry = core.server.sessions.get(core.pid);
  core.server.audit.add({
    event: 'change',
    role: sessionUser,
    ...(actingUser === sessionUser ? {} : { userId: actingUser }),
    database: core.database.name,
    address: entry?.clientAddress,
    port: entry?.clientPort,
    tls: entry?.tls !== undefined,
    pid: core.pid,
    detail,
  });
}

/** CREATE TABLE AS EXECUTE: the prepared query in place of the call. @throws SqlError 26000, 42809 */
function withPrepared(
  statement: UtilityStatement,
  core: SessionCore,
): { readonly utility: UtilityStatement; readonly params?: QueryParams } {
  if (statement.type !== 'create table as' || statement.query.type !== 'execute') return { utility: statement };
  const { query: execute } = statement;
  const prepared = core.prepared.get(execute.name);
  const values = executeArguments(execute, prepared, core);
  const query = prepared.cached?.parsed.statement;
  if (query?.type !== 'select' && query?.type !== 'set operation' && query?.type !== 'values')
    throw new SqlError(SqlState.wrongObjectType, 'prepared statement is not a SELECT');
  return { utility: { ...statement, query }, params: { types: prepared.paramTypes, values } };
}

export function isUtilityStatement(statement: Statement): statement is UtilityStatement {
  return isUtility(statement.type);
}

/** SELECT … INTO is CREATE TABLE AS. */
export function selectInto(statement: SelectFromStatement): UtilityStatement | undefined {
  if (statement.into === undefined) return undefined;
  const { into, ...query } = statement;
  const persistence = into.temporary === true ? ({ persistence: 'temporary' } as const) : {};
  return { type: 'create table as', name: into.name, query, ...persistence };
}

/** Statements that manage transactions themselves in PostgreSQL may not stand in a block. @throws SqlError 25001 */
function requireOutsideBlock(statement: UtilityStatement, core: SessionCore, inMultiple: boolean): void {
  const command = soloCommand(statement);
  if (command === undefined) return;
  const inRoutine = core.services.statements.stack.depth > 0;
  core.block.requireNone(command, inMultiple && !inRoutine);
  if (inRoutine) throw new SqlError(SqlState.activeSqlTransaction, `${command} cannot be executed from a function`);
}

function soloCommand(statement: UtilityStatement): string | undefined {
  switch (statement.type) {
    case 'vacuum':
      return 'VACUUM';
    case 'create database':
      return 'CREATE DATABASE';
    case 'drop database':
      return 'DROP DATABASE';
    case 'alter database':
      return statement.options.some(({ name }) => name === 'tablespace') ? 'ALTER DATABASE SET TABLESPACE' : undefined;
    case 'create index':
      return statement.concurrently === true ? 'CREATE INDEX CONCURRENTLY' : undefined;
    case 'drop':
      return statement.concurrently === true ? 'DROP INDEX CONCURRENTLY' : undefined;
    case 'alter table':
      return statement.changes.some((change) => change.type === 'detach partition' && change.mode === 'concurrently')
        ? 'ALTER TABLE ... DETACH CONCURRENTLY'
        : undefined;
    default:
      return undefined;
  }
}
