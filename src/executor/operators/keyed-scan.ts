import type { BoundExpr, ColumnId } from '../../planner/bind/expression.js';
import { asOperator, columnsOf, conjunctsOf, hasSubquery, isVolatile, withoutRelabel } from '../../planner/optimize/expressions.js';
import type { PlanTableScan } from '../../planner/optimize/physical.js';
import type { HashKey } from '../../types/type-codec.js';
import type { Row } from '../../types/value.js';
import type { Batch, Operator } from '../context.js';
import { type Hasher, hasherOf, sameHashClass } from '../expression/comparators.js';
import type { Evaluator, Predicate } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { Layout, type QueryCompiler, type Scope } from '../scope.js';

import { inBatches } from './batches.js';
import { MemoryBudget, rowBytes } from './memory.js';
import { breathe, pull, SteppedOperator, type Steps } from './stepped-operator.js';

/** From so many runs of one scan on it pays to sort its rows by key. */
const PLAIN_RUNS = 2;
/** Or work_mem, where that is more. */
const MAX_KEPT_BYTES = 128 * 1024 * 1024;

/** What an execution keeps of a table that is scanned again and again for rows with another value each time. */
export interface KeyedRows {
  runs: number;
  rows: Map<HashKey, Row[]> | undefined;
  isTooLarge: boolean;
}

interface ScanKey {
  readonly number: number;
  readonly position: number;
  readonly hash: Hasher;
  readonly wanted: Evaluator;
  readonly filter: Predicate;
}

/** The condition `column = something from outside` of a scan that may run often: in a correlated sub-query, or LATERAL. */
export function scanKeyOf(plan: PlanTableScan, scope: Scope, compiler: QueryCompiler): ScanKey | undefined {
  if (plan.filter === undefined || !compiler.memoize) return undefined;
  const own = plan.columns.map((column) => column.id);
  for (const condition of conjunctsOf(plan.filter)) {
    const operator = asOperator(condition);
    if (operator === undefined || operator.call.operator?.symbol !== '=') continue;
    const { left, right } = operator;
    const key = keyColumn(left, right, own) ?? keyColumn(right, left, own);
    if (key === undefined) continue;
    return {
      number: compiler.newSubquery(),
      position: key.position,
      hash: hasherOf(key.wanted.type),
      wanted: new Layout([], scope, compiler).evaluator(key.wanted),
      filter: new Layout(own, scope, compiler).predicate(plan.filter),
    };
  }
  return undefined;
}

function keyColumn(column: BoundExpr, wanted: BoundExpr, own: readonly ColumnId[]) {
  const plain = withoutRelabel(column);
  if (plain.kind !== 'column' || !sameHashClass(plain.type, wanted.type)) return undefined;
  const position = own.indexOf(plain.id);
  const outside = columnsOf(wanted);
  if (position === -1 || outside.size === 0 || hasSubquery(wanted) || isVolatile(wanted)) return undefined;
  return [...outside].some((id) => own.includes(id)) ? undefined : { position, wanted };
}

/** Scans the first few times, then keeps the rows by their keys as far as memory goes. */
export class KeyedScanOperator extends SteppedOperator {
  readonly #key: ScanKey;
  readonly #filtered: (frame: Frame) => Operator;
  readonly #all: (frame: Frame) => Operator;
  #scan: Operator | undefined;

  /** @param filtered scans for rows that pass all conditions @param all for all rows */
  constructor(key: ScanKey, filtered: (frame: Frame) => Operator, all: (frame: Frame) => Operator, frame: Frame) {
    super(frame);
    this.#key = key;
    this.#filtered = filtered;
    this.#all = all;
  }

  protected *run(): Steps {
    const { frame } = this;
    const { number, hash, wanted, filter } = this.#key;
    const kept = frame.keyedRows(number);
    if (kept.rows === undefined && !kept.isTooLarge && ++kept.runs > PLAIN_RUNS) yield* this.#keep(kept);
    if (kept.rows === undefined) {
      const scan = this.#filtered(frame);
      this.#scan = scan;
      for (let batch = yield* pull(scan); batch !== null; batch = yield* pull(scan)) yield batch;
      return;
    }
    const value = wanted([], frame);
    const candidates = value === null ? undefined : kept.rows.get(hash(value));
    if (candidates !== undefined) yield* inBatches(candidates.filter((row) => filter(row, frame)));
  }

  *#keep(kept: KeyedRows): Steps {
    const { frame } = this;
    const { position, hash } = this.#key;
    const rows = new Map<HashKey, Row[]>();
    const budget = new MemoryBudget(Math.max(frame.cx.workMemBytes, MAX_KEPT_BYTES));
    const scan = this.#all(frame);
    this.#scan = scan;
    for (let batch: Batch | null = yield* pull(scan); batch !== null; batch = yield* pull(scan)) {
      for (const row of batch) {
        const value = row[position] ?? null;
        if (value === null) continue;
        const key = hash(value);
        const alike = rows.get(key);
        if (alike === undefined) rows.set(key, [row]);
        else alike.push(row);
        if (!budget.add(rowBytes(row))) {
          kept.isTooLarge = true;
          scan.close();
          return;
        }
      }
      yield* breathe(frame);
    }
    kept.rows = rows;
  }

  protected free(): void {
    this.#scan?.close();
  }
}
