import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ColumnDescriptor, IndexDescriptor, KeyConstraint, TableDescriptor } from '../../catalog/descriptors.js';
import { isOrdered } from '../../catalog/index-methods.js';
import { assert } from '../../commons/assert.js';
import type { UserId } from '../../commons/ids.js';
import type { ColumnId } from '../../planner/bind/expression.js';
import type { TableTarget } from '../../planner/bind/logical.js';
import type { SqlValue } from '../../types/value.js';
import {
  compileFullDecoder,
  compileIndexEntries,
  compileRowKeys,
  compileVisibility,
  type IndexEntries,
  type RowKeys,
} from '../access/index.js';
import type { ExecutionContext } from '../context.js';
import type { Evaluator } from '../expression/evaluator.js';
import type { Frame } from '../frame.js';
import { compileInvertedEntries } from '../inverted/inverted-entries.js';
import { columnId, Layout, type QueryCompiler, type Scope } from '../scope.js';
import { deferrableKeyOf } from './deferrable-keys.js';
import { type CompiledExclusion, compileExclusion, exclusionEntries } from './exclusions.js';
import { compileKey, compilePartitionTest, type KeyOfRow } from './tree/partition-test.js';
import { TableTriggers } from './triggers/table-triggers.js';
import { checkViolation, notNullViolation, partitionViolation, policyViolation, viewViolation } from './violations.js';

/** A table as changes of its rows need it. Rows are lists of values by column number - 1, dropped columns NULL. */
export interface CompiledTarget {
  readonly table: TableDescriptor;
  readonly columnCount: number;
  readonly rowKeys: RowKeys;
  readonly decode: (value: Uint8Array) => SqlValue[];
  readonly isVisible: (value: Uint8Array, cx: ExecutionContext) => boolean;
  readonly checks: readonly { readonly name: string; readonly condition: Evaluator }[];
  /** WITH CHECK OPTION; absent: none. */
  readonly viewChecks?: readonly { readonly view: string; readonly condition: Evaluator; readonly policy?: { readonly name?: string } }[];
  readonly generated: readonly { readonly position: number; readonly value: Evaluator }[];
  readonly notNull: readonly ColumnDescriptor[];
  /** Numbers of columns that the statement gives values. */
  readonly assigned: readonly number[];
  /** Absent where there are none. */
  readonly triggers?: TableTriggers;
  /** Evaluates over rows of this table. */
  readonly layout: Layout;
  /** A partitioned table's. */
  readonly keyOf: KeyOfRow | undefined;
  /** A partition's: whether a row belongs there. */
  readonly isOfPartition: ((values: SqlValue[], frame: Frame) => boolean) | undefined;
  /** Its indexes but the clustered one, bound when a statement first runs: the catalog tells them by oid. */
  indexes(catalog: CatalogSnapshot): readonly CompiledIndex[];
  /** Those whose entries are the terms of values. */
  inverted(catalog: CatalogSnapshot): readonly CompiledInvertedIndex[];
  clustered(catalog: CatalogSnapshot): IndexDescriptor | undefined;
}

export interface CompiledInvertedIndex {
  readonly index: IndexDescriptor;
  /** The entries of a row; none when a partial index leaves it out. */
  keysOf(values: SqlValue[], rowKey: Uint8Array, user: UserId | undefined, frame: Frame): readonly Uint8Array[];
}

export interface CompiledIndex {
  readonly index: IndexDescriptor;
  readonly entries: IndexEntries;
  /** Of a key that is checked after rows have been written. */
  readonly constraint: KeyConstraint | undefined;
  /** Of an EXCLUDE constraint. */
  readonly exclusion: CompiledExclusion | undefined;
  /** The indexed values of a row; undefined when a partial index leaves the row out. */
  keysOf(values: SqlValue[], frame: Frame): SqlValue[] | undefined;
}

/** Ids by column number - 1. */
export function targetLayout(target: TableTarget, scope: Scope, compiler: QueryCompiler): Layout {
  const ids: (ColumnId | undefined)[] = target.table.columns.map(() => undefined);
  for (const column of target.columns) if ('number' in column) ids[column.number - 1] = column.id;
  let unused = -1;
  // Dropped columns have no id; theirs must be none of the statement's.
  return new Layout(
    ids.map((id) => id ?? columnId(unused--)),
    scope,
    compiler,
  );
}

export function compileTarget(target: TableTarget, scope: Scope, compiler: QueryCompiler): CompiledTarget {
  const { table } = target;
  const layout = targetLayout(target, scope, compiler);
  let compiledFor: string | undefined;
  let indexes: readonly CompiledIndex[] = [];
  let inverted: readonly CompiledInvertedIndex[] = [];
  let clustered: IndexDescriptor | undefined;
  const prepare = (catalog: CatalogSnapshot): void => {
    if (compiledFor === catalog.key) return;
    const all = catalog.indexesOf(table.oid);
    clustered = all.find((index) => index.clustered);
    indexes = all.flatMap((index) => {
      if (index.clustered) return [];
      if (index.exclusion !== undefined) return [compileExclusionIndex(target, index, layout, { catalog, scope, compiler })];
      return isOrdered(index) ? [compileIndex(target, index, layout)] : [];
    });
    inverted = all.filter((index) => index.inverted !== undefined).map((index) => compileInvertedIndex(target, index, layout));
    compiledFor = catalog.key;
  };
  const isOfPartition = compilePartitionTest(target, layout);
  return {
    table,
    columnCount: table.columns.length,
    rowKeys: compileRowKeys(table),
    decode: compileFullDecoder(table),
    isVisible: compileVisibility(table),
    checks: target.checks.map(({ name, condition }) => ({ name, condition: layout.evaluator(condition) })),
    ...(target.viewChecks === undefined
      ? {}
      : { viewChecks: target.viewChecks.map((check) => ({ ...check, condition: layout.evaluator(check.condition) })) }),
    generated: target.generated.map(({ number, expr }) => ({ position: number - 1, value: layout.evaluator(expr) })),
    notNull: table.columns.filter((column) => column.notNull && column.dropped !== true),
    assigned: target.assigned ?? [],
    layout,
    ...(target.triggers === undefined ? {} : { triggers: new TableTriggers(table, target.triggers, scope, compiler, isOfPartition) }),
    keyOf: target.partitionKey === undefined ? undefined : compileKey(target.partitionKey.map((expr) => layout.evaluator(expr))),
    isOfPartition,
    indexes(catalog) {
      prepare(catalog);
      return indexes;
    },
    inverted(catalog) {
      prepare(catalog);
      return inverted;
    },
    clustered(catalog) {
      prepare(catalog);
      return clustered;
    },
  };
}

function compileInvertedIndex(target: TableTarget, index: IndexDescriptor, layout: Layout): CompiledInvertedIndex {
  const valuesOf = compileIndexValues(target, index, layout);
  const entries = compileInvertedEntries(index);
  return {
    index,
    keysOf(values, rowKey, user, frame) {
      const indexed = valuesOf(values, frame);
      return indexed === undefined ? [] : entries.keys(indexed, rowKey, user);
    },
  };
}

function compileIndex(target: TableTarget, index: IndexDescriptor, layout: Layout): CompiledIndex {
  return {
    index,
    entries: compileIndexEntries(target.table, index),
    constraint: deferrableKeyOf(target.table, index),
    exclusion: undefined,
    keysOf: compileIndexValues(target, index, layout),
  };
}

interface ExclusionParts {
  readonly catalog: CatalogSnapshot;
  readonly scope: Scope;
  readonly compiler: QueryCompiler;
}

function compileExclusionIndex(
  target: TableTarget,
  index: IndexDescriptor,
  layout: Layout,
  { catalog, scope, compiler }: ExclusionParts,
): CompiledIndex {
  const bound = target.indexes.find((candidate) => candidate.index === index.oid);
  return {
    index,
    entries: exclusionEntries(target.table, index, catalog),
    constraint: undefined,
    exclusion: compileExclusion(target.table, index, bound, scope, compiler),
    keysOf: compileIndexValues(target, index, layout),
  };
}

function compileIndexValues(target: TableTarget, index: IndexDescriptor, layout: Layout): CompiledIndex['keysOf'] {
  const bound = target.indexes.find((candidate) => candidate.index === index.oid);
  const keys = index.columns.map((column, i): Evaluator => {
    if (column.column > 0) {
      const position = column.column - 1;
      return (row) => row[position] ?? null;
    }
    const expr = bound?.keys[i];
    assert(expr !== undefined, `index ${index.name} without its bound expressions`);
    return layout.evaluator(expr);
  });
  assert(index.predicateText === undefined || bound?.predicate !== undefined, `index ${index.name} without its bound predicate`);
  const predicate = bound?.predicate === undefined ? undefined : layout.evaluator(bound.predicate);
  return (values, frame) => {
    if (predicate !== undefined && predicate(values, frame) !== true) return undefined;
    const result: SqlValue[] = [];
    for (const key of keys) result.push(key(values, frame));
    return result;
  };
}

/** Generated columns, NOT NULL, CHECK: what a new version of a row must pass. @throws SqlError 23502, 23514 */
export function completeRow(target: CompiledTarget, values: SqlValue[], frame: Frame): void {
  for (const { position, value } of target.generated) values[position] = value(values, frame);
  for (const column of target.notNull) {
    if ((values[column.number - 1] ?? null) === null) throw notNullViolation(target, column, values, frame.cx);
  }
  for (const { name, condition } of target.checks) {
    if (condition(values, frame) === false) throw checkViolation(target, name, values, frame.cx);
  }
  if (target.isOfPartition?.(values, frame) === false) throw partitionViolation(target, values, frame.cx);
}

/** WITH CHECK OPTION and row-level security: views and policies must show the row that has been written. @throws SqlError 44000, 42501 */
export function checkViews(target: CompiledTarget, values: SqlValue[], frame: Frame): void {
  for (const { view, condition, policy } of target.viewChecks ?? []) {
    if (condition(values, frame) === true) continue;
    throw policy === undefined ? viewViolation(target, view, values, frame.cx) : policyViolation(view, policy.name);
  }
}
