import type { TableDescriptor, VirtualDescriptor } from '../../../catalog/descriptors.js';
import { hasEntries, isOrdered } from '../../../catalog/index-methods.js';
import { VIRTUAL_ESTIMATES } from '../../../catalog/virtual/estimates.js';
import { TypeOid } from '../../../types/oids.js';
import type { BoundExpr, ColumnId } from '../../bind/expression.js';
import type { LogicalScan, ScanColumn } from '../../bind/logical.js';
import { booleanNode } from '../../bind/nodes.js';
import { isOwnEquality } from '../../bind/tree/same.js';
import { viewIndex } from '../access/index-view.js';
import { type IndexMatch, matchIndex } from '../access/match-index.js';
import { type InvertedMatch, matchInverted } from '../access/match-inverted.js';
import { type Sarg, sargOf } from '../access/sarg.js';
import { cost, PAGE_BYTES, Price, pagesOf } from '../cost/costs.js';
import { DEFAULT_DISTINCT, DEFAULT_ROWS, isOnlyKey, widthOf } from '../cost/facts.js';
import { selectivityOf } from '../cost/selectivity.js';
import { asOperator, conjoin, conjunctsOf, isLeakproof, isNeverTrue, type OrderKey, usesAny, withoutRelabel } from '../expressions.js';
import type { PhysicalPlan } from '../physical.js';
import type { Alternatives, Planned, Planning, Request } from '../planning.js';
import { filtered, neededWith, nothing, satisfies, unordered } from './build.js';
import { planScanTree } from './scan-tree.js';

/** Reads a table in the cheapest way that there is, or also in the cheapest one that gives the wanted order. */
export function planScan(node: LogicalScan, request: Request, planning: Planning): Alternatives {
  if (node.security !== undefined) return planSecured(node, node.security, request, planning);
  if (node.descendants === true) return planScanTree(node, request, planning);
  const { predicates } = request;
  const used = neededWith(request.needed, predicates);
  const columns = node.columns.filter((column) => used.has(column.id));
  if (predicates.some(isNeverTrue)) return { best: unordered(nothing(columns.map((column) => column.id))) };
  const { table } = node;
  if (table.kind === 'virtual') return { best: unordered(virtualScan(node, columns, predicates, planning)) };
  // What may wait or changes from call to call is no business of a scan's.
  const waiting = predicates.filter((predicate) => planning.isAsync(predicate));
  const own = waiting.length === 0 ? predicates : predicates.filter((predicate) => !waiting.includes(predicate));
  const scan = new TableScan(node, table, columns, own, planning);
  const candidates = scan.candidates(request.order);
  let best: Planned | undefined;
  let ordered: Planned | undefined;
  for (const candidate of candidates) {
    const total = candidate.plan.cost.total;
    if (best === undefined || total < best.plan.cost.total) best = candidate;
    if (request.order !== undefined && satisfies(candidate.order, request.order, planning)) {
      if (ordered === undefined || total < ordered.plan.cost.total) ordered = candidate;
    }
  }
  const cheapest = best ?? unordered(nothing([]));
  return {
    best: filtered(cheapest, waiting, planning),
    ...(ordered === undefined || ordered === cheapest ? {} : { ordered: filtered(ordered, waiting, planning) }),
  };
}

/**
 * Policies come first: only conditions that tell nothing of the rows they fail on (leakproof ones) may be checked along with them, by an index
 * too; all others are for the rows that are left. A policy that may wait is itself checked above the scan, so then all are.
 */
function planSecured({ security: _, ...node }: LogicalScan, security: BoundExpr, request: Request, planning: Planning): Alternatives {
  const policies = conjunctsOf(security).map((policy) => planning.fold(policy));
  const waits = policies.some((policy) => planning.isAsync(policy));
  const leaking = request.predicates.filter((predicate) => waits || !isLeakproof(predicate, planning.catalog.builtin));
  const others = request.predicates.filter((predicate) => !leaking.includes(predicate));
  const found = planScan(node, { ...request, predicates: [...policies, ...others], needed: neededWith(request.needed, leaking) }, planning);
  if (leaking.length === 0) return found;
  return {
    best: filtered(found.best, leaking, planning),
    ...(found.ordered === undefined ? {} : { ordered: filtered(found.ordered, leaking, planning) }),
  };
}

class TableScan {
  readonly #node: LogicalScan;
  readonly #table: TableDescriptor;
  readonly #columns: readonly ScanColumn[];
  readonly #predicates: readonly BoundExpr[];
  readonly #planning: Planning;
  readonly #output: readonly ColumnId[];
  readonly #rows: number;
  readonly #width: number;

  constructor(
    node: LogicalScan,
    table: TableDescriptor,
    columns: readonly ScanColumn[],
    predicates: readonly BoundExpr[],
    planning: Planning,
  ) {
    this.#node = node;
    this.#table = table;
    this.#columns = columns;
    this.#predicates = predicates;
    this.#planning = planning;
    this.#output = columns.map((column) => column.id);
    const statistics = planning.catalog.statistics(table.oid);
    const partitions = this.#readsAllUsers() ? (statistics?.users ?? 1) : 1;
    this.#rows = Math.max(this.#rowsNow((statistics?.rows ?? DEFAULT_ROWS) * partitions, statistics !== undefined), 1);
    let width = 0;
    for (const column of node.columns) {
      if (!('number' in column)) continue;
      const of = table.columns[column.number - 1];
      const facts = {
        type: column.type,
        notNull: of?.notNull === true,
        rows: this.#rows,
        statistics: statistics?.columns[column.number],
        unique: isOnlyKey(table, column.number),
      };
      planning.noteFacts(column, facts);
      width += widthOf(column.type, facts);
    }
    this.#width = width;
  }

  /**
   * Rows by ANALYZE, unless the table has changed by much since: what the store tells is no more than its order of magnitude. A table that was
   * never analysed is not taken to be small, since it may be about to be filled (as PostgreSQL's ten pages).
   */
  #rowsNow(known: number, isAnalysed: boolean): number {
    const now = this.#planning.cx.rowsOf?.(this.#table, this.#readsAllUsers());
    if (now === undefined) return known;
    if (!isAnalysed) return Math.max(known, now);
    // What is known of users' partitions is an average.
    const isOfUser = !this.#readsAllUsers() && (this.#table.tableType === 'user' || this.#table.tableType === 'stream');
    return now > known * CHANGED || (now < known / CHANGED && !isOfUser) ? now : known;
  }

  candidates(order: readonly OrderKey[] | undefined): readonly Planned[] {
    const { builtin } = this.#planning.catalog;
    const own = new Set(this.#node.columns.map((column) => column.id));
    const sargs: Sarg[] = [];
    for (const predicate of this.#predicates) {
      const sarg = sargOf(predicate, own, builtin);
      if (sarg !== undefined) sargs.push(sarg);
    }
    const planned: Planned[] = [];
    const usable = this.#planning.settings.enableIndexScan && !this.#readsAllUsers() && this.#node.currentOf === undefined;
    if (usable) {
      for (const index of this.#planning.catalog.indexesOf(this.#table.oid)) {
        if (!hasEntries(index) || index.exclusion !== undefined) continue;
        const view = viewIndex(this.#table, index, this.#node, this.#predicates, this.#planning);
        if (view === undefined) continue;
        if (!isOrdered(index)) {
          const match = matchInverted(view, this.#predicates, own, builtin);
          if (match !== undefined) planned.push(this.#invertedScan(match));
          continue;
        }
        const match = matchIndex(view, sargs, this.#planning);
        // One row at most, by its key: nothing can be cheaper.
        if (match.isSingleRow && index.clustered) return [this.#indexScan(match, false)];
        const bounded = match.conditions.length > 0 || view.predicate !== undefined;
        const forward = order !== undefined && satisfies(match.order, order, this.#planning);
        const backward = order !== undefined && satisfies(turned(match.order), order, this.#planning);
        if (bounded && !forward && !backward) planned.push(this.#indexScan(match, false));
        if (forward) planned.push(this.#indexScan(match, false));
        if (backward) planned.push(this.#indexScan(match, true));
      }
    }
    if (this.#planning.settings.enableSequentialScan || planned.length === 0) planned.push(this.#tableScan());
    return planned;
  }

  #readsAllUsers(): boolean {
    return this.#node.allUsers && (this.#table.tableType === 'user' || this.#table.tableType === 'stream');
  }

  #tableScan(): Planned {
    const predicates = this.#predicates;
    const passed = this.#rows * selectivityOf(predicates, this.#planning);
    const total = pagesOf(this.#rows, this.#width) * Price.page + this.#rows * (Price.row + predicates.length * Price.operator);
    const filter = conjoin(predicates);
    const plan: PhysicalPlan = {
      kind: 'table scan',
      table: this.#table,
      alias: this.#node.alias,
      columns: this.#columns,
      allUsers: this.#node.allUsers,
      reverse: false,
      ...(this.#node.currentOf === undefined ? {} : { currentOf: this.#planning.use(this.#planning.fold(this.#node.currentOf)) }),
      ...(filter === undefined ? {} : { filter: this.#planning.use(filter) }),
      output: this.#output,
      cost: cost(0, total, passed, this.#outputWidth()),
    };
    return unordered(plan);
  }

  #outputWidth(): number {
    let width = 0;
    for (const column of this.#columns) width += widthOf(column.type, this.#planning.facts.get(column.id));
    return width;
  }

  #invertedScan({ view, conditions, matched }: InvertedMatch): Planned {
    const planning = this.#planning;
    const { index, predicate } = view;
    const found = Math.max(this.#rows * selectivityOf([...matched, ...(predicate === undefined ? [] : [predicate])], planning), 1);
    const passed = this.#rows * selectivityOf(this.#predicates, planning);
    const total = conditions.length * Price.descent + found * (Price.row + Price.fetch + this.#predicates.length * Price.operator);
    for (const { value } of conditions) planning.use(value);
    const filter = conjoin(this.#predicates) ?? booleanNode(true);
    const plan: PhysicalPlan = {
      kind: 'inverted scan',
      table: this.#table,
      index,
      alias: this.#node.alias,
      columns: this.#columns,
      conditions,
      recheck: conjoin(matched) ?? filter,
      filter: planning.use(filter),
      output: this.#output,
      cost: cost(Price.descent, total, passed, this.#outputWidth()),
    };
    return unordered(plan);
  }

  #indexScan(match: IndexMatch, reverse: boolean): Planned {
    const planning = this.#planning;
    const { index, predicate } = match.view;
    const rest = this.#predicates.filter((condition) => !match.exact.has(condition));
    const found = match.isSingleRow
      ? 1
      : Math.max(this.#rows * selectivityOf([...match.conditions, ...(predicate === undefined ? [] : [predicate])], planning), 1);
    const passed = match.isSingleRow ? 1 : found * selectivityOf(rest, planning);
    const fetch = index.clustered ? (this.#width / PAGE_BYTES) * Price.page : Price.fetch;
    const total = Price.descent + found * (Price.row + fetch + rest.length * Price.operator);
    const filter = conjoin(rest);
    const condition = conjoin(match.shown);
    for (const bound of match.conditions) planning.use(bound);
    const plan: PhysicalPlan = {
      kind: 'index scan',
      table: this.#table,
      index,
      alias: this.#node.alias,
      columns: this.#columns,
      allUsers: false,
      reverse,
      bounds: match.bounds,
      ...(filter === undefined ? {} : { filter: planning.use(filter) }),
      ...(condition === undefined ? {} : { indexCondition: condition }),
      output: this.#output,
      cost: cost(Price.descent, total, passed, this.#outputWidth()),
    };
    return { plan, order: reverse ? turned(match.order) : match.order };
  }
}

/** By so much a table changes before its statistics' row count is given up. */
const CHANGED = 2;

function turned(order: readonly OrderKey[]): readonly OrderKey[] {
  return order.map((key) => ({ id: key.id, descending: !key.descending, nullsFirst: !key.nullsFirst }));
}

function virtualScan(
  node: LogicalScan,
  columns: readonly ScanColumn[],
  predicates: readonly BoundExpr[],
  planning: Planning,
): PhysicalPlan {
  const { table } = node;
  const own = new Set(node.columns.map((column) => column.id));
  const equal: { readonly number: number; readonly expr: BoundExpr }[] = [];
  for (const predicate of predicates) {
    const compare = asOperator(predicate);
    if (compare === undefined || !isOwnEquality(compare.call)) continue;
    if (!LOOK_UP_TYPES.has(compare.left.type) || !LOOK_UP_TYPES.has(compare.right.type)) continue;
    for (const [side, value] of [
      [withoutRelabel(compare.left), compare.right],
      [withoutRelabel(compare.right), compare.left],
    ] as const) {
      const column = node.columns.find((candidate) => side.kind === 'column' && candidate.id === side.id);
      if (column !== undefined && 'number' in column && !usesAny(value, own)) {
        equal.push({ number: column.number, expr: planning.use(value) });
      }
    }
  }
  const filter = conjoin(predicates);
  if (table.kind !== 'virtual') return nothing(columns.map((column) => column.id));
  const { rows, made } = noteVirtual(node, table, equal, planning);
  return {
    kind: 'virtual scan',
    table,
    alias: node.alias,
    columns,
    equal,
    isLookUp: made < rows,
    ...(filter === undefined ? {} : { filter: planning.use(filter) }),
    output: columns.map((column) => column.id),
    cost: cost(
      0,
      Price.virtualLookUp + made * (Price.virtualRow + predicates.length * Price.operator),
      rows * selectivityOf(predicates, planning),
      columns.length * Price.page,
    ),
  };
}

/** @returns rows of the relation, and how many its provider makes for these conditions */
function noteVirtual(
  node: LogicalScan,
  table: VirtualDescriptor,
  equal: readonly { readonly number: number }[],
  planning: Planning,
): { readonly rows: number; readonly made: number } {
  const estimate = VIRTUAL_ESTIMATES[table.provider];
  const rows = estimate === undefined ? VIRTUAL_ROWS : Math.max(estimate.rows(planning.catalog.counts), 1);
  let made = rows;
  for (const column of node.columns) {
    if (!('number' in column)) continue;
    const { name, notNull } = table.columns[column.number - 1] ?? { name: '', notNull: false };
    const values = estimate?.lookUps[name]?.(planning.catalog.counts);
    const few = SCHEMA_COLUMNS.has(name) ? planning.catalog.counts.schemas : FEW_VALUES[column.type];
    const distinct = Math.max(Math.min(values ?? few ?? DEFAULT_DISTINCT, rows), 1);
    if (values !== undefined && equal.some(({ number }) => number === column.number)) made = Math.min(made, rows / distinct);
    const statistics = { nullFraction: 0, distinct, averageWidth: widthOf(column.type, undefined) };
    planning.noteFacts(column, { type: column.type, notNull: notNull === true, rows, unique: name === 'oid', statistics });
  }
  return { rows, made };
}

/** Most objects lie in few schemas. */
const SCHEMA_COLUMNS: ReadonlySet<string> = new Set([
  'relnamespace',
  'connamespace',
  'typnamespace',
  'pronamespace',
  'table_schema',
  'schemaname',
]);
/** Flags and kinds. */
const FEW_VALUES: Readonly<Record<number, number>> = { [TypeOid.bool]: 2, [TypeOid.char]: 4, [TypeOid.int2]: 20 };
/** Types whose equal values are the same value at run time, across types too. */
const LOOK_UP_TYPES: ReadonlySet<number> = new Set([
  TypeOid.oid,
  TypeOid.name,
  TypeOid.text,
  TypeOid.char,
  TypeOid.bool,
  TypeOid.int2,
  TypeOid.int4,
  TypeOid.int8,
  TypeOid.regclass,
  TypeOid.regtype,
  TypeOid.regproc,
]);
const VIRTUAL_ROWS = 500;
