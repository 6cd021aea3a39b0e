import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import type { ProjectedColumn, SortKey } from '../../planner/bind/logical.js';
import type { PhysicalPlan, PlanProject } from '../../planner/optimize/physical.js';
import { compileKeyEncoder, type KeyColumn, keyTypeOf } from '../../store/key-codec.js';
import type { Row } from '../../types/value.js';
import { orderOf } from './plan-order.js';

/** A plan whose rows have their sort keys behind their columns. */
export interface OrderedPlan {
  readonly plan: PhysicalPlan;
  readonly order: OrderWriter | undefined;
}

/**
 * Where a query says in what order its rows are to be, each is told with its place: a text that compares as the rows do. So clients need not
 * know what ORDER BY means, and may order by what the query does not show.
 */
export function withOrder(plan: PhysicalPlan, newColumn: () => ColumnId): OrderedPlan {
  const below = plan.kind === 'project' ? plan.input : plan;
  const keys = orderOf(below);
  const columns = keyColumns(keys);
  if (columns === undefined || columns.length === 0) return { plan, order: undefined };
  const shown: readonly ProjectedColumn[] =
    plan.kind === 'project' ? plan.columns : plan.output.map((id) => projected(id, referenceTo(id)));
  const hidden = keys.map((key) => projected(newColumn(), key.expr));
  const all = [...shown, ...hidden];
  const project: PlanProject = { kind: 'project', input: below, columns: all, output: all.map((column) => column.id), cost: plan.cost };
  return { plan: project, order: new OrderWriter(columns, shown.length) };
}

/** Undefined where a key's type has no order in bytes. */
function keyColumns(keys: readonly SortKey[]): readonly KeyColumn[] | undefined {
  const columns: KeyColumn[] = [];
  for (const { expr, descending, nullsFirst } of keys) {
    const type = keyTypeOf(expr.type);
    if (type === undefined) return undefined;
    columns.push({ type, desc: descending, nullsFirst });
  }
  return columns;
}

function projected(id: ColumnId, expr: BoundExpr): ProjectedColumn {
  return { id, name: '', type: expr.type, typmod: expr.typmod, expr };
}

function referenceTo(id: ColumnId): BoundExpr {
  return { kind: 'column', id, name: '', type: 0, typmod: -1 };
}

export class OrderWriter {
  readonly #encode: ReturnType<typeof compileKeyEncoder>;
  readonly #from: number;

  constructor(columns: readonly KeyColumn[], from: number) {
    this.#encode = compileKeyEncoder(columns);
    this.#from = from;
  }

  /** Hexadecimal, so that it compares as text in any language. */
  text(row: Row): string {
    const key = this.#encode(row.slice(this.#from));
    return Buffer.from(key.buffer, key.byteOffset, key.byteLength).toString('hex');
  }
}
