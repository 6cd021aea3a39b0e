/**
 * The one syntax tree that the planner knows. Its vocabulary is pgsql-ast-parser's (names of nodes and of their fields);
 * it departs where that tree cannot say what PostgreSQL's grammar says: joins are a tree and not a list, numbers keep
 * their text, sub-queries carry their own node, operators are any symbol, special call syntax (EXTRACT, TRIM, OVERLAY,
 * POSITION, SUBSTRING, LIKE … ESCAPE, AT TIME ZONE) is a call of the pg_catalog function that PostgreSQL's grammar makes of it.
 * Both readers fill exactly these shapes; a missing optional field is absent, never null.
 */

/** Character offsets (UTF-16 code units) into the text that was parsed; `start` is what error positions point at. */
export interface Location {
  readonly start: number;
  readonly end?: number;
}

export interface Node {
  readonly _location?: Location;
}

export interface QName extends Node {
  readonly schema?: string;
  readonly name: string;
  /** Three-part names: the database. Anything but the current one is an error at binding (0A000). */
  readonly catalog?: string;
}

export interface TableAlias {
  readonly name: string;
  readonly columns?: readonly string[];
}

// ---------------------------------------------------------------- types

export interface DataTypeDef extends Node {
  readonly schema?: string;
  /** As PostgreSQL's grammar normalises it: `int4`, `varchar`, `timestamptz`, `bpchar`, `interval` … or a user's name. */
  readonly name: string;
  /** numeric(10,2) → [10, 2]; varchar(5) → [5]; for interval the raw field mask and precision as PostgreSQL's grammar gives them. */
  readonly config?: readonly number[];
  /** Number of `[]`. PostgreSQL ignores it but for zero or not. */
  readonly arrayDimensions?: number;
  readonly setof?: boolean;
  /** `name%TYPE` */
  readonly percentType?: boolean;
}

// ---------------------------------------------------------------- expressions

export type Expr =
  | ExprInteger
  | ExprNumeric
  | ExprString
  | ExprBitString
  | ExprBoolean
  | ExprNull
  | ExprDefault
  | ExprParameter
  | ExprLifted
  | ExprRef
  | ExprField
  | ExprUnary
  | ExprBinary
  | ExprTernary
  | ExprQuantified
  | ExprCast
  | ExprCollate
  | ExprCase
  | ExprCall
  | ExprKeyword
  | ExprCoalesce
  | ExprNullIf
  | ExprMinMax
  | ExprGrouping
  | ExprArray
  | ExprArrayIndex
  | ExprRow
  | ExprList
  | ExprSubquery
  | ExprExists
  | ExprArraySelect
  | ExprCurrentOf;

/** A literal that fits int4. Negative where PostgreSQL's grammar folds a minus sign into the number. */
export interface ExprInteger extends Node {
  readonly type: 'integer';
  readonly value: number;
}
/**
 * Any other number: int8 or numeric by its size and form. `text` is as typed, with a leading `-` where PostgreSQL's
 * grammar folds one in; underscores are gone and hexadecimal, octal and binary numbers are written in decimal.
 */
export interface ExprNumeric extends Node {
  readonly type: 'numeric';
  readonly text: string;
}
/** A string literal: of type unknown until it meets its context. */
export interface ExprString extends Node {
  readonly type: 'string';
  readonly value: string;
}
/** B'0101' or X'1F', with PostgreSQL's leading letter: `b0101`, `x1F`. */
export interface ExprBitString extends Node {
  readonly type: 'bit string';
  readonly text: string;
}
export interface ExprBoolean extends Node {
  readonly type: 'boolean';
  readonly value: boolean;
}
export interface ExprNull extends Node {
  readonly type: 'null';
}
/** DEFAULT in VALUES or SET. */
export interface ExprDefault extends Node {
  readonly type: 'default';
}
/** $1 has index 1. */
export interface ExprParameter extends Node {
  readonly type: 'parameter';
  readonly index: number;
}
/**
 * A literal taken out of the text (see literals.ts): typed exactly as the literal of its kind would be ('integer' int4,
 * 'bigint' int8, 'numeric' numeric, 'string' unknown), its value comes with each execution as number `index` (from 0).
 */
export interface ExprLifted extends Node {
  readonly type: 'lifted';
  readonly index: number;
  readonly kind: 'integer' | 'bigint' | 'numeric' | 'string';
}
/** Column reference: `a`, `t.a`, `s.t.a`, `*`, `t.*`; with four parts the first is `table.catalog`. */
export interface ExprRef extends Node {
  readonly type: 'ref';
  readonly table?: QName;
  /** `*` stands for all columns; a column that is really named * does not occur (`star` tells). */
  readonly name: string;
  readonly star?: true;
}
/** (composite).field, or (composite).* */
export interface ExprField extends Node {
  readonly type: 'field';
  readonly operand: Expr;
  readonly field: string;
  readonly star?: true;
}
export type PostfixTest =
  | 'IS NULL'
  | 'IS NOT NULL'
  | 'IS TRUE'
  | 'IS NOT TRUE'
  | 'IS FALSE'
  | 'IS NOT FALSE'
  | 'IS UNKNOWN'
  | 'IS NOT UNKNOWN';
/** op: 'NOT', one of PostfixTest, or a prefix operator's symbol (`-`, `+`, `~`, `@`, `!!`, …). A minus before a number literal is folded into… nothing: it stays a unary node, as in PostgreSQL's grammar `-1` is folded to a constant with a sign: see ExprInteger with a negative value. */
export interface ExprUnary extends Node {
  readonly type: 'unary';
  readonly op: string;
  readonly opSchema?: string;
  readonly operand: Expr;
}
/**
 * op: 'AND', 'OR', 'IN', 'NOT IN' (right is ExprList or ExprSubquery), 'LIKE', 'NOT LIKE', 'ILIKE', 'NOT ILIKE', 'SIMILAR TO', 'NOT SIMILAR TO',
 * 'IS DISTINCT FROM', 'IS NOT DISTINCT FROM', or an operator's symbol (`<>`, never `!=`).
 * The location is the operator's, which is where PostgreSQL points.
 * As in PostgreSQL's grammar, the right side of SIMILAR TO is already the call pg_catalog.similar_to_escape(pattern[, escape]),
 * and that of LIKE … ESCAPE the call pg_catalog.like_escape(pattern, escape).
 * A chain of more than 32 ANDs or ORs (which PostgreSQL keeps as one list) is a balanced tree, so that it stays shallow.
 */
export interface ExprBinary extends Node {
  readonly type: 'binary';
  readonly op: string;
  readonly opSchema?: string;
  readonly left: Expr;
  readonly right: Expr;
}
export interface ExprTernary extends Node {
  readonly type: 'ternary';
  readonly op: 'BETWEEN' | 'NOT BETWEEN' | 'BETWEEN SYMMETRIC' | 'NOT BETWEEN SYMMETRIC';
  readonly value: Expr;
  readonly lo: Expr;
  readonly hi: Expr;
}
/** left op ANY (right): right is an array expression or ExprSubquery. op is a symbol; LIKE is `~~`, NOT LIKE `!~~`, ILIKE `~~*`, NOT ILIKE `!~~*`. */
export interface ExprQuantified extends Node {
  readonly type: 'quantified';
  readonly op: string;
  readonly opSchema?: string;
  readonly quantifier: 'ANY' | 'ALL';
  readonly left: Expr;
  readonly right: Expr;
}
export interface ExprCast extends Node {
  readonly type: 'cast';
  readonly operand: Expr;
  readonly to: DataTypeDef;
}
export interface ExprCollate extends Node {
  readonly type: 'collate';
  readonly operand: Expr;
  readonly collation: QName;
}
export interface ExprCase extends Node {
  readonly type: 'case';
  readonly value?: Expr;
  readonly whens: readonly { readonly when: Expr; readonly value: Expr }[];
  readonly else?: Expr;
}
export interface ExprCall extends Node {
  readonly type: 'call';
  readonly function: QName;
  readonly args: readonly ExprArgument[];
  /** count(*) */
  readonly star?: true;
  readonly distinct?: true;
  readonly variadic?: true;
  readonly orderBy?: readonly OrderBy[];
  readonly withinGroup?: true;
  readonly filter?: Expr;
  readonly over?: WindowDef;
  /** True where the user wrote the special syntax (EXTRACT(…) and so on): matters only for column names and deparsing. */
  readonly sqlSyntax?: true;
}
export type ExprArgument = Expr | NamedArgument;
export interface NamedArgument extends Node {
  readonly type: 'named argument';
  readonly name: string;
  readonly value: Expr;
}
export interface WindowDef extends Node {
  /** OVER w, or the name being defined in WINDOW w AS (…). */
  readonly name?: string;
  /** OVER (w …): the window it copies. */
  readonly refName?: string;
  readonly partitionBy?: readonly Expr[];
  readonly orderBy?: readonly OrderBy[];
  readonly frame?: WindowFrame;
}
export type FrameBoundKind = 'UNBOUNDED PRECEDING' | 'OFFSET PRECEDING' | 'CURRENT ROW' | 'OFFSET FOLLOWING' | 'UNBOUNDED FOLLOWING';
export interface WindowFrame {
  readonly mode: 'ROWS' | 'RANGE' | 'GROUPS';
  readonly start: FrameBoundKind;
  readonly startOffset?: Expr;
  readonly end: FrameBoundKind;
  readonly endOffset?: Expr;
  readonly exclude?: 'CURRENT ROW' | 'GROUP' | 'TIES';
}
export type Keyword =
  | 'current_date'
  | 'current_time'
  | 'current_timestamp'
  | 'localtime'
  | 'localtimestamp'
  | 'current_role'
  | 'current_user'
  | 'user'
  | 'session_user'
  | 'current_catalog'
  | 'current_schema';
export interface ExprKeyword extends Node {
  readonly type: 'keyword';
  readonly keyword: Keyword;
  /** current_timestamp(3) */
  readonly precision?: number;
}
export interface ExprCoalesce extends Node {
  readonly type: 'coalesce';
  readonly args: readonly Expr[];
}
export interface ExprNullIf extends Node {
  readonly type: 'nullif';
  readonly left: Expr;
  readonly right: Expr;
}
export interface ExprMinMax extends Node {
  readonly type: 'minmax';
  readonly op: 'greatest' | 'least';
  readonly args: readonly Expr[];
}
export interface ExprGrouping extends Node {
  readonly type: 'grouping';
  readonly args: readonly Expr[];
}
/** ARRAY[…] */
export interface ExprArray extends Node {
  readonly type: 'array';
  readonly expressions: readonly Expr[];
}
/** a[i] (index) or a[lo:hi] (slice true; absent bounds are open). One node a subscript, nested from the inside out. */
export interface ExprArrayIndex extends Node {
  readonly type: 'arrayIndex';
  readonly array: Expr;
  readonly slice?: true;
  readonly index?: Expr;
  readonly upper?: Expr;
}
/** ROW(…) or (a, b): explicit tells which. */
export interface ExprRow extends Node {
  readonly type: 'row';
  readonly expressions: readonly Expr[];
  readonly explicit?: true;
}
/** Only as the right side of IN. */
export interface ExprList extends Node {
  readonly type: 'list';
  readonly expressions: readonly Expr[];
}
/** (SELECT …) as a value, or as the right side of IN, ANY and ALL. */
export interface ExprSubquery extends Node {
  readonly type: 'subquery';
  readonly select: SelectStatement;
}
export interface ExprExists extends Node {
  readonly type: 'exists';
  readonly select: SelectStatement;
}
/** ARRAY(SELECT …) */
export interface ExprArraySelect extends Node {
  readonly type: 'array select';
  readonly select: SelectStatement;
}
/** WHERE CURRENT OF cursor */
export interface ExprCurrentOf extends Node {
  readonly type: 'current of';
  readonly cursor: string;
}

// ---------------------------------------------------------------- queries

export interface OrderBy extends Node {
  readonly by: Expr;
  readonly order?: 'ASC' | 'DESC';
  readonly nulls?: 'FIRST' | 'LAST';
  /** ORDER BY x USING < */
  readonly using?: string;
}

export interface SelectedColumn extends Node {
  readonly expr: Expr;
  readonly alias?: string;
}

export interface With extends Node {
  readonly recursive?: true;
  readonly ctes: readonly CommonTableExpr[];
}
export interface CommonTableExpr extends Node {
  readonly name: string;
  readonly columns?: readonly string[];
  readonly materialized?: boolean;
  readonly statement: SelectStatement | InsertStatement | UpdateStatement | DeleteStatement;
  /** SEARCH or CYCLE was given (0A000 until the binder knows them). */
  readonly searchOrCycle?: true;
}

export interface LockingClause extends Node {
  readonly strength: 'UPDATE' | 'NO KEY UPDATE' | 'SHARE' | 'KEY SHARE';
  readonly of?: readonly QName[];
  readonly wait?: 'NOWAIT' | 'SKIP LOCKED';
}

/** What may follow any SELECT, set operation or VALUES. */
export interface QueryTail {
  readonly with?: With;
  readonly orderBy?: readonly OrderBy[];
  readonly limit?: Expr;
  /** FETCH FIRST … WITH TIES */
  readonly withTies?: true;
  readonly offset?: Expr;
  readonly locking?: readonly LockingClause[];
}

export type SelectStatement = SelectFromStatement | SetOperation | ValuesStatement;

export interface SelectFromStatement extends Node, QueryTail {
  readonly type: 'select';
  /** Absent for SELECT with no columns. */
  readonly columns: readonly SelectedColumn[];
  /** true: DISTINCT; expressions: DISTINCT ON. */
  readonly distinct?: true | readonly Expr[];
  readonly from?: readonly From[];
  readonly where?: Expr;
  readonly groupBy?: readonly GroupItem[];
  readonly groupDistinct?: true;
  readonly having?: Expr;
  readonly windows?: readonly WindowDef[];
  /** SELECT … INTO t: the binder treats it as CREATE TABLE AS. */
  readonly into?: { readonly name: QName; readonly temporary?: true };
}
export interface GroupingSet extends Node {
  readonly type: 'grouping set';
  readonly kind: 'EMPTY' | 'ROLLUP' | 'CUBE' | 'SETS';
  readonly items: readonly GroupItem[];
}
export type GroupItem = Expr | GroupingSet;

export interface SetOperation extends Node, QueryTail {
  readonly type: 'set operation';
  readonly op: 'UNION' | 'INTERSECT' | 'EXCEPT';
  readonly all?: true;
  readonly left: SelectStatement;
  readonly right: SelectStatement;
}

export interface ValuesStatement extends Node, QueryTail {
  readonly type: 'values';
  readonly values: readonly (readonly Expr[])[];
}

export type From = FromTable | FromStatement | FromFunctions | FromJoin;
export interface FromTable extends Node {
  readonly type: 'table';
  readonly name: QName;
  readonly alias?: TableAlias;
  readonly only?: true;
  readonly tableSample?: { readonly method: QName; readonly args: readonly Expr[]; readonly repeatable?: Expr };
}
export interface FromStatement extends Node {
  readonly type: 'statement';
  readonly statement: SelectStatement;
  readonly alias?: TableAlias;
  readonly lateral?: true;
}
export interface FromFunctions extends Node {
  readonly type: 'functions';
  /** One unless ROWS FROM (…) was written. */
  readonly functions: readonly { readonly call: Expr; readonly columns?: readonly ColumnTypeDef[] }[];
  readonly rowsFrom?: true;
  readonly ordinality?: true;
  readonly lateral?: true;
  readonly alias?: TableAlias;
  /** f() AS t(a int, b text) */
  readonly columns?: readonly ColumnTypeDef[];
}
export interface ColumnTypeDef extends Node {
  readonly name: string;
  readonly dataType: DataTypeDef;
}
export interface FromJoin extends Node {
  readonly type: 'join';
  /** CROSS JOIN is INNER without a condition. */
  readonly joinType: 'INNER' | 'LEFT' | 'RIGHT' | 'FULL';
  readonly natural?: true;
  readonly left: From;
  readonly right: From;
  readonly on?: Expr;
  readonly using?: readonly string[];
  readonly usingAlias?: string;
  readonly alias?: TableAlias;
}

// ---------------------------------------------------------------- changes of data

export interface InsertStatement extends Node {
  readonly type: 'insert';
  readonly with?: With;
  readonly into: QName;
  readonly alias?: string;
  readonly columns?: readonly InsertColumn[];
  readonly overriding?: 'system' | 'user';
  /** Absent for DEFAULT VALUES. */
  readonly insert?: SelectStatement;
  readonly onConflict?: OnConflict;
  readonly returning?: readonly SelectedColumn[];
}
export interface InsertColumn extends Node {
  readonly name: string;
  /** INSERT INTO t (a[1], b.c): rare; nested indirection as written. */
  readonly indirection?: readonly Indirection[];
}
export type Indirection = { readonly field: string } | { readonly index: Expr } | { readonly lower?: Expr; readonly upper?: Expr };
export interface OnConflict extends Node {
  readonly target?:
    | { readonly type: 'columns'; readonly elements: readonly IndexElement[]; readonly where?: Expr }
    | { readonly type: 'constraint'; readonly name: string };
  readonly do: 'nothing' | { readonly sets: readonly SetClause[]; readonly where?: Expr };
}
export type SetClause = SetColumn | SetMultiple;
export interface SetColumn extends Node {
  readonly type: 'set';
  readonly column: string;
  readonly indirection?: readonly Indirection[];
  readonly value: Expr;
}
/** SET (a, b) = (SELECT …) or = ROW(…) */
export interface SetMultiple extends Node {
  readonly type: 'set multiple';
  readonly columns: readonly InsertColumn[];
  readonly value: Expr;
}
export interface UpdateStatement extends Node {
  readonly type: 'update';
  readonly with?: With;
  readonly table: QName;
  readonly only?: true;
  readonly alias?: string;
  readonly sets: readonly SetClause[];
  readonly from?: readonly From[];
  readonly where?: Expr;
  readonly returning?: readonly SelectedColumn[];
}
export interface DeleteStatement extends Node {
  readonly type: 'delete';
  readonly with?: With;
  readonly from: QName;
  readonly only?: true;
  readonly alias?: string;
  readonly using?: readonly From[];
  readonly where?: Expr;
  readonly returning?: readonly SelectedColumn[];
}
export interface TruncateStatement extends Node {
  readonly type: 'truncate';
  readonly tables: readonly QName[];
  readonly restartIdentity?: true;
  readonly cascade?: true;
}
export interface CopyStatement extends Node {
  readonly type: 'copy';
  readonly table?: QName;
  readonly columns?: readonly string[];
  readonly query?: SelectStatement | InsertStatement | UpdateStatement | DeleteStatement;
  readonly direction: 'from' | 'to';
  /** Absent for STDIN and STDOUT. */
  readonly file?: string;
  readonly program?: true;
  readonly options: readonly DefElement[];
  readonly where?: Expr;
}

// ---------------------------------------------------------------- definitions

/** A generic `name = value` option of DDL (WITH (…), sequence options, COPY options, role options, EXPLAIN options). */
export interface DefElement extends Node {
  /**
   * As PostgreSQL's grammar names it: `fillfactor`, `start`, `cycle`, `canlogin`, `connectionlimit`, `validUntil`, `rolemembers` …
   * An unquoted word as value is a string, as is a plain type name but for `as`; `owned_by` is a list of strings (`none` too),
   * `sequence_name` a list of strings; NO MAXVALUE is `maxvalue` without a value; roles in lists are strings;
   * `generated` of SET GENERATED is 'always' or 'by default'.
   */
  readonly name: string;
  readonly namespace?: string;
  readonly value?: DefValue;
}
export type DefValue =
  | { readonly type: 'string'; readonly value: string }
  | { readonly type: 'integer'; readonly value: number }
  | { readonly type: 'numeric'; readonly text: string }
  | { readonly type: 'boolean'; readonly value: boolean }
  | { readonly type: 'type'; readonly dataType: DataTypeDef }
  | { readonly type: 'name'; readonly name: QName }
  | { readonly type: 'star' }
  | { readonly type: 'list'; readonly values: readonly DefValue[] };

export interface CreateSchemaStatement extends Node {
  readonly type: 'create schema';
  readonly name?: string;
  readonly authorization?: string;
  readonly ifNotExists?: true;
  readonly elements?: readonly Statement[];
}

export interface CreateTableStatement extends Node {
  readonly type: 'create table';
  readonly name: QName;
  readonly persistence?: 'temporary' | 'unlogged';
  readonly onCommit?: 'preserve rows' | 'delete rows' | 'drop';
  readonly ifNotExists?: true;
  readonly columns: readonly (ColumnDef | LikeTable)[];
  readonly constraints: readonly TableConstraint[];
  readonly inherits?: readonly QName[];
  /** PARTITION BY / PARTITION OF were given (0A000 until partitioning comes). */
  readonly partitioning?: true;
  readonly with?: readonly DefElement[];
}
export interface ColumnDef extends Node {
  readonly type: 'column';
  readonly name: string;
  readonly dataType: DataTypeDef;
  readonly collate?: QName;
  readonly constraints: readonly ColumnConstraint[];
}
export interface LikeTable extends Node {
  readonly type: 'like';
  readonly table: QName;
  /** PostgreSQL's names in lower case: all, comments, constraints, defaults, generated, identity, indexes, statistics, storage. */
  readonly including: readonly string[];
}
export interface Deferral {
  readonly deferrable?: true;
  readonly initiallyDeferred?: true;
}
export type ColumnConstraint = Node & { readonly name?: string } & Deferral &
  (
    | { readonly type: 'not null' }
    | { readonly type: 'null' }
    | { readonly type: 'default'; readonly expr: Expr }
    | { readonly type: 'check'; readonly expr: Expr; readonly noInherit?: true }
    | { readonly type: 'primary key'; readonly with?: readonly DefElement[] }
    | { readonly type: 'unique'; readonly nullsNotDistinct?: true; readonly with?: readonly DefElement[] }
    | ({ readonly type: 'references' } & References)
    | { readonly type: 'identity'; readonly always: boolean; readonly options: readonly DefElement[] }
    | { readonly type: 'generated'; readonly expr: Expr }
  );
export type ForeignKeyAction = 'no action' | 'restrict' | 'cascade' | 'set null' | 'set default';
export interface References {
  readonly table: QName;
  readonly foreignColumns?: readonly string[];
  readonly match?: 'simple' | 'full' | 'partial';
  readonly onDelete?: ForeignKeyAction;
  readonly onUpdate?: ForeignKeyAction;
  readonly onDeleteColumns?: readonly string[];
}
export type TableConstraint = Node & { readonly name?: string; readonly notValid?: true } & Deferral &
  (
    | { readonly type: 'check'; readonly expr: Expr; readonly noInherit?: true }
    | {
        readonly type: 'primary key' | 'unique';
        readonly columns: readonly string[];
        readonly including?: readonly string[];
        readonly nullsNotDistinct?: true;
        /** ADD CONSTRAINT … USING INDEX i */
        readonly usingIndex?: string;
        readonly with?: readonly DefElement[];
      }
    | ({ readonly type: 'foreign key'; readonly columns: readonly string[] } & References)
    | { readonly type: 'exclude' }
  );

export interface CreateTableAsStatement extends Node {
  readonly type: 'create table as';
  readonly name: QName;
  readonly columns?: readonly string[];
  readonly persistence?: 'temporary' | 'unlogged';
  readonly onCommit?: 'preserve rows' | 'delete rows' | 'drop';
  readonly ifNotExists?: true;
  readonly materializedView?: true;
  readonly with?: readonly DefElement[];
  readonly query: SelectStatement | ExecuteStatement;
  readonly withNoData?: true;
}

export interface CreateIndexStatement extends Node {
  readonly type: 'create index';
  readonly name?: string;
  readonly table: QName;
  readonly using: string;
  readonly unique?: true;
  readonly nullsNotDistinct?: true;
  readonly concurrently?: true;
  readonly ifNotExists?: true;
  readonly elements: readonly IndexElement[];
  readonly including?: readonly string[];
  readonly where?: Expr;
  readonly with?: readonly DefElement[];
}
export interface IndexElement extends Node {
  /** A plain column is an ExprRef without table. */
  readonly expr: Expr;
  readonly collate?: QName;
  readonly opclass?: QName;
  readonly order?: 'ASC' | 'DESC';
  readonly nulls?: 'FIRST' | 'LAST';
}

export interface CreateViewStatement extends Node {
  readonly type: 'create view';
  readonly name: QName;
  readonly columns?: readonly string[];
  readonly orReplace?: true;
  readonly temporary?: true;
  readonly with?: readonly DefElement[];
  readonly checkOption?: 'local' | 'cascaded';
  readonly query: SelectStatement;
  /** The query as typed: what pg_get_viewdef and a restart start from. */
  readonly queryText: string;
}

export interface CreateSequenceStatement extends Node {
  readonly type: 'create sequence';
  readonly name: QName;
  readonly persistence?: 'temporary' | 'unlogged';
  readonly ifNotExists?: true;
  readonly options: readonly DefElement[];
}
export interface AlterSequenceStatement extends Node {
  readonly type: 'alter sequence';
  readonly name: QName;
  readonly ifExists?: true;
  readonly options: readonly DefElement[];
}

export interface AlterTableStatement extends Node {
  readonly type: 'alter table';
  readonly objectType: 'table' | 'index' | 'view' | 'sequence' | 'materialized view' | 'type' | 'foreign table';
  readonly table: QName;
  readonly only?: true;
  readonly ifExists?: true;
  readonly changes: readonly TableAlteration[];
}
export type TableAlteration = Node &
  (
    | { readonly type: 'add column'; readonly column: ColumnDef; readonly ifNotExists?: true }
    | { readonly type: 'drop column'; readonly column: string; readonly ifExists?: true; readonly cascade?: true }
    | {
        readonly type: 'set type';
        readonly column: string;
        readonly dataType: DataTypeDef;
        readonly using?: Expr;
        readonly collate?: QName;
      }
    | { readonly type: 'set default'; readonly column: string; readonly expr: Expr }
    | { readonly type: 'drop default' | 'set not null' | 'drop not null'; readonly column: string }
    | { readonly type: 'add identity'; readonly column: string; readonly always: boolean; readonly options: readonly DefElement[] }
    | { readonly type: 'set identity'; readonly column: string; readonly options: readonly DefElement[] }
    | { readonly type: 'drop identity' | 'drop expression'; readonly column: string; readonly ifExists?: true }
    | { readonly type: 'add constraint'; readonly constraint: TableConstraint }
    | { readonly type: 'drop constraint'; readonly name: string; readonly ifExists?: true; readonly cascade?: true }
    | { readonly type: 'validate constraint'; readonly name: string }
    | { readonly type: 'owner'; readonly to: RoleSpec }
    | { readonly type: 'set options' | 'reset options'; readonly options: readonly DefElement[] }
    | { readonly type: 'row security'; readonly action: 'enable' | 'disable' | 'force' | 'no force' }
    | { readonly type: 'unsupported'; readonly what: string }
  );
/** ALTER … RENAME of a table, column, constraint, index, view, sequence, schema, role … */
export interface RenameStatement extends Node {
  readonly type: 'rename';
  /** 'table', 'column', 'constraint', 'index', 'view', 'sequence', 'schema', 'role', 'type', 'database', 'attribute' … */
  readonly objectType: string;
  /** For columns and constraints: the relation. For roles and schemas: only name. */
  readonly relation: QName;
  /** The column's or constraint's old name. */
  readonly member?: string;
  readonly to: string;
  readonly ifExists?: true;
}
export interface AlterObjectSchemaStatement extends Node {
  readonly type: 'alter object schema';
  readonly objectType: string;
  readonly name: QName;
  readonly schema: string;
  readonly ifExists?: true;
}
export interface AlterOwnerStatement extends Node {
  readonly type: 'alter owner';
  readonly objectType: string;
  readonly name: QName;
  readonly to: RoleSpec;
}

export interface DropStatement extends Node {
  readonly type: 'drop';
  /** 'table', 'view', 'index', 'sequence', 'schema', 'type', 'materialized view', … as in DROP … */
  readonly objectType: string;
  readonly names: readonly QName[];
  readonly ifExists?: true;
  readonly cascade?: true;
  readonly concurrently?: true;
}

export interface CommentStatement extends Node {
  readonly type: 'comment';
  readonly objectType: string;
  readonly name: QName;
  /** For COMMENT ON COLUMN and ON CONSTRAINT … ON table. */
  readonly member?: string;
  /** Absent: IS NULL. */
  readonly comment?: string;
}

// ---------------------------------------------------------------- roles and privileges

export type RoleSpec = Node &
  ({ readonly type: 'role'; readonly name: string } | { readonly type: 'current_user' | 'session_user' | 'current_role' | 'public' });

export interface CreateRoleStatement extends Node {
  readonly type: 'create role';
  readonly kind: 'role' | 'user' | 'group';
  readonly name: string;
  readonly options: readonly DefElement[];
}
export interface AlterRoleStatement extends Node {
  readonly type: 'alter role';
  readonly role: RoleSpec;
  readonly options: readonly DefElement[];
}
export interface AlterRoleSetStatement extends Node {
  readonly type: 'alter role set';
  /** Absent: ALTER ROLE ALL. */
  readonly role?: RoleSpec;
  readonly database?: string;
  readonly set: SetStatement;
}
export interface AlterDatabaseSetStatement extends Node {
  readonly type: 'alter database set';
  readonly database: string;
  readonly set: SetStatement;
}
export interface DropRoleStatement extends Node {
  readonly type: 'drop role';
  readonly roles: readonly RoleSpec[];
  readonly ifExists?: true;
}
export interface GrantStatement extends Node {
  readonly type: 'grant' | 'revoke';
  readonly objectType: 'table' | 'sequence' | 'schema' | 'database' | 'function' | 'type' | 'language' | string;
  /** 'object': the named ones; 'all in schema': names are schemas. */
  readonly target: 'object' | 'all in schema';
  readonly names: readonly QName[];
  /** Absent: ALL PRIVILEGES. */
  readonly privileges?: readonly { readonly privilege: string; readonly columns?: readonly string[] }[];
  readonly grantees: readonly RoleSpec[];
  readonly grantOption?: true;
  readonly cascade?: true;
}
export interface GrantRoleStatement extends Node {
  readonly type: 'grant role' | 'revoke role';
  readonly roles: readonly string[];
  readonly grantees: readonly RoleSpec[];
  readonly adminOption?: true;
  readonly cascade?: true;
}

// ---------------------------------------------------------------- session and transaction

export interface TransactionOptions {
  readonly isolationLevel?: 'serializable' | 'repeatable read' | 'read committed' | 'read uncommitted';
  readonly readOnly?: boolean;
  readonly deferrable?: boolean;
}
export interface TransactionStatement extends Node, TransactionOptions {
  readonly type: 'transaction';
  readonly kind:
    | 'begin'
    | 'start'
    | 'commit'
    | 'rollback'
    | 'savepoint'
    | 'release'
    | 'rollback to'
    | 'prepare'
    | 'commit prepared'
    | 'rollback prepared';
  /** AND CHAIN */
  readonly chain?: true;
  /** The savepoint, or the prepared transaction's id. */
  readonly name?: string;
}
export interface SetStatement extends Node {
  readonly type: 'set';
  readonly variable: string;
  readonly scope: 'session' | 'local';
  /** 'value': SET x TO …; 'default': SET x TO DEFAULT; 'reset': RESET x; 'reset all'; 'transaction': SET TRANSACTION …; 'session characteristics'. */
  readonly action: 'value' | 'default' | 'reset' | 'reset all' | 'from current' | 'transaction' | 'session characteristics';
  /** Literals as text; a list (search_path) has several. Numbers keep their text. SET TIME ZONE INTERVAL gives the interval's text. */
  readonly values?: readonly SetValue[];
  readonly transaction?: TransactionOptions;
}
export type SetValue = { readonly kind: 'string' | 'number' | 'identifier'; readonly text: string };
export interface ShowStatement extends Node {
  readonly type: 'show';
  /** 'all' for SHOW ALL. */
  readonly variable: string;
}
export interface PrepareStatement extends Node {
  readonly type: 'prepare';
  readonly name: string;
  readonly argTypes?: readonly DataTypeDef[];
  readonly statement: Statement;
  /** As typed, for pg_prepared_statements and errors. */
  readonly text: string;
}
export interface ExecuteStatement extends Node {
  readonly type: 'execute';
  readonly name: string;
  readonly params: readonly Expr[];
}
export interface DeallocateStatement extends Node {
  readonly type: 'deallocate';
  /** Absent: ALL. */
  readonly name?: string;
}
export interface DeclareCursorStatement extends Node {
  readonly type: 'declare cursor';
  readonly name: string;
  readonly scroll?: boolean;
  readonly hold?: true;
  readonly binary?: true;
  readonly query: SelectStatement;
}
export interface FetchStatement extends Node {
  readonly type: 'fetch';
  readonly move?: true;
  readonly cursor: string;
  readonly direction: 'forward' | 'backward' | 'absolute' | 'relative';
  /** 'all' or a count. */
  readonly count: number | 'all';
}
export interface CloseStatement extends Node {
  readonly type: 'close';
  /** Absent: ALL. */
  readonly cursor?: string;
}
export interface DiscardStatement extends Node {
  readonly type: 'discard';
  readonly target: 'all' | 'plans' | 'sequences' | 'temp';
}
export interface ListenStatement extends Node {
  readonly type: 'listen';
  /** LISTEN takes one identifier in PostgreSQL's grammar; a qualified relation is written LISTEN "app.todos" or through search_path. */
  readonly channel: string;
}
export interface UnlistenStatement extends Node {
  readonly type: 'unlisten';
  /** Absent: *. */
  readonly channel?: string;
}
export interface NotifyStatement extends Node {
  readonly type: 'notify';
  readonly channel: string;
  readonly payload?: string;
}
export interface LockTableStatement extends Node {
  readonly type: 'lock table';
  readonly tables: readonly QName[];
  /** 'ACCESS EXCLUSIVE' and so on. */
  readonly mode: string;
  readonly nowait?: true;
}
export interface SetConstraintsStatement extends Node {
  readonly type: 'set constraints';
  /** Absent: ALL. */
  readonly names?: readonly QName[];
  readonly deferred: boolean;
}
export interface CheckpointStatement extends Node {
  readonly type: 'checkpoint';
}

// ---------------------------------------------------------------- utility

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
export interface DoStatement extends Node {
  readonly type: 'do';
  readonly language?: string;
  readonly code: string;
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
  | TruncateStatement
  | CopyStatement
  | CreateSchemaStatement
  | CreateTableStatement
  | CreateTableAsStatement
  | CreateIndexStatement
  | CreateViewStatement
  | CreateSequenceStatement
  | AlterSequenceStatement
  | AlterTableStatement
  | RenameStatement
  | AlterObjectSchemaStatement
  | AlterOwnerStatement
  | DropStatement
  | CommentStatement
  | CreateRoleStatement
  | AlterRoleStatement
  | AlterRoleSetStatement
  | AlterDatabaseSetStatement
  | DropRoleStatement
  | GrantStatement
  | GrantRoleStatement
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
