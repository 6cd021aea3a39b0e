/**
 * What PostgreSQL's own system catalogs hold, as plain immutable records. The catalog room gives its users' types, functions
 * and operators the same shapes, so that resolution (resolve/) knows no difference between built-in and user-made objects.
 * Names of fields are words for pg_catalog's columns; A function,
 * type or operator is referred to by its oid, and 0 stands for "none", as there.
 */

/** b base, c composite, d domain, e enum, p pseudo, r range, m multirange. */
export type TypeKind = 'b' | 'c' | 'd' | 'e' | 'p' | 'r' | 'm';

/** A row of pg_type. */
export interface BuiltinType {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  /** Bytes; -1 varlena, -2 C string. */
  readonly length: number;
  readonly byValue: boolean;
  readonly kind: TypeKind;
  /** pg_type.typcategory: 'N' numeric, 'S' string, 'D' date/time, 'A' array, 'X' unknown … */
  readonly category: string;
  readonly preferred: boolean;
  readonly delimiter: string;
  /** pg_class oid of a composite type's relation. */
  readonly relation: number;
  /** pg_type.typelem; an array's element only when `isArray`. */
  readonly element: number;
  /** The type of arrays of this type. */
  readonly array: number;
  /** True for T[], int2vector and oidvector; false for `name`, `point` … that only allow raw subscripting. */
  readonly isArray: boolean;
  /** Functions: typinput, typoutput, typreceive, typsend, typmodin, typmodout, typsubscript, typanalyze. */
  readonly input: number;
  readonly output: number;
  readonly receive: number;
  readonly send: number;
  readonly modifierInput: number;
  readonly modifierOutput: number;
  readonly subscript: number;
  readonly analyze: number;
  readonly align: string;
  readonly storage: string;
  /** Domains: NOT NULL, base type, base type's modifier, dimensions, default as SQL text. */
  readonly notNull: boolean;
  readonly baseType: number;
  readonly baseTypeModifier: number;
  readonly dimensions: number;
  readonly defaultText: string | undefined;
  readonly collation: number;
}

/** f function, a aggregate, w window function, p procedure. */
export type ProcKind = 'f' | 'a' | 'w' | 'p';
/** i in, o out, b in/out, v variadic, t table column. */
export type ArgumentMode = 'i' | 'o' | 'b' | 'v' | 't';

/** A row of pg_proc. */
export interface BuiltinProc {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  /** pg_language oid: 12 internal, 13 c, 14 sql. */
  readonly language: number;
  /**
   * The key of an implementation: pg_proc.prosrc (`int4pl`). PostgreSQL's own SQL-language functions, whose bodies aren't copied,
   * have their signature here instead: `lpad(text,int4)`.
   */
  readonly source: string;
  readonly kind: ProcKind;
  readonly returnsSet: boolean;
  readonly volatility: 'i' | 's' | 'v';
  readonly strict: boolean;
  readonly returnType: number;
  /** Types of the input parameters (IN, INOUT, VARIADIC). */
  readonly argTypes: readonly number[];
  /** Types, modes and names of all parameters, absent where pg_proc has NULL. */
  readonly allArgTypes: readonly number[] | undefined;
  readonly argModes: readonly ArgumentMode[] | undefined;
  readonly argNames: readonly string[] | undefined;
  /** Element type of the VARIADIC parameter (2276 for VARIADIC "any"); 0 when there is none. */
  readonly variadic: number;
  /** How many of the last input parameters have defaults, and these as SQL texts. */
  readonly defaults: number;
  readonly defaultTexts: readonly string[];
  readonly cost: number;
  readonly rows: number;
  /** Planner support function. */
  readonly support: number;
  readonly securityDefiner: boolean;
  readonly leakproof: boolean;
  readonly parallel: 's' | 'r' | 'u';
  /** pg_proc.proacl as text; undefined: PUBLIC may execute. */
  readonly acl: string | undefined;
}

/** A row of pg_operator. */
export interface BuiltinOperator {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  /** b infix, l prefix. */
  readonly kind: 'b' | 'l';
  /** 0 for a prefix operator. */
  readonly left: number;
  readonly right: number;
  readonly result: number;
  readonly commutator: number;
  readonly negator: number;
  /** oid of the function; 0 for a shell operator. */
  readonly proc: number;
  /** Selectivity estimators: functions. */
  readonly restrict: number;
  readonly join: number;
  readonly canHash: boolean;
  readonly canMerge: boolean;
}

/** i implicit, a assignment, e explicit only. */
export type CastContext = 'i' | 'a' | 'e';

/** A row of pg_cast. */
export interface BuiltinCast {
  readonly oid: number;
  readonly source: number;
  readonly target: number;
  /** oid of the cast's function or 0. */
  readonly func: number;
  readonly context: CastContext;
  /** f by function, i through text, b binary-coercible. */
  readonly method: 'f' | 'i' | 'b';
}

/** A row of pg_aggregate. */
export interface BuiltinAggregate {
  readonly proc: number;
  /** n normal, o ordered-set, h hypothetical-set. */
  readonly kind: 'n' | 'o' | 'h';
  readonly numDirectArgs: number;
  readonly transitionFunction: number;
  readonly finalFunction: number;
  readonly combineFunction: number;
  readonly serialFunction: number;
  readonly deserialFunction: number;
  readonly movingTransitionFunction: number;
  readonly movingInverseFunction: number;
  readonly movingFinalFunction: number;
  readonly finalExtra: boolean;
  readonly movingFinalExtra: boolean;
  readonly finalModify: 'r' | 's' | 'w';
  readonly movingFinalModify: 'r' | 's' | 'w';
  /** min/max: the operator whose order gives the answer from an index; 0 for none. */
  readonly sortOperator: number;
  readonly transitionType: number;
  readonly transitionSpace: number;
  readonly movingTransitionType: number;
  readonly movingTransitionSpace: number;
  /** Text form; undefined: NULL. */
  readonly initialValue: string | undefined;
  readonly movingInitialValue: string | undefined;
}

/** pg_range: a range type, what it ranges over, and its multirange. */
export interface BuiltinRange {
  readonly range: number;
  readonly subtype: number;
  readonly multirange: number;
  readonly collation: number;
  readonly opclass: number;
  /** Functions. */
  readonly canonical: number;
  readonly subdiff: number;
}

export interface BuiltinAccessMethod {
  readonly oid: number;
  readonly name: string;
  readonly handler: number;
  /** t table, i index. */
  readonly kind: 't' | 'i';
}

export interface BuiltinOpfamily {
  readonly oid: number;
  readonly method: number;
  readonly name: string;
  readonly namespace: number;
}

export interface BuiltinOpclass {
  readonly oid: number;
  readonly method: number;
  readonly name: string;
  readonly namespace: number;
  readonly family: number;
  readonly inputType: number;
  readonly isDefault: boolean;
  readonly keyType: number;
}

/** pg_amop: an operator's place in an operator family. */
export interface BuiltinAmop {
  readonly oid: number;
  readonly family: number;
  readonly left: number;
  readonly right: number;
  /** btree: 1 <, 2 <=, 3 =, 4 >=, 5 >; hash: 1 =. */
  readonly strategy: number;
  /** s search, o ordering. */
  readonly purpose: 's' | 'o';
  readonly operator: number;
  readonly method: number;
  readonly sortFamily: number;
}

/** pg_amproc: a support function's place in an operator family (btree: 1 three-way comparison; hash: 1 hash). */
export interface BuiltinAmproc {
  readonly oid: number;
  readonly family: number;
  readonly left: number;
  readonly right: number;
  readonly number: number;
  readonly proc: number;
}

export interface BuiltinCollation {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  /** d database default, c libc, i ICU. */
  readonly provider: 'd' | 'c' | 'i';
  readonly deterministic: boolean;
  /** -1: any. */
  readonly encoding: number;
  readonly collate: string | undefined;
  readonly ctype: string | undefined;
  readonly icuLocale: string | undefined;
}

export interface BuiltinNamespace {
  readonly oid: number;
  readonly name: string;
}

export interface BuiltinLanguage {
  readonly oid: number;
  readonly name: string;
  readonly isProcedural: boolean;
  readonly trusted: boolean;
}

/** A line of pg_settings, without its descriptions. */
export interface BuiltinSetting {
  readonly name: string;
  /** boot_val: what holds when nobody sets it. */
  readonly bootValue: string | undefined;
  /** 'ms', 's', 'min', 'kB', '8kB', 'B' … */
  readonly unit: string | undefined;
  readonly category: string;
  readonly context: 'internal' | 'postmaster' | 'sighup' | 'superuser-backend' | 'backend' | 'superuser' | 'user';
  readonly type: 'bool' | 'integer' | 'real' | 'string' | 'enum';
  readonly minimum: string | undefined;
  readonly maximum: string | undefined;
  readonly enumValues: readonly string[] | undefined;
  /** Sent as ParameterStatus (GUC_REPORT). */
  readonly reported: boolean;
}

/** A table or view of pg_catalog or information_schema, as pg_class and pg_attribute describe it. */
export interface BuiltinIndex {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  readonly table: number;
  readonly isShared: boolean;
  readonly isUnique: boolean;
  readonly isPrimary: boolean;
  /** The primary key or UNIQUE constraint that it is of. */
  readonly constraint: number | undefined;
  readonly columns: readonly number[];
  readonly opclasses: readonly number[];
  readonly collations: readonly number[];
}

export interface BuiltinConversion {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  /** Numbers of encodings. */
  readonly from: number;
  readonly to: number;
  readonly proc: number;
  readonly isDefault: boolean;
}

/** CHECK of a domain of information_schema. */
export interface BuiltinDomainCheck {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  readonly domain: number;
  readonly exprText: string;
  /** As pg_get_constraintdef prints it. */
  readonly definition: string;
  readonly pretty: string;
}

/** The comment on an object that PostgreSQL is born with. */
export interface BuiltinDescription {
  readonly catalog: number;
  readonly catalogName: string;
  readonly object: number;
  readonly text: string;
}

/** Where PostgreSQL keeps a system table's long values. */
export interface BuiltinToastTable {
  readonly oid: number;
  readonly name: string;
  readonly table: number;
  readonly isShared: boolean;
}

export interface BuiltinRelation {
  readonly oid: number;
  readonly name: string;
  readonly namespace: number;
  /** pg_type oid of its row type. */
  readonly rowType: number;
  /** r table, v view. */
  readonly kind: 'r' | 'v';
  readonly hasIndex: boolean;
  readonly isShared: boolean;
  readonly hasRules: boolean;
  readonly acl: string | undefined;
  /** d: its primary key, n: nothing. */
  readonly replicaIdentity: 'd' | 'n';
  /** reloptions. */
  readonly options: readonly string[] | undefined;
  /** User columns (attnum > 0) by number. */
  readonly columns: readonly BuiltinColumn[];
}

export interface BuiltinColumn {
  readonly number: number;
  readonly name: string;
  readonly type: number;
  readonly typeModifier: number;
  readonly dimensions: number;
  readonly notNull: boolean;
  readonly collation: number;
  /** Where PUBLIC may see the column, and not the whole relation. */
  readonly acl: string | undefined;
}

/** What coercion and polymorphism need to know of types. The full catalog offers it with its users' types and casts included. */
export interface TypeSource {
  typeByOid(oid: number): BuiltinType | undefined;
  castBetween(source: number, target: number): BuiltinCast | undefined;
  /** By the range type's oid. */
  rangeByType(oid: number): BuiltinRange | undefined;
  /** By the multirange type's oid. */
  rangeByMultirange(oid: number): BuiltinRange | undefined;
}

/** What finding an order or an equality for a type needs. */
export interface OpclassSource extends TypeSource {
  /** The default operator classes of an access method. */
  defaultOpclasses(method: number): readonly BuiltinOpclass[];
  /** The operator of a family for two types and a strategy. */
  amop(family: number, left: number, right: number, strategy: number): BuiltinAmop | undefined;
  /** Types of a composite type's columns (without dropped ones); undefined for other types. */
  columnTypes(rowType: number): readonly number[] | undefined;
}

/** Everything PostgreSQL (and KalamDB itself) is born with. Immutable; made by loadBuiltinCatalog(), handed around. */
export interface BuiltinCatalog extends OpclassSource {
  types(): readonly BuiltinType[];
  /** @param namespace only in that schema; left out: pg_catalog */
  typeByName(name: string, namespace?: number): BuiltinType | undefined;

  procs(): readonly BuiltinProc[];
  procByOid(oid: number): BuiltinProc | undefined;
  /** All of that name. @param namespace only in that schema; left out: pg_catalog */
  procsByName(name: string, namespace?: number): readonly BuiltinProc[];

  operators(): readonly BuiltinOperator[];
  operatorByOid(oid: number): BuiltinOperator | undefined;
  operatorsByName(name: string): readonly BuiltinOperator[];

  casts(): readonly BuiltinCast[];
  castsFrom(source: number): readonly BuiltinCast[];

  aggregates(): readonly BuiltinAggregate[];
  aggregateByProc(proc: number): BuiltinAggregate | undefined;
  ranges(): readonly BuiltinRange[];

  accessMethods(): readonly BuiltinAccessMethod[];
  opfamilies(): readonly BuiltinOpfamily[];
  opclasses(): readonly BuiltinOpclass[];
  opclassByOid(oid: number): BuiltinOpclass | undefined;
  amops(): readonly BuiltinAmop[];
  amprocs(): readonly BuiltinAmproc[];
  /** The families that an operator belongs to: what an index on one of them can do with it. */
  amopsByOperator(operator: number): readonly BuiltinAmop[];
  /** Default operator class of btree or hash for a type, its base type or one that it is binary-coercible to. */
  defaultOpclass(type: number, method: number): BuiltinOpclass | undefined;
  /** Comparison operator that the type's default btree class has for the strategy (1 <, 2 <=, 3 =, 4 >=, 5 >); 0 when it has none. */
  btreeOperator(type: number, strategy: number): number;
  /** btree's =, or hash's where there is no btree class (xid, aclitem …); 0 when there is none. */
  equalityOperator(type: number): number;
  lessThanOperator(type: number): number;
  greaterThanOperator(type: number): number;

  collations(): readonly BuiltinCollation[];
  namespaces(): readonly BuiltinNamespace[];
  languages(): readonly BuiltinLanguage[];
  /** By name. */
  settings(): readonly BuiltinSetting[];
  /** Tables and views of pg_catalog and information_schema. */
  systemRelations(): readonly BuiltinRelation[];
  /** Of tables of pg_catalog and their toast tables: what clients see of them, since nothing lies in them here. */
  systemIndexes(): readonly BuiltinIndex[];
  toastTables(): readonly BuiltinToastTable[];
  conversions(): readonly BuiltinConversion[];
  domainChecks(): readonly BuiltinDomainCheck[];
  descriptions(): readonly BuiltinDescription[];
  /** Of the objects with a number: one of each catalog at most. */
  descriptionsOf(object: number): readonly BuiltinDescription[];

  /** What CREATE EXTENSION can make. */
  availableExtensions(): readonly AvailableExtension[];
  /** This catalog and the objects of extensions, each in its schema. The same for the same list. */
  withExtensions(installed: readonly InstalledExtension[]): BuiltinCatalog;
  /** Who owns an extension's object, by the number of a type, function, operator, operator class or family; undefined for all others. */
  ownerOf(object: number): number | undefined;
  /** The objects of an extension as rows with its schema's number; undefined for one that brings none. */
  extensionObjects(name: string, schema: number): ExtensionObjects | undefined;
}

/** What an extension's control file says. */
export interface AvailableExtension {
  readonly name: string;
  readonly defaultVersion: string;
  /** Others that VERSION may name; all have the same objects. */
  readonly otherVersions: readonly string[];
  readonly comment: string;
  readonly superuser: boolean;
  /** Whoever may create objects in the database may create it. */
  readonly trusted: boolean;
  readonly relocatable: boolean;
  /** The only schema that it can be in. */
  readonly schema?: string;
  readonly requires?: readonly string[];
  /** Views that it makes in its schema: their names and queries. All may read them. */
  readonly views?: readonly (readonly [name: string, query: string])[];
  /** No objects of its own: what it stands for is there anyway. */
  readonly isEmpty?: true;
}

export interface InstalledExtension {
  readonly name: string;
  readonly schema: number;
  readonly owner: number;
}

/** The objects that an extension brings. Their numbers are fixed, whatever the schema. */
export interface ExtensionObjects {
  readonly types: readonly BuiltinType[];
  readonly procs: readonly BuiltinProc[];
  readonly operators: readonly BuiltinOperator[];
  readonly casts: readonly BuiltinCast[];
  readonly aggregates: readonly BuiltinAggregate[];
  readonly accessMethods: readonly BuiltinAccessMethod[];
  readonly opfamilies: readonly BuiltinOpfamily[];
  readonly opclasses: readonly BuiltinOpclass[];
  readonly amops: readonly BuiltinAmop[];
  readonly amprocs: readonly BuiltinAmproc[];
}
