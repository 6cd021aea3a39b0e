/** SELECT and what changes data. */
import type { DefElement, IndexElement } from './definitions.js';
import type { Expr, WindowDef } from './expressions.js';
import type { DataTypeDef, Node, QName, TableAlias } from './nodes.js';

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
  readonly search?: SearchClause;
  readonly cycle?: CycleClause;
}
/** SEARCH DEPTH | BREADTH FIRST BY columns SET sequence */
export interface SearchClause extends Node {
  readonly breadthFirst: boolean;
  readonly columns: readonly string[];
  readonly sequence: string;
}
/** CYCLE columns SET mark TO value DEFAULT default USING path */
export interface CycleClause extends Node {
  readonly columns: readonly string[];
  readonly mark: string;
  readonly value: Expr;
  readonly default: Expr;
  readonly path: string;
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
  /** The one row stands for any number of rows, of so many literals each, which come when it is run (repeated-rows.ts). */
  readonly literalsPerRow?: number;
}

export type From = FromTable | FromStatement | FromFunctions | FromJoin;
export interface FromTable extends Node {
  readonly type: 'table';
  readonly name: QName;
  readonly alias?: TableAlias;
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
    | (Node & { readonly type: 'columns'; readonly elements: readonly IndexElement[]; readonly where?: Expr })
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
  readonly alias?: string;
  readonly sets: readonly SetClause[];
  readonly from?: readonly From[];
  readonly where?: Expr;
  readonly returning?: readonly SelectedColumn[];
}
export interface MergeStatement extends Node {
  readonly type: 'merge';
  readonly with?: With;
  readonly into: QName;
  readonly alias?: string;
  readonly using: From;
  readonly on: Expr;
  readonly whens: readonly MergeWhen[];
}
export interface MergeWhen extends Node {
  readonly matched: boolean;
  readonly condition?: Expr;
  readonly action:
    | { readonly type: 'nothing' }
    | { readonly type: 'delete' }
    | { readonly type: 'update'; readonly sets: readonly SetClause[] }
    | {
        readonly type: 'insert';
        readonly columns?: readonly InsertColumn[];
        readonly overriding?: InsertStatement['overriding'];
        /** Absent for DEFAULT VALUES. */
        readonly values?: readonly Expr[];
      };
}
export interface DeleteStatement extends Node {
  readonly type: 'delete';
  readonly with?: With;
  readonly from: QName;
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
