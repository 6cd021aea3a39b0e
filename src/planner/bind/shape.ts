import type { TableDescriptor, ViewDescriptor, VirtualDescriptor } from '../../catalog/descriptors.js';
import type {
  CommonTableExpr,
  Expr,
  FromFunctions,
  FromJoin,
  FromStatement,
  FromTable,
  GroupItem,
  LockingClause,
  SetOperation,
} from '../parse/ast.js';
import type { BoundExpr } from './expression.js';
import type { JoinItem } from './from/join-item.js';
import type { LogicalFunctionScan, LogicalSample } from './logical.js';
import type { SortItem } from './query/clauses.js';
import type { Limit } from './query/limit.js';
import type { Target } from './query/target.js';
import type { QueryWindow } from './query/windows.js';
import type { RelationItem } from './scope/relation-item.js';
import type { Scope } from './scope/scope.js';

/**
 * How a bound query is written: its clauses with their bound expressions, as they were before the plan was made of them. Kept only where the
 * query is to be printed as SQL again (`PlannerContext.keepsShapes`); printing gives names as they are then, whatever they were when it was bound.
 */
export type QueryShape = SelectShape | SetOperationShape | ValuesShape;

interface Tail {
  readonly scope: Scope;
  readonly with?: WithShape;
  readonly sort: readonly SortItem[];
  readonly limit?: Limit;
}
export interface SelectShape extends Tail {
  readonly kind: 'select';
  readonly from: readonly FromShape[];
  /** Hidden ones too. */
  readonly targets: readonly Target[];
  /** The targets' expressions, which grouping rewrites later. */
  readonly exprs: ReadonlyMap<Target, BoundExpr>;
  readonly where?: BoundExpr;
  readonly having?: BoundExpr;
  readonly groupBy?: readonly GroupItem[];
  readonly groupDistinct: boolean;
  readonly groupTargets: ReadonlyMap<Expr, Target>;
  readonly distinct: 'none' | 'all' | readonly Target[];
  readonly windows: readonly QueryWindow[];
  readonly locking: readonly LockingClause[];
}
export interface SetOperationShape extends Tail {
  readonly kind: 'set operation';
  readonly op: SetOperation['op'];
  readonly all: boolean;
  readonly left: QueryShape;
  readonly right: QueryShape;
  readonly names: readonly string[];
  readonly targets: readonly Target[];
}
export interface ValuesShape extends Tail {
  readonly kind: 'values';
  readonly rows: readonly (readonly BoundExpr[])[];
  readonly names: readonly string[];
  readonly targets: readonly Target[];
}
export interface WithShape {
  readonly recursive: boolean;
  readonly ctes: readonly { readonly cte: CommonTableExpr; readonly query: QueryShape | undefined; readonly cycle?: CycleShape }[];
}
/** CYCLE's two values, which print as constants. */
export interface CycleShape {
  readonly value: BoundExpr;
  readonly default: BoundExpr;
}

export type FromShape =
  | {
      readonly kind: 'relation';
      readonly item: RelationItem;
      readonly node: FromTable;
      readonly relation: TableDescriptor | VirtualDescriptor | ViewDescriptor;
      readonly sample?: LogicalSample;
    }
  | { readonly kind: 'cte'; readonly item: RelationItem; readonly node: FromTable }
  | { readonly kind: 'query'; readonly item: RelationItem; readonly node: FromStatement; readonly query: QueryShape | undefined }
  | {
      readonly kind: 'functions';
      readonly item: RelationItem;
      readonly node: FromFunctions;
      readonly functions: LogicalFunctionScan['functions'];
    }
  | JoinShape;
export interface JoinShape {
  readonly kind: 'join';
  readonly node: FromJoin;
  readonly left: FromShape;
  readonly right: FromShape;
  readonly on?: BoundExpr;
  /** Where USING merged columns or the join has an alias. */
  readonly item?: JoinItem;
  /** Names of merged columns, of NATURAL too. */
  readonly using?: readonly string[];
}
