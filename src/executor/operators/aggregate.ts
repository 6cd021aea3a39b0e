import type { GroupColumn } from '../../planner/bind/logical.js';
import type { PlanAggregate } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { groupKeyOf, type Hasher, hasherOf } from '../expression/comparators.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import type { Waiting } from '../waiting.js';
import { type AggregateCall, type StateBudget, stateBudget } from './aggregate-call.js';
import { compileAggregate } from './aggregate-calls.js';
import { MAX_BATCH } from './batches.js';
import { type GroupStates, ObjectStates } from './group-states.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from './memory.js';
import { PartitionedRows } from './partitioned-rows.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface AggregateShape {
  readonly strategy: PlanAggregate['strategy'];
  readonly groups: readonly Evaluator[];
  readonly calls: readonly AggregateCall[];
  readonly grows: readonly AggregateCall[];
  /** Some have much to do at the end. */
  readonly settles: boolean;
  /** One or, for grouping sets, several; each says which groups count. */
  readonly sets: readonly GroupingSet[];
  readonly maskCount: number;
}

interface GroupingSet {
  readonly members: readonly number[];
  /** All groups count, in their order. */
  readonly isWhole: boolean;
  /** The values of GROUPING(…). */
  readonly masks: readonly number[];
  readonly keyOf: (values: readonly SqlValue[]) => HashKey;
}

interface GroupTable {
  readonly set: GroupingSet;
  readonly groups: Map<HashKey, number>;
  /** Each group's values, then its aggregates' states: by the group's number. */
  readonly values: Row[];
  readonly states: readonly GroupStates[];
  readonly budget: MemoryBudget;
  overflow: PartitionedRows | undefined;
}

interface Group {
  readonly values: Row;
  readonly states: unknown[];
}

/** Of a group in the table of keys. */
const ENTRY_BYTES = 24;
/** PostgreSQL's hash_mem_multiplier: hash tables may take so many times work_mem. */
const HASH_MEMORIES = 2;

export function compileAggregateRows(plan: PlanAggregate, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const all = plan.groups.map((_, i) => i);
  const calls = plan.aggregates.map((aggregate) => compileAggregate(aggregate, layout, plan.strategy === 'hash'));
  const shape: AggregateShape = {
    strategy: plan.strategy,
    groups: plan.groups.map((group) => layout.evaluator(group.expr)),
    calls,
    grows: calls.filter((call) => call.grows),
    settles: calls.some((call) => call.settle !== undefined),
    sets: (plan.groupingSets ?? [all]).map((members) => ({
      members,
      isWhole: plan.groupingSets === undefined,
      masks: (plan.masks ?? []).map((mask) => maskOf(mask.groups, members)),
      keyOf: groupKeyOf(members.map((member) => hasherOfGroup(plan.groups[member]))),
    })),
    maskCount: plan.masks?.length ?? 0,
  };
  return { output: plan.output, open: (frame) => new AggregateOperator(input.open(frame), shape, frame) };
}

/** What others determine adds nothing to the key. */
function hasherOfGroup(group: GroupColumn | undefined): Hasher {
  return group?.determined === true ? () => '' : hasherOf(group?.expr.type ?? 0);
}

/** A bit for each argument of GROUPING, the last one lowest: set where the grouping set leaves it out. */
export function maskOf(groups: readonly number[], members: readonly number[]): number {
  return groups.reduce((mask, group) => mask * 2 + (members.includes(group) ? 0 : 1), 0);
}

/** GROUP BY and aggregates. Output rows: the groups' values, then the aggregates'. */
class AggregateOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: AggregateShape;
  readonly #stateBudget: StateBudget;
  readonly #spilled: PartitionedRows[] = [];
  /** Of the row at hand. */
  readonly #values: Row;

  constructor(input: Operator, shape: AggregateShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
    this.#stateBudget = stateBudget(frame);
    this.#values = shape.groups.map(() => null);
  }

  protected *run(): Steps {
    switch (this.#shape.strategy) {
      case 'plain':
        yield* this.#plain();
        return;
      case 'sorted':
        yield* this.#sorted();
        return;
      case 'hash':
        yield* this.#hashed();
    }
  }

  *#breathe(): Waiting<void> {
    const { frame } = this;
    for (let full = frame.overfull.pop(); full !== undefined; full = frame.overfull.pop()) yield* full.spill(frame);
    yield* breathe(frame);
  }

  #newGroup(values: Row): Group {
    return { values, states: this.#shape.calls.map((call) => call.init(this.frame)) };
  }

  #step(group: Group, row: Row): void {
    const { calls, grows } = this.#shape;
    const { states } = group;
    const { frame } = this;
    for (let i = 0; i < calls.length; i++) states[i] = calls[i]?.step(states[i], row, frame);
    for (const call of grows) if (!this.#stateBudget.add(call.added(row, frame))) throw outOfWorkMemory('An aggregate');
  }

  #finish({ values, states }: Group): Row {
    const row = values.slice();
    this.#shape.calls.forEach((call, i) => {
      row.push(call.final(states[i], this.frame));
    });
    for (let i = 0; i < this.#shape.maskCount; i++) row.push(0);
    return row;
  }

  /** As `#finish`, in turns. */
  *#settle({ values, states }: Group): Waiting<Row> {
    const row = values.slice();
    for (const [i, call] of this.#shape.calls.entries()) {
      row.push(call.settle === undefined ? call.final(states[i], this.frame) : yield* call.settle(states[i], this.frame));
    }
    for (let i = 0; i < this.#shape.maskCount; i++) row.push(0);
    return row;
  }

  /** No groups: one row, also of nothing. */
  *#plain(): Steps {
    const group = this.#newGroup([]);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) this.#step(group, row);
      yield* this.#breathe();
    }
    yield [this.#shape.settles ? yield* this.#settle(group) : this.#finish(group)];
  }

  /** Groups follow one another. */
  *#sorted(): Steps {
    const { frame } = this;
    const { groups, sets } = this.#shape;
    const keyOf = sets[0]?.keyOf ?? (() => '');
    let current: Group | undefined;
    let currentKey: HashKey | undefined;
    let out: Batch = [];
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) {
        const values = groups.map((group) => group(row, frame));
        const key = keyOf(values);
        if (current === undefined || key !== currentKey) {
          if (current !== undefined) out.push(this.#shape.settles ? yield* this.#settle(current) : this.#finish(current));
          current = this.#newGroup(values);
          currentKey = key;
          this.#stateBudget.reset();
        }
        this.#step(current, row);
      }
      yield* this.#breathe();
      if (out.length > 0) {
        yield out;
        out = [];
      }
    }
    if (current !== undefined) yield [this.#shape.settles ? yield* this.#settle(current) : this.#finish(current)];
  }

  /**
   * Grouping sets have a table each. Once work_mem is full of groups, rows of further groups go to files and are grouped afterwards, part by
   * part.
   */
  *#hashed(): Steps {
    const { frame } = this;
    const { sets, groups } = this.#shape;
    const budget = new MemoryBudget(frame.cx.workMemBytes * HASH_MEMORIES);
    const tables = sets.map((set) => this.#newTable(set, budget));
    for (const table of tables) {
      if (table.set.members.length === 0)
        this.#addGroup(
          table,
          '',
          groups.map(() => null),
        );
    }
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) for (const table of tables) this.#collect(row, table);
      yield* this.#breathe();
    }
    this.#input.close();
    for (const table of tables) yield* this.#emitTable(table);
  }

  #newTable(set: GroupingSet, budget: MemoryBudget): GroupTable {
    const states = this.#shape.calls.map((call): GroupStates => call.packed?.() ?? new ObjectStates(call));
    return { set, groups: new Map(), values: [], states, budget, overflow: undefined };
  }

  #addGroup(table: GroupTable, key: HashKey, values: Row): number {
    const group = table.values.length;
    table.groups.set(key, group);
    table.values.push(values);
    let bytes = rowBytes(values) + ENTRY_BYTES;
    for (const states of table.states) {
      states.add(this.frame);
      bytes += states.bytes;
    }
    if (!table.budget.add(bytes)) table.overflow = new PartitionedRows(this.frame.cx.spills);
    return group;
  }

  *#emitTable(table: GroupTable): Steps {
    yield* this.#emit(table);
    table.groups.clear();
    table.values.length = 0;
    if (table.overflow !== undefined) yield* this.#groupSpilled(table.overflow, table.set);
  }

  *#groupSpilled(spilled: PartitionedRows, set: GroupingSet): Steps {
    this.#spilled.push(spilled);
    for (let part = 0; part < spilled.count; part++) {
      const table = this.#newTable(set, new MemoryBudget(this.frame.cx.workMemBytes * HASH_MEMORIES));
      let visited = 0;
      for (const row of spilled.read(part)) {
        this.#collect(row, table);
        if (++visited % MAX_BATCH === 0) yield* this.#breathe();
      }
      yield* this.#emitTable(table);
    }
    spilled.remove();
  }

  #collect(row: Row, table: GroupTable): void {
    const { frame } = this;
    const { set } = table;
    const { groups, grows } = this.#shape;
    const values = this.#values;
    for (let i = 0; i < groups.length; i++) values[i] = groups[i]?.(row, frame) ?? null;
    const key = set.isWhole
      ? set.keyOf(values)
      : set.members.length === 0
        ? ''
        : set.keyOf(set.members.map((member) => values[member] ?? null));
    let group = table.groups.get(key);
    if (group === undefined) {
      if (table.overflow !== undefined) {
        table.overflow.add(key, row);
        return;
      }
      const own = set.isWhole ? values.slice() : values.map((value, position) => (set.members.includes(position) ? value : null));
      group = this.#addGroup(table, key, own);
    }
    for (const states of table.states) states.step(group, row, frame);
    for (const call of grows) if (!this.#stateBudget.add(call.added(row, frame))) throw outOfWorkMemory('An aggregate');
  }

  *#emit({ values, states, set }: GroupTable): Steps {
    const { frame } = this;
    const { masks } = set;
    const { settles, maskCount } = this.#shape;
    let out: Batch = [];
    for (const [group, row] of values.entries()) {
      for (const each of states) row.push(each.settle === undefined ? each.final(group, frame) : yield* each.settle(group, frame));
      for (let i = 0; i < maskCount; i++) row.push(masks[i] ?? 0);
      out.push(row);
      if (out.length === MAX_BATCH || (settles && out.length > 0)) {
        yield out;
        out = [];
      }
    }
    if (out.length > 0) yield out;
  }

  protected free(): void {
    this.#input.close();
    for (const spilled of this.#spilled) spilled.remove();
  }
}
