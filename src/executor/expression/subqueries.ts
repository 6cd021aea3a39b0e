import { assert } from '../../commons/assert.js';
import type { BoundExpr, BoundSubquery, ColumnId } from '../../planner/bind/expression.js';
import { forEachChild } from '../../planner/bind/tree/walk.js';
import type { PhysicalPlan } from '../../planner/optimize/physical.js';
import type { Row, SqlValue } from '../../types/value.js';
import type { CompiledPlan } from '../compiled-plan.js';
import type { Frame, SubqueryState } from '../frame.js';
import { CHECK_EVERY } from '../operators/batches.js';
import { drainSync, SubqueryPending, TAKES_LONG } from '../operators/drain.js';
import { breathe, pull } from '../operators/stepped-operator.js';
import { Layout, type QueryCompiler, Scope } from '../scope.js';
import type { Waiting } from '../waiting.js';
import { keyPart } from './comparators.js';
import { keptRows, runEagerly, runsFirst } from './eager-subqueries.js';
import type { Evaluator } from './evaluator.js';
import { hashedMembership } from './membership.js';
import { ANSWERS, type Answer } from './subquery-answers.js';
import { rowsOnce, type SubqueryParts } from './subquery-parts.js';

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

/** What a sub-query's evaluation is made of. @param isEager it may be run when the statement starts */
function subqueryParts(
  expr: BoundSubquery,
  layout: Layout,
  isEager: boolean,
): { readonly parts: SubqueryParts; readonly readsOutside: boolean; readonly outside: ReadonlySet<ColumnId> } {
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
  const compiled = compileApart(planned.plan, scope, compiler);
  let { plan } = compiled;
  if (isEager && planned.outerColumns.length === 0 && runsFirst(planned.plan) && !compiled.readsOutside) {
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
  return { parts, readsOutside: compiled.readsOutside, outside };
}

/** What only exists while another part of the statement runs can't be read before that, at whatever depth it is read. */
function compileApart(
  planned: PhysicalPlan,
  scope: Scope,
  compiler: QueryCompiler,
): { readonly plan: CompiledPlan; readonly readsOutside: boolean } {
  const { outsideReads } = compiler;
  const around = [...outsideReads];
  outsideReads.clear();
  const plan = compiler.compilePlan(planned, scope);
  const readsOutside = outsideReads.size > 0;
  for (const read of around) outsideReads.add(read);
  return { plan, readsOutside };
}

export function compileSubquery(expr: BoundSubquery, layout: Layout): Evaluator {
  const { compiler } = layout;
  const { parts, readsOutside, outside } = subqueryParts(expr, layout, true);
  if ((expr.mode === 'any' || expr.mode === 'all') && !parts.correlated) {
    const membership = hashedMembership(parts) ?? compileMembership(parts);
    return compiler.eagerSubqueries.has(parts.number) ? membership : impatient(membership);
  }
  const begin = ANSWERS[expr.mode](parts);
  const memoKey = !parts.correlated ? constantKey : compiler.memoize ? keyOf([...outside], layout) : undefined;
  // What others read from too must not be left half-way, and what has effects not be begun anew.
  if (memoKey === undefined) return impatient(answering(parts, begin));
  const evaluate = remembering(parts, begin, memoKey);
  return readsOutside ? impatient(evaluate) : evaluate;
}

/** One that may have to wait, for where that is possible: run when it is asked for, one over nothing from outside at most once. */
export function compileWaitingSubquery(expr: BoundSubquery, layout: Layout): (row: Row, frame: Frame) => Waiting<SqlValue> {
  const { parts } = subqueryParts(expr, layout, false);
  const { plan, number } = parts;
  if (!parts.correlated) {
    const kept = { ...parts, plan: keptRows(plan, number) };
    const evaluate = compileKept(kept);
    return function* (row, frame) {
      if (frame.subqueries[number] === undefined) {
        parts.bind(row, frame);
        yield* runEagerly(plan, number, ROWS_WANTED[expr.mode], frame);
      }
      return evaluate(row, frame);
    };
  }
  const begin = ANSWERS[expr.mode](parts);
  const now = answering(parts, begin);
  return function* (row, frame) {
    if (frame.synchronousDepth > 0) return now(row, frame);
    parts.bind(row, frame);
    return yield* answerInTurns(parts, begin(), frame);
  };
}

function compileKept(parts: SubqueryParts): Evaluator {
  const { mode } = parts.expr;
  return mode === 'any' || mode === 'all' ? compileMembership(parts) : answering(parts, ANSWERS[mode](parts));
}

function impatient(evaluate: Evaluator): Evaluator {
  return (row, frame) => {
    const { isPatient } = frame;
    frame.isPatient = false;
    try {
      return evaluate(row, frame);
    } finally {
      frame.isPatient = isPatient;
    }
  };
}

function answering(parts: SubqueryParts, begin: () => Answer): Evaluator {
  return (row, frame) => {
    parts.bind(row, frame);
    const answer = begin();
    drainSync(parts.plan.open(frame), frame, (inner) => answer.add(inner, frame));
    return answer.value();
  };
}

type MemoKey = (row: Row, frame: Frame) => string;

/** One that has taken long is run apart from then on, wherever whoever evaluates can wait for it. */
function remembering(parts: SubqueryParts, begin: () => Answer, memoKey: MemoKey): Evaluator {
  const answerNow = answering(parts, begin);
  const pending = (key: string) =>
    new SubqueryPending(function* (frame) {
      remember(parts, frame, key, yield* answerInTurns(parts, begin(), frame));
    });
  return (row, frame) => {
    const state = stateOf(parts, frame);
    const key = memoKey(row, frame);
    const known = state.results.get(key);
    if (known !== undefined) return known;
    let result: SqlValue;
    if (frame.isPatient && frame.synchronousDepth === 0) {
      if (state.isSlow === true) {
        parts.bind(row, frame);
        throw pending(key);
      }
      try {
        result = answerNow(row, frame);
      } catch (error) {
        if (error !== TAKES_LONG) throw error;
        state.isSlow = true;
        throw pending(key);
      }
    } else result = answerNow(row, frame);
    remember(parts, frame, key, result);
    return result;
  };
}

function* answerInTurns(parts: SubqueryParts, answer: Answer, frame: Frame): Waiting<SqlValue> {
  const operator = parts.plan.open(frame);
  try {
    for (let batch = yield* pull(operator); batch !== null; batch = yield* pull(operator)) {
      for (const row of batch) if (!answer.add(row, frame)) return answer.value();
      yield* breathe(frame);
    }
    return answer.value();
  } finally {
    operator.close();
  }
}

function stateOf({ number }: SubqueryParts, frame: Frame): SubqueryState {
  let state = frame.subqueries[number];
  if (state === undefined) {
    state = { results: new Map() };
    frame.subqueries[number] = state;
  }
  return state;
}

function remember(parts: SubqueryParts, frame: Frame, key: string, result: SqlValue): void {
  const { results } = stateOf(parts, frame);
  if (results.size >= MEMO_SIZE) results.clear();
  results.set(key, result);
}

/** op ANY and op ALL over the rows of an uncorrelated sub-query, row by row; NULLs as SQL says. */
function compileMembership(parts: SubqueryParts): Evaluator {
  const { expr, plan, number } = parts;
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
  return (row, frame) => {
    parts.bind(row, frame);
    return judge(rowsOnce(plan, number, frame), frame);
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

/** By all that a value holds; an object of jsonb is not the array of its entries. */
function memoPart(value: SqlValue): string {
  if (value === null) return 'n;';
  if (typeof value !== 'object') return keyPart(value);
  return keyPart(
    JSON.stringify(value, (_key, part) => (typeof part === 'bigint' ? `${part}n` : part instanceof Map ? { map: [...part] } : part)),
  );
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
