import { assert } from '../../commons/assert.js';
import { SqlError } from '../../commons/sql-error.js';
import { SqlState } from '../../commons/sqlstates.js';
import type { BoundExpr, BoundSubquery, ColumnId } from '../../planner/bind/expression.js';
import { forEachChild } from '../../planner/bind/tree/walk.js';
import { elementOidOf, TypeOid } from '../../types/oids.js';
import { type Row, SqlArray, SqlRecord, type SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Frame } from '../frame.js';
import { CHECK_EVERY } from '../operators/batches.js';
import { drainSync } from '../operators/drain.js';
import { outOfWorkMemory, rowBytes } from '../operators/memory.js';
import { Layout, Scope } from '../scope.js';
import { joinArrays } from './arrays.js';
import { keyPart } from './comparators.js';
import { keptRows, readsOutside, runEagerly, runsFirst } from './eager-subqueries.js';
import type { Evaluator } from './evaluator.js';
import { hashedMembership } from './membership.js';
import { keptRowsBudget, rowsOnce, type SubqueryParts } from './subquery-parts.js';

/** Results remembered for a correlated sub-query. */
const MEMO_SIZE = 1024;

/** A scalar one is wrong from the second row on. */
const ROWS_WANTED: Readonly<Record<BoundSubquery['mode'], number>> = {
  exists: 1,
  scalar: 2,
  row: 2,
  array: Number.POSITIVE_INFINITY,
  any: Number.POSITIVE_INFINITY,
  all: Number.POSITIVE_INFINITY,
};

export function compileSubquery(expr: BoundSubquery, layout: Layout): Evaluator {
  const { compiler } = layout;
  const planned = compiler.subqueries.get(expr);
  assert(planned !== undefined, 'a sub-query that the optimizer has not planned');
  const outside = new Set<ColumnId>(planned.outerColumns);
  const produced = new Set<ColumnId>(planned.plan.output);
  if (expr.compare !== undefined) collectColumns(expr.compare, produced, outside);
  const slots = new Map<ColumnId, number>();
  const bindings: { readonly slot: number; readonly value: Evaluator }[] = [];
  for (const id of outside) {
    const slot = compiler.newSlot();
    const position = layout.position(id);
    const outerSlot = layout.scope.slot(id);
    slots.set(id, slot);
    if (position !== undefined) bindings.push({ slot, value: (row) => row[position] ?? null });
    else {
      assert(outerSlot !== undefined, `column ${id} of a sub-query is nowhere outside`);
      bindings.push({ slot, value: (_row, frame) => frame.slots[outerSlot] ?? null });
    }
  }
  const scope = new Scope(slots, layout.scope);
  const number = compiler.newSubquery();
  let plan = compiler.compilePlan(planned.plan, scope);
  if (planned.outerColumns.length === 0 && runsFirst(planned.plan) && !readsOutside(planned.plan)) {
    const waiting = plan;
    const limit = ROWS_WANTED[expr.mode];
    compiler.eagerSubqueries.add(number);
    compiler.runFirst((frame) => runEagerly(waiting, number, limit, frame));
    plan = keptRows(waiting, number);
  }
  const parts: SubqueryParts = {
    expr,
    plan,
    bind: (row, frame) => {
      for (const { slot, value } of bindings) frame.slots[slot] = value(row, frame);
      return null;
    },
    inner: new Layout(plan.output, scope, compiler),
    outer: layout,
    number,
    correlated: planned.outerColumns.length > 0,
  };
  if (expr.mode === 'any' || expr.mode === 'all') return hashedMembership(parts) ?? compileMembership(parts);
  const run = MODES[expr.mode](parts);
  const memoKey = !parts.correlated ? constantKey : compiler.memoize ? keyOf(planned.outerColumns, layout) : undefined;
  if (memoKey === undefined) {
    return (row, frame) => {
      parts.bind(row, frame);
      return run(frame);
    };
  }
  return (row, frame) => {
    let state = frame.subqueries[parts.number];
    if (state === undefined) {
      state = { results: new Map() };
      frame.subqueries[parts.number] = state;
    }
    const key = memoKey(row, frame);
    const known = state.results.get(key);
    if (known !== undefined) return known;
    parts.bind(row, frame);
    const result = run(frame);
    if (state.results.size >= MEMO_SIZE) state.results.clear();
    state.results.set(key, result);
    return result;
  };
}

type Run = (frame: Frame) => SqlValue;

const MODES: Readonly<Record<Exclude<BoundSubquery['mode'], 'any' | 'all'>, (parts: SubqueryParts) => Run>> = {
  exists:
    ({ plan }) =>
    (frame) => {
      let found = false;
      drainSync(plan.open(frame), frame, () => {
        found = true;
        return false;
      });
      return found;
    },
  scalar: (parts) => {
    const position = outputPosition(parts, 0);
    return (frame) => onlyRow(parts.plan, frame)?.[position] ?? null;
  },
  row: (parts) => {
    const positions = parts.expr.outputs.map((_id, i) => outputPosition(parts, i));
    // The columns' types are not in the plan; a row for SET (a, b) = (SELECT …) is only ever taken apart again.
    const types = positions.map(() => 0);
    return (frame) => {
      const row = onlyRow(parts.plan, frame);
      return row === undefined
        ? null
        : new SqlRecord(
            positions.map((position) => row[position] ?? null),
            types,
          );
    };
  },
  array: (parts) => {
    const position = outputPosition(parts, 0);
    const element = elementOidOf(parts.expr.type);
    const isVector = element === TypeOid.int2vector || element === TypeOid.oidvector;
    return (frame) => {
      const values: SqlValue[] = [];
      const budget = keptRowsBudget(frame);
      drainSync(parts.plan.open(frame), frame, (row) => {
        if (!budget.add(rowBytes(row))) throw outOfWorkMemory('A sub-query');
        values.push(row[position] ?? null);
        return true;
      });
      const nested = element !== undefined && !isVector && values.some((value) => value instanceof SqlArray);
      return nested ? joinArrays(values) : new SqlArray(values);
    };
  },
};

function outputPosition({ expr, inner }: SubqueryParts, index: number): number {
  const id = expr.outputs[index];
  assert(id !== undefined, 'a sub-query without a column');
  return inner.positionOf(id);
}

function onlyRow(plan: CompiledPlan, frame: Frame): Row | undefined {
  let only: Row | undefined;
  drainSync(plan.open(frame), frame, (row) => {
    if (only !== undefined) {
      throw new SqlError(SqlState.cardinalityViolation, 'more than one row returned by a subquery used as an expression');
    }
    only = row;
    return true;
  });
  return only;
}

/** op ANY and op ALL, row by row; NULLs as SQL says. */
function compileMembership(parts: SubqueryParts): Evaluator {
  const { expr, plan, number, correlated } = parts;
  assert(expr.compare !== undefined, 'a quantified sub-query without its comparison');
  const compare = parts.inner.evaluator(expr.compare);
  const decisive = expr.mode === 'any';
  const judge = (rows: Iterable<Row>, frame: Frame): SqlValue => {
    let unknown = false;
    let compared = 0;
    for (const row of rows) {
      if (++compared % CHECK_EVERY === 0) frame.cx.interrupt.check();
      const result = compare(row, frame);
      if (result === decisive) return decisive;
      if (result === null) unknown = true;
    }
    return unknown ? null : !decisive;
  };
  if (!correlated) {
    return (row, frame) => {
      parts.bind(row, frame);
      return judge(rowsOnce(plan, number, frame), frame);
    };
  }
  return (row, frame) => {
    parts.bind(row, frame);
    let result: SqlValue = !decisive;
    drainSync(plan.open(frame), frame, (candidate) => {
      const value = compare(candidate, frame);
      if (value === decisive) result = decisive;
      else if (value === null) result = null;
      return value !== decisive;
    });
    return result;
  };
}

const constantKey = () => '';

function keyOf(columns: readonly ColumnId[], layout: Layout): (row: Row, frame: Frame) => string {
  const positions = columns.map((id) => layout.position(id));
  const slots = columns.map((id) => layout.scope.slot(id) ?? -1);
  return (row, frame) => {
    let key = '';
    for (let i = 0; i < positions.length; i++) {
      const position = positions[i];
      key += memoPart((position === undefined ? frame.slots[slots[i] ?? -1] : row[position]) ?? null);
    }
    return key;
  };
}

/** Objects are told apart by identity: at worst the sub-query runs again. */
function memoPart(value: SqlValue): string {
  if (value === null) return 'n;';
  if (typeof value !== 'object') return keyPart(value);
  return keyPart(JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}n` : part instanceof Map ? [...part] : part)));
}

function collectColumns(expr: BoundExpr, produced: ReadonlySet<ColumnId>, into: Set<ColumnId>): void {
  if (expr.kind === 'column') {
    if (!produced.has(expr.id)) into.add(expr.id);
    return;
  }
  let own = produced;
  if (expr.kind === 'subquery') {
    for (const id of expr.outerColumns) if (!produced.has(id)) into.add(id);
    // Its comparison is over its own columns too.
    own = new Set([...produced, ...expr.outputs]);
  }
  forEachChild(expr, (child) => collectColumns(child, own, into));
}
