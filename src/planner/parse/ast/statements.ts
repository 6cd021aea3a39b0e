/** The rest of the statements, and the union of all. */
import type { AlterDatabaseStatement, CreateDatabaseStatement, DropDatabaseStatement } from './databases.js';
import type {
  AlterDomainStatement,
  AlterEnumStatement,
  AlterObjectSchemaStatement,
  AlterOwnerStatement,
  AlterSequenceStatement,
  AlterTableStatement,
  CommentStatement,
  CreateBaseTypeStatement,
  CreateCompositeStatement,
  CreateDomainStatement,
  CreateEnumStatement,
  CreateIndexStatement,
  CreateOperatorClassStatement,
  CreateRangeStatement,
  CreateSchemaStatement,
  CreateSequenceStatement,
  CreateTableAsStatement,
  CreateTableStatement,
  CreateViewStatement,
  DefElement,
  DropOperatorClassStatement,
  DropStatement,
  RefreshStatement,
  RenameStatement,
} from './definitions.js';
import type { AlterExtensionStatement, CreateExtensionStatement } from './extensions.js';
import type {
  AlterPublicationStatement,
  AlterStatisticsStatement,
  CreateCollationStatement,
  CreatePublicationStatement,
  CreateStatisticsStatement,
} from './free-standing.js';
import type { Node, QName } from './nodes.js';
import type { AlterPolicyStatement, CreatePolicyStatement } from './policies.js';
import type {
  CopyStatement,
  DeleteStatement,
  InsertStatement,
  MergeStatement,
  SelectStatement,
  TruncateStatement,
  UpdateStatement,
} from './queries.js';
import type {
  AlterDatabaseSetStatement,
  AlterDefaultPrivilegesStatement,
  AlterRoleSetStatement,
  AlterRoleStatement,
  CreateRoleStatement,
  DropOwnedStatement,
  DropRoleStatement,
  GrantRoleStatement,
  GrantStatement,
  ReassignOwnedStatement,
} from './roles.js';
import type {
  AlterOperatorStatement,
  AlterRoutineStatement,
  CallStatement,
  CreateAggregateStatement,
  CreateCastStatement,
  CreateOperatorStatement,
  CreateRoutineStatement,
  DropCastStatement,
  DropOperatorStatement,
  DropRoutineStatement,
} from './routines.js';
import type {
  CheckpointStatement,
  CloseStatement,
  DeallocateStatement,
  DeclareCursorStatement,
  DiscardStatement,
  ExecuteStatement,
  FetchStatement,
  ListenStatement,
  LockTableStatement,
  NotifyStatement,
  PrepareStatement,
  SetConstraintsStatement,
  SetStatement,
  ShowStatement,
  TransactionStatement,
  UnlistenStatement,
} from './sessions.js';
import type {
  AlterTextSearchConfigurationStatement,
  AlterTextSearchDictionaryStatement,
  CreateTextSearchStatement,
} from './text-search.js';
import type { CreateRuleStatement, CreateTriggerStatement, DropMemberStatement } from './triggers.js';

export interface ExplainStatement extends Node {
  readonly type: 'explain';
  readonly options: readonly DefElement[];
  readonly statement: Statement;
}
export interface VacuumStatement extends Node {
  readonly type: 'vacuum' | 'analyze';
  readonly options: readonly DefElement[];
  readonly tables: readonly { readonly name: QName; readonly columns?: readonly string[] }[];
}
export interface ReindexStatement extends Node {
  readonly type: 'reindex';
  readonly objectType: string;
  readonly name?: QName;
}
export interface ClusterStatement extends Node {
  readonly type: 'cluster';
  readonly table?: QName;
  readonly index?: string;
}
export interface DoStatement extends Node {
  readonly type: 'do';
  readonly language?: string;
  readonly code: string;
  /** Where the code begins in the statement's text, if it stands there just as it is. */
  readonly codeStart?: number;
}

/** PostgreSQL knows it and this server does not yet: answered 0A000 with `what` in the text, e.g. `CREATE FUNCTION`. */
export interface UnsupportedStatement extends Node {
  readonly type: 'unsupported';
  readonly what: string;
}

export type Statement =
  | SelectStatement
  | InsertStatement
  | UpdateStatement
  | DeleteStatement
  | MergeStatement
  | TruncateStatement
  | CopyStatement
  | CreateSchemaStatement
  | RefreshStatement
  | CreateTableStatement
  | CreateTableAsStatement
  | CreateIndexStatement
  | CreateViewStatement
  | CreateSequenceStatement
  | CreateEnumStatement
  | AlterEnumStatement
  | CreateCompositeStatement
  | CreateRangeStatement
  | CreateBaseTypeStatement
  | CreateOperatorClassStatement
  | DropOperatorClassStatement
  | CreateDomainStatement
  | AlterDomainStatement
  | AlterSequenceStatement
  | AlterTableStatement
  | RenameStatement
  | AlterObjectSchemaStatement
  | AlterOwnerStatement
  | DropStatement
  | DropMemberStatement
  | CreatePolicyStatement
  | AlterPolicyStatement
  | CreateTriggerStatement
  | CreateRuleStatement
  | CommentStatement
  | CreateExtensionStatement
  | CreateTextSearchStatement
  | CreateStatisticsStatement
  | AlterStatisticsStatement
  | CreateCollationStatement
  | CreatePublicationStatement
  | AlterPublicationStatement
  | AlterTextSearchDictionaryStatement
  | AlterTextSearchConfigurationStatement
  | AlterExtensionStatement
  | CreateRoutineStatement
  | AlterRoutineStatement
  | DropRoutineStatement
  | CallStatement
  | CreateAggregateStatement
  | CreateOperatorStatement
  | AlterOperatorStatement
  | DropOperatorStatement
  | CreateCastStatement
  | DropCastStatement
  | CreateRoleStatement
  | AlterRoleStatement
  | AlterRoleSetStatement
  | AlterDatabaseSetStatement
  | CreateDatabaseStatement
  | AlterDatabaseStatement
  | DropDatabaseStatement
  | DropRoleStatement
  | GrantStatement
  | GrantRoleStatement
  | AlterDefaultPrivilegesStatement
  | ReassignOwnedStatement
  | DropOwnedStatement
  | TransactionStatement
  | SetStatement
  | ShowStatement
  | PrepareStatement
  | ExecuteStatement
  | DeallocateStatement
  | DeclareCursorStatement
  | FetchStatement
  | CloseStatement
  | DiscardStatement
  | ListenStatement
  | UnlistenStatement
  | NotifyStatement
  | LockTableStatement
  | SetConstraintsStatement
  | CheckpointStatement
  | ExplainStatement
  | VacuumStatement
  | ReindexStatement
  | ClusterStatement
  | DoStatement
  | UnsupportedStatement;

export type StatementType = Statement['type'];

/** One statement of a text that may hold several, with the piece of text it came from. */
export interface ParsedStatement {
  readonly statement: Statement;
  /** The statement's own text, without the semicolon. Locations count from the start of the whole text. */
  readonly text: string;
  readonly offset: number;
}
