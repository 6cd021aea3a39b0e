import type { Oid, StorageId } from '../commons/ids.js';
import type { SerdeName } from '../store/row.js';
import type { EnumLabel } from '../types/user-types.js';
import type { SqlValue } from '../types/value.js';

/**
 * Descriptors: what the catalog keeps of each object, as plain frozen data. They are what is stored (one row a descriptor in the space of
 * system table `catalog`), and what planner and executor work from; pg_catalog's relations are computed from them.
 */

export interface AclItem {
  /** Role oid; 0 is PUBLIC. */
  readonly grantee: Oid;
  readonly grantor: Oid;
  /** Bits of Privilege. */
  readonly privileges: number;
  readonly grantable: number;
}
/** PostgreSQL's privileges and their letters in an aclitem. */
export const Privilege = {
  insert: 1, // a
  select: 2, // r
  update: 4, // w
  delete: 8, // d
  truncate: 16, // D
  references: 32, // x
  trigger: 64, // t
  execute: 128, // X
  usage: 256, // U
  create: 512, // C
  temporary: 1024, // T
  connect: 2048, // c
  set: 4096, // s
  alterSystem: 8192, // A
} as const;

interface ObjectBase {
  readonly oid: Oid;
  readonly name: string;
  readonly owner: Oid;
  /** Absent: PostgreSQL's default (the owner has all, PUBLIC what the kind gives). */
  readonly acl?: readonly AclItem[];
  readonly comment?: string;
}

export interface SchemaDescriptor extends ObjectBase {
  readonly kind: 'schema';
}

export type TableType = 'user' | 'shared' | 'stream' | 'system';

export interface ColumnDescriptor {
  /** attnum: from 1, never used again after DROP COLUMN. The row's serde stores columns by `number - 1`. */
  readonly number: number;
  readonly name: string;
  readonly type: Oid;
  readonly typmod: number;
  /** For a user's type: the built-in type that values are laid out as in keys. Absent where that is `type`. */
  readonly storedAs?: Oid;
  readonly notNull: boolean;
  readonly dropped?: true;
  /** The default as SQL text, parsed and bound at use; for identity columns absent. */
  readonly defaultText?: string;
  /** GENERATED … AS (expr) STORED */
  readonly generatedText?: string;
  readonly identity?: { readonly always: boolean; readonly sequence: Oid };
  /** serial: the sequence that the column owns (its default is nextval of it). */
  readonly ownedSequence?: Oid;
  /** What rows written before ADD COLUMN … DEFAULT have. Absent: NULL. Stored with the row serde's exact forms. */
  readonly missing?: SqlValue;
  /** SET STORAGE, COMPRESSION, STATISTICS and (n_distinct …): kept and shown. */
  readonly storage?: 'p' | 'e' | 'x' | 'm';
  readonly compression?: 'pglz' | 'lz4';
  readonly statistics?: number;
  readonly attributeOptions?: Readonly<Record<string, string>>;
  readonly collation?: Oid;
  readonly comment?: string;
  /** From how many parents the table has it (pg_attribute.attinhcount). */
  readonly inherited?: number;
  /** Only its parents declare it (attislocal is false). */
  readonly notLocal?: true;
}

export interface CheckConstraint {
  readonly kind: 'check';
  readonly oid: Oid;
  readonly name: string;
  readonly exprText: string;
  /** Column numbers that it mentions. */
  readonly columns: readonly number[];
  readonly validated: boolean;
  readonly noInherit?: true;
  /** As a column's. */
  readonly inherited?: number;
  readonly notLocal?: true;
  readonly comment?: string;
}
export interface KeyConstraint {
  readonly kind: 'primary key' | 'unique';
  readonly oid: Oid;
  readonly name: string;
  readonly columns: readonly number[];
  /** The index that enforces it. For a primary key that is the row key, this index has no storage of its own (see IndexDescriptor.clustered). */
  readonly index: Oid;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  /** Of a partition: the constraint of the partitioned table that it is part of. */
  readonly parent?: Oid;
  readonly notLocal?: true;
  readonly comment?: string;
}
export type ForeignKeyActionName = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
export interface ForeignKeyConstraint {
  readonly kind: 'foreign key';
  readonly oid: Oid;
  readonly name: string;
  readonly columns: readonly number[];
  readonly referencedTable: Oid;
  readonly referencedColumns: readonly number[];
  /** The unique index of the referenced table that it leans on. */
  readonly referencedIndex: Oid;
  readonly match: 'simple' | 'full';
  readonly onDelete: ForeignKeyActionName;
  /** ON DELETE SET NULL (a, b): only these; absent: all. */
  readonly deleteColumns?: readonly number[];
  readonly onUpdate: ForeignKeyActionName;
  readonly validated: boolean;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  /** Of a partition: the constraint of the partitioned table that it is part of. */
  readonly parent?: Oid;
  readonly notLocal?: true;
  readonly comment?: string;
}
export type Constraint = CheckConstraint | KeyConstraint | ForeignKeyConstraint;

interface RelationBase extends ObjectBase {
  readonly schema: Oid;
  readonly persistence: 'permanent' | 'temporary' | 'unlogged';
}

export interface PartitionKeyColumn {
  /** A table column's number, or 0 for an expression. */
  readonly column: number;
  readonly exprText?: string;
  readonly type: Oid;
  readonly opclass: Oid;
  readonly collation?: Oid;
}
/** PARTITION BY: a table without rows of its own. */
export interface PartitionKey {
  readonly strategy: 'range' | 'list' | 'hash';
  readonly columns: readonly PartitionKeyColumn[];
}
/** One column of a range's bound. */
export type RangeDatum = { readonly kind: 'minvalue' | 'maxvalue' } | { readonly kind: 'value'; readonly value: SqlValue };
/** Which rows of its partitioned table a partition has (pg_class.relpartbound). Values are of the key's types. */
export type PartitionBound =
  | { readonly kind: 'default' }
  | { readonly kind: 'list'; readonly values: readonly SqlValue[] }
  | { readonly kind: 'range'; readonly from: readonly RangeDatum[]; readonly to: readonly RangeDatum[] }
  | { readonly kind: 'hash'; readonly modulus: number; readonly remainder: number };

export type TriggerEvent = 'insert' | 'update' | 'delete' | 'truncate';
/** When a trigger or rule applies, by session_replication_role; absent where it stands: unless that is replica. */
export type FiringMode = 'disabled' | 'always' | 'replica';
export interface TriggerDescriptor {
  readonly oid: Oid;
  /** Unique in its relation. */
  readonly name: string;
  /** pg_proc oid. */
  readonly routine: Oid;
  readonly timing: 'before' | 'after' | 'instead of';
  readonly level: 'row' | 'statement';
  readonly events: readonly TriggerEvent[];
  /** UPDATE OF: numbers of columns. */
  readonly columns?: readonly number[];
  readonly whenText?: string;
  readonly args: readonly string[];
  /** REFERENCING OLD TABLE and NEW TABLE */
  readonly oldTable?: string;
  readonly newTable?: string;
  readonly firing?: FiringMode;
  /** CREATE CONSTRAINT TRIGGER: the oid of its constraint. */
  readonly constraint?: Oid;
  readonly constraintTable?: Oid;
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
  readonly comment?: string;
}
export interface RuleDescriptor {
  readonly oid: Oid;
  /** Unique in its relation. */
  readonly name: string;
  readonly event: 'insert' | 'update' | 'delete';
  readonly instead: boolean;
  readonly whereText?: string;
  /** Commands as SQL, bound with `searchPath` as it was when the rule was made; none: NOTHING. */
  readonly actions: readonly string[];
  readonly searchPath: readonly string[];
  /** Oids of relations that it names. */
  readonly dependsOn: readonly Oid[];
  readonly firing?: FiringMode;
  readonly comment?: string;
}

/** Row-level security: who may see and write which rows. */
export interface PolicyDescriptor {
  readonly oid: Oid;
  /** Unique in its table. */
  readonly name: string;
  readonly command: 'all' | 'select' | 'insert' | 'update' | 'delete';
  /** Of permissive ones any must hold, of restrictive ones all. */
  readonly permissive: boolean;
  /** 0 is PUBLIC. */
  readonly roles: readonly Oid[];
  readonly usingText?: string;
  readonly checkText?: string;
  readonly comment?: string;
}

export interface TableDescriptor extends RelationBase {
  readonly kind: 'table';
  /** By name. */
  readonly policies?: readonly PolicyDescriptor[];
  /** By name, in the order in which they fire. */
  readonly triggers?: readonly TriggerDescriptor[];
  /** A partition's: when its parts of triggers apply, where that is not as for the partitioned table; by the parts' oids. */
  readonly partFirings?: readonly { readonly trigger: Oid; readonly firing: FiringMode | 'origin' }[];
  /** ENABLE and DISABLE TRIGGER ALL: when its foreign keys, and those that refer to it, are kept. */
  readonly keyFiring?: FiringMode;
  readonly rules?: readonly RuleDescriptor[];
  readonly tableType: TableType;
  readonly storage: StorageId;
  readonly serde: SerdeName;
  /** Dropped columns stay in place, so `columns[n - 1].number === n`. */
  readonly columns: readonly ColumnDescriptor[];
  /**
   * Numbers of the columns that make the row's key (behind the user id in user and stream tables): the primary key's. Absent: rows are
   * keyed by a hidden row id (int8, from the sequence store under this table's storage id).
   */
  readonly rowKey?: readonly number[];
  readonly constraints: readonly Constraint[];
  /** Stream tables: microseconds. */
  readonly ttlMicros?: number;
  /** How long tombstones stay, milliseconds. */
  readonly deletedRetentionMs: number;
  readonly rowType: Oid;
  readonly rowArrayType: Oid;
  /** WITH (…) options as given, for \d+ and pg_class.reloptions. */
  readonly options: Readonly<Record<string, string>>;
  readonly onCommit?: 'delete rows' | 'drop';
  /** A materialized view: its rows are what the query gave when it was last refreshed. */
  readonly materialized?: MaterializedQuery;
  /** CLUSTER ON: an index's oid. */
  readonly clusteredOn?: Oid;
  /** n nothing, f full, i an index; absent: the primary key. */
  readonly replicaIdentity?: 'n' | 'f' | 'i';
  readonly replicaIdentityIndex?: Oid;
  readonly rowSecurity?: { readonly enabled: boolean; readonly forced: boolean };
  /** Tables whose columns it has, in pg_inherits' order; a partition has one, its partitioned table. */
  readonly parents?: readonly Oid[];
  readonly partitionKey?: PartitionKey;
  /** A partition's. */
  readonly partitionBound?: PartitionBound;
  /** The same as SQL: `FOR VALUES IN (1, 2)`. */
  readonly partitionBoundText?: string;
  /** CREATE TABLE OF: the composite type. */
  readonly ofType?: Oid;
  /** DETACH CONCURRENTLY has begun and not ended. */
  readonly detachPending?: true;
}

/** As of a view; without rows until it is refreshed where it is not `populated`. */
export interface MaterializedQuery {
  readonly queryText: string;
  readonly searchPath: readonly string[];
  readonly dependsOn: readonly Oid[];
  readonly uses?: readonly Oid[];
  readonly populated: boolean;
}

/** A relation whose rows the server makes: pg_catalog, information_schema and system tables. Never stored. */
export interface VirtualDescriptor extends RelationBase {
  readonly kind: 'virtual';
  /** 'r' or 'v', as pg_class shows it. */
  readonly relkind: 'r' | 'v';
  readonly columns: readonly ColumnDescriptor[];
  readonly rowType: Oid;
  /** What VirtualRelations makes its rows by: `pg_catalog.pg_class`, `system.sessions`. */
  readonly provider: string;
}

export interface ViewDescriptor extends RelationBase {
  readonly kind: 'view';
  /** By name, in the order in which they fire. */
  readonly triggers?: readonly TriggerDescriptor[];
  readonly rules?: readonly RuleDescriptor[];
  readonly columns: readonly ColumnDescriptor[];
  /** The defining query as SQL. Bound with `searchPath` as it was when the view was made. */
  readonly queryText: string;
  readonly searchPath: readonly string[];
  readonly checkOption?: 'local' | 'cascaded';
  readonly securityInvoker?: true;
  /** What it shows rows of one to one, and which column there each of its columns is (0: none); absent: it can't be changed. */
  readonly updates?: { readonly relation: Oid; readonly columns: readonly number[] };
  /** Oids of relations that it reads: for DROP … CASCADE. */
  readonly dependsOn: readonly Oid[];
  /** Routines, types and keys (constraints) of users' that its query needs besides. */
  readonly uses?: readonly Oid[];
  readonly rowType: Oid;
  readonly rowArrayType: Oid;
  /** The extension that made it, and that it goes with. */
  readonly extension?: Oid;
  readonly options: Readonly<Record<string, string>>;
}

export interface SequenceDescriptor extends RelationBase {
  readonly kind: 'sequence';
  /** Names the sequence's state; a new one starts over. */
  readonly storage: StorageId;
  /** ALTER SEQUENCE … RESTART WITH: the first value of this storage, where it is not `start`. */
  readonly restartAt?: number | bigint;
  readonly type: Oid;
  /** int8 values: number or bigint. */
  readonly start: number | bigint;
  readonly increment: number | bigint;
  readonly min: number | bigint;
  readonly max: number | bigint;
  readonly cache: number;
  readonly cycle: boolean;
  readonly ownedBy?: { readonly table: Oid; readonly column: number };
  /** Set for identity sequences, which pg_dump and DROP treat as part of the column. */
  readonly identity?: true;
}

export interface IndexColumn {
  /** A table column's number, or 0 for an expression. */
  readonly column: number;
  readonly exprText?: string;
  readonly type: Oid;
  /** As ColumnDescriptor.storedAs. */
  readonly storedAs?: Oid;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly opclass: Oid;
  readonly collation?: Oid;
  /** ALTER INDEX … ALTER COLUMN … SET STATISTICS, of an expression. */
  readonly statistics?: number;
}
/** How an inverted index takes values apart. */
export type InvertedClass = 'array' | 'jsonb' | 'jsonb path' | 'tsvector' | 'trigram';

export interface IndexDescriptor extends RelationBase {
  readonly kind: 'index';
  readonly table: Oid;
  readonly storage: StorageId;
  /** True for the primary key whose columns are the row key: the table's own space is the index. */
  readonly clustered: boolean;
  readonly unique: boolean;
  readonly primary: boolean;
  readonly nullsNotDistinct?: true;
  /** Of a DEFERRABLE key: several rows may have one key for a while, so its entries are led to by key and row, and keys are checked afterwards. */
  readonly deferrable?: true;
  readonly columns: readonly IndexColumn[];
  readonly including?: readonly number[];
  readonly predicateText?: string;
  /** The constraint it enforces. */
  readonly constraint?: Oid;
  /** As written in USING. */
  readonly method: string;
  /** WITH (…) as given. */
  readonly options?: Readonly<Record<string, string>>;
  /** What each column's terms are, where it has entries by them instead of by value. */
  readonly inverted?: readonly InvertedClass[];
  /** Of a partition: the partitioned table's index that it is part of. */
  readonly parentIndex?: Oid;
  /** Of a partitioned table: not every partition has its part of it yet. */
  readonly invalid?: true;
}

/** CREATE TYPE … AS (…): a row type without rows. */
export interface CompositeDescriptor extends RelationBase {
  readonly kind: 'composite';
  /** As a table's: dropped ones stay in place. */
  readonly columns: readonly ColumnDescriptor[];
  readonly rowType: Oid;
  readonly rowArrayType: Oid;
}

export type RelationDescriptor =
  | TableDescriptor
  | VirtualDescriptor
  | ViewDescriptor
  | SequenceDescriptor
  | IndexDescriptor
  | CompositeDescriptor;

interface TypeBase extends ObjectBase {
  readonly kind: 'type';
  readonly schema: Oid;
  /** Made in pg_temp: it lives in its session only. */
  readonly persistence?: 'temporary';
  readonly arrayType: Oid;
}
export interface EnumDescriptor extends TypeBase {
  readonly form: 'enum';
  /** In order. A label's order never changes, since stored values are made of it. */
  readonly labels: readonly EnumLabel[];
}
export interface DomainCheck {
  readonly oid: Oid;
  readonly name: string;
  readonly exprText: string;
  readonly validated: boolean;
  readonly comment?: string;
}
export interface DomainDescriptor extends TypeBase {
  readonly form: 'domain';
  readonly baseType: Oid;
  readonly typmod: number;
  readonly collation?: Oid;
  readonly notNull: boolean;
  readonly defaultText?: string;
  readonly checks: readonly DomainCheck[];
}
export interface RangeDescriptor extends TypeBase {
  readonly form: 'range';
  readonly subtype: Oid;
  readonly opclass: Oid;
  readonly collation?: Oid;
  /** pg_proc oid; 0: none. */
  readonly subdiff: Oid;
  readonly multirangeName: string;
  readonly multirangeType: Oid;
  readonly multirangeArrayType: Oid;
}
/** CREATE TYPE name (INPUT = …): values as those of a built-in type. Nothing but its name: a shell, until its functions are there. */
export interface BaseTypeDescriptor extends TypeBase {
  readonly form: 'base';
  /** The built-in type; undefined for a shell. */
  readonly like?: Oid;
  readonly input?: Oid;
  readonly output?: Oid;
  readonly category?: string;
  readonly preferred?: boolean;
  readonly defaultText?: string;
}
/** A type that is no relation's row type. */
export type TypeDescriptor = EnumDescriptor | DomainDescriptor | RangeDescriptor | BaseTypeDescriptor;

export type ParameterMode = 'in' | 'out' | 'inout' | 'variadic' | 'table';
export interface RoutineParameter {
  /** Absent: it has none. */
  readonly name?: string;
  readonly mode: ParameterMode;
  readonly type: Oid;
  /** Of an input parameter: its default as SQL. */
  readonly defaultText?: string;
}
/** What an aggregate is made of: a row of pg_aggregate. Functions by oid, 0 for none. */
export interface AggregateDefinition {
  readonly form: 'normal' | 'ordered set' | 'hypothetical set';
  readonly directArguments: number;
  readonly transition: Oid;
  readonly final: Oid;
  readonly combine: Oid;
  readonly serialize: Oid;
  readonly deserialize: Oid;
  readonly movingTransition: Oid;
  readonly movingInverse: Oid;
  readonly movingFinal: Oid;
  readonly finalExtra: boolean;
  readonly movingFinalExtra: boolean;
  readonly finalModify: 'r' | 's' | 'w';
  readonly movingFinalModify: 'r' | 's' | 'w';
  readonly sortOperator: Oid;
  readonly stateType: Oid;
  readonly stateSpace: number;
  readonly movingStateType: Oid;
  readonly movingStateSpace: number;
  /** As text, for the state type's input function. Absent: NULL. */
  readonly initial?: string;
  readonly movingInitial?: string;
}
/** A function, procedure or aggregate. Its name is unique in its schema together with its input parameters' types. */
export interface RoutineDescriptor extends ObjectBase {
  readonly kind: 'routine';
  readonly form: 'function' | 'procedure' | 'aggregate' | 'window';
  readonly schema: Oid;
  /** Made in pg_temp: it lives in its session only. */
  readonly persistence?: 'temporary';
  readonly parameters: readonly RoutineParameter[];
  /** record for several OUT parameters, void where nothing comes back; of a procedure: record with OUT parameters, else void. */
  readonly returnType: Oid;
  readonly returnsSet: boolean;
  /** pg_language.lanname. */
  readonly language: string;
  /** pg_proc.prosrc: the text behind AS; of an internal function the name of its implementation. Empty where there is a `body`. */
  readonly source: string;
  /** pg_proc.probin: the library of a C function. */
  readonly library?: string;
  /** `BEGIN ATOMIC … END` or `RETURN …` as SQL, bound with `searchPath` as it was when it was made. */
  readonly body?: string;
  readonly searchPath?: readonly string[];
  readonly volatility: 'immutable' | 'stable' | 'volatile';
  readonly strict: boolean;
  readonly securityDefiner: boolean;
  readonly leakproof: boolean;
  readonly parallel: 'safe' | 'restricted' | 'unsafe';
  readonly cost: number;
  /** Estimated rows of a set; 0 for others. */
  readonly rows: number;
  /** Planner support function. */
  readonly support?: Oid;
  /** SET clauses. */
  readonly settings: Readonly<Record<string, string>>;
  /** What a body refers to (of a body in quotes nothing is known), besides the types of parameters and result. */
  readonly dependsOn: readonly Oid[];
  readonly aggregate?: AggregateDefinition;
}

/** CREATE OPERATOR CLASS for a btree or hash: which operators are a type's equality and order. */
export interface OperatorClassDescriptor extends ObjectBase {
  readonly kind: 'operator class';
  readonly schema: Oid;
  readonly persistence?: 'temporary';
  readonly method: Oid;
  readonly type: Oid;
  readonly isDefault: boolean;
  readonly operators: readonly { readonly strategy: number; readonly operator: Oid }[];
  readonly functions: readonly { readonly support: number; readonly routine: Oid }[];
}

export interface OperatorDescriptor extends ObjectBase {
  readonly kind: 'operator';
  readonly schema: Oid;
  readonly persistence?: 'temporary';
  /** 0 for a prefix operator. */
  readonly left: Oid;
  readonly right: Oid;
  /** 0 for a shell: named as a commutator or negator, and not made yet. */
  readonly result: Oid;
  /** 0 for a shell. */
  readonly routine: Oid;
  readonly commutator: Oid;
  readonly negator: Oid;
  readonly restrict: Oid;
  readonly join: Oid;
  readonly canHash: boolean;
  readonly canMerge: boolean;
}

export interface CastDescriptor {
  readonly kind: 'cast';
  readonly oid: Oid;
  readonly source: Oid;
  readonly target: Oid;
  /** 0 without. */
  readonly routine: Oid;
  readonly context: 'implicit' | 'assignment' | 'explicit';
  readonly method: 'function' | 'inout' | 'binary';
  readonly comment?: string;
}

export interface RoleDescriptor {
  readonly kind: 'role';
  readonly oid: Oid;
  readonly name: string;
  readonly superuser: boolean;
  readonly inherit: boolean;
  readonly createRole: boolean;
  readonly createDb: boolean;
  readonly canLogin: boolean;
  readonly replication: boolean;
  readonly bypassRls: boolean;
  readonly connectionLimit: number;
  /** SCRAM-SHA-256$<iterations>:<salt>$<StoredKey>:<ServerKey>, never a plain password. */
  readonly password?: string;
  /** Microseconds since 2000-01-01. */
  readonly validUntil?: number;
  /** Roles that this one is a member of. */
  readonly memberOf: readonly { readonly role: Oid; readonly admin: boolean; readonly grantor: Oid }[];
  /** ALTER ROLE … SET */
  readonly settings: Readonly<Record<string, string>>;
  readonly comment?: string;
}

export interface DatabaseDescriptor extends ObjectBase {
  readonly kind: 'database';
  readonly settings: Readonly<Record<string, string>>;
}

export interface TableStatistics {
  readonly kind: 'statistics';
  /** The table's oid. */
  readonly oid: Oid;
  /** User and stream tables: of one user, on average. */
  readonly rows: number;
  /** User and stream tables: how many users have rows in it. */
  readonly users?: number;
  readonly columns: Readonly<Record<number, ColumnStatistics>>;
}
export interface ColumnStatistics {
  readonly nullFraction: number;
  readonly distinct: number;
  readonly averageWidth: number;
  readonly mostCommon?: readonly { readonly value: SqlValue; readonly fraction: number }[];
  /** Equi-depth bounds. */
  readonly histogram?: readonly SqlValue[];
}

/** What CREATE EXTENSION made. Its objects are not stored: they are those of BuiltinCatalog.extensionObjects, in its schema, as long as it is there. */
export interface ExtensionDescriptor extends ObjectBase {
  readonly kind: 'extension';
  /** Of its objects, where that is not its own owner: what a role that is no superuser creates is the superuser's. */
  readonly objectsOwner?: Oid;
  readonly schema: Oid;
  readonly version: string;
}

/** CREATE TEXT SEARCH CONFIGURATION: the dictionaries for each type of token (types/text-search/token-types.ts). */
export interface TextSearchConfigurationDescriptor extends ObjectBase {
  readonly kind: 'text search configuration';
  readonly schema: Oid;
  readonly mappings: Readonly<Record<number, readonly Oid[]>>;
}

export interface TextSearchDictionaryDescriptor extends ObjectBase {
  readonly kind: 'text search dictionary';
  readonly schema: Oid;
  readonly template: Oid;
  /** As given: language, stopwords, accept. */
  readonly options: Readonly<Record<string, string>>;
}

/** All that the catalog persists. Temporary relations have the same descriptors and live in their session only. */
export type Descriptor =
  | TypeDescriptor
  | ExtensionDescriptor
  | TextSearchConfigurationDescriptor
  | TextSearchDictionaryDescriptor
  | RoutineDescriptor
  | OperatorDescriptor
  | OperatorClassDescriptor
  | CastDescriptor
  | CompositeDescriptor
  | SchemaDescriptor
  | TableDescriptor
  | ViewDescriptor
  | SequenceDescriptor
  | IndexDescriptor
  | RoleDescriptor
  | DatabaseDescriptor
  | TableStatistics;
