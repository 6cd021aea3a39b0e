import type { PlanAggregate } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Batch, Operator } from '../context.js';
import { groupKeyOf, hasherOf } from '../expression/comparators.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';
import { type AggregateCall, compileAggregate } from './aggregate-calls.js';
import { MAX_BATCH } from './batches.js';
import { MemoryBudget, outOfWorkMemory, rowBytes } from './memory.js';
import { PartitionedRows } from './partitioned-rows.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

interface AggregateShape {
  readonly strategy: PlanAggregate['strategy'];
  readonly groups: readonly Evaluator[];
  readonly calls: readonly AggregateCall[];
  readonly grows: readonly AggregateCall[];
  /** One or, for grouping sets, several; each says which groups count. */
  readonly sets: readonly GroupingSet[];
}

interface GroupingSet {
  readonly members: readonly number[];
  readonly keyOf: (values: readonly SqlValue[]) => HashKey;
}

interface Group {
  readonly values: Row;
  readonly states: unknown[];
}

const STATE_BYTES = 64;
/** Aggregates that keep their input (array_agg) may go beyond work_mem, which they can't spill, but not without end. */
const LEAST_STATE_LIMIT_BYTES = 64 * 1024 * 1024;

export function compileAggregateRows(plan: PlanAggregate, scope: Scope, compiler: QueryCompiler): CompiledPlan {
  const input = compiler.compilePlan(plan.input, scope);
  const layout = new Layout(input.output, scope, compiler);
  const all = plan.groups.map((_, i) => i);
  const calls = plan.aggregates.map((aggregate) => compileAggregate(aggregate, layout));
  const shape: AggregateShape = {
    strategy: plan.strategy,
    groups: plan.groups.map((group) => layout.evaluator(group.expr)),
    calls,
    grows: calls.filter((call) => call.grows),
    sets: (plan.groupingSets ?? [all]).map((members) => ({
      members,
      keyOf: groupKeyOf(members.map((member) => hasherOf(plan.groups[member]?.expr.type ?? 0))),
    })),
  };
  return { output: plan.output, open: (frame) => new AggregateOperator(input.open(frame), shape, frame) };
}

/** GROUP BY and aggregates. Output rows: the groups' values, then the aggregates'. */
class AggregateOperator extends SteppedOperator {
  readonly #input: Operator;
  readonly #shape: AggregateShape;
  readonly #stateBudget: MemoryBudget;
  readonly #spilled: PartitionedRows[] = [];

  constructor(input: Operator, shape: AggregateShape, frame: Frame) {
    super(frame);
    this.#input = input;
    this.#shape = shape;
    this.#stateBudget = new MemoryBudget(Math.max(frame.cx.workMemBytes, LEAST_STATE_LIMIT_BYTES));
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
        if (this.#shape.sets.length === 1) yield* this.#hashed();
        else yield* this.#groupingSets();
    }
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
    return row;
  }

  /** No groups: one row, also of nothing. */
  *#plain(): Steps {
    const group = this.#newGroup([]);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) this.#step(group, row);
      yield* breathe(this.frame);
    }
    yield [this.#finish(group)];
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
          if (current !== undefined) out.push(this.#finish(current));
          current = this.#newGroup(values);
          currentKey = key;
          this.#stateBudget.reset();
        }
        this.#step(current, row);
      }
      yield* breathe(frame);
      if (out.length > 0) {
        yield out;
        out = [];
      }
    }
    if (current !== undefined) yield [this.#finish(current)];
  }

  /** Once work_mem is full of groups, rows of further groups go to files and are grouped afterwards, part by part. */
  *#hashed(): Steps {
    let overflow: PartitionedRows | undefined;
    const table = new Map<HashKey, Group>();
    const budget = new MemoryBudget(this.frame.cx.workMemBytes);
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) overflow = this.#collect(row, table, budget, overflow);
      yield* breathe(this.frame);
    }
    this.#input.close();
    yield* this.#emit(table.values());
    if (overflow !== undefined) yield* this.#groupSpilled(overflow);
  }

  *#groupSpilled(spilled: PartitionedRows): Steps {
    this.#spilled.push(spilled);
    for (let part = 0; part < spilled.count; part++) {
      const table = new Map<HashKey, Group>();
      const budget = new MemoryBudget(this.frame.cx.workMemBytes);
      let overflow: PartitionedRows | undefined;
      let visited = 0;
      for (const row of spilled.read(part)) {
        overflow = this.#collect(row, table, budget, overflow);
        if (++visited % MAX_BATCH === 0) yield* breathe(this.frame);
      }
      yield* this.#emit(table.values());
      if (overflow !== undefined) yield* this.#groupSpilled(overflow);
    }
    spilled.remove();
  }

  #collect(row: Row, table: Map<HashKey, Group>, budget: MemoryBudget, overflow: PartitionedRows | undefined): PartitionedRows | undefined {
    const { frame } = this;
    const values: Row = [];
    for (const group of this.#shape.groups) values.push(group(row, frame));
    const key = this.#shape.sets[0]?.keyOf(values) ?? '';
    let group = table.get(key);
    let parts = overflow;
    if (group === undefined) {
      if (parts !== undefined) {
        parts.add(key, row);
        return parts;
      }
      group = this.#newGroup(values);
      table.set(key, group);
      if (!budget.add(rowBytes(values) + this.#shape.calls.length * STATE_BYTES)) parts = new PartitionedRows();
    }
    this.#step(group, row);
    return parts;
  }

  /** Several sets of groups over the same rows: a table each. */
  *#groupingSets(): Steps {
    const { frame } = this;
    const { groups, sets } = this.#shape;
    const tables = sets.map(() => new Map<HashKey, Group>());
    const budget = new MemoryBudget(frame.cx.workMemBytes);
    for (const [i, { members }] of sets.entries()) {
      if (members.length === 0) tables[i]?.set('', this.#newGroup(groups.map(() => null)));
    }
    for (let batch = yield* pull(this.#input); batch !== null; batch = yield* pull(this.#input)) {
      for (const row of batch) {
        const values = groups.map((group) => group(row, frame));
        for (const [i, { members, keyOf }] of sets.entries()) {
          const key = members.length === 0 ? '' : keyOf(members.map((member) => values[member] ?? null));
          let group = tables[i]?.get(key);
          if (group === undefined) {
            group = this.#newGroup(values.map((value, position) => (members.includes(position) ? value : null)));
            tables[i]?.set(key, group);
            if (!budget.add(rowBytes(values) + this.#shape.calls.length * STATE_BYTES)) throw outOfWorkMemory('GROUPING SETS');
          }
          this.#step(group, row);
        }
      }
      yield* breathe(frame);
    }
    for (const table of tables) yield* this.#emit(table.values());
  }

  *#emit(groups: Iterable<Group>): Steps {
    let out: Batch = [];
    for (const group of groups) {
      out.push(this.#finish(group));
      if (out.length === MAX_BATCH) {
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
