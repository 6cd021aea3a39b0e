import type { TableDescriptor, TriggerDescriptor, VirtualDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import type { FrameBoundKind, WindowFrame } from '../parse/ast.js';
import type { BoundExpr, ColumnId } from './expression.js';
import type { QueryShape } from './shape.js';

/**
 * The logical plan: what a statement means, before anything is decided about how. Frozen plain trees; every node says which columns it outputs
 * by ids, so that a rewrite never has to renumber.
 */
export type LogicalPlan =
  | LogicalOneRow
  | LogicalScan
  | LogicalSample
  | LogicalFunctionScan
  | LogicalValues
  | LogicalCteScan
  | LogicalWith
  | LogicalRecursive
  | LogicalWorkTable
  | LogicalFilter
  | LogicalProject
  | LogicalProjectSet
  | LogicalJoin
  | LogicalAggregate
  | LogicalWindow
  | LogicalDistinct
  | LogicalSort
  | LogicalLimit
  | LogicalSetOperation
  | LogicalLockRows
  | LogicalInsert
  | LogicalUpdate
  | LogicalDelete
  | LogicalMerge
  | LogicalInstead;

export interface OutputColumn {
  readonly id: ColumnId;
  readonly name: string;
  readonly type: Oid;
  readonly typmod: number;
  readonly collation?: Oid;
}

/** One row without columns: SELECT without FROM. */
export interface LogicalOneRow {
  readonly kind: 'one row';
}

export type SystemColumn =
  | '_seq'
  | '_updated'
  | '_deleted'
  | '_user_id'
  | 'tableoid'
  | 'ctid'
  | 'xmin'
  | 'xmax'
  | 'cmin'
  | 'cmax'
  | 'row key';
/** A scan's column: a table column by number, or a system column. `row key` is the row's full key as bytes (bytea), for UPDATE, DELETE and locks. */
export type ScanColumn = OutputColumn & ({ readonly number: number } | { readonly system: SystemColumn });

/** Reads a table of any type, or a virtual relation. Filters that use only its columns stand in a Filter above; the optimizer moves them in. */
export interface LogicalScan {
  readonly kind: 'scan';
  readonly table: TableDescriptor | VirtualDescriptor;
  readonly alias: string;
  readonly columns: readonly ScanColumn[];
  /** kalamdb.all_users: all partitions instead of the acting user's. */
  readonly allUsers: boolean;
  /** Row-level security: comes before any condition that could tell of a row. */
  readonly security?: BoundExpr;
  /** WHERE CURRENT OF: only the row that the cursor of that name is on. */
  readonly currentOf?: BoundExpr;
  /** The rows of the tables that inherit from it too, and of its partitions. */
  readonly descendants?: true;
}
/** TABLESAMPLE over a scan. */
export interface LogicalSample {
  readonly kind: 'sample';
  readonly input: LogicalPlan;
  readonly method: 'bernoulli' | 'system';
  /** float4 */
  readonly percent: BoundExpr;
  /** float8; absent: another sample each time. */
  readonly seed?: BoundExpr;
  readonly name: string;
  readonly alias: string;
}
/** FROM f(…): several functions side by side for ROWS FROM; shorter ones are padded with NULL. */
export interface LogicalFunctionScan {
  readonly kind: 'function scan';
  readonly functions: readonly {
    /** A call that returns a set, or any expression (one row). */
    readonly call: BoundExpr;
    /** A composite result is spread over these columns; a scalar one has one. */
    readonly columns: readonly OutputColumn[];
    readonly composite: boolean;
  }[];
  readonly ordinality?: OutputColumn;
  readonly alias: string;
}
export interface LogicalValues {
  readonly kind: 'values';
  readonly columns: readonly OutputColumn[];
  readonly rows: readonly (readonly BoundExpr[])[];
  /** The one row is evaluated for each row of lifted literals that the execution brings. */
  readonly isRepeated?: true;
}

/** Common table expressions. Those that are read once and not MATERIALIZED are inlined by the binder; the rest are here, computed at most once. */
export interface LogicalWith {
  readonly kind: 'with';
  readonly ctes: readonly {
    readonly cte: number;
    readonly name: string;
    readonly plan: LogicalPlan;
    readonly outputs: readonly OutputColumn[];
  }[];
  readonly body: LogicalPlan;
}
export interface LogicalCteScan {
  readonly kind: 'cte scan';
  readonly cte: number;
  readonly name: string;
  /** In the order of the CTE's outputs, with ids of their own. */
  readonly columns: readonly OutputColumn[];
}
/** WITH RECURSIVE: appears as a CTE's plan. */
export interface LogicalRecursive {
  readonly kind: 'recursive';
  readonly workTable: number;
  readonly initial: LogicalPlan;
  readonly initialOutputs: readonly ColumnId[];
  readonly step: LogicalPlan;
  readonly stepOutputs: readonly ColumnId[];
  readonly all: boolean;
  readonly columns: readonly OutputColumn[];
}
/** The recursive reference within a step: the previous round's rows. */
export interface LogicalWorkTable {
  readonly kind: 'work table';
  readonly workTable: number;
  readonly columns: readonly OutputColumn[];
}

export interface LogicalFilter {
  readonly kind: 'filter';
  readonly input: LogicalPlan;
  readonly condition: BoundExpr;
}
/** Outputs exactly these columns; a pass-through column keeps its id as `column` of itself. */
export interface LogicalProject {
  readonly kind: 'project';
  readonly input: LogicalPlan;
  readonly columns: readonly ProjectedColumn[];
}
export interface ProjectedColumn extends OutputColumn {
  readonly expr: BoundExpr;
}
/** Like Project, but some expressions are (calls of) set-returning functions: PostgreSQL's lock-step expansion. Calls with returnsSet stand only at the top of a column's expr here. */
export interface LogicalProjectSet {
  readonly kind: 'project set';
  readonly input: LogicalPlan;
  readonly columns: readonly ProjectedColumn[];
}
/** Outputs the columns of both sides (semi and anti: of the left). `lateral`: the right side uses columns of the left. */
export interface LogicalJoin {
  readonly kind: 'join';
  readonly type: 'inner' | 'left' | 'right' | 'full' | 'semi' | 'anti';
  readonly left: LogicalPlan;
  readonly right: LogicalPlan;
  /** Absent: always true. */
  readonly on?: BoundExpr;
  readonly lateral: boolean;
}
export interface Aggregate extends OutputColumn {
  readonly proc: Oid;
  /** The aggregate's pg_proc name and its transition function's prosrc tell the implementation: key `name(argtype oids)` is `implementation`. */
  readonly implementation: string;
  readonly name: string;
  readonly args: readonly BoundExpr[];
  readonly star: boolean;
  readonly distinct: boolean;
  /** Over the arguments, where there are direct ones. */
  readonly orderBy: readonly SortKey[];
  /** WITHIN GROUP: what stands in the call's own parentheses; `args` is what is ordered. Evaluated once a group. */
  readonly direct?: readonly BoundExpr[];
  readonly filter?: BoundExpr;
}
/** GROUPING(…): a bit for each argument, set where the row's grouping set leaves it out. */
export interface GroupingMask extends OutputColumn {
  /** Indexes into the groups. */
  readonly groups: readonly number[];
}
/** Outputs the group columns (ids of their expressions' columns) and the aggregates. Without groups: exactly one row. */
export interface GroupColumn extends ProjectedColumn {
  /** A primary key among the groups says what it is: it makes no groups of its own, and its type needs no equality. */
  readonly determined?: true;
}
export interface LogicalAggregate {
  readonly kind: 'aggregate';
  readonly input: LogicalPlan;
  readonly groups: readonly GroupColumn[];
  readonly aggregates: readonly Aggregate[];
  /** Sets of indexes into groups; absent: one set of all. */
  readonly groupingSets?: readonly (readonly number[])[];
  readonly masks?: readonly GroupingMask[];
}
/** A call with OVER: of a window function, or of an aggregate over its frame. */
export interface WindowCall extends OutputColumn {
  readonly proc: Oid;
  /** pg_proc.prosrc of a window function. */
  readonly source: string;
  /** Absent for a window function; the key of an aggregate otherwise (see Aggregate). */
  readonly aggregate?: string;
  readonly name: string;
  readonly args: readonly BoundExpr[];
  readonly star: boolean;
  readonly filter?: BoundExpr;
}
export interface FrameBound {
  readonly kind: FrameBoundKind;
  readonly offset?: BoundExpr;
  /** RANGE with an offset: PostgreSQL's in_range function for the column and the offset. */
  readonly inRange?: { readonly proc: Oid; readonly source: string };
}
export interface BoundFrame {
  readonly mode: WindowFrame['mode'];
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly exclude?: WindowFrame['exclude'];
}
/** One window and the calls over it. */
export interface WindowStep {
  readonly partitionBy: readonly BoundExpr[];
  readonly orderBy: readonly SortKey[];
  readonly frame: BoundFrame;
  readonly calls: readonly WindowCall[];
}
/** Window functions, a window after the other in the order of the steps. Outputs the input's columns and the calls'. */
export interface LogicalWindow {
  readonly kind: 'window';
  readonly input: LogicalPlan;
  readonly steps: readonly WindowStep[];
}
/** DISTINCT over all outputs, or DISTINCT ON `on` (the input is sorted by them first). */
export interface LogicalDistinct {
  readonly kind: 'distinct';
  readonly input: LogicalPlan;
  readonly on: readonly ColumnId[];
  readonly keepFirst: boolean;
}
export interface SortKey {
  readonly expr: BoundExpr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}
export interface LogicalSort {
  readonly kind: 'sort';
  readonly input: LogicalPlan;
  readonly keys: readonly SortKey[];
}
export interface LogicalLimit {
  readonly kind: 'limit';
  readonly input: LogicalPlan;
  /** int8; NULL is no limit. */
  readonly limit?: BoundExpr;
  readonly offset?: BoundExpr;
  /** The sort keys that ties are told by. */
  readonly withTies?: readonly SortKey[];
}
export interface LogicalSetOperation {
  readonly kind: 'set operation';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: LogicalPlan;
  readonly leftOutputs: readonly ColumnId[];
  readonly right: LogicalPlan;
  readonly rightOutputs: readonly ColumnId[];
  readonly columns: readonly OutputColumn[];
}
/** FOR UPDATE and the like: sits above the filtered join and below the final projection. Passes its input through. */
export interface LogicalLockRows {
  readonly kind: 'lock rows';
  readonly input: LogicalPlan;
  readonly targets: readonly LockTarget[];
  /** The whole WHERE and join condition over the input's columns, re-checked on a row that changed while it was waited for. */
  readonly recheck?: BoundExpr;
}
export interface LockTarget {
  readonly table: TableDescriptor;
  readonly allUsers: boolean;
  readonly rowKey: ColumnId;
  /** Of a scan with descendants: which table the row is of. */
  readonly tableId?: ColumnId;
  /** The scan's columns that must be read anew from a newer version of the row. */
  readonly columns: readonly ScanColumn[];
  readonly strength: 'UPDATE' | 'NO KEY UPDATE' | 'SHARE' | 'KEY SHARE';
  readonly wait: 'wait' | 'nowait' | 'skip';
}

// ---------------------------------------------------------------- changes of data

/** What every change needs of its table. Expressions are over `columns`: the new row's columns, one id per column number (dropped ones have none). */
export interface TableTarget {
  readonly table: TableDescriptor;
  readonly alias: string;
  /** Ids that stand for the columns of the new row. */
  readonly columns: readonly ScanColumn[];
  readonly checks: readonly { readonly name: string; readonly condition: BoundExpr }[];
  /** WITH CHECK OPTION of the views that it is changed through, in order, and row-level security (`view` is the table); after all else. */
  readonly viewChecks?: readonly { readonly view: string; readonly condition: BoundExpr; readonly policy?: { readonly name?: string } }[];
  /** GENERATED … STORED, in column order: computed from the new row before the checks. */
  readonly generated: readonly { readonly number: number; readonly expr: BoundExpr }[];
  /** Expressions and predicates of its indexes, bound over `columns`, by index oid. */
  readonly indexes: readonly IndexExpressions[];
  /** Absent where there are none. */
  readonly triggers?: TargetTriggers;
  /** A partitioned table's key over `columns`. */
  readonly partitionKey?: readonly BoundExpr[];
  /** A partition's: the keys of the partitioned tables above it, the nearest first, over `columns`. */
  readonly partitionOf?: readonly PartitionLevel[];
  /** Numbers of the columns that the statement gives values: errors may show them to who may not read the others. */
  readonly assigned?: readonly number[];
}
/** Triggers in the order in which they fire. Conditions are over the columns of the old row and of the new one. */
export interface TargetTriggers {
  /** Ids by column number - 1. */
  readonly old: readonly ColumnId[];
  readonly new: readonly ColumnId[];
  readonly list: readonly { readonly trigger: TriggerDescriptor; readonly when?: BoundExpr }[];
}
export interface PartitionLevel {
  /** The partition at this level: the table itself, then its parent, … */
  readonly partition: TableDescriptor;
  readonly parent: TableDescriptor;
  readonly key: readonly BoundExpr[];
}
export interface IndexExpressions {
  readonly index: Oid;
  /** One per index column. */
  readonly keys: readonly BoundExpr[];
  readonly predicate?: BoundExpr;
  /** Of an EXCLUDE constraint's index. */
  readonly exclusion?: BoundExclusion;
}
/** What must not be true for the keys of two rows: all of the conditions. */
export interface BoundExclusion {
  readonly one: readonly ColumnId[];
  readonly other: readonly ColumnId[];
  readonly conditions: readonly BoundExpr[];
}
export interface LogicalInsert {
  readonly kind: 'insert';
  readonly target: TableTarget;
  readonly input: LogicalPlan;
  /** For each live column of the table in order: which input column gives it, or the expression (default) that does. Casts to the column's type are done. */
  readonly values: readonly { readonly number: number; readonly expr: BoundExpr }[];
  readonly onConflict?: {
    /** The unique indexes that arbitrate; empty: any. */
    readonly arbiters: readonly Oid[];
    readonly update?: {
      /** Ids of the existing row's columns; `excluded` ids are those of target.columns (the row proposed). */
      readonly existing: readonly ScanColumn[];
      readonly excluded: readonly ScanColumn[];
      readonly sets: readonly { readonly number: number; readonly expr: BoundExpr }[];
      readonly where?: BoundExpr;
      /** Row-level security: an existing row that it does not hold for is an error. */
      readonly guard?: BoundExpr;
    };
  };
  /** Over target.columns (the row as stored) and its system columns. */
  readonly returning?: readonly ProjectedColumn[];
}
export interface LogicalUpdate {
  readonly kind: 'update';
  readonly target: TableTarget;
  readonly allUsers: boolean;
  /** The filtered join. Outputs `rowKey`, `existing` and whatever else sets and returning use. */
  readonly input: LogicalPlan;
  readonly rowKey: ColumnId;
  /** Of a table with descendants: which of them the row is of. */
  readonly tableId?: ColumnId;
  /** The row as it was: all live columns. Sets and WHERE speak of these. */
  readonly existing: readonly ScanColumn[];
  readonly sets: readonly { readonly number: number; readonly expr: BoundExpr }[];
  readonly recheck?: BoundExpr;
  /** Over target.columns (the new row) and the other columns of input. */
  readonly returning?: readonly ProjectedColumn[];
}
export interface LogicalDelete {
  readonly kind: 'delete';
  readonly target: TableTarget;
  readonly allUsers: boolean;
  readonly input: LogicalPlan;
  readonly rowKey: ColumnId;
  readonly tableId?: ColumnId;
  readonly existing: readonly ScanColumn[];
  readonly recheck?: BoundExpr;
  /** Over `existing` and the other columns of input. */
  readonly returning?: readonly ProjectedColumn[];
}

export type MergeAction = {
  /** For rows that have a target row; else for those without. */
  readonly matched: boolean;
  readonly condition?: BoundExpr;
} & (
  | { readonly kind: 'nothing' | 'delete' }
  | { readonly kind: 'update'; readonly sets: LogicalUpdate['sets'] }
  | { readonly kind: 'insert'; readonly values: LogicalInsert['values'] }
);
/** For each row of the input the first action that fits. Outputs nothing. */
export interface LogicalMerge {
  readonly kind: 'merge';
  readonly target: TableTarget;
  /** The source joined to the target's rows. Outputs `rowKey` (NULL without a match), `existing` and what actions use. */
  readonly input: LogicalPlan;
  readonly rowKey: ColumnId;
  readonly tableId?: ColumnId;
  readonly existing: readonly ScanColumn[];
  readonly actions: readonly MergeAction[];
  readonly recheck?: BoundExpr;
}

/** A change of a view's rows that its INSTEAD OF triggers make of it. */
export interface LogicalInstead {
  readonly kind: 'instead';
  readonly event: 'insert' | 'update' | 'delete';
  /** Of a table that looks like the view. */
  readonly target: TableTarget;
  readonly input: LogicalPlan;
  /** The row as the view shows it; none for INSERT. */
  readonly existing: readonly ScanColumn[];
  /** For INSERT each column's value, for UPDATE those that are set. */
  readonly values: readonly { readonly number: number; readonly expr: BoundExpr }[];
  /** Over target.columns (the new row; for DELETE the old one) and the other columns of input. */
  readonly returning?: readonly ProjectedColumn[];
}

/** Where a cursor's rows have the keys of the tables' rows that they come from: behind the query's own columns. */
export interface CursorKeys {
  /** FOR UPDATE and the like: only tables that are locked count. */
  readonly isLocking: boolean;
  readonly columns: readonly OutputColumn[];
  readonly tables: readonly {
    readonly table: Oid;
    /** Positions in a row. */
    readonly key: number;
    /** Of a table with descendants: which of them the row is of. */
    readonly tableId?: number;
  }[];
}

/** What the binder hands on. */
export interface BoundStatement {
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'VALUES';
  readonly plan: LogicalPlan;
  /** The result's columns; empty when a change has no RETURNING. */
  readonly columns: readonly ResultColumn[];
  /** Types of $1 … $n, as given or inferred. */
  readonly paramTypes: readonly Oid[];
  readonly privileges: readonly RequiredPrivilege[];
  /** Tables that are written (for read-only transactions and table locks) and those read. */
  readonly writes: readonly Oid[];
  readonly reads: readonly Oid[];
  /** Calls of volatile functions and the like: may not run twice. */
  readonly volatile: boolean;
  /**
   * What BoundParams of source 'lifted' stand for, by their index: which literal of the text (see ExprLifted), and the type whose input
   * function reads it with this typmod. Usually one to one; a literal that is needed as two types has a second entry behind the others.
   */
  readonly lifted?: readonly LiftedLiteral[];
  readonly cursorKeys?: CursorKeys;
  /** How a query is written (`PlannerContext.keepsShapes`). */
  readonly shape?: QueryShape;
}
export interface LiftedLiteral {
  readonly literal: number;
  readonly type: Oid;
  readonly typmod: number;
}
/** A column of a RowDescription. */
export interface ResultColumn extends OutputColumn {
  /** The type is a domain's base type: this is the domain. */
  readonly domain?: Oid;
  readonly tableOid: Oid;
  readonly columnNumber: number;
}
/** Checked against the current user whenever the statement is executed; `asRole` is a view's owner. */
export interface RequiredPrivilege {
  readonly objectKind: 'table' | 'schema' | 'function' | 'sequence';
  readonly oid: Oid;
  /** Bits of Privilege. */
  readonly privileges: number;
  /** Column numbers that suffice by column privileges; absent: whole table only. */
  readonly columns?: readonly number[];
  readonly asRole?: Oid;
  /** Where a refusal points at, as PostgreSQL does for schemas. */
  readonly location?: number;
}
