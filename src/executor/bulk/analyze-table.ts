import type { CatalogSnapshot } from '../../catalog/catalog.js';
import type { ColumnDescriptor, ColumnStatistics, TableDescriptor, TableStatistics } from '../../catalog/descriptors.js';
import { typeRecord } from '../../catalog/made-types.js';
import type { Oid, UserId } from '../../commons/ids.js';
import { codecFor, type HashKey, type TypeCodec } from '../../types/type-codec.js';
import type { SqlValue } from '../../types/value.js';
import { isPartitioned } from '../access/index.js';
import type { UtilityContext } from '../ddl/context.js';
import { catalogOf } from '../ddl/names.js';
import { quickSort } from '../operators/quick-sort.js';
import { breathe, tableRows } from './table-rows.js';

/** PostgreSQL's default_statistics_target of 100: so many common values and histogram bounds, and 300 sampled rows for each. */
const TARGET = 100;
const SAMPLE_ROWS = 300 * TARGET;
/** Between two looks at the clock. */
const VALUES_OF_A_TURN = 1024;

/**
 * ANALYZE: counts all rows, and describes each column by a random sample of them. Of user and stream tables it keeps what one user's partition is
 * like on average, and no values: statistics are there for all to read and to guess by (pg_stats, EXPLAIN), rows for their user only.
 */
export async function analyzeTable(table: TableDescriptor, cx: UtilityContext): Promise<TableStatistics> {
  const sample: SqlValue[][] = [];
  const partitioned = isPartitioned(table);
  let rows = 0;
  let users = 0;
  let lastUser: UserId | undefined;
  for await (const piece of tableRows(table, cx))
    for (const { values, user } of piece) {
      rows++;
      // A user's rows lie together.
      if (user !== lastUser) users++;
      lastUser = user;
      // Reservoir sampling: every row is in the sample with the same chance.
      if (sample.length < SAMPLE_ROWS) sample.push(values);
      else {
        const at = Math.floor(Math.random() * rows);
        if (at < SAMPLE_ROWS) sample[at] = values;
      }
    }
  const columns: Record<number, ColumnStatistics> = {};
  for (const column of table.columns) {
    if (column.dropped === true) continue;
    const facts = await columnStatistics(column, sample, rows, cx);
    columns[column.number] = partitioned ? ofOneUser(facts, rows / Math.max(users, 1)) : facts;
  }
  if (!partitioned) return { kind: 'statistics', oid: table.oid, rows, columns };
  return { kind: 'statistics', oid: table.oid, rows: rows / Math.max(users, 1), users, columns };
}

function ofOneUser({ nullFraction, distinct, averageWidth }: ColumnStatistics, rows: number): ColumnStatistics {
  return { nullFraction, distinct: Math.min(distinct, Math.ceil(rows)), averageWidth };
}

interface Counted {
  readonly value: SqlValue;
  count: number;
}

/** Rows have an order where all their columns have one. */
function hasOrder(type: Oid, catalog: CatalogSnapshot): boolean {
  const record = typeRecord(catalog, type);
  if (record?.isArray === true) return hasOrder(record.element, catalog);
  const row = record?.kind === 'c' ? catalog.relationOfRowType(type) : undefined;
  if (row === undefined || !('columns' in row) || row.kind === 'index') return true;
  return row.columns.every((column) => {
    const codec = codecFor(column.type);
    return codec === undefined || (codec.compare !== undefined && codec.hashKey !== undefined && hasOrder(column.type, catalog));
  });
}

async function columnStatistics(
  column: ColumnDescriptor,
  sample: readonly SqlValue[][],
  rows: number,
  cx: UtilityContext,
): Promise<ColumnStatistics> {
  const values = sample.map((row) => row[column.number - 1] ?? null).filter((value) => value !== null);
  const nullFraction = sample.length === 0 ? 0 : 1 - values.length / sample.length;
  const averageWidth = values.length === 0 ? 0 : Math.round(values.reduce((sum: number, value) => sum + widthOf(value), 0) / values.length);
  const codec = codecFor(column.type);
  if (codec?.hashKey === undefined || codec.compare === undefined || values.length === 0 || !hasOrder(column.type, catalogOf(cx)))
    return { nullFraction, distinct: values.length, averageWidth };
  const counted = await countValues(values, codec.hashKey, cx);
  const distinct = estimateDistinct(counted, values.length, rows * (1 - nullFraction));
  const common = commonValues(counted, values.length, sample.length);
  const isCommon = new Set<Counted>(common);
  const rest = counted.filter((entry) => !isCommon.has(entry));
  const histogram = await equiDepth(rest, codec, cx);
  return {
    nullFraction,
    distinct,
    averageWidth,
    ...(common.length === 0 ? {} : { mostCommon: common.map(({ value, count }) => ({ value, fraction: count / sample.length })) }),
    ...(histogram === undefined ? {} : { histogram }),
  };
}

async function countValues(values: readonly SqlValue[], hashKey: (value: SqlValue) => HashKey, cx: UtilityContext): Promise<Counted[]> {
  const byKey = new Map<HashKey, Counted>();
  for (const [i, value] of values.entries()) {
    if (i % VALUES_OF_A_TURN === 0) await breathe(cx);
    const key = hashKey(value);
    const entry = byKey.get(key);
    if (entry === undefined) byKey.set(key, { value, count: 1 });
    else entry.count++;
  }
  return [...byKey.values()].sort((a, b) => b.count - a.count);
}

/** Haas and Stokes' estimator (Duj1), as PostgreSQL uses it. */
function estimateDistinct(counted: readonly Counted[], sampled: number, total: number): number {
  if (sampled >= total) return counted.length;
  const once = counted.filter((entry) => entry.count === 1).length;
  if (once === 0) return counted.length;
  const estimate = (sampled * counted.length) / (sampled - once + (once * sampled) / total);
  return Math.round(Math.min(Math.max(estimate, counted.length), total));
}

/** Values clearly more common than the average; all of them when there are few. */
function commonValues(counted: readonly Counted[], sampled: number, sampleRows: number): readonly Counted[] {
  if (counted.length <= TARGET && counted.every((entry) => entry.count > 1)) return counted;
  const average = sampled / counted.length;
  const least = Math.max(average * 1.25, 2, sampleRows / 1000);
  return counted.slice(0, TARGET).filter((entry) => entry.count >= least);
}

async function equiDepth(entries: readonly Counted[], codec: TypeCodec, cx: UtilityContext): Promise<readonly SqlValue[] | undefined> {
  const { compare } = codec;
  if (compare === undefined || entries.length < 2) return undefined;
  const sorted = entries.flatMap(({ value, count }) => new Array<SqlValue>(count).fill(value));
  for (const _ of quickSort(sorted, compare)) await breathe(cx);
  const bounds = Math.min(TARGET + 1, sorted.length);
  return Array.from({ length: bounds }, (_, i) => sorted[Math.floor((i * (sorted.length - 1)) / (bounds - 1))] ?? null);
}

function widthOf(value: SqlValue): number {
  switch (typeof value) {
    case 'string':
      return value.length;
    case 'boolean':
      return 1;
    case 'number':
    case 'bigint':
      return 8;
    default:
      return value instanceof Uint8Array ? value.length : 16;
  }
}
