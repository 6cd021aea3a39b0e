import type * as pg from 'libpg-query';
import { InvariantError } from '../../../commons/assert.js';
import type * as ast from '../ast.js';
import { alterTable } from './alter-table.js';
import { deleteStatement, insertStatement, mergeStatement, updateStatement } from './changes.js';
import { alterSequence, createSchema, createSequence, createTable, createTableAs, refreshMaterializedView } from './create-table.js';
import { alterDatabase, createDatabase, dropDatabase, refreshDatabase } from './databases.js';
import { alterExtension, createExtension } from './extensions.js';
import { alterPublication, alterStatistics, createCollation, createPublication, createStatistics } from './free-standing.js';
import { createIndex } from './indexes.js';
import {
  clusterStatement,
  copyStatement,
  doStatement,
  explainStatement,
  reindexStatement,
  truncateStatement,
  vacuumStatement,
} from './maintenance.js';
import { alterObjectSchema, alterOwner, comment, dropObjects, objectType, rename } from './objects.js';
import { alterOperator, createCast, createOperator, createOperatorClass } from './operator-objects.js';
import { alterPolicy, createPolicy } from './policies.js';
import { dispatch, type Handlers, type PgStatementTag, type Reader, tagOf } from './reader.js';
import {
  alterDatabaseSet,
  alterDefaultPrivileges,
  alterRole,
  alterRoleSet,
  createRole,
  dropOwned,
  dropRole,
  grant,
  grantRole,
  reassignOwned,
} from './roles.js';
import { alterRoutine, callStatement, createAggregate, createRoutine } from './routines.js';
import { createRule } from './rules.js';
import * as sessions from './sessions.js';
import { setStatement, showStatement, transactionStatement } from './settings.js';
import { alterTextSearchConfiguration, alterTextSearchDictionary, createTextSearch } from './text-search.js';
import { createTrigger } from './triggers.js';
import { alterDomain, alterEnum, createBaseType, createComposite, createDomain, createEnum, createRange } from './user-types.js';
import { createView } from './view.js';

const unsupported = (what: string) => (): ast.Statement => ({ type: 'unsupported', what });
const inner = (tag: string) => (): ast.Statement => {
  throw new InvariantError(`${tag} is no statement of the grammar's`);
};

/** Every statement of PostgreSQL's grammar: one that is missing here does not compile. */
const handlers: Handlers<ast.Statement, PgStatementTag> = {
  SelectStmt: (node, reader) => reader.select(node),
  InsertStmt: insertStatement,
  UpdateStmt: updateStatement,
  DeleteStmt: deleteStatement,
  MergeStmt: mergeStatement,
  TruncateStmt: truncateStatement,
  CopyStmt: copyStatement,

  CreateSchemaStmt: createSchema,
  CreateStmt: createTable,
  CreateTableAsStmt: createTableAs,
  IndexStmt: createIndex,
  ViewStmt: createView,
  CreateSeqStmt: createSequence,
  AlterSeqStmt: alterSequence,
  AlterTableStmt: alterTable,
  RenameStmt: rename,
  AlterObjectSchemaStmt: alterObjectSchema,
  AlterOwnerStmt: alterOwner,
  DropStmt: dropObjects,
  CommentStmt: comment,

  CreateEnumStmt: createEnum,
  AlterEnumStmt: alterEnum,
  CompositeTypeStmt: createComposite,
  CreateRangeStmt: createRange,
  CreateDomainStmt: createDomain,
  AlterDomainStmt: alterDomain,

  CreateRoleStmt: createRole,
  AlterRoleStmt: alterRole,
  AlterRoleSetStmt: alterRoleSet,
  AlterDatabaseSetStmt: alterDatabaseSet,
  DropRoleStmt: dropRole,
  GrantStmt: grant,
  GrantRoleStmt: grantRole,

  TransactionStmt: transactionStatement,
  VariableSetStmt: setStatement,
  VariableShowStmt: showStatement,
  PrepareStmt: sessions.prepareStatement,
  ExecuteStmt: sessions.executeStatement,
  DeallocateStmt: sessions.deallocateStatement,
  DeclareCursorStmt: sessions.declareCursor,
  FetchStmt: sessions.fetchStatement,
  ClosePortalStmt: sessions.closeCursor,
  DiscardStmt: sessions.discardStatement,
  ListenStmt: sessions.listenStatement,
  UnlistenStmt: sessions.unlistenStatement,
  NotifyStmt: sessions.notifyStatement,
  LockStmt: sessions.lockTable,
  ConstraintsSetStmt: sessions.setConstraints,
  CheckPointStmt: () => ({ type: 'checkpoint' }),

  ExplainStmt: explainStatement,
  VacuumStmt: vacuumStatement,
  ReindexStmt: reindexStatement,
  DoStmt: doStatement,

  AlterCollationStmt: unsupported('ALTER COLLATION'),
  AlterDatabaseRefreshCollStmt: refreshDatabase,
  AlterDatabaseStmt: alterDatabase,
  AlterDefaultPrivilegesStmt: alterDefaultPrivileges,
  AlterEventTrigStmt: unsupported('ALTER EVENT TRIGGER'),
  AlterExtensionContentsStmt: unsupported('ALTER EXTENSION'),
  AlterExtensionStmt: alterExtension,
  AlterFdwStmt: unsupported('ALTER FOREIGN DATA WRAPPER'),
  AlterForeignServerStmt: unsupported('ALTER SERVER'),
  AlterFunctionStmt: alterRoutine,
  AlterObjectDependsStmt: (node) => ({ type: 'unsupported', what: `ALTER ${objectType(node.objectType).toUpperCase()}` }),
  AlterOperatorStmt: alterOperator,
  AlterOpFamilyStmt: unsupported('ALTER OPERATOR FAMILY'),
  AlterPolicyStmt: alterPolicy,
  AlterPublicationStmt: alterPublication,
  AlterStatsStmt: alterStatistics,
  AlterSubscriptionStmt: unsupported('ALTER SUBSCRIPTION'),
  AlterSystemStmt: unsupported('ALTER SYSTEM'),
  AlterTableMoveAllStmt: (node) => ({ type: 'unsupported', what: `ALTER ${objectType(node.objtype).toUpperCase()}` }),
  AlterTableSpaceOptionsStmt: unsupported('ALTER TABLESPACE'),
  AlterTSConfigurationStmt: alterTextSearchConfiguration,
  AlterTSDictionaryStmt: alterTextSearchDictionary,
  AlterTypeStmt: unsupported('ALTER TYPE'),
  AlterUserMappingStmt: unsupported('ALTER USER MAPPING'),
  CallStmt: callStatement,
  ClusterStmt: clusterStatement,
  CreateAmStmt: unsupported('CREATE ACCESS METHOD'),
  CreateCastStmt: createCast,
  CreateConversionStmt: unsupported('CREATE CONVERSION'),
  CreatedbStmt: createDatabase,
  CreateEventTrigStmt: unsupported('CREATE EVENT TRIGGER'),
  CreateExtensionStmt: createExtension,
  CreateFdwStmt: unsupported('CREATE FOREIGN DATA WRAPPER'),
  CreateForeignServerStmt: unsupported('CREATE SERVER'),
  CreateForeignTableStmt: unsupported('CREATE FOREIGN TABLE'),
  CreateFunctionStmt: createRoutine,
  CreateOpClassStmt: createOperatorClass,
  CreateOpFamilyStmt: unsupported('CREATE OPERATOR FAMILY'),
  CreatePLangStmt: unsupported('CREATE LANGUAGE'),
  CreatePolicyStmt: createPolicy,
  CreatePublicationStmt: createPublication,
  CreateStatsStmt: createStatistics,
  CreateSubscriptionStmt: unsupported('CREATE SUBSCRIPTION'),
  CreateTableSpaceStmt: unsupported('CREATE TABLESPACE'),
  CreateTransformStmt: unsupported('CREATE TRANSFORM'),
  CreateTrigStmt: createTrigger,
  CreateUserMappingStmt: unsupported('CREATE USER MAPPING'),
  DefineStmt: define,
  DropdbStmt: dropDatabase,
  DropOwnedStmt: dropOwned,
  DropSubscriptionStmt: unsupported('DROP SUBSCRIPTION'),
  DropTableSpaceStmt: unsupported('DROP TABLESPACE'),
  DropUserMappingStmt: unsupported('DROP USER MAPPING'),
  ImportForeignSchemaStmt: unsupported('IMPORT FOREIGN SCHEMA'),
  LoadStmt: unsupported('LOAD'),
  ReassignOwnedStmt: reassignOwned,
  RefreshMatViewStmt: refreshMaterializedView,
  RuleStmt: createRule,
  SecLabelStmt: unsupported('SECURITY LABEL'),

  // Parts of other statements, or made by PostgreSQL's analysis only.
  PLAssignStmt: inner('PLAssignStmt'),
  RawStmt: inner('RawStmt'),
  ReplicaIdentityStmt: inner('ReplicaIdentityStmt'),
  ReturnStmt: inner('ReturnStmt'),
  SetOperationStmt: inner('SetOperationStmt'),
};

/** CREATE of what is defined by a list of options. */
function define(node: pg.DefineStmt, reader: Reader): ast.Statement {
  switch (node.kind) {
    case 'OBJECT_AGGREGATE':
      return createAggregate(node, reader);
    case 'OBJECT_COLLATION':
      return createCollation(node, reader);
    case 'OBJECT_OPERATOR':
      return createOperator(node, reader);
    case 'OBJECT_TYPE':
      return createBaseType(node, reader);
    default:
      return createTextSearch(node, reader) ?? { type: 'unsupported', what: `CREATE ${objectType(node.kind).toUpperCase()}` };
  }
}

export function statement(node: pg.Node, reader: Reader): ast.Statement {
  const result = dispatch(handlers, node, reader);
  if (result === undefined) throw new InvariantError(`${tagOf(node)} is no statement`);
  return result;
}
