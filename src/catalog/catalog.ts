import type { Oid, Seq, StorageId } from '../commons/ids.js';
import type { MaybePromise } from '../commons/maybe-promise.js';
import type { ReadView, Transaction } from '../transaction/transaction.js';
import type { BuiltinCatalog, BuiltinType } from './builtin/index.js';
import type { CatalogCounts } from './counts.js';
import type {
  CastDescriptor,
  DatabaseDescriptor,
  DefaultPrivilegesDescriptor,
  Descriptor,
  ExtensionDescriptor,
  FreeStandingDescriptor,
  IndexDescriptor,
  ObjectPrivilegesDescriptor,
  OperatorClassDescriptor,
  OperatorDescriptor,
  OwnDescriptor,
  ParameterPrivilegesDescriptor,
  RelationDescriptor,
  RoleDescriptor,
  RoutineDescriptor,
  SchemaDescriptor,
  TableDescriptor,
  TableStatistics,
  TextSearchConfigurationDescriptor,
  TextSearchDictionaryDescriptor,
  TypeDescriptor,
} from './descriptors.js';
import type { CatalogObject } from './layer.js';

/** One consistent state of the catalog, as one session and transaction sees it. Immutable; cheap to hold. */
export interface CatalogSnapshot {
  /** What PostgreSQL is born with, and the objects of the extensions that are installed. */
  readonly builtin: BuiltinCatalog;
  /**
   * Identifies the state: two snapshots with the same key are the same, so a plan made under one serves under the other.
   * A session without temporary objects and uncommitted DDL has the same key as all others.
   */
  readonly key: string;
  schema(name: string): SchemaDescriptor | undefined;
  schemaByOid(oid: Oid): SchemaDescriptor | undefined;
  schemas(): Iterable<SchemaDescriptor>;
  /** The session's temporary schema (pg_temp_N) once it has one. */
  readonly tempSchema: SchemaDescriptor | undefined;
  /** By exact schema; virtual relations of pg_catalog, information_schema and system too. */
  relation(schema: Oid, name: string): RelationDescriptor | undefined;
  relationByOid(oid: Oid): RelationDescriptor | undefined;
  relations(): readonly RelationDescriptor[];
  readonly counts: CatalogCounts;
  /** The table, view or domain that a constraint, trigger, rule or policy is part of. */
  ownerOfPart(oid: Oid): CatalogObject | undefined;
  /** Tables with a default over a sequence: by its qualified name, as it stands in the default; by its oid, where the sequence is a column's own. */
  tablesWithDefaultsOver(sequence: string | Oid): readonly TableDescriptor[];
  tablesWithConstraint(name: string): readonly TableDescriptor[];
  /** Clustered primary key first. */
  indexesOf(table: Oid): readonly IndexDescriptor[];
  /** Tables with a foreign key that points at this one. */
  referencingTables(table: Oid): readonly TableDescriptor[];
  /** Tables that inherit from this one directly, and partitions of it; by oid. */
  childrenOf(table: Oid): readonly TableDescriptor[];
  /** There may be relations with rules: what has none need not be looked at for them. */
  readonly hasRules: boolean;
  /** Some tables' rows may be hidden by policies. */
  readonly hasRowSecurity: boolean;
  /** Views that read this relation, directly. */
  dependentViews(relation: Oid): readonly Oid[];
  statistics(table: Oid): TableStatistics | undefined;
  role(name: string): RoleDescriptor | undefined;
  roleByOid(oid: Oid): RoleDescriptor | undefined;
  roles(): Iterable<RoleDescriptor>;
  /** The table whose row type (or array of it) this is. */
  relationOfRowType(type: Oid): RelationDescriptor | undefined;
  /** By exact schema; a range also by its multirange's name. */
  type(schema: Oid, name: string): TypeDescriptor | undefined;
  /** Also by the oid of its array type, of its multirange and of the array of that. */
  typeByOid(oid: Oid): TypeDescriptor | undefined;
  types(): Iterable<TypeDescriptor>;
  /** What made-types.ts has made of this snapshot's types so far. */
  readonly madeTypes: Map<Oid, BuiltinType>;
  /** Users' functions, procedures and aggregates. For PostgreSQL's own with them, see made-routines.ts. */
  routine(oid: Oid): RoutineDescriptor | undefined;
  /** All of a name, by exact schema. */
  routinesNamed(schema: Oid, name: string): readonly RoutineDescriptor[];
  routines(): Iterable<RoutineDescriptor>;
  /** Users' operators, shells too. */
  operator(oid: Oid): OperatorDescriptor | undefined;
  /** In all schemas. */
  operatorsNamed(name: string): readonly OperatorDescriptor[];
  operators(): Iterable<OperatorDescriptor>;
  /** Users' casts. */
  cast(source: Oid, target: Oid): CastDescriptor | undefined;
  casts(): Iterable<CastDescriptor>;
  operatorClasses(): Iterable<OperatorClassDescriptor>;
  /** False where nobody has made one: then nobody needs to ask. */
  readonly hasOperatorClasses: boolean;
  /** Whether there may be any: asked for each pair of types. */
  readonly hasCasts: boolean;
  /** Users' text search configurations and dictionaries; few, and looked up by oid. */
  textSearchConfiguration(oid: Oid): TextSearchConfigurationDescriptor | undefined;
  textSearchConfigurations(): Iterable<TextSearchConfigurationDescriptor>;
  textSearchDictionary(oid: Oid): TextSearchDictionaryDescriptor | undefined;
  textSearchDictionaries(): Iterable<TextSearchDictionaryDescriptor>;
  freeStanding<Kind extends FreeStandingDescriptor['kind']>(kind: Kind): readonly Extract<FreeStandingDescriptor, { kind: Kind }>[];
  freeStandingByOid<Kind extends FreeStandingDescriptor['kind']>(
    kind: Kind,
    oid: Oid,
  ): Extract<FreeStandingDescriptor, { kind: Kind }> | undefined;
  extension(name: string): ExtensionDescriptor | undefined;
  extensions(): Iterable<ExtensionDescriptor>;
  /** False where there are none: then nobody needs to ask. */
  readonly hasObjectPrivileges: boolean;
  /** Of an object without a descriptor, by the catalog that it is a row of; undefined: those that it was born with. */
  objectPrivileges(catalog: Oid, object: Oid): ObjectPrivilegesDescriptor | undefined;
  allObjectPrivileges(): Iterable<ObjectPrivilegesDescriptor>;
  defaultPrivileges(): readonly DefaultPrivilegesDescriptor[];
  parameterPrivileges(): readonly ParameterPrivilegesDescriptor[];
  /** The one whose catalog it is. */
  database(): DatabaseDescriptor;
  /** Absent in what all databases share. */
  readonly databaseOwner: Oid | undefined;
  databaseNamed(name: string): DatabaseDescriptor | undefined;
  databases(): Iterable<DatabaseDescriptor>;
}

/** The catalogs of all databases. One a server. */
export interface Catalogs {
  readonly builtin: BuiltinCatalog;
  /** What databases share: roles, and the databases themselves. It is of no database. */
  readonly committedShared: CatalogSnapshot;
  /** A database's catalog, read from the store when it is first asked for; undefined: there is no such database. */
  open(database: Oid): MaybePromise<Catalog | undefined>;
  /** Those that have been opened. */
  opened(): Iterable<Catalog>;
  /** Forgets an opened one, which nobody may use any more: it is read again when it is asked for. */
  close(database: Oid): void;
  /** A database's objects as they are stored, without opening it. */
  storedObjects(database: DatabaseDescriptor): Promise<readonly OwnDescriptor[]>;
  /** One of those that a database which the transaction makes begins with. */
  writeObject(tx: Transaction, database: DatabaseDescriptor, object: OwnDescriptor): void;
  /** Removes the catalog of a database that the transaction drops. @param objects all that are in it */
  dropObjects(tx: Transaction, database: DatabaseDescriptor, objects: readonly OwnDescriptor[]): void;
}

/** A database's catalog: the committed state and the way to change it. */
export interface Catalog {
  readonly database: Oid;
  readonly committed: CatalogSnapshot;
  /** The commit that wrote a permanent object last, as a view sees it; undefined: there is none. */
  writtenBy(view: ReadView, kind: Descriptor['kind'], oid: Oid): MaybePromise<Seq | undefined>;
  /** A new session's part: its temporary objects. */
  openSession(backendPid: number): SessionCatalog;
}

export interface SessionCatalog {
  /** What the session sees now: committed state, its temporary objects, and the changes of `tx` so far. */
  snapshot(tx: Transaction | undefined): CatalogSnapshot;
  /** The same without some indexes: for plans over a snapshot that they are too new for. */
  snapshotWithout(tx: Transaction | undefined, indexes: readonly Oid[]): CatalogSnapshot;
  /**
   * Puts or replaces an object as of now in the transaction (rolled back with it and with its savepoints, published at its commit).
   * Relations with persistence 'temporary' stay in the session and are not stored.
   * The caller has locked the object (lockTags.object) and checked the name.
   */
  put(tx: Transaction, descriptor: Descriptor): void;
  remove(tx: Transaction, kind: Descriptor['kind'], oid: Oid): void;
  /** The schema for temporary objects, made when first needed. */
  ensureTempSchema(tx: Transaction): SchemaDescriptor;
  /** Whether the transaction has made, changed or dropped temporary objects. */
  changesTemporary(tx: Transaction): boolean;
  /** The transaction is prepared: its changes are not this session's any more. */
  leave(tx: Transaction): void;
  /** New numbers, never given out again. */
  allocateOid(): Oid;
  allocateStorage(): StorageId;
  /** Drops the session's temporary objects. */
  close(): Promise<void>;
}
