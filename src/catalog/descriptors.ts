import type { Oid, StorageId } from '../commons/ids.js';
import type { SerdeName } from '../store/row.js';
import type { SqlValue } from '../types/value.js';
import type { AclItem, ObjectBase } from './descriptors/base.js';
import type { FreeStandingDescriptor } from './descriptors/free-standing.js';
import type { DefaultPrivilegesDescriptor, ObjectPrivilegesDescriptor, ParameterPrivilegesDescriptor } from './descriptors/privileges.js';
import type { CastDescriptor, OperatorClassDescriptor, OperatorDescriptor, RoutineDescriptor } from './descriptors/routines.js';
import type {
  ColumnDescriptor,
  Constraint,
  FiringMode,
  PartitionBound,
  PartitionKey,
  PolicyDescriptor,
  RuleDescriptor,
  TriggerDescriptor,
} from './descriptors/table-parts.js';
import type { TypeDescriptor } from './descriptors/types.js';

/**
 * Descriptors: what the catalog keeps of each object, as plain frozen data. They are what is stored (one row a descriptor in the space of
 * system table `catalog`), and what planner and executor work from; pg_catalog's relations are computed from them.
 */

export * from './descriptors/base.js';
export type * from './descriptors/free-standing.js';
export type * from './descriptors/privileges.js';
export type * from './descriptors/routines.js';
export type * from './descriptors/table-parts.js';
export type * from './descriptors/types.js';

export interface SchemaDescriptor extends ObjectBase {
  readonly kind: 'schema';
}

export type TableType = 'user' | 'shared' | 'stream' | 'system';

interface RelationBase extends ObjectBase {
  readonly schema: Oid;
  readonly persistence: 'permanent' | 'temporary' | 'unlogged';
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
  /** Privileges on hidden columns, by their (negative) numbers. */
  readonly systemColumnAcls?: Readonly<Record<number, readonly AclItem[]>>;
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
  /** What tombstones may take; absent: as much as there are. */
  readonly deletedRetentionBytes?: number;
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
  /** As pg_class shows it. */
  readonly relkind: 'r' | 'v' | 't';
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
  /** Privileges on the columns that it is read by, by their numbers. */
  readonly columnAcls?: Readonly<Record<number, readonly AclItem[]>>;
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
  /** What the expression has of its columns. */
  readonly exprCollation?: Oid;
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
  /** Of an EXCLUDE constraint: the operators of its columns. Its entries are led by the columns that are compared by equality. */
  readonly exclusion?: readonly Oid[];
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
  /** ALTER ROLE … IN DATABASE … SET, by the database. */
  readonly settingsIn?: Readonly<Record<Oid, Readonly<Record<string, string>>>>;
  readonly comment?: string;
}

export interface DatabaseDescriptor extends ObjectBase {
  readonly kind: 'database';
  readonly settings: Readonly<Record<string, string>>;
  /** Names the space of its catalog; absent: the first database's, which lies with what all databases share. */
  readonly storage?: StorageId;
  /** Absent only in data directories from before there could be several. */
  readonly allowsConnections?: boolean;
  readonly isTemplate?: true;
  /** Absent: none. */
  readonly connectionLimit?: number;
  readonly locale?: DatabaseLocale;
}

/** As given to CREATE DATABASE: kept and shown; text is compared by code points, whatever they say. Absent: C. */
export interface DatabaseLocale {
  readonly provider: 'c' | 'i';
  readonly collate: string;
  readonly ctype: string;
  readonly icu?: string;
  readonly collationVersion?: string;
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
  | FreeStandingDescriptor
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
  | ObjectPrivilegesDescriptor
  | DefaultPrivilegesDescriptor
  | ParameterPrivilegesDescriptor
  | TableStatistics;

/** What a server has once, whatever the database. */
export type SharedDescriptor = RoleDescriptor | DatabaseDescriptor | ParameterPrivilegesDescriptor;
/** What belongs to a database. */
export type OwnDescriptor = Exclude<Descriptor, SharedDescriptor>;
