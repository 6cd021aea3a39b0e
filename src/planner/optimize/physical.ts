import type { IndexDescriptor, TableDescriptor, VirtualDescriptor } from '../../catalog/descriptors.js';
import type { Oid } from '../../commons/ids.js';
import type { BoundExpr, ColumnId } from '../bind/expression.js';
import type {
  Aggregate,
  CursorKeys,
  GroupColumn,
  GroupingMask,
  LockTarget,
  LogicalInsert,
  LogicalInstead,
  MergeAction,
  OutputColumn,
  ProjectedColumn,
  RequiredPrivilege,
  ResultColumn,
  ScanColumn,
  SortKey,
  TableTarget,
  WindowStep,
} from '../bind/logical.js';
import type { PartitionMap } from '../partitions/partition-map.js';
import type { PruneStep } from '../partitions/prune.js';

/**
 * The physical plan: how. Each node's `output` gives the ids of its row's positions: position i of a row holds column output[i].
 * Expressions still speak of ColumnIds; the executor turns ids into positions when it compiles a node, and ids that the input does not
 * have into correlation slots.
 */
export interface PlanBase {
  readonly output: readonly ColumnId[];
  readonly cost: Cost;
}
export interface Cost {
  readonly startup: number;
  readonly total: number;
  readonly rows: number;
  readonly width: number;
}

export type PhysicalPlan =
  | PlanResult
  | PlanTableScan
  | PlanIndexScan
  | PlanInvertedScan
  | PlanVirtualScan
  | PlanSample
  | PlanFunctionScan
  | PlanValues
  | PlanCteScan
  | PlanWith
  | PlanRecursive
  | PlanWorkTable
  | PlanFilter
  | PlanProject
  | PlanProjectSet
  | PlanAsyncCalls
  | PlanNestedLoop
  | PlanHashJoin
  | PlanMergeJoin
  | PlanAggregate
  | PlanWindow
  | PlanDistinct
  | PlanSort
  | PlanTopN
  | PlanLimit
  | PlanAppend
  | PlanMergeAppend
  | PlanSetOperation
  | PlanLockRows
  | PlanInsert
  | PlanUpdate
  | PlanDelete
  | PlanMerge
  | PlanInstead;

/** One row without columns, or none when `never` (a condition folded to false). */
export interface PlanResult extends PlanBase {
  readonly kind: 'result';
  readonly never?: true;
}
/** Reads a whole table, or the acting user's partition, in row-key order. */
export interface PlanTableScan extends PlanBase {
  readonly kind: 'table scan';
  /** WHERE CURRENT OF: only the row that the cursor of that name is on. */
  readonly currentOf?: BoundExpr;
  readonly table: TableDescriptor;
  readonly alias: string;
  readonly columns: readonly ScanColumn[];
  readonly allUsers: boolean;
  readonly reverse: boolean;
  /** Evaluated on the decoded row. */
  readonly filter?: BoundExpr;
}
/**
 * Reads by an index, or by the row key when the index is clustered. `ranges` bounds the leading columns: equality on a prefix, then at most
 * one range. Expressions in bounds use params, constants and correlated columns only; a NULL bound matches nothing.
 */
export interface PlanIndexScan extends PlanBase {
  readonly kind: 'index scan';
  readonly table: TableDescriptor;
  readonly index: IndexDescriptor;
  readonly alias: string;
  readonly columns: readonly ScanColumn[];
  readonly allUsers: boolean;
  readonly reverse: boolean;
  readonly bounds: IndexBounds;
  readonly filter?: BoundExpr;
  /** What `bounds` stands for, for EXPLAIN. */
  readonly indexCondition?: BoundExpr;
}
/** Reads the rows that an inverted index has for conditions on its columns' terms, in the order of their keys; `filter` decides. */
export interface PlanInvertedScan extends PlanBase {
  readonly kind: 'inverted scan';
  readonly table: TableDescriptor;
  readonly index: IndexDescriptor;
  readonly alias: string;
  readonly columns: readonly ScanColumn[];
  readonly conditions: readonly InvertedCondition[];
  /** What the conditions come from: part of `filter`, since terms don't tell all. */
  readonly recheck: BoundExpr;
  readonly filter: BoundExpr;
}
export interface InvertedCondition {
  /** Of the index, from 0. */
  readonly column: number;
  /** Of the operator's function. */
  readonly source: string;
  /** The other side: parameters, constants and correlated columns only. */
  readonly value: BoundExpr;
}
export interface IndexBounds {
  readonly equal: readonly IndexBound[];
  /** On the column after the equal ones. */
  readonly lower?: { readonly bound: BoundExpr; readonly inclusive: boolean };
  readonly upper?: { readonly bound: BoundExpr; readonly inclusive: boolean };
}
/** One value, an IS NULL, or several by an array (col = ANY(array)): then one look-up per distinct element, in index order. */
export type IndexBound =
  | { readonly kind: 'value'; readonly expr: BoundExpr }
  | { readonly kind: 'null' }
  | { readonly kind: 'any'; readonly array: BoundExpr };

export interface PlanVirtualScan extends PlanBase {
  readonly kind: 'virtual scan';
  readonly table: VirtualDescriptor;
  readonly alias: string;
  readonly columns: readonly ScanColumn[];
  /** column = value conditions that the provider may use to make fewer rows (the filter checks them again). */
  readonly equal: readonly { readonly number: number; readonly expr: BoundExpr }[];
  /** Some of them lead to the rows without making the others. */
  readonly isLookUp: boolean;
  readonly filter?: BoundExpr;
}
export interface PlanSample extends PlanBase {
  readonly kind: 'sample';
  readonly input: PhysicalPlan;
  readonly method: 'bernoulli' | 'system';
  readonly percent: BoundExpr;
  readonly seed?: BoundExpr;
  readonly name: string;
  readonly alias: string;
}
export interface PlanFunctionScan extends PlanBase {
  readonly kind: 'function scan';
  readonly functions: readonly { readonly call: BoundExpr; readonly columns: readonly OutputColumn[]; readonly composite: boolean }[];
  readonly ordinality?: OutputColumn;
  readonly alias: string;
  /** What of the calls' arguments has to be waited for. */
  readonly steps?: readonly AsyncStep[];
  readonly filter?: BoundExpr;
}
export interface PlanValues extends PlanBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly BoundExpr[])[];
  readonly isRepeated?: true;
}
export interface PlanWith extends PlanBase {
  readonly kind: 'with';
  readonly ctes: readonly {
    readonly cte: number;
    readonly name: string;
    readonly plan: PhysicalPlan /** Positions by the CTE's outputs. */;
    readonly outputs: readonly ColumnId[] /** It changes data: run to its end even if nobody reads it. */;
    readonly changes: boolean;
  }[];
  readonly body: PhysicalPlan;
}
export interface PlanCteScan extends PlanBase {
  readonly kind: 'cte scan';
  readonly cte: number;
  readonly name: string;
  readonly filter?: BoundExpr;
}
export interface PlanRecursive extends PlanBase {
  readonly kind: 'recursive';
  readonly workTable: number;
  readonly initial: PhysicalPlan;
  readonly initialOutputs: readonly ColumnId[];
  readonly step: PhysicalPlan;
  readonly stepOutputs: readonly ColumnId[];
  readonly all: boolean;
  readonly columns: readonly OutputColumn[];
}
export interface PlanWorkTable extends PlanBase {
  readonly kind: 'work table';
  readonly workTable: number;
}
export interface PlanFilter extends PlanBase {
  readonly kind: 'filter';
  readonly input: PhysicalPlan;
  readonly condition: BoundExpr;
}
export interface PlanProject extends PlanBase {
  readonly kind: 'project';
  readonly input: PhysicalPlan;
  readonly columns: readonly ProjectedColumn[];
}
export interface PlanProjectSet extends PlanBase {
  readonly kind: 'project set';
  readonly input: PhysicalPlan;
  readonly columns: readonly ProjectedColumn[];
}
/** Appends the results of calls that may wait (pg_sleep, pg_advisory_lock): the only expressions that are not synchronous. Output: input's columns, then the calls'. */
export interface PlanAsyncCalls extends PlanBase {
  readonly kind: 'async calls';
  readonly input: PhysicalPlan;
  /** Computed one after the other; later ones may read earlier ones. */
  readonly columns: readonly AsyncStep[];
}
/** A call that may wait, a sub-query that may, or what is known without waiting. */
export interface AsyncStep extends ProjectedColumn {
  /** NULL for rows where this is not true, without being evaluated. */
  readonly guard?: BoundExpr;
}

export type JoinType = 'inner' | 'left' | 'semi' | 'anti' | 'right' | 'full';
/** For each outer row, runs the inner anew with the outer's columns bound as correlation (an index look-up, LATERAL) or over a materialized inner. No right or full. */
export interface PlanNestedLoop extends PlanBase {
  readonly kind: 'nested loop';
  readonly type: 'inner' | 'left' | 'semi' | 'anti';
  readonly outer: PhysicalPlan;
  readonly inner: PhysicalPlan;
  /** Columns of outer that inner uses. Empty: the inner is run once and kept (bounded by work_mem, then spilled). */
  readonly correlation: readonly ColumnId[];
  readonly condition?: BoundExpr;
}
/** Builds on the right (`inner`), probes with the left. Keys compare by their types' hashKey; a NULL key matches nothing. */
export interface PlanHashJoin extends PlanBase {
  readonly kind: 'hash join';
  readonly type: JoinType;
  readonly outer: PhysicalPlan;
  readonly inner: PhysicalPlan;
  readonly outerKeys: readonly BoundExpr[];
  readonly innerKeys: readonly BoundExpr[];
  readonly condition?: BoundExpr;
  /** NOT IN: a NULL among the inner keys makes every non-match unknown. */
  readonly nullAware?: true;
}
/** Both inputs sorted by their keys, ascending, NULLS LAST. */
export interface PlanMergeJoin extends PlanBase {
  readonly kind: 'merge join';
  readonly type: JoinType;
  readonly outer: PhysicalPlan;
  readonly inner: PhysicalPlan;
  readonly outerKeys: readonly BoundExpr[];
  readonly innerKeys: readonly BoundExpr[];
  readonly condition?: BoundExpr;
}
export interface PlanAggregate extends PlanBase {
  readonly kind: 'aggregate';
  /** 'plain': no groups; 'sorted': the input comes sorted by the groups; 'hash'. */
  readonly strategy: 'plain' | 'sorted' | 'hash';
  readonly input: PhysicalPlan;
  readonly groups: readonly GroupColumn[];
  readonly aggregates: readonly Aggregate[];
  readonly groupingSets?: readonly (readonly number[])[];
  readonly masks?: readonly GroupingMask[];
}
/** One window and its calls. The input comes sorted by the partition, then by the order. Output: the input's columns, then the calls'. */
export interface PlanWindow extends PlanBase, WindowStep {
  readonly kind: 'window';
  readonly input: PhysicalPlan;
}
export interface PlanDistinct extends PlanBase {
  readonly kind: 'distinct';
  /** 'sorted': adjacent duplicates (DISTINCT ON keeps the first); 'hash'. */
  readonly strategy: 'sorted' | 'hash';
  readonly input: PhysicalPlan;
  /** What makes rows alike: all of the output, or DISTINCT ON's columns. */
  readonly on: readonly OutputColumn[];
}
export interface PlanSort extends PlanBase {
  readonly kind: 'sort';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
}
/** Sort with a limit: keeps limit + offset rows only. */
export interface PlanTopN extends PlanBase {
  readonly kind: 'top n';
  readonly input: PhysicalPlan;
  readonly keys: readonly SortKey[];
  readonly limit: BoundExpr;
  readonly offset?: BoundExpr;
}
export interface PlanLimit extends PlanBase {
  readonly kind: 'limit';
  readonly input: PhysicalPlan;
  readonly limit?: BoundExpr;
  readonly offset?: BoundExpr;
  readonly withTies?: readonly SortKey[];
}
/** UNION ALL: inputs one after the other, each mapped by its outputs; or a table and its descendants. */
export interface PlanAppend extends PlanBase {
  readonly kind: 'append';
  readonly inputs: readonly { readonly plan: PhysicalPlan; readonly outputs: readonly ColumnId[] }[];
  readonly tree?: TreeScan;
}
/** Inputs in the order of `keys`, which all of them have. */
export interface PlanMergeAppend extends PlanBase {
  readonly kind: 'merge append';
  readonly inputs: readonly { readonly plan: PhysicalPlan; readonly outputs: readonly ColumnId[] }[];
  readonly keys: readonly SortKey[];
  readonly tree?: TreeScan;
}
/** What the inputs of an append are the parts of. */
export interface TreeScan {
  readonly alias: string;
  readonly columns: readonly ScanColumn[];
  /** Which inputs an execution needs, by values that are not known before. */
  readonly prune?: PruneNode;
}
export interface PruneNode {
  readonly map: PartitionMap;
  readonly step?: PruneStep;
  /** By the map's order: an input's number, a partitioned partition, or undefined for what is pruned already. */
  readonly children: readonly (number | PruneNode | undefined)[];
}
/** UNION (all false), INTERSECT and EXCEPT, by hash. */
export interface PlanSetOperation extends PlanBase {
  readonly kind: 'set operation';
  readonly op: 'union' | 'intersect' | 'except';
  readonly all: boolean;
  readonly left: PhysicalPlan;
  readonly leftOutputs: readonly ColumnId[];
  readonly right: PhysicalPlan;
  readonly rightOutputs: readonly ColumnId[];
  readonly columns: readonly OutputColumn[];
}
export interface PlanLockRows extends PlanBase {
  readonly kind: 'lock rows';
  readonly input: PhysicalPlan;
  readonly targets: readonly LockTarget[];
  readonly recheck?: BoundExpr;
}
/** Output: the returning columns, or none (then it yields no rows and only counts). */
export interface PlanInsert extends PlanBase {
  readonly kind: 'insert';
  readonly input: PhysicalPlan;
  readonly target: TableTarget;
  readonly values: LogicalInsert['values'];
  readonly onConflict?: PlanConflict;
  readonly returning?: readonly ProjectedColumn[];
}
type LogicalConflict = NonNullable<LogicalInsert['onConflict']>;
export interface PlanConflict extends LogicalConflict {
  /** `steps`: over the same row, before the expressions of `update`, which read their columns. */
  readonly update?: NonNullable<LogicalConflict['update']> & { readonly steps?: readonly AsyncStep[] };
}
export interface PlanUpdate extends PlanBase {
  readonly kind: 'update';
  readonly input: PhysicalPlan;
  readonly target: TableTarget;
  readonly allUsers: boolean;
  readonly rowKey: ColumnId;
  readonly tableId?: ColumnId;
  readonly existing: readonly ScanColumn[];
  readonly sets: readonly { readonly number: number; readonly expr: BoundExpr }[];
  /** What of `sets` has to be waited for: computed when the row is locked. */
  readonly steps?: readonly AsyncStep[];
  readonly recheck?: BoundExpr;
  readonly returning?: readonly ProjectedColumn[];
}
export interface PlanDelete extends PlanBase {
  readonly kind: 'delete';
  readonly input: PhysicalPlan;
  readonly target: TableTarget;
  readonly allUsers: boolean;
  readonly rowKey: ColumnId;
  readonly tableId?: ColumnId;
  readonly existing: readonly ScanColumn[];
  readonly recheck?: BoundExpr;
  readonly returning?: readonly ProjectedColumn[];
}

export interface PlanInstead extends PlanBase {
  readonly kind: 'instead';
  readonly event: LogicalInstead['event'];
  readonly input: PhysicalPlan;
  readonly target: TableTarget;
  readonly existing: readonly ScanColumn[];
  readonly values: LogicalInstead['values'];
  readonly returning?: readonly ProjectedColumn[];
}

/** `steps`: over the input's row, before the action's expressions. */
export type PlanMergeAction = MergeAction & { readonly steps?: readonly AsyncStep[] };
export interface PlanMerge extends PlanBase {
  readonly kind: 'merge';
  readonly input: PhysicalPlan;
  readonly target: TableTarget;
  readonly rowKey: ColumnId;
  readonly tableId?: ColumnId;
  readonly existing: readonly ScanColumn[];
  readonly actions: readonly PlanMergeAction[];
  readonly recheck?: BoundExpr;
}

/** A sub-query in an expression keeps its physical plan beside the main one: the optimizer replaces BoundSubquery.plan by an entry here. */
export interface PlannedSubquery {
  readonly plan: PhysicalPlan;
  /** Columns from outside that it reads: its cache key; empty: it runs once per execution. */
  readonly outerColumns: readonly ColumnId[];
}

/** A statement ready to be compiled. */
export interface PlannedQuery {
  readonly kind: 'query';
  readonly command: 'SELECT' | 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE' | 'VALUES';
  readonly plan: PhysicalPlan;
  /** By the BoundSubquery object (identity) that stands in the plan's expressions. */
  readonly subqueries: ReadonlyMap<object, PlannedSubquery>;
  readonly columns: readonly ResultColumn[];
  readonly paramTypes: readonly Oid[];
  readonly privileges: readonly RequiredPrivilege[];
  readonly writes: readonly Oid[];
  readonly reads: readonly Oid[];
  readonly volatile: boolean;
  readonly cursorKeys?: CursorKeys;
}
