import { groupKeyOf, hasherOf } from '../../../executor/expression/comparators.js';
import { type SortShape, sortShape, withoutKeys } from '../../../executor/operators/row-order.js';
import type { OutputColumn, SortKey } from '../../../planner/bind/logical.js';
import type { PlanDistinct } from '../../../planner/optimize/physical.js';
import type { HashKey } from '../../../types/type-codec.js';
import type { Row } from '../../../types/value.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode, Push, RowId } from '../live-node.js';
import type { Running } from '../running.js';
import { OrderedRows, orderedRow } from './ordered-rows.js';
import { valueId } from './value-id.js';

/** DISTINCT: each row that is there at least once. DISTINCT ON: of the rows that are alike in some columns, the first one. */
export function distinctNode(
  input: LiveNode,
  plan: PlanDistinct,
  order: readonly SortKey[],
  place: Place,
  compiler: LiveCompiler,
): LiveNode {
  const layout = compiler.layout(input.output, place);
  const positions = plan.on.map((column) => layout.positionOf(column.id));
  const hash = groupKeyOf(plan.on.map((column) => hasherOf(column.type)));
  const keyOf = (row: Row): HashKey => hash(positions.map((position) => row[position] ?? null));
  const isWhole = input.output.every((id) => plan.on.some((column) => column.id === id));
  const shape = isWhole ? undefined : sortShape(order, layout);
  return {
    output: input.output,
    identity: { kind: 'values', columns: plan.on as readonly OutputColumn[] },
    isStateful: true,
    start(run, push) {
      const distinct = shape === undefined ? new Counted(keyOf, run, push) : new First(keyOf, shape, run, push);
      input.start(run, (id, old, now) => {
        if (old !== undefined) distinct.remove(id, old);
        if (now !== undefined) distinct.add(id, now);
      });
    },
  };
}

class Counted {
  readonly #rows = new Map<HashKey, { readonly row: Row; count: number }>();
  readonly #keyOf: (row: Row) => HashKey;
  readonly #run: Running;
  readonly #push: Push;

  constructor(keyOf: (row: Row) => HashKey, run: Running, push: Push) {
    this.#keyOf = keyOf;
    this.#run = run;
    this.#push = push;
  }

  add(_id: RowId, row: Row): void {
    const key = this.#keyOf(row);
    const known = this.#rows.get(key);
    if (known !== undefined) {
      known.count++;
      return;
    }
    this.#rows.set(key, { row, count: 1 });
    this.#run.keep(row);
    this.#push(valueId(key), undefined, row);
  }

  remove(_id: RowId, row: Row): void {
    const key = this.#keyOf(row);
    const known = this.#rows.get(key);
    if (known === undefined || --known.count > 0) return;
    this.#rows.delete(key);
    this.#run.drop(known.row);
    this.#push(valueId(key), known.row, undefined);
  }
}

class First {
  readonly #alike = new Map<HashKey, OrderedRows>();
  readonly #keyOf: (row: Row) => HashKey;
  readonly #shape: SortShape;
  readonly #run: Running;
  readonly #push: Push;

  constructor(keyOf: (row: Row) => HashKey, shape: SortShape, run: Running, push: Push) {
    this.#keyOf = keyOf;
    this.#shape = shape;
    this.#run = run;
    this.#push = push;
  }

  add(id: RowId, row: Row): void {
    const key = this.#keyOf(row);
    let rows = this.#alike.get(key);
    if (rows === undefined) {
      rows = new OrderedRows(this.#shape, this.#run);
      this.#alike.set(key, rows);
    }
    const before = rows.first;
    rows.add(orderedRow(id, row, this.#shape, this.#run));
    this.#tell(key, before?.row, rows.first?.row);
  }

  remove(id: RowId, row: Row): void {
    const key = this.#keyOf(row);
    const rows = this.#alike.get(key);
    if (rows === undefined) return;
    const before = rows.first;
    rows.take(orderedRow(id, row, this.#shape, this.#run));
    if (rows.size === 0) this.#alike.delete(key);
    this.#tell(key, before?.row, rows.first?.row);
  }

  #tell(key: HashKey, before: Row | undefined, after: Row | undefined): void {
    if (before === after) return;
    this.#push(valueId(key), before && withoutKeys(before, this.#shape), after && withoutKeys(after, this.#shape));
  }
}
