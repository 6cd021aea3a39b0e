import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import { cost, costOfFirst, Price } from '../cost/costs.js';
import { type ColumnSet, conjoin, hasSubquery, type OrderKey, withoutRelabel } from '../expressions.js';
import { satisfies } from '../nodes/build.js';
import type { Cost, JoinType, PhysicalPlan } from '../physical.js';
import type { Planned, Planning } from '../planning.js';
import { type JoinKey, joinKeys, sideOf } from './conditions.js';

/** A way to join, with its price; the plan is made only of the one that is chosen. */
export interface JoinPath {
  readonly cost: Cost;
  readonly order: readonly OrderKey[];
  build(): PhysicalPlan;
}

export interface JoinSide {
  readonly path: JoinPath;
  readonly columns: ColumnSet;
}

export interface JoinTask {
  readonly type: JoinType;
  readonly outer: JoinSide;
  readonly inner: JoinSide;
  readonly conditions: readonly BoundExpr[];
  /** Rows that come out. */
  readonly rows: number;
  readonly width: number;
  /** Columns of either side that are used above. */
  readonly needed: ColumnSet;
}

export function pathOf({ plan, order }: Planned): JoinPath {
  return { cost: plan.cost, order, build: () => plan };
}

/** Rows that overflow work_mem are written and read once more. */
const SPILL_PER_ROW = 0.05;
const ROW_BYTES_OVERHEAD = 64;

/** A join's output: what is used above, in the order of the sides. */
function outputOf(outer: PhysicalPlan, inner: PhysicalPlan, { type, needed }: JoinTask): readonly ColumnId[] {
  const ids = type === 'semi' || type === 'anti' ? outer.output : [...outer.output, ...inner.output];
  return ids.filter((id) => needed.has(id));
}

export function hashJoin(task: JoinTask, planning: Planning): JoinPath | undefined {
  const { type, outer, inner, conditions, rows } = task;
  if (!planning.settings.enableHashJoin && type !== 'full' && type !== 'right') return undefined;
  const keys = joinKeys(conditions, outer.columns, inner.columns, planning);
  // A full join whose conditions say nothing of its rows is one bucket.
  const isOneBucket = type === 'full' && conditions.every((condition) => sideOf(condition, outer.columns, inner.columns) === 'none');
  if (keys.length === 0 && !isOneBucket) return undefined;
  const rest = conditions.filter((condition) => !keys.some((key) => key.condition === condition));
  const left = outer.path.cost;
  const right = inner.path.cost;
  const bytes = right.rows * (right.width + ROW_BYTES_OVERHEAD);
  const spill = bytes > planning.settings.workMemBytes ? (left.rows + right.rows) * SPILL_PER_ROW : 0;
  const built = right.total + right.rows * Price.hashBuild;
  const total = built + left.total + left.rows * Price.hashProbe + rows * (Price.row + rest.length * Price.operator) + spill;
  return {
    cost: cost(built + left.startup, total, rows, task.width),
    order: [],
    build() {
      const outerPlan = outer.path.build();
      const innerPlan = inner.path.build();
      const condition = conjoin(cheapFirst(rest));
      return {
        kind: 'hash join',
        type,
        outer: outerPlan,
        inner: innerPlan,
        outerKeys: keys.map((key) => planning.use(key.left)),
        innerKeys: keys.map((key) => planning.use(key.right)),
        ...(condition === undefined ? {} : { condition: planning.use(condition) }),
        output: outputOf(outerPlan, innerPlan, task),
        cost: this.cost,
      };
    },
  };
}

/** The inner side is read once and kept. */
export function plainLoop(task: JoinTask, planning: Planning): JoinPath | undefined {
  const { type, outer, inner, conditions, rows } = task;
  if (type === 'right' || type === 'full') return undefined;
  const left = outer.path.cost;
  const right = inner.path.cost;
  const pairs = left.rows * hedgedRows(task, planning);
  const compared = type === 'semi' || type === 'anti' ? pairs / 2 : pairs;
  const spill = right.rows * right.width > planning.settings.workMemBytes ? left.rows * right.rows * Price.row : 0;
  const total =
    left.total +
    right.total +
    compared * Price.operator * Math.max(conditions.length, 1) +
    left.rows * Price.rescan +
    rows * Price.row +
    spill;
  return {
    cost: cost(left.startup + right.startup, disabled(total, planning.settings.enableNestedLoop), rows, task.width),
    order: outer.path.order,
    build() {
      return loopPlan(task, outer.path.build(), inner.path.build(), [], conditions, this.cost, planning);
    },
  };
}

/**
 * Rows to reckon with on the inner side of a loop. One that is said to have hardly any may have thousands: where a hash join costs the same if the
 * estimate holds, it must not be the loop that is taken.
 */
function hedgedRows({ outer, inner, conditions }: JoinTask, planning: Planning): number {
  const { rows } = inner.path.cost;
  if (rows >= FEW_ROWS || outer.path.cost.rows < MANY_ROWS || !planning.settings.enableHashJoin) return rows;
  return joinKeys(conditions, outer.columns, inner.columns, planning).length > 0 ? FEW_ROWS : rows;
}

const FEW_ROWS = 5;
const MANY_ROWS = 100;

/** The inner side is run anew for each row of the outer, with its columns as constants. */
export function correlatedLoop(task: JoinTask, inner: Planned, correlation: readonly ColumnId[], planning: Planning): JoinPath | undefined {
  const { type, outer, rows } = task;
  if (type === 'right' || type === 'full') return undefined;
  const left = outer.path.cost;
  // One row decides, but where only a scan finds it, it may come last or not at all.
  const isLookUp = inner.plan.kind === 'index scan' && inner.plan.indexCondition !== undefined;
  // Whole relations of the catalog are estimated badly, and cost much to make: not once more for each row of a side that may be larger.
  const hedge = inner.plan.kind === 'virtual scan' && !inner.plan.isLookUp ? 2 : 1;
  const once = (type === 'semi' || type === 'anti') && isLookUp ? costOfFirst(inner.plan.cost, 1) : inner.plan.cost.total;
  const total = left.total + left.rows * (once * hedge + Price.rescan) + rows * Price.row;
  return {
    cost: cost(left.startup + inner.plan.cost.startup, disabled(total, planning.settings.enableNestedLoop), rows, task.width),
    order: outer.path.order,
    build() {
      return loopPlan(task, outer.path.build(), inner.plan, correlation, [], this.cost, planning);
    },
  };
}

function disabled(total: number, enabled: boolean): number {
  return enabled ? total : total + DISABLED;
}
/** PostgreSQL's disable_cost: only when there is no other way. */
const DISABLED = 1e10;

/** A sub-query is asked only where the rest holds. */
function cheapFirst(conditions: readonly BoundExpr[]): readonly BoundExpr[] {
  const last = conditions.filter(hasSubquery);
  return last.length === 0 || last.length === conditions.length
    ? conditions
    : [...conditions.filter((each) => !hasSubquery(each)), ...last];
}

function loopPlan(
  task: JoinTask,
  outer: PhysicalPlan,
  inner: PhysicalPlan,
  correlation: readonly ColumnId[],
  conditions: readonly BoundExpr[],
  price: Cost,
  planning: Planning,
): PhysicalPlan {
  const { type } = task;
  const condition = conjoin(cheapFirst(conditions));
  return {
    kind: 'nested loop',
    type: type === 'left' || type === 'semi' || type === 'anti' ? type : 'inner',
    outer,
    inner,
    correlation,
    ...(condition === undefined ? {} : { condition: planning.use(condition) }),
    output: outputOf(outer, inner, task),
    cost: price,
  };
}

/** Both sides come in the order of the keys already. */
export function mergeJoin(
  task: JoinTask,
  orderedInner: (order: readonly OrderKey[]) => JoinPath | undefined,
  planning: Planning,
): JoinPath | undefined {
  const { type, outer, inner, conditions, rows } = task;
  if (!planning.settings.enableMergeJoin || outer.path.order.length === 0) return undefined;
  const keys = orderedKeys(joinKeys(conditions, outer.columns, inner.columns, planning), outer.path.order);
  if (keys.length === 0) return undefined;
  const wanted: OrderKey[] = keys.flatMap(({ right }) => {
    const column = withoutRelabel(right);
    return column.kind === 'column' ? [{ id: column.id, descending: false, nullsFirst: false }] : [];
  });
  const path = satisfies(inner.path.order, wanted, planning) ? inner.path : orderedInner(wanted);
  if (path === undefined || !satisfies(path.order, wanted, planning)) return undefined;
  const rest = conditions.filter((condition) => !keys.some((key) => key.condition === condition));
  const left = outer.path.cost;
  const right = path.cost;
  const total =
    left.total + right.total + (left.rows + right.rows) * Price.operator * 2 + rows * (Price.row + rest.length * Price.operator);
  return {
    cost: cost(left.startup + right.startup, total, rows, task.width),
    order: type === 'inner' || type === 'left' || type === 'semi' || type === 'anti' ? outer.path.order : [],
    build() {
      const outerPlan = outer.path.build();
      const innerPlan = path.build();
      const condition = conjoin(cheapFirst(rest));
      return {
        kind: 'merge join',
        type,
        outer: outerPlan,
        inner: innerPlan,
        outerKeys: keys.map((key) => planning.use(key.left)),
        innerKeys: keys.map((key) => planning.use(key.right)),
        ...(condition === undefined ? {} : { condition: planning.use(condition) }),
        output: outputOf(outerPlan, innerPlan, task),
        cost: this.cost,
      };
    },
  };
}

/** The keys that the outer is sorted by, in that order: ascending, NULLs last, as long as there is one. */
function orderedKeys(keys: readonly JoinKey[], order: readonly OrderKey[]): readonly JoinKey[] {
  const found: JoinKey[] = [];
  for (const { id, descending, nullsFirst } of order) {
    const key = keys.find((candidate) => {
      const left = withoutRelabel(candidate.left);
      return left.kind === 'column' && left.id === id && withoutRelabel(candidate.right).kind === 'column';
    });
    if (key === undefined || descending || nullsFirst) break;
    found.push(key);
  }
  return found;
}
