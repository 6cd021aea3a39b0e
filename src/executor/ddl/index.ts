/**
 * Life of a utility statement: the session hands over its syntax tree → the handler of its kind checks names and privileges, takes the locks
 * that PostgreSQL would, and puts descriptors through the session's catalog → what rows need (building an index, rewriting a table) runs in the
 * same transaction → all of it becomes visible at commit, or not at all.
 */
import type { MaybePromise } from '../../commons/maybe-promise.js';
import { notSupported, SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { Statement, StatementType } from '../../planner/parse/ast.js';
import { alterObjectSchema, alterOwner, alterTable } from './alter-table.js';
import { comment } from './comment.js';
import type { UtilityContext, UtilityResult } from './context.js';
import { createIndex } from './create-index.js';
import { createTable } from './create-table.js';
import { createTableAs } from './create-table-as.js';
import { createView } from './create-view.js';
import { alterDatabase } from './databases/alter.js';
import { createDatabase } from './databases/create.js';
import { dropDatabase } from './databases/drop.js';
import { drop } from './drop.js';
import { alterExtension } from './extensions/alter.js';
import { createExtension } from './extensions/create.js';
import { dropExtensions } from './extensions/drop.js';
import { dropFreeStanding } from './free-standing/change.js';
import { createCollation } from './free-standing/collation.js';
import { alterPublication, createPublication } from './free-standing/publication.js';
import { alterStatistics, createStatistics } from './free-standing/statistics.js';
import { checkpoint, vacuum } from './maintenance.js';
import { refreshMaterializedView } from './materialized-view.js';
import { grantRole } from './memberships.js';
import { dropOwned, reassignOwned } from './owned.js';
import { alterPolicy, createPolicy } from './policies/create.js';
import { alterDefaultPrivileges } from './privileges/default-privileges.js';
import { grant } from './privileges/grant.js';
import { cluster, reindex } from './reindex.js';
import { rename } from './rename.js';
import { alterDatabaseSet, alterRole, alterRoleSet, createRole, dropRole } from './role.js';
import { createAggregate } from './routines/aggregate.js';
import { alterRoutine } from './routines/alter.js';
import { createCast, dropCast } from './routines/cast.js';
import { createRoutine } from './routines/create.js';
import { dropRoutines } from './routines/drop.js';
import { alterOperator, createOperator, dropOperators } from './routines/operator.js';
import { createOperatorClass, dropOperatorClasses } from './routines/operator-class.js';
import { createRule } from './rules/create.js';
import { createSchema } from './schema.js';
import { alterSequence, createSequence } from './sequence.js';
import { alterTextSearchConfiguration, alterTextSearchDictionary, createTextSearch, dropTextSearch } from './text-search.js';
import { createTrigger } from './triggers/create.js';
import { dropMember } from './triggers/drop.js';
import { truncate } from './truncate.js';
import { createBaseType } from './types/base.js';
import { createComposite } from './types/composite.js';
import { alterDomain, createDomain } from './types/domain.js';
import { dropTypes } from './types/drop.js';
import { alterEnum, createEnum } from './types/enum.js';
import { createRange } from './types/range.js';

export type { UtilityContext, UtilityResult } from './context.js';
export { applyOnCommit } from './on-commit.js';
export { callColumns, callParamTypes, callProcedure } from './routines/call.js';

/** Statements that the session answers itself, and queries: no utility statements. */
type NotUtility =
  | 'select'
  | 'set operation'
  | 'values'
  | 'insert'
  | 'update'
  | 'delete'
  | 'merge'
  | 'copy'
  | 'transaction'
  | 'set'
  | 'show'
  | 'prepare'
  | 'execute'
  | 'deallocate'
  | 'declare cursor'
  | 'fetch'
  | 'close'
  | 'discard'
  | 'listen'
  | 'unlisten'
  | 'notify'
  | 'lock table'
  | 'set constraints'
  | 'call'
  | 'do'
  | 'explain';
export type UtilityType = Exclude<StatementType, NotUtility>;

/** The statement of a type, also where one node has several. */
type StatementOf<T, S = Statement> = S extends { readonly type: infer Types } ? (T extends Types ? S : never) : never;
type Handlers = { readonly [T in UtilityType]: (statement: StatementOf<T>, cx: UtilityContext) => MaybePromise<UtilityResult> };

const HANDLERS: Handlers = {
  'create schema': (statement, cx) =>
    createSchema(statement, cx, async (element, inner) => {
      if (isUtilityStatement(element)) await executeUtility(element, inner);
    }),
  'create table': createTable,
  'create table as': createTableAs,
  'refresh materialized view': refreshMaterializedView,
  'create index': createIndex,
  'create view': createView,
  'create sequence': createSequence,
  'alter sequence': alterSequence,
  'create enum': createEnum,
  'alter enum': alterEnum,
  'create composite': createComposite,
  'create range': createRange,
  'create base type': createBaseType,
  'create operator class': createOperatorClass,
  'drop operator class': dropOperatorClasses,
  'create domain': createDomain,
  'alter domain': alterDomain,
  'alter table': alterTable,
  rename,
  'alter object schema': alterObjectSchema,
  'alter owner': alterOwner,
  'drop member': dropMember,
  'create trigger': createTrigger,
  'create rule': createRule,
  'create policy': createPolicy,
  'alter policy': alterPolicy,
  drop: (statement, cx) => (DROPS[statement.objectType] ?? drop)(statement, cx),
  comment,
  'create extension': createExtension,
  'create text search': createTextSearch,
  'create statistics': createStatistics,
  'alter statistics': alterStatistics,
  'create collation': createCollation,
  'create publication': createPublication,
  'alter publication': alterPublication,
  'alter text search dictionary': alterTextSearchDictionary,
  'alter text search configuration': alterTextSearchConfiguration,
  'alter extension': alterExtension,
  'create routine': createRoutine,
  'alter routine': alterRoutine,
  'drop routine': dropRoutines,
  'create aggregate': createAggregate,
  'create operator': createOperator,
  'alter operator': alterOperator,
  'drop operator': dropOperators,
  'create cast': createCast,
  'drop cast': dropCast,
  'create role': createRole,
  'alter role': alterRole,
  'alter role set': alterRoleSet,
  'alter database set': alterDatabaseSet,
  'create database': createDatabase,
  'alter database': alterDatabase,
  'drop database': dropDatabase,
  'drop role': dropRole,
  grant,
  revoke: grant,
  'alter default privileges': alterDefaultPrivileges,
  'grant role': grantRole,
  'reassign owned': reassignOwned,
  'drop owned': dropOwned,
  'revoke role': grantRole,
  truncate,
  vacuum,
  analyze: vacuum,
  reindex,
  cluster,
  checkpoint: (_statement, cx) => checkpoint(cx),
  unsupported: (statement) => {
    throw notSupported(statement.what);
  },
};

/** What relations and schemas have not in common with the rest. */
const DROPS: Readonly<Record<string, typeof drop>> = {
  type: dropTypes,
  domain: dropTypes,
  extension: dropExtensions,
  'text search configuration': dropTextSearch,
  'text search dictionary': dropTextSearch,
  statistics: dropFreeStanding,
  collation: dropFreeStanding,
  publication: dropFreeStanding,
};

function isUtilityStatement(statement: Statement): statement is Extract<Statement, { readonly type: UtilityType }> {
  return isUtility(statement.type);
}

export function isUtility(type: StatementType): type is UtilityType {
  return Object.hasOwn(HANDLERS, type);
}

/** Changes nothing that a read-only transaction may not. */
const ALLOWED_READ_ONLY: ReadonlySet<StatementType> = new Set<StatementType>(['checkpoint', 'unsupported']);

/**
 * @throws SqlError 25006 in a read-only transaction, 0A000 for what is not there yet, and what the statement itself may raise
 */
export function executeUtility(
  statement: Extract<Statement, { readonly type: UtilityType }>,
  cx: UtilityContext,
): MaybePromise<UtilityResult> {
  if (cx.transaction.options.readOnly && !ALLOWED_READ_ONLY.has(statement.type))
    throw new SqlError(SqlState.readOnlySqlTransaction, `cannot execute ${commandName(statement)} in a read-only transaction`);
  const handler = HANDLERS[statement.type] as (statement: Statement, cx: UtilityContext) => MaybePromise<UtilityResult>;
  return handler(statement, cx);
}

/** As PostgreSQL calls the command. */
function commandName(statement: Extract<Statement, { readonly type: UtilityType }>): string {
  switch (statement.type) {
    case 'truncate':
      return 'TRUNCATE TABLE';
    case 'drop':
      return `DROP ${statement.objectType.toUpperCase()}`;
    case 'drop member':
      return `DROP ${statement.objectType.toUpperCase()}`;
    default:
      return statement.type.toUpperCase();
  }
}
