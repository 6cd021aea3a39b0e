/** DDL. */
import type { Expr } from './expressions.js';
import type { DataTypeDef, Node, QName } from './nodes.js';
import type { SelectStatement } from './queries.js';
import type { RoleSpec } from './roles.js';
import type { CastRef, OperatorRef, RoutineRef } from './routines.js';
import type { ExecuteStatement } from './sessions.js';
import type { Statement } from './statements.js';
import type { Firing } from './triggers.js';

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
  /** The one parent of PARTITION OF too. */
  readonly inherits?: readonly QName[];
  /** PARTITION OF … FOR VALUES */
  readonly bound?: PartitionBoundSpec;
  readonly partitionBy?: PartitionSpec;
  /** OF: the composite type that gives the columns. */
  readonly ofType?: QName;
  /** PARTITION OF and OF: what is said of columns that come from there. */
  readonly columnOptions?: readonly ColumnOptions[];
  readonly with?: readonly DefElement[];
}
export interface ColumnDef extends Node {
  readonly type: 'column';
  readonly name: string;
  readonly dataType: DataTypeDef;
  readonly collate?: QName;
  readonly constraints: readonly ColumnConstraint[];
}
export interface ColumnOptions extends Node {
  readonly name: string;
  readonly constraints: readonly ColumnConstraint[];
}
export interface PartitionSpec extends Node {
  readonly strategy: 'range' | 'list' | 'hash';
  readonly elements: readonly PartitionElement[];
}
export interface PartitionElement extends Node {
  /** A plain column is an ExprRef without table. */
  readonly expr: Expr;
  readonly collate?: QName;
  readonly opclass?: QName;
}
/** MINVALUE and MAXVALUE come as references to columns of these names. */
export type PartitionBoundSpec = Node &
  (
    | { readonly type: 'default' }
    | { readonly type: 'list'; readonly values: readonly Expr[] }
    | { readonly type: 'range'; readonly from: readonly Expr[]; readonly to: readonly Expr[] }
    | { readonly type: 'hash'; readonly modulus: number; readonly remainder: number }
  );
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
    | {
        readonly type: 'exclude';
        readonly using: string;
        readonly elements: readonly { readonly element: IndexElement; readonly operator: QName }[];
        readonly including?: readonly string[];
        readonly where?: Expr;
        readonly with?: readonly DefElement[];
      }
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

export interface RefreshStatement extends Node {
  readonly type: 'refresh materialized view';
  readonly name: QName;
  readonly concurrently?: true;
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
    | ({ readonly type: 'alter constraint'; readonly name: string } & Deferral)
    | { readonly type: 'validate constraint'; readonly name: string }
    | { readonly type: 'inherit' | 'no inherit'; readonly parent: QName }
    /** Of an index without bounds. */
    | { readonly type: 'attach partition'; readonly partition: QName; readonly bound?: PartitionBoundSpec }
    | { readonly type: 'detach partition'; readonly partition: QName; readonly mode?: 'concurrently' | 'finalize' }
    | { readonly type: 'owner'; readonly to: RoleSpec }
    | { readonly type: 'set options' | 'reset options'; readonly options: readonly DefElement[] }
    | { readonly type: 'row security'; readonly action: 'enable' | 'disable' | 'force' | 'no force' }
    /** Of one trigger, or of all, or of all but those that keep constraints. */
    | { readonly type: 'trigger'; readonly firing: Firing; readonly which: { readonly name: string } | 'all' | 'user' }
    | { readonly type: 'rule'; readonly firing: Firing; readonly name: string }
    /** By name, or of an index by number. */
    | { readonly type: 'set statistics'; readonly column?: string; readonly number?: number; readonly value: number }
    | {
        readonly type: 'set attribute options' | 'reset attribute options';
        readonly column: string;
        readonly options: readonly DefElement[];
      }
    | { readonly type: 'set storage'; readonly column: string; readonly storage: string }
    | { readonly type: 'set compression'; readonly column: string; readonly method: string }
    | { readonly type: 'cluster on'; readonly index: string }
    | { readonly type: 'without cluster' | 'without oids' | 'not of' }
    | { readonly type: 'persistence'; readonly logged: boolean }
    | { readonly type: 'access method' | 'tablespace'; readonly name: string }
    | { readonly type: 'of'; readonly typeName: QName }
    | { readonly type: 'replica identity'; readonly identity: 'd' | 'n' | 'f' | 'i'; readonly index?: string }
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
  /** Of a function, procedure, routine or aggregate. */
  readonly routine?: RoutineRef;
  readonly to: string;
  readonly ifExists?: true;
}
export interface AlterObjectSchemaStatement extends Node {
  readonly type: 'alter object schema';
  readonly objectType: string;
  readonly name: QName;
  readonly routine?: RoutineRef;
  readonly operator?: OperatorRef;
  readonly schema: string;
  readonly ifExists?: true;
}
export interface AlterOwnerStatement extends Node {
  readonly type: 'alter owner';
  readonly objectType: string;
  readonly name: QName;
  readonly routine?: RoutineRef;
  readonly operator?: OperatorRef;
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
  readonly routine?: RoutineRef;
  readonly operator?: OperatorRef;
  readonly cast?: CastRef;
  /** For COMMENT ON COLUMN and ON CONSTRAINT … ON table. */
  readonly member?: string;
  /** Absent: IS NULL. */
  readonly comment?: string;
}

/** CREATE TYPE … AS ENUM (…). */
export interface CreateEnumStatement extends Node {
  readonly type: 'create enum';
  readonly name: QName;
  readonly labels: readonly string[];
}
/** ALTER TYPE … ADD VALUE, or RENAME VALUE when there is an old one. */
export interface AlterEnumStatement extends Node {
  readonly type: 'alter enum';
  readonly name: QName;
  readonly label: string;
  readonly renamed?: string;
  readonly neighbor?: { readonly label: string; readonly isAfter: boolean };
  readonly ifNotExists?: true;
}
/** CREATE TYPE … AS (…). */
export interface CreateCompositeStatement extends Node {
  readonly type: 'create composite';
  readonly name: QName;
  readonly columns: readonly ColumnDef[];
}
/** CREATE TYPE … AS RANGE (…). */
export interface CreateRangeStatement extends Node {
  readonly type: 'create range';
  readonly name: QName;
  readonly options: readonly DefElement[];
}
/** CREATE TYPE name (…); without options: a shell. */
export interface CreateBaseTypeStatement extends Node {
  readonly type: 'create base type';
  readonly name: QName;
  readonly options?: readonly DefElement[];
}
export interface CreateDomainStatement extends Node {
  readonly type: 'create domain';
  readonly name: QName;
  readonly dataType: DataTypeDef;
  readonly collate?: QName;
  readonly constraints: readonly ColumnConstraint[];
}
export interface AlterDomainStatement extends Node {
  readonly type: 'alter domain';
  readonly name: QName;
  readonly change:
    | { readonly type: 'set default'; readonly expr: Expr }
    | { readonly type: 'drop default' | 'set not null' | 'drop not null' }
    | { readonly type: 'add constraint'; readonly name?: string; readonly expr: Expr; readonly notValid?: true }
    | { readonly type: 'drop constraint'; readonly name: string; readonly ifExists?: true; readonly cascade?: true }
    | { readonly type: 'validate constraint'; readonly name: string };
}

export type OperatorClassItem =
  | { readonly kind: 'operator'; readonly number: number; readonly operator: OperatorRef }
  | { readonly kind: 'function'; readonly number: number; readonly routine: RoutineRef }
  | { readonly kind: 'storage' };
/** CREATE OPERATOR CLASS. */
export interface CreateOperatorClassStatement extends Node {
  readonly type: 'create operator class';
  readonly name: QName;
  readonly dataType: DataTypeDef;
  readonly method: string;
  readonly isDefault?: true;
  readonly items: readonly OperatorClassItem[];
}
export interface DropOperatorClassStatement extends Node {
  readonly type: 'drop operator class';
  readonly classes: readonly { readonly method: string; readonly name: QName }[];
  readonly ifExists?: true;
}
