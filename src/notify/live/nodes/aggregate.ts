import { groupKeyOf, hasherOf } from '../../../executor/expression/comparators.js';
import type { Evaluator } from '../../../executor/expression/evaluator.js';
import { maskOf } from '../../../executor/operators/aggregate.js';
import { rowBytes } from '../../../executor/operators/memory.js';
import type { PlanAggregate } from '../../../planner/optimize/physical.js';
import { type BTree, newBTree } from '../../../store/btree.js';
import type { HashKey } from '../../../types/type-codec.js';
import type { Row, SqlValue } from '../../../types/value.js';
import type { LiveCompiler, Place } from '../live-compiler.js';
import type { LiveNode, Push, RowId } from '../live-node.js';
import type { RowIdentity } from '../row-identity.js';
import { HIDDEN } from '../row-identity.js';
import { ENTRY_BYTES, type Running } from '../running.js';
import { type LiveAggregate, liveAggregate } from './aggregate-calls.js';
import { valueId } from './value-id.js';

interface GroupingSet {
  readonly members: readonly number[];
  readonly masks: readonly number[];
  readonly keyOf: (values: readonly SqlValue[]) => HashKey;
}

interface AggregateShape {
  readonly groups: readonly Evaluator[];
  readonly calls: readonly LiveAggregate[];
  readonly keepsRows: boolean;
  readonly sets: readonly GroupingSet[];
}

interface Group {
  readonly id: RowId;
  readonly values: Row;
  readonly states: unknown[];
  readonly masks: readonly number[];
  /** In the order of their ids, where an aggregate is computed from them. */
  readonly rows: BTree<RowId, Row> | undefined;
  count: number;
  /** Of all of no rows there is a row too. */
  readonly isAlways: boolean;
  /** What was told of it. */
  shown: Row | undefined;
}

/** GROUP BY and aggregates: groups that a commit has touched are told of at its end. */
export function aggregateNode(input: LiveNode, plan: PlanAggregate, place: Place, compiler: LiveCompiler): LiveNode {
  const layout = compiler.layout(input.output, place);
  const calls = plan.aggregates.map((aggregate) => liveAggregate(aggregate, layout));
  const all = plan.groups.map((_, i) => i);
  const shape: AggregateShape = {
    groups: plan.groups.map((group) => layout.evaluator(group.expr)),
    calls,
    keepsRows: calls.some((call) => call.readsRows),
    sets: (plan.groupingSets ?? [all]).map((members) => ({
      members,
      masks: (plan.masks ?? []).map((mask) => maskOf(mask.groups, members)),
      keyOf: groupKeyOf(members.map((member) => hasherOf(plan.groups[member]?.expr.type ?? 0))),
    })),
  };
  const identity: RowIdentity = plan.groupingSets === undefined ? { kind: 'values', columns: plan.groups } : HIDDEN;
  return {
    output: plan.output,
    identity,
    isStateful: true,
    start(run, push) {
      const groups = new Groups(shape, run, push);
      input.start(run, (id, old, now) => {
        if (old !== undefined) groups.change(id, old, false);
        if (now !== undefined) groups.change(id, now, true);
      });
    },
  };
}

class Groups {
  readonly #shape: AggregateShape;
  readonly #run: Running;
  readonly #push: Push;
  readonly #groups = new Map<RowId, Group>();
  readonly #touched = new Set<Group>();

  constructor(shape: AggregateShape, run: Running, push: Push) {
    this.#shape = shape;
    this.#run = run;
    this.#push = push;
    for (const [i, set] of shape.sets.entries()) {
      if (set.members.length > 0) continue;
      this.#touched.add(
        this.#create(
          `${i}:`,
          shape.groups.map(() => null),
          set,
        ),
      );
    }
    run.atEnd(() => this.#tell());
  }

  change(id: RowId, row: Row, isThere: boolean): void {
    const { frame } = this.#run;
    const { groups, sets } = this.#shape;
    const values = groups.map((group) => group(row, frame));
    for (let i = 0; i < sets.length; i++) {
      const set = sets[i];
      if (set === undefined) continue;
      const group = this.#groupOf(i, set, values, isThere);
      if (group !== undefined) this.#count(group, id, row, isThere);
    }
  }

  #groupOf(number: number, set: GroupingSet, values: Row, isThere: boolean): Group | undefined {
    const members = set.members.map((member) => values[member] ?? null);
    const id = members.length === 0 ? `${number}:` : `${number}:${valueId(set.keyOf(members))}`;
    const known = this.#groups.get(id);
    if (known !== undefined || !isThere) return known;
    const own = values.map((value, position) => (set.members.includes(position) ? value : null));
    return this.#create(id, own, set);
  }

  #create(id: RowId, values: Row, set: GroupingSet): Group {
    const { calls, keepsRows } = this.#shape;
    const group: Group = {
      id,
      values,
      states: calls.map((call) => call.init(this.#run.frame)),
      masks: set.masks,
      rows: keepsRows ? newBTree<RowId, Row>(compareIds) : undefined,
      count: 0,
      isAlways: set.members.length === 0,
      shown: undefined,
    };
    this.#groups.set(id, group);
    this.#run.keep(values);
    this.#run.hold(stateBytes(group));
    return group;
  }

  #count(group: Group, id: RowId, row: Row, isThere: boolean): void {
    const { frame } = this.#run;
    const { calls } = this.#shape;
    const { states, rows } = group;
    for (let i = 0; i < calls.length; i++) {
      states[i] = isThere ? calls[i]?.add(states[i], row, frame) : calls[i]?.remove(states[i], row, frame);
    }
    group.count += isThere ? 1 : -1;
    if (rows !== undefined) {
      if (isThere) {
        rows.set(id, row);
        this.#run.keep(row);
      } else if (rows.delete(id)) this.#run.drop(row);
    }
    this.#touched.add(group);
  }

  #tell(): void {
    for (const group of this.#touched) {
      const now = group.count > 0 || group.isAlways ? this.#rowOf(group) : undefined;
      const before = group.shown;
      group.shown = now;
      if (now === undefined) {
        this.#groups.delete(group.id);
        this.#run.drop(group.values);
        this.#run.hold(-stateBytes(group));
      }
      if (before !== undefined || now !== undefined) this.#push(group.id, before, now);
    }
    this.#touched.clear();
  }

  #rowOf({ values, states, rows, masks }: Group): Row {
    const row = values.slice();
    for (const [i, call] of this.#shape.calls.entries()) row.push(call.value(states[i], rows?.values() ?? [], this.#run.frame));
    row.push(...masks);
    return row;
  }
}

/** Of its aggregates, and the row that was told of it. */
function stateBytes({ values, states }: Group): number {
  return rowBytes(values) + states.length * ENTRY_BYTES;
}

function compareIds(a: RowId, b: RowId): number {
  return a < b ? -1 : a === b ? 0 : 1;
}
